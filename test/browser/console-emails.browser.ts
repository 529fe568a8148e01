// Hostile mail, shown by the console: nothing may run, nothing may be asked of anyone, nothing may get out of its frame.

import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openConsoleStage } from './console-stage.ts'
import { evil, hostileEmails, hostileLinks } from './hostile-emails.ts'

// A busy machine takes seconds for a page.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const stage = await openConsoleStage()
let page: Page
beforeAll(async () => {
  await stage.reset()
  page = await stage.open()
})
beforeEach(() => void stage.takeConnections())

/** In ms: connections ahead of need come a moment after the page. */
const patienceMs = 250

let count = 0

/** A campaign with this mail, at the path of its page. */
async function save(html: string): Promise<string> {
  const campaign = `hostile-${count++}`
  await stage.store.saveCampaign({ domain: 'example.com', campaign, html, now: stage.now })
  return `/campaign?name=${campaign}&domain=example.com`
}

/** Shows the mail and waits until it is there. */
async function show(path: string): Promise<void> {
  await page.goto(path)
  const frame = page.getByTitle('The email, with each link marked')
  await frame.scrollIntoViewIfNeeded()
  await page.frameLocator('iframe').locator('html').waitFor({ state: 'attached' })
  await page.waitForTimeout(patienceMs)
}

const titleOf = (path: string): string => `${new URL(path, stage.origin).searchParams.get('name')} · mailtrace`

/** A refused request is complained of, as it should be; a policy that would have to refuse it comes too late for some. */
const refused = /Content Security Policy|Blocked (?:script|form|autofocus)|sandbox|Unsafe attempt to load URL/i
/** Chromium tells of requests before its policy stops them; whether a connection was made is counted apart. */
const asked = /^request: https:\/\/evil\.example\/|Failed to load resource/

describe('a mail with', () => {
  it.each(hostileEmails)('%s asks nothing of anyone', async (_, html) => {
    const path = await save(`${html}<p>x</p>`)
    await show(path)
    expect(stage.takeConnections()).toEqual([])
    expect([page.url(), await page.title()]).toEqual([stage.origin + path, titleOf(path)])
    expect(await page.locator('main iframe').count()).toBe(1)
    stage.forgiveTroubles(refused, asked)
  })

  it.each(hostileEmails)('%s does no more in a tab of its own', async (_, html) => {
    const path = await save(`${html}<p>x</p>`)
    await page.goto(path.replace('/campaign?', '/campaign/email?'))
    await page.waitForTimeout(patienceMs)
    expect(stage.takeConnections()).toEqual([])
    expect(page.url()).toContain('/campaign/email?')
    expect(await page.title()).not.toBe('broken')
    stage.forgiveTroubles(refused, asked)
  })

  it.each(hostileEmails)('%s runs nothing and opens nothing once images are shown', async (_, html) => {
    const path = await save(`${html}<p>x</p>`)
    await page.goto(path)
    await page.getByRole('link', { name: 'Show remote images' }).click()
    await page.waitForURL(/images=show/)
    await page.frameLocator('iframe').locator('html').waitFor({ state: 'attached' })
    await page.waitForTimeout(patienceMs)
    expect([page.url(), await page.title()]).toEqual([`${stage.origin}${path}&images=show#email`, titleOf(path)])
    expect(await page.locator('main iframe').count()).toBe(1)
    stage.forgiveTroubles(refused, asked)
  })
})

it('remote images load once somebody asks, and no longer than that', async () => {
  await show(await save(`<img src="${evil}">`))
  expect(stage.takeConnections()).toEqual([])
  await page.getByRole('link', { name: 'Show remote images' }).click()
  await expect.poll(() => stage.takeConnections(), { timeout: 15_000 }).toContain('evil.example')
  await page.getByRole('link', { name: 'Hide remote images' }).click()
  await page.waitForURL((url) => !url.search.includes('images'))
  await page.waitForTimeout(patienceMs)
  stage.takeConnections()
  await page.reload()
  await page.waitForTimeout(patienceMs)
  expect(stage.takeConnections()).toEqual([])
  stage.forgiveTroubles(refused, asked)
})

