// The whole story of the demo, as a newcomer has it: from its start to people and machines counted, each page by role and name.
//
// SCREENSHOTS=folder keeps pictures of what was seen, wide and narrow.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, expect, it } from 'vitest'
import { freePort, until } from '../cli/server.ts'
import { launchChromium } from './chromium.ts'
import { findBarriers } from './find-barriers.ts'

const program = fileURLToPath(new URL('../demo/demo.mjs', import.meta.url))
const pictures = process.env.SCREENSHOTS
/** As a person's Chromium says it; a headless one names itself, and is a machine then. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

/** Where the demo has its files. */
const temporary = mkdtempSync(join(tmpdir(), 'mailtrace-demo-test-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

async function startDemo(): Promise<{ child: ChildProcess; own: string; signInUrl: string }> {
  const port = await freePort()
  const child = spawn(process.execPath, [program, '--serve', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  })
  afterAll(() => void child.kill('SIGTERM'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  await until(() => said.includes('Ctrl-C ends it') || child.exitCode !== null, 60_000)
  const signInUrl = /http:\S+\/sign-in\?token=\S+/.exec(said)?.[0]
  if (signInUrl === undefined) throw new Error(said)
  return { child, own: `http://localhost:${port}`, signInUrl }
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** What no page may do: be wider than a phone, or stand in anybody's way. */
async function look(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} on a phone`).toBeLessThanOrEqual(390)
  await page.setViewportSize({ width: 1280, height: 900 })
  expect(await findBarriers(page), name).toEqual([])
  await picture(page, name)
}

const link = (page: Page, name: string): Locator => page.getByRole('main').getByRole('link', { name, exact: true })
/** What opens in a tab of its own. */
async function openTab(context: BrowserContext, opener: Locator): Promise<Page> {
  // By keyboard: a click into a frame of another site that has just been scrolled can miss, on a busy machine.
  const [tab] = await Promise.all([context.waitForEvent('page'), opener.press('Enter')])
  await tab.waitForLoadState()
  return tab
}

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })
const steps = async (page: Page): Promise<string[]> =>
  (await page.getByRole('list').getByRole('heading', { level: 3 }).allTextContents()).map((text) => text.trim())

/** Follows a link of the mail and comes back: it opens in a tab of its own. */
async function follow(context: BrowserContext, page: Page, name: string): Promise<string> {
  const tab = await openTab(context, page.frameLocator('iframe').getByRole('link', { name }).first())
  const text = (await tab.getByRole('main').textContent()) ?? ''
  if (name === 'Unsubscribe') await look(tab, 'landing')
  await tab.close()
  return text
}

it('leads a newcomer from nothing to people and machines counted', { timeout: 600_000 }, async () => {
  const { child, own, signInUrl } = await startDemo()
  const browser = await launchChromium(1)
  afterAll(() => browser.close())
  const context = await browser.newContext({ userAgent })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const page = await context.newPage()

  await page.goto(`${own}/demo`)
  expect(await page.title()).toBe('From a domain to numbers · mailtrace demo')
  expect(await steps(page)).toEqual([
    'Open the console',
    'Configure a tracking domain',
    'Publish its DNS record',
    'Verify it',
    'Send the newsletter',
    'Read it, and click',
    'Let a machine look at it',
  ])
  await look(page, 'guide-start')

  const console = await context.newPage()
  await console.goto(signInUrl)
  await console.getByRole('heading', { name: 'Overview' }).waitFor()
  await console.close()
  await page.reload()
  expect((await steps(page))[0]).toBe('Open the console: done')

  const domain = await openTab(context, link(page, 'Add the domain'))
  await domain.getByLabel('Sending domain').fill('shop.localhost')
  await button(domain, 'Add domain').click()
  await domain.getByRole('group', { name: 'Open tracking' }).getByRole('radio', { name: 'Full' }).check()
  await domain.getByRole('group', { name: 'Click tracking' }).getByRole('radio', { name: 'Full' }).check()
  await button(domain, 'Save configuration').click()
  await domain.getByText('Saved.').waitFor()
  await domain.getByLabel('Host name').fill('links')
  await button(domain, 'Set tracking domain').click()
  await domain.getByRole('article', { name: 'Record of links.shop.localhost' }).waitFor()
  await button(domain, 'Verify now').click()
  await domain.getByText('links.shop.localhost has no CNAME record').waitFor()
  await look(domain, 'domain-unverified')

  await page.reload()
  await link(page, 'Go to your DNS provider').click()
  await look(page, 'dns')
  await button(page, 'Publish this record').click()
  await page.getByText('Published', { exact: true }).waitFor()
  await button(domain, 'Verify now').click()
  await domain.getByText('Tracking is active').waitFor()
  await look(domain, 'domain-verified')
  await domain.close()

  await page.goto(`${own}/demo`)
  await button(page, 'Send the newsletter').click()
  await page.getByRole('heading', { name: 'Inboxes' }).waitFor()
  expect(await steps(page)).toEqual(['Ada Amsel', 'Ben Brandt', 'Chloé Clair', 'Deniz Demir', 'Emil Ebert'])
  await look(page, 'inboxes')

  const openMail = async (name: string): Promise<void> => {
    await page.goto(`${own}/demo/inbox`)
    await page.getByRole('link', { name, exact: true }).click()
    await page.waitForURL(/\/inbox\/\d/)
    await page.waitForLoadState()
  }
  await openMail('Ada Amsel')
  expect(await follow(context, page, 'Read it in your browser')).toContain('http://news.shop.localhost:')
  await page.waitForTimeout(700) // as a person, who does not click twice within a third of a second
  expect(await follow(context, page, 'Privacy')).toContain('/privacy')
  expect(await follow(context, page, 'Unsubscribe')).toContain('You are unsubscribed')
  await look(page, 'mail')
  await openMail('Emil Ebert')
  expect(await follow(context, page, 'Privacy')).toContain('/privacy')
  await openMail('Deniz Demir')
  expect(await follow(context, page, 'Privacy')).toContain('/privacy')

  await page.goto(`${own}/demo/inbox`)
  await button(page, 'Let a gateway scan it, the mail to Ben Brandt').click()
  await page.getByText('A security gateway has scanned the mail to Ben Brandt').waitFor()
  await look(page, 'inboxes-scanned')

  await page.goto(`${own}/demo`)
  await page.getByRole('heading', { name: 'That was all of it' }).waitFor()
  await look(page, 'guide-done')
  const numbers = await openTab(context, link(page, 'See the campaign'))
  await link(numbers, 'Spring at the roastery: a new Huila, and a free cupping').click()
  await numbers.getByRole('heading', { level: 1, name: 'Spring at the roastery' }).waitFor()
  await look(numbers, 'campaign')
  const who = numbers.getByRole('table', { name: 'Opens and clicks by people, proxies and machines' })
  const counts = await who
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.slice(1).map((row) => [...row.querySelectorAll('.badge, td')].map((cell) => cell.textContent?.trim())),
    )
  expect(counts).toEqual([
    // Ada opened it and followed two links; Deniz did so as nobody in particular.
    ['People', '2in 1 message1 anonymous', '3in 1 message1 anonymous'],
    ['Proxies', '0none', '0none'],
    // The gateway's, on Ben's.
    ['Machines', '1in 1 message', '16in 1 message'],
  ])
  expect(complaints).toEqual([])

  const closed = once(child, 'close')
  child.kill('SIGTERM')
  expect((await closed)[0]).toBe(0)
  expect(readdirSync(temporary)).toEqual([])
})
