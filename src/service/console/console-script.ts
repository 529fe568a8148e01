/**
 * All that runs in the browser, and pages work without it: copy buttons, a button that says it is busy, and events as they come.
 * It gets whole list items from the server, escaped there.
 */
export const consoleScript = `(() => {
'use strict'
const root = document.documentElement
root.classList.add('has-script')
const say = (text) => { const place = document.getElementById('said'); if (place) place.textContent = text }

document.addEventListener('click', async (event) => {
  const button = event.target.closest && event.target.closest('[data-copy]')
  if (!button) return
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    say('Copied')
    if (button.dataset.busy) return
    button.dataset.busy = 'yes'
    button.firstChild.textContent = 'Copied'
    setTimeout(() => { button.firstChild.textContent = 'Copy'; delete button.dataset.busy }, 1600)
  } catch {
    say('Your browser did not allow copying: select the text instead')
  }
})

document.addEventListener('submit', (event) => {
  const button = event.target.querySelector('[data-busy-text]')
  if (!button) return
  button.textContent = button.dataset.busyText
  button.setAttribute('aria-disabled', 'true')
  if (event.target.dataset.sent) event.preventDefault()
  event.target.dataset.sent = 'yes'
})
// Back from the cache of the browser: the form can be sent again.
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })

const feed = document.getElementById('feed')
if (!feed || !feed.dataset.source) return
const state = document.getElementById('feed-state')
const pause = document.getElementById('feed-pause')
const show = (text, isLive) => { state.textContent = text; state.classList.toggle('live', isLive) }
let cursor = feed.dataset.after
let source = null
let fresh = 0
const open = () => {
  const url = new URL(feed.dataset.source, location.href)
  url.searchParams.set('after', cursor)
  source = new EventSource(url)
  source.onopen = () => show('Live: new events appear by themselves', true)
  source.onerror = () => show(source.readyState === 2 ? 'Disconnected: reload the page' : 'Connection lost, trying again', false)
  source.onmessage = (message) => {
    cursor = message.lastEventId
    const items = new DOMParser().parseFromString(message.data, 'text/html').querySelectorAll('body > ul > li')
    for (const item of items) {
      item.classList.add('fresh')
      feed.prepend(document.importNode(item, true))
      fresh++
    }
    while (feed.children.length > 200) feed.lastElementChild.remove()
    const empty = document.getElementById('feed-empty')
    if (empty && items.length) empty.remove()
  }
}
setInterval(() => { if (fresh) { say(fresh === 1 ? '1 new event' : fresh + ' new events'); fresh = 0 } }, 4000)
pause.addEventListener('click', () => {
  const isPaused = source === null
  if (isPaused) open()
  else { source.close(); source = null; show('Paused', false) }
  pause.textContent = isPaused ? 'Pause' : 'Go on'
})
open()
})()
`
