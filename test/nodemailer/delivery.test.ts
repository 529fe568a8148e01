// Mail as it arrives at a real SMTP server, read by two parsers that know nothing of one another: every link of both parts reads
// back to its destination, and everything else is what was sent.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrackingUrl, untrackEmail } from '../../src/index.ts'
import { mailtrace, type PluginFailure } from '../../src/nodemailer/index.ts'
import { type Mailbox, openMailbox, parsers } from './mailbox.ts'
import { nodemailers } from './nodemailers.ts'
import { domain, type Message, plain } from './sending.ts'

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox()
})
afterAll(() => mailbox.close())

const places = [
  'https://shop.example/sale?a=1&b=2#top',
  `https://shop.example/${'a-long-path/'.repeat(60)}`,
  'https://m\u00fcnchen.example/stra\u00dfe?q=\u00e4',
  'https://shop.example/=3D/=?x==',
  'https://shop.example/.',
]
const body = places
  .map((place) => `<p>Gr\u00fc\u00dfe <a href="${place.replaceAll('&', '&amp;')}">here</a></p>`)
  .join('')
const html = `<!doctype html><html><body><img src="cid:logo">${body}</body></html>`
const text = places.map((place) => `Gr\u00fc\u00dfe: <${place}>`).join('\n')
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const logo = { filename: 'logo.gif', content: gif, cid: 'logo' }
const paper = { filename: 'paper.html', content: '<a href="https://shop.example/attached">x</a>' }
const calendar = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nURL:https://shop.example/event\r\nEND:VCALENDAR\r\n'
const amp = '<!doctype html><html \u26a14email><body><a href="https://shop.example/amp">x</a></body></html>'

const rows: [what: string, message: Message][] = [
  ['quoted-printable', { encoding: 'quoted-printable' }],
  ['base64', { encoding: 'base64' }],
  ['its own choice of encoding', {}],
  ['ASCII alone', { html: html.replace(/[^\0-\x7f]/g, ''), text: text.replace(/[^\0-\x7f]/g, '') }],
  ['one long line', { html: html.replaceAll('\n', ''), text: text.replaceAll('\n', ' ') }],
  ['CRLF', { html: html.replaceAll('</p>', '</p>\r\n'), text: text.replaceAll('\n', '\r\n') }],
  [
    'lines that begin with dots',
    { html: html.replaceAll('</p>', '</p>\n.\n..'), text: text.replaceAll('\n', '\n.\n') },
  ],
  ['HTML alone', { text: undefined }],
  ['an embedded image', { attachments: [logo] }],
  [
    'attachments',
    {
      attachments: [
        paper,
        { filename: 'mail.eml', contentType: 'message/rfc822', content: 'Subject: x\r\n\r\nhttps://shop.example/mail' },
      ],
    },
  ],
  ['multiparts in multiparts', { attachments: [logo, paper], icalEvent: { method: 'REQUEST', content: calendar } }],
  ['AMP', { amp }],
  ['an Apple Watch part', { watchHtml: '<a href="https://shop.example/watch">x</a>' }],
  [
    'a part in a legacy charset',
    {
      alternatives: [
        {
          contentType: 'text/html; charset=iso-8859-1',
          content: Buffer.from('<a href="https://shop.example/\u00e4">\u00e4</a>', 'latin1'),
        },
      ],
    },
  ],
]

/** What the plugin must not touch: every part but HTML and text, and the headers but those made anew for each message. */
function othersOf(raw: Buffer): string {
  const kept = `${raw}`
    .replace(/--_NmP-[\w-]+/g, 'BOUNDARY')
    .replace(/^(?:Message-ID|Date):.*\r\n(?:[ \t].*\r\n)*/gim, '')
    .replace(/^Content-Transfer-Encoding:.*\r\n/gim, '')
  const parts = kept.split('BOUNDARY')
  return parts
    .filter((part) => !/content-type: text\/(?:plain|html); charset=utf-8/i.test(part) || /filename/.test(part))
    .join('BOUNDARY')
}

describe.each(nodemailers)('nodemailer %s over SMTP', (_, nodemailer) => {
  // In a pool, as this server lets each connection wait for 0.1 s.
  const open = () =>
    nodemailer.createTransport({
      pool: true,
      maxConnections: 1,
      host: '127.0.0.1',
      port: mailbox.port,
      ignoreTLS: true,
    })
  type Pool = ReturnType<typeof open>
  let pool: Pool
  let trackingPool: Pool
  beforeAll(() => {
    pool = open()
    trackingPool = open()
    const onError = ({ cause }: PluginFailure): void => {
      throw cause
    }
    trackingPool.use('compile', mailtrace({ domain, text: true, onError }))
  })
  afterAll(() => {
    pool.close()
    trackingPool.close()
  })

  async function deliver(message: Message, transporter: Pool): Promise<Buffer> {
    const before = mailbox.deliveries.length
    await transporter.sendMail({ ...plain, html, text, ...message })
    expect(mailbox.deliveries.length).toBe(before + 1)
    return mailbox.deliveries.at(-1)!.raw
  }

  describe.each(rows)('%s', (_, message) => {
    let tracked: Buffer
    let untracked: Buffer
    beforeAll(async () => {
      untracked = await deliver(message, pool)
      tracked = await deliver(message, trackingPool)
    })

    it.each(parsers)('%s finds every link where it led, and the rest as it was', async (_, parse) => {
      const [before, after] = [await parse(untracked), await parse(tracked)]
      const pixel = /<img src="(https:\/\/links\.example\.com\/o\/[^"]+)"[^>]*>/
      expect(after.html.match(new RegExp(pixel, 'g'))).toHaveLength(1)
      const messageRefs = new Set([readTrackingUrl(pixel.exec(after.html)![1]!, domain)?.messageRef])
      const restore = (url: string): string => {
        const reference = readTrackingUrl(url, domain)
        if (reference?.kind !== 'click') throw new Error(`${url} leads nowhere`)
        messageRefs.add(reference.messageRef)
        return reference.destination!
      }
      const url = /https:\/\/links\.example\.com\/c\/[\w-]+/g
      const links = after.html.match(url) ?? []
      expect(links).toHaveLength(places.length)
      expect(after.html.replace(pixel, '').replace(url, (found) => restore(found).replaceAll('&', '&amp;'))).toBe(
        before.html,
      )
      expect(untrackEmail(after.html, domain).html).toBe(before.html)
      expect(after.text.replace(url, restore)).toBe(before.text)
      expect(after.text.match(url) ?? []).toHaveLength(
        message.text === undefined && 'text' in message ? 0 : places.length,
      )
      expect([after.subject, after.attachments]).toEqual([before.subject, before.attachments])
      expect([...messageRefs]).toEqual([expect.stringMatching(/^[\w-]{22}$/)])
    })

    it('no other part and no header is touched', () => {
      expect(othersOf(tracked)).toBe(othersOf(untracked))
    })
  })
})

describe('a copy for the sent folder', () => {
  it('nylas-mail#2831, Warmbly#542: made of the object that was sent, it is untracked', async () => {
    const [, nodemailer] = nodemailers.at(-1)!
    const transporter = nodemailer.createTransport({ streamTransport: true, buffer: true })
    transporter.use('compile', mailtrace({ domain, text: true }))
    const message: Message = { ...plain, text }
    const before = structuredClone(message)
    await transporter.sendMail(message)
    expect(message).toEqual(before)
  })
})