it.each([
  ['a style sheet', `<link rel=stylesheet href="${evil}">`],
  ['an import', `<style>@import "${evil}";</style>`],
  ['a frame', `<iframe src="${evil}"></iframe>`],
  ['a film', `<video src="${evil}" autoplay></video>`],
  ['a connection ahead of need', `<link rel=preconnect href="${evil}">`],
])('%s does not load even then', async (_, html) => {
  await page.goto(`${await save(html)}&images=show`)
  await page.frameLocator('iframe').locator('html').waitFor({ state: 'attached' })
  await page.waitForTimeout(patienceMs)
  expect(stage.takeConnections()).toEqual([])
  stage.forgiveTroubles(refused, asked)
})

it.each(hostileLinks)('a click on %s leads nowhere', async (_, html) => {
  const path = await save(`<body style="margin:40px">${html}`)
  await show(path)
  await page.frameLocator('iframe').locator('#x').click({ timeout: 20_000 })
  await page.waitForTimeout(patienceMs)
  expect(stage.takeConnections()).toEqual([])
  expect([page.url(), await page.title(), page.context().pages().length]).toEqual([
    stage.origin + path,
    titleOf(path),
    1,
  ])
  expect(await page.frameLocator('iframe').locator('#x').textContent()).toBe('x')
  stage.forgiveTroubles(refused, asked)
})

it.each([
  [
    'a picture of a million pixels',
    '<img width=1000000 height=1000000 src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
  ],
  ['what covers everything', '<div style="position:fixed;inset:-9999px;z-index:2147483647;background:red">over</div>'],
  ['what is as wide as the sea', '<table width=99999><tr><td>x</table><pre>'.concat('x'.repeat(20_000), '</pre>')],
  ['styles for everything', '<style>*{position:fixed!important;top:0;left:0;width:9999px}html{zoom:20}</style><p>x'],
])('%s stays in its frame', async (_, html) => {
  await show(await save(html))
  const [overflow, covered] = (await page.evaluate(`(() => {
    scrollTo(0, 0)
    const heading = document.querySelector('h1')
    const { left, top } = heading.getBoundingClientRect()
    return [document.documentElement.scrollWidth - innerWidth, document.elementFromPoint(left + 4, top + 4) !== heading && !heading.contains(document.elementFromPoint(left + 4, top + 4))]
  })()`)) as [number, boolean]
  expect([overflow, covered]).toEqual([0, false])
  const box = (await page.getByTitle('The email, with each link marked').boundingBox())!
  expect(box.width).toBeLessThanOrEqual(1280)
  expect(box.height).toBeLessThanOrEqual(820)
})

it('each link says what people did with it', async () => {
  const html = '<a href="https://example.org/">one</a> <a href="mailto:x@example.org">two</a>'
  await show(await save(html))
  const frame = page.frameLocator('iframe')
  expect(await frame.locator('a').first().getAttribute('title')).toBe(
    'Link 0, not tracked: the sender’s settings for this mail left it alone',
  )
  expect(await frame.locator('a').last().getAttribute('title')).toBe(
    'Link 1, not tracked: it is no web link: mailto, tel, an app',
  )
})

it('another site can frame neither a page nor a mail', async () => {
  const path = await save('<p>x')
  const other = await page.context().newPage()
  for (const framed of [path, path.replace('/campaign?', '/campaign/email?')]) {
    await other.setContent(`<iframe src="${stage.origin}${framed}"></iframe>`)
    await other.waitForTimeout(patienceMs)
    const frame = other.frames()[1]!
    expect(frame.url()).not.toContain('/campaign')
  }
  await other.close()
})
