// The console as people meet it: by role and name, on a phone, in the dark, without JavaScript, with a screen reader.

import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrackingEvent } from '../../src/receiver/index.ts'
import { type Content, fillConsole, markup } from './console-content.ts'
import { openConsoleStage } from './console-stage.ts'
import { findBarriers } from './find-barriers.ts'

// A busy machine takes seconds for a page, and some tests go through all of them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const stage = await openConsoleStage()

beforeEach(() => stage.reset())

const noticeOf = (page: Page) => page.getByRole('status').filter({ hasText: /\S/ })

/** From an empty console to a domain that tracks, by what a screen reader would find. */
async function setUpDomain(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Add a domain' }).click()
  await page.getByRole('textbox', { name: 'Sending domain' }).fill('https://example.com')
  await page.getByRole('button', { name: 'Add domain' }).click()
  const field = page.getByRole('textbox', { name: 'Sending domain' })
  expect(await field.inputValue()).toBe('https://example.com')
  expect(await page.getByText('Name is "https://example.com": use the sending domain').count()).toBe(1)
  await field.fill('example.com')
  await page.getByRole('button', { name: 'Add domain' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('example.com')

  await page.getByRole('group', { name: 'Open tracking' }).getByRole('radio', { name: 'Identified' }).check()
  await page.getByRole('group', { name: 'Click tracking' }).getByRole('radio', { name: 'Full' }).check()
  await page.getByRole('button', { name: 'Save configuration' }).click()
  expect(await noticeOf(page).first().textContent()).toContain('Saved.')
  expect(await page.getByRole('radio', { name: 'Identified' }).first().isChecked()).toBe(true)

  await page.getByRole('textbox', { name: 'Host name' }).fill('links')
  await page.getByRole('button', { name: 'Set tracking domain' }).click()
  const record = page.getByRole('article', { name: 'Record of links.example.com' })
  expect(await record.getByText('Not checked yet').count()).toBe(1)
  await page.getByRole('button', { name: 'Verify now' }).click()
  expect(await record.getByText('There is no CNAME record yet.').count()).toBe(1)
  stage.zone.set('links.example.com', 'k7w2q.tracking.example.net')
  await page.getByRole('button', { name: 'Verify now' }).click()
  expect(await record.getByText('Verified', { exact: true }).count()).toBe(1)
  expect(await page.getByText('Mail is tracked through links.example.com.').count()).toBe(1)
}

async function removeDomain(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Domains' }).click()
  await page.getByRole('link', { name: 'example.com' }).click()
  await page.getByRole('link', { name: 'See what a removal would break' }).click()
  await page.getByRole('button', { name: 'Remove example.com' }).click()
  expect(await page.getByText('Tick this box first: nothing was removed.').count()).toBe(1)
  await page.getByRole('checkbox', { name: /I have put this in place/ }).check()
  await page.getByRole('button', { name: 'Remove example.com' }).click()
  expect(await noticeOf(page).first().textContent()).toContain('The domain was removed.')
}

describe('from nothing to numbers', () => {
  it.each([true, false])('with JavaScript: %s', async (javaScriptEnabled) => {
    const page = await stage.open({ javaScriptEnabled })
    await setUpDomain(page)
    await removeDomain(page)
    await page.context().close()
  })

  it('a change of somebody else is not written over', async () => {
    const page = await stage.open()
    await setUpDomain(page)
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByRole('group', { name: 'Open tracking' }).getByRole('radio', { name: 'Off' }).check()
    await other.getByRole('button', { name: 'Save configuration' }).click()
    await page.getByRole('group', { name: 'Open tracking' }).getByRole('radio', { name: 'Anonymous' }).check()
    await page.getByRole('button', { name: 'Save configuration' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('somebody else changed this domain meanwhile')
    expect(
      await page.getByRole('group', { name: 'Open tracking' }).getByRole('radio', { name: 'Anonymous' }).isChecked(),
    ).toBe(true)
    await page.context().close()
  })

  it('a record is copied by its button', async () => {
    const page = await stage.open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await fillConsole(stage)
    await page.goto('/domains')
    await page.getByRole('link', { name: 'example.com' }).click()
    await page.getByRole('button', { name: 'Copy the value for links.example.com' }).click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('k7w2q.tracking.example.net')
    expect(await page.locator('#said').textContent()).toBe('Copied')
    await page.context().close()
  })

  it('signs out, and in by no link twice', async () => {
    const page = await stage.open()
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are signed out')
    await page.goto('/domains')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are not signed in')
    await page.context().close()
  })
})

const open = (id: string, time: number, more: object = {}): TrackingEvent =>
  ({
    type: 'open',
    id,
    mode: 'full',
    pixel: 'end',
    messageRef: id,
    campaignRef: null,
    domain: 'example.com',
    host: 'links.example.com',
    time,
    issuedAt: time - 9_000_000,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0',
    clientAddress: null,
    signals: [],
    ...more,
  }) as TrackingEvent

describe('live', () => {
  it('events appear by themselves, the latest first, until somebody pauses', async () => {
    const page = await stage.open()
    await page.goto('/live')
    await page.getByText('Live: new events appear by themselves').waitFor()
    expect(await page.getByRole('heading', { name: 'No event yet' }).count()).toBe(1)
    await stage.store.write([open('first', stage.now, { userAgent: markup })])
    await page.getByRole('link', { name: 'Message first' }).waitFor()
    expect(await page.getByRole('heading', { name: 'No event yet' }).count()).toBe(0)
    await stage.store.write([open('second', stage.now)])
    await page.getByRole('link', { name: 'Message second' }).waitFor()
    expect(await page.locator('#feed > li').first().textContent()).toContain('second')
    await page.locator('#said', { hasText: /new event/ }).waitFor()

    await page.getByRole('button', { name: 'Pause' }).click()
    await stage.store.write([open('third', stage.now)])
    await page.waitForTimeout(1500)
    expect(await page.getByRole('link', { name: 'Message third' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('link', { name: 'Message third' }).waitFor()
    await page.context().close()
  })

  it('is a list without JavaScript', async () => {
    await stage.store.write([open('first', stage.now)])
    const page = await stage.open({ javaScriptEnabled: false })
    await page.goto('/live')
    expect(await page.getByRole('link', { name: 'Message first' }).count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
    await stage.store.write([open('second', stage.now)])
    await page.getByRole('link', { name: 'Reload' }).click()
    expect(await page.getByRole('link', { name: 'Message second' }).count()).toBe(1)
    await page.context().close()
  })
})

/** Every page, with something to show and without. */
const pages: [what: string, path: (content: Content) => string][] = [
  ['the overview', () => '/'],
  ['domains', () => '/domains'],
  ['a domain', ({ domainPath }) => domainPath],
  ['a removal', ({ domainPath }) => `${domainPath}/remove`],
  ['campaigns', () => '/campaigns'],
  ['a campaign', () => '/campaign?name=november&domain=example.com'],
  ['messages', () => '/messages?campaign=november&domain=example.com'],
  ['a message', ({ messageRef }) => `/messages/${messageRef}?domain=example.com`],
  ['live', () => '/live'],
]
const emptyPages = ['/', '/domains', '/campaigns', '/messages', '/live']

async function findOverflow(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth')
}

describe.each([
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const)('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  it('each page can be read by everybody, and fits', async () => {
    const content = await fillConsole(stage)
    const page = await stage.open({ viewport: { width, height: 800 }, colorScheme })
    for (const [what, path] of pages) {
      await page.goto(path(content))
      expect(await findBarriers(page), what).toEqual([])
      expect(await findOverflow(page), what).toBe(0)
      expect(await page.getByRole('main').count(), what).toBe(1)
      expect(await page.getByRole('heading', { level: 1 }).count(), what).toBe(1)
      expect(await page.getByRole('navigation', { name: 'Main' }).locator('[aria-current=page]').count(), what).toBe(1)
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(background, what).toBe(colorScheme === 'dark' ? 'rgb(13, 17, 28)' : 'rgb(246, 247, 250)')
    }
    await page.context().close()
  })

  it('so can each one that has nothing to show yet, and those of who is not signed in', async () => {
    const page = await stage.open({ viewport: { width, height: 800 }, colorScheme })
    for (const path of [...emptyPages, '/nowhere']) {
      await page.goto(path)
      expect(await findBarriers(page), path).toEqual([])
      expect(await findOverflow(page), path).toBe(0)
    }
    await page.getByRole('link', { name: 'Go to the overview' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await findBarriers(page)).toEqual([])
    await page.goto('/')
    expect([await findBarriers(page), await findOverflow(page)]).toEqual([[], 0])
    await page.context().close()
  })
})

describe('by keyboard', () => {
  it('the first stop leads past the navigation', async () => {
    const page = await stage.open()
    await page.goto('/domains')
    await page.keyboard.press('Tab')
    const skip = page.getByRole('link', { name: 'Skip to content' })
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true)
    expect((await skip.boundingBox())!.y).toBeGreaterThanOrEqual(0)
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    await page.keyboard.press('Tab')
    expect(
      await page.getByRole('textbox', { name: 'Sending domain' }).evaluate((field) => field === document.activeElement),
    ).toBe(true)
    await page.context().close()
  })

  it('a domain is configured', async () => {
    const { domainPath } = await fillConsole(stage)
    const page = await stage.open()
    await page.goto(domainPath)
    await page.getByRole('radio', { name: 'Full' }).first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const saved = noticeOf(page).filter({ hasText: 'Saved.' })
    await saved.waitFor()
    expect(await saved.evaluate((notice) => notice === document.activeElement)).toBe(true)
    expect(await page.getByRole('radio', { name: 'Identified' }).first().isChecked()).toBe(true)
    await page.context().close()
  })
})

it('nothing moves for who wants it so', async () => {
  const page = await stage.open({ reducedMotion: 'reduce' })
  await stage.store.write([open('first', stage.now)])
  await page.goto('/live')
  const [animation, transition] = (await page.evaluate(`(() => {
    const item = document.querySelector('#feed > li')
    item.classList.add('fresh')
    return [getComputedStyle(item).animationName, getComputedStyle(document.querySelector('a')).transitionDuration]
  })()`)) as string[]
  expect([animation, transition]).toEqual(['none', '0s'])
  await page.context().close()
})

it('names that are markup are text', async () => {
  await fillConsole(stage)
  const page = await stage.open()
  await page.goto('/messages?campaign=november&domain=example.com')
  await page.getByRole('link', { name: markup }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(markup)
  await page.goto('/campaign?name=november&domain=example.com')
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`The Grind ${markup}`)
  await page.goto('/live')
  expect(await page.locator('#feed').textContent()).toContain(markup)
  await page.context().close()
})
