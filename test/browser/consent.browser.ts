// One campaign, five recipients, five ways to consent: what is recorded when they read and click in a real browser.

import { expect, it } from 'vitest'
import { type MessageOptions, prepareEmail } from '../../src/index.ts'
import { followLink } from './follow-link.ts'
import { openStage } from './stage.ts'

const stage = await openStage()
const destination = 'https://shop.example.com/coffee?utm_source=newsletter'
const mail = `<!doctype html><title>Mail</title><body><p><a href="${destination.replaceAll('&', '&amp;')}">Order</a></body>`
const campaignRef = 'campaign-2026-11-24'
const domain = stage.useDomain('links')
const prepared = prepareEmail(mail, domain, { campaignRef })
const midnight = (time: number): number => time - (time % 86_400_000)

interface Recipient {
  readonly name: string
  readonly consent: MessageOptions
  /** What the table of modes allows of an open and of a click; `null`: nothing is recorded. */
  readonly open: object | null
  readonly click: object | null
}

const reader = { userAgent: expect.stringContaining('Chrome'), clientAddress: '203.0.113.9' }
// The browser is headless, and the mail just sent.
const signals = ['bot', 'too-fast']
const nobody = { userAgent: null, clientAddress: null }
const own = (name: string): object => ({ messageRef: `message-to-${name}`, campaignRef: null })
const shared = { messageRef: null, campaignRef }

const recipients: readonly Recipient[] = [
  {
    name: 'ada',
    consent: {},
    open: { mode: 'full', ...own('ada'), ...reader, signals },
    click: { mode: 'full', ...own('ada'), ...reader, signals },
  },
  {
    name: 'bob',
    consent: { openTracking: 'identified', clickTracking: 'identified' },
    open: { mode: 'identified', ...own('bob'), ...nobody, signals },
    click: { mode: 'identified', ...own('bob'), ...nobody, signals },
  },
  {
    name: 'cem',
    consent: { openTracking: 'day', clickTracking: false },
    open: { mode: 'day', ...own('cem'), ...nobody, signals: [] },
    click: null,
  },
  {
    name: 'dee',
    consent: { openTracking: 'anonymous', clickTracking: 'anonymous' },
    open: { mode: 'anonymous', ...shared, ...nobody },
    click: { mode: 'anonymous', ...shared, ...nobody },
  },
  { name: 'eve', consent: { openTracking: false, clickTracking: false }, open: null, click: null },
]

it.each(recipients)('$name, who consents to $consent', async ({ name, consent, open, click }) => {
  const copy = prepared.instrument({ messageRef: `message-to-${name}`, ...consent })
  const readsBefore = stage.addressReads()
  const page = await stage.context.newPage()
  stage.show(copy.html)
  await page.goto(stage.pageUrl)
  const landing = await followLink(stage, page.locator('a'))
  expect(landing).toEqual({ shown: destination, visits: [destination] })

  const events = stage.takeEvents()
  expect(events).toMatchObject([
    ...(open === null ? [] : [{ type: 'open', pixel: 'end', ...open }]),
    ...(click === null ? [] : [{ type: 'click', part: 'html', index: 0, destination, ...click }]),
  ])
  for (const { mode, time } of events) expect(time === midnight(time)).toBe(mode === 'day')
  const isFull = open !== null && 'mode' in open && open.mode === 'full'
  expect(stage.addressReads() - readsBefore).toBe(isFull ? 2 : 0)
  expect(stage.failures).toEqual([])
  if (events.length === 0) expect(copy.html).toBe(mail)
})
