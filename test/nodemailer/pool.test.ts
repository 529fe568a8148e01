// A thousand messages through a pool of connections, with lookups that answer in any order.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTrackingUrl } from '../../src/index.ts'
import { type MailOutcome, mailtrace } from '../../src/nodemailer/index.ts'
import { type Mailbox, openMailbox, parsers } from './mailbox.ts'
import { nodemailers } from './nodemailers.ts'
import { domain, type Message } from './sending.ts'

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox()
})
afterAll(() => mailbox.close())

const count = 1000

/** A third consents to all, a third to clicks, a third to nothing. */
const consents = [
  { openTracking: true, clickTracking: true },
  { openTracking: false, clickTracking: 'identified' },
  { openTracking: false, clickTracking: false },
] as const
const consentOf = (number: number) => consents[number % 3]!
const later = (number: number) => new Promise((resolve) => setTimeout(resolve, (number * 7919) % 20))

it.each(nodemailers.slice(-1))(
  `nodemailer %s: ${count} messages arrive whole, each with its own reference`,
  async (_, nodemailer) => {
    const transporter = nodemailer.createTransport({
      pool: true,
      maxConnections: 5,
      host: '127.0.0.1',
      port: mailbox.port,
      ignoreTLS: true,
    })
    const outcomes = new Map<unknown, MailOutcome>()
    transporter.use(
      'compile',
      mailtrace({
        domain: async (name) => {
          await later(name.length)
          return domain
        },
        text: true,
        tracking: async (recipient) => {
          const number = Number.parseInt(recipient, 10)
          await later(number)
          return consentOf(number)
        },
        onOutcome: async (outcome, { number }) => {
          await later(Number(number) + 5)
          outcomes.set(number, outcome)
        },
        onError: ({ cause }) => {
          throw cause
        },
      }),
    )
    const messageOf = (number: number): Message => ({
      from: 'News <news@example.com>',
      to: `${number}@example.org`,
      subject: `News ${number}`,
      html: `<p>${'Read on. '.repeat(number % 50)}<a href="https://shop.example/${number}?a=1&amp;b=2">Sale</a></p>`,
      text: `Sale: https://shop.example/${number}?a=1&b=2`,
      mailtrace: { messageRef: `message-${number}` },
      number,
    })
    await Promise.all(Array.from({ length: count }, (_, number) => transporter.sendMail(messageOf(number))))
    transporter.close()

    expect(mailbox.deliveries.map(({ to }) => to.join()).sort()).toEqual(
      Array.from({ length: count }, (_, number) => `${number}@example.org`).sort(),
    )
    const [, parse] = parsers[1]!
    for (const { to, raw } of mailbox.deliveries) {
      const number = Number.parseInt(to[0]!, 10)
      const { subject, html, text } = await parse(raw)
      const consent = consentOf(number)
      const before = messageOf(number)
      const refs: unknown[] = []
      const restore = (url: string): string => {
        const reference = readTrackingUrl(url, domain)
        refs.push(reference?.messageRef, reference?.mode)
        return reference?.kind === 'click' ? reference.destination! : 'open'
      }
      const url = /https:\/\/links\.example\.com\/[oc]\/[\w.-]+/g
      expect(subject).toBe(`News ${number}`)
      expect(text.replace(url, restore).trim()).toBe(before.text)
      const restored = html.replace(url, (found) => restore(found).replaceAll('&', '&amp;')).trim()
      expect(restored.replace(/<img src="open"[^>]*>/, '')).toBe(before.html)
      expect(restored.includes('<img')).toBe(consent.openTracking)
      const mode = consent.clickTracking === true ? 'full' : consent.clickTracking
      const each = [`message-${number}`, mode]
      expect(refs).toEqual(
        consent.openTracking ? [...each, ...each, ...each] : mode === false ? [] : [...each, ...each],
      )
      expect(outcomes.get(number)).toMatchObject(
        mode === false
          ? { kind: 'untouched', reason: 'tracking-disabled' }
          : { kind: 'instrumented', messageRef: `message-${number}`, activation: { click: mode } },
      )
    }
  },
  60_000,
)
