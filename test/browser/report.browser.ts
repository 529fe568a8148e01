// The report of a hostile email, opened as a file: nothing may run, nothing may be asked of anyone, no click may lead away.

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { inspectEmail } from '../../src/inspection/inspect-email.ts'
import { formatReport } from '../../src/inspection/report.ts'
import { storedDomain as domain } from '../kit/domains.ts'
import { launchChromium } from './chromium.ts'
import { evil, hostileEmails, hostileLinks } from './hostile-emails.ts'

/**
 * Every https host of Chromium's world. Whoever connects to one of the email's was told that it was opened; the name of the
 * host stands in the first message of TLS. Chromium has connections of its own, to other names.
 */
let connections = 0
const world = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (hello) => {
    if (/(?:evil|links|www)\.example|example\.org/.test(hello.toString('latin1'))) connections++
    socket.destroy()
  })
}).listen(0, '127.0.0.1')
await once(world, 'listening')
const browser = await launchChromium((world.address() as { port: number }).port)
const folder = mkdtempSync(join(tmpdir(), 'mailtrace-report-'))
afterAll(async () => {
  await browser.close()
  world.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  connections = 0
})

async function openReport(html: string): Promise<Page> {
  const email = instrumentEmail(html, domain)
  const report = formatReport({
    name: html.slice(0, 40),
    html,
    email,
    domain,
    inspection: inspectEmail(html, email),
    time: Date.UTC(2026, 10, 24),
  })
  const file = join(folder, 'report.html')
  writeFileSync(file, report)
  const page = await browser.newPage()
  await page.goto(`file://${file}`)
  return page
}

/** In ms: connections ahead of need come a moment after the page. */
const patienceMs = 250

describe('the report of', () => {
  it.each(hostileEmails)('%s asks nothing of anyone', async (_what, html) => {
    const page = await openReport(`${html}<p>x</p>`)
    await wait(patienceMs)
    expect(connections).toBe(0)
    expect(await page.title()).toMatch(/ - mailtrace$/)
    expect(page.frames().map((frame) => frame.url().replace(/^file:.*/, 'report'))).toEqual(
      expect.arrayContaining(['report', 'about:srcdoc']),
    )
    await page.close()
  })

  it('a frame would connect, whatever the policy, were it left as it is', async () => {
    const page = await browser.newPage()
    const file = join(folder, 'mail.html')
    writeFileSync(
      file,
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><iframe src="${evil}">`,
    )
    await page.goto(`file://${file}`)
    await wait(patienceMs)
    expect(connections).toBeGreaterThan(0)
    await page.close()
  })
})

it.each(hostileLinks)('a click on %s leads nowhere', async (_what, html) => {
  const page = await openReport(`<body style="margin:40px">${html}`)
  const opened: Page[] = []
  page.on('popup', (popup) => opened.push(popup))
  const frame = page.frameLocator('iframe[title="The email as it was handed over"]')
  await frame.locator('#x').click({ timeout: 5_000 })
  await wait(patienceMs)
  expect(await frame.locator('#x').textContent()).toBe('x')
  expect([connections, opened.length, await page.title()]).toEqual([0, 0, expect.stringMatching(/ - mailtrace$/)])
  await page.close()
})

it('marks the links of an email where they stand, and hides nothing of it', async () => {
  const page = await openReport('<p><a href="https://example.org/">one</a> <a href="#two">two</a></p>')
  const frame = page.frameLocator('iframe[title="The email as it will be sent"]')
  expect(await frame.locator('body').textContent()).toBe('one two')
  expect(await frame.locator('a[data-mailtrace=tracked]').getAttribute('title')).toBe(
    'Link 0, tracked: leads to https://example.org/',
  )
  expect(await frame.locator('a[data-mailtrace=skipped]').getAttribute('title')).toBe(
    'Link 1, left alone: it leads to a place in the mail itself',
  )
  await page.close()
})

it.each([
  [390, 'light'],
  [390, 'dark'],
  [1280, 'light'],
] as const)('is never wider than a screen of %i, %s', async (width, colorScheme) => {
  const page = await openReport(
    `<title>x</title><a href="https://example.org/${'a'.repeat(600)}">${'b'.repeat(600)}</a><a href="{{x}}">x</a>`,
  )
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme })
  const [scroll, client] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[]
  expect(scroll).toBe(client)
  await page.close()
})
