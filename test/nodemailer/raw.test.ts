// Messages that are given as `raw`, in every form and version: as they arrive at a real SMTP server, and what leaves them alone.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readTrackingUrl } from '../../src/index.ts'
import { instrumentMessage } from '../../src/message/index.ts'
import { type MailOutcome, mailtrace, type PluginOptions } from '../../src/nodemailer/index.ts'
import { type Mailbox, openMailbox, parsers } from './mailbox.ts'
import { nodemailers } from './nodemailers.ts'
import { causeOf, domain, type Message, nowMs, send } from './sending.ts'

const page =
  '<p>Gr\u00fc\u00dfe: <a href="https://shop.example/sale">Sale</a> <a href="https://example.com/u?id=1">x</a></p>'
const lines = [
  'From: News <news@example.com>',
  'To: ada@example.org',
  'Subject: News',
  'List-Unsubscribe: <https://example.com/u?id=1>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Sale: https://shop.example/sale',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  page,
  '--b--',
  '',
]
const raw = lines.join('\r\n')
const signed = `DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=x; b=y\r\n${raw}`
const envelope = { from: 'bounce@example.com', to: ['ada@example.org'] }

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-raw-'))
const file = join(folder, 'mail.eml')
writeFileSync(file, raw)
let asked = 0
const server = createServer((_, response) => {
  asked++
  response.end(raw)
})
let url = ''
let mailbox: Mailbox
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mail.eml`
  mailbox = await openMailbox()
})
afterAll(async () => {
  server.close()
  rmSync(folder, { recursive: true })
  await mailbox.close()
})

const sendRaw = (message: Message, options: Partial<PluginOptions> = {}, by = {}) =>
  send({ envelope, ...message }, { raw: true, ...options }, by)

/** Made anew, as a stream is read once. */
const forms: [form: string, make: () => unknown][] = [
  ['a string', () => raw],
  ['a Buffer', () => Buffer.from(raw)],
  ['a Uint8Array', () => new TextEncoder().encode(raw)],
  ['a stream', () => Readable.from([Buffer.from(raw)])],
  ['a path', () => ({ path: file })],
  ['a URL', () => ({ href: url })],
  ['a URL beside a path', () => ({ href: url, path: join(folder, 'none.eml') })],
]

describe.each(nodemailers)('nodemailer %s over SMTP, given as', (_, nodemailer) => {
  async function deliver(
    message: Message,
    options: Partial<PluginOptions>,
  ): Promise<[Buffer, MailOutcome | undefined]> {
    let told: MailOutcome | undefined
    const transporter = nodemailer.createTransport({ host: '127.0.0.1', port: mailbox.port, ignoreTLS: true })
    const onOutcome = (outcome: MailOutcome): void => {
      told = outcome
    }
    transporter.use('compile', mailtrace({ domain, now: () => nowMs, onOutcome, ...options }))
    const before = mailbox.deliveries.length
    await transporter.sendMail({ envelope, ...message })
    expect(mailbox.deliveries.length).toBe(before + 1)
    return [mailbox.deliveries.at(-1)!.raw, told]
  }

  it.each(forms)('%s: it arrives as instrumentMessage makes it', async (_, make) => {
    const [arrived, told] = await deliver(
      { raw: make() as string, mailtrace: { messageRef: 'm1' } },
      { raw: true, text: true },
    )
    const made = instrumentMessage(new TextEncoder().encode(raw), domain, {
      messageRef: 'm1',
      text: true,
      now: () => nowMs,
    })
    expect(`${arrived}`).toBe(`${Buffer.from(made.message)}`)
    expect(told).toMatchObject({ kind: 'instrumented', messageRef: 'm1', parts: made.parts })
    for (const [, parse] of parsers) {
      const { html } = await parse(arrived)
      const [, click] = /href="(https:\/\/links[^"]+)"/.exec(html)!
      expect(readTrackingUrl(click!, domain)).toMatchObject({ destination: 'https://shop.example/sale' })
      expect(html).toContain('<a href="https://example.com/u?id=1">')
    }
  })

  it('a DKIM-signed message: it arrives as it was', async () => {
    const [arrived, told] = await deliver({ raw: signed }, { raw: true, text: true })
    expect(`${arrived}`).toBe(signed)
    expect(told).toEqual({
      kind: 'untouched',
      reason: 'parts',
      parts: [
        {
          path: '',
          type: 'multipart/alternative',
          start: 0,
          end: signed.length + 2,
          kind: 'skipped',
          reason: 'dkim-signed',
        },
      ],
    })
  })

  it('raw without the option: it arrives as it was', async () => {
    const [arrived, told] = await deliver({ raw, html: page }, { text: true })
    expect([`${arrived}`, told]).toEqual([raw, { kind: 'untouched', reason: 'raw' }])
  })

  it('a stream that stays as it is: it arrives whole', async () => {
    const [arrived] = await deliver({ raw: Readable.from([Buffer.from(signed)]) }, { raw: true })
    expect(`${arrived}`).toBe(signed)
  })
})

describe.each(nodemailers)('the guards of nodemailer %s', (version, nodemailer) => {
  describe.each<[what: string, make: () => object, guards: object]>([
    ['disableFileAccess and a path', () => ({ path: file }), { disableFileAccess: true }],
    ['disableUrlAccess and a URL', () => ({ href: url }), { disableUrlAccess: true }],
    ['disableUrlAccess and a URL as path', () => ({ path: url }), { disableUrlAccess: true }],
    ['disableUrlAccess and a URL beside a path', () => ({ href: url, path: file }), { disableUrlAccess: true }],
  ])('%s', (what, make, guards) => {
    it.each([
      ['of the message', (given: Message) => sendRaw({ ...given, ...guards }, {}, { nodemailer })],
      ['of the transporter', (given: Message) => sendRaw(given, {}, { nodemailer, transport: guards })],
    ])('%s: the plugin reads nothing', async (_, sendIt) => {
      const before = asked
      const given = make()
      const sent = await sendIt({ raw: given as never })
      expect([sent.outcomes, sent.failures]).toEqual([[{ kind: 'untouched', reason: 'access-disabled' }], []])
      expect(sent.data.raw).toBe(given)
      // nodemailer 6 to 8 read it themselves, whatever their guards say; a URL as path is a file for all of them.
      if (what.endsWith('as path')) expect(sent.error?.message).toMatch(/ENOENT|access rejected/i)
      else if (Number(version) < 9) expect(sent.raw).toBe(raw.replaceAll('\r\n', '\n'))
      else expect([sent.error?.message, asked - before]).toEqual([expect.stringMatching(/access rejected/i), 0])
    })
  })

  it.each<[string, () => unknown, object]>([
    ['a URL without files', () => ({ href: url }), { disableFileAccess: true }],
    ['a file without URLs', () => ({ path: file }), { disableUrlAccess: true }],
    ['a string without either', () => raw, { disableFileAccess: true, disableUrlAccess: true }],
  ])('let pass %s', async (_, make, guards) => {
    const sent = await sendRaw({ raw: make() as string, ...guards }, {}, { nodemailer })
    expect([sent.error, sent.outcomes]).toMatchObject([null, [{ kind: 'instrumented' }]])
  })
})

describe('the outcome of a raw message', () => {
  const html = (content: string) => `From: a@example.com\r\nContent-Type: text/html\r\n\r\n${content}\r\n`
  const link = '<a href="https://shop.example/">x</a>'
  const image = { kind: 'placed', urls: [expect.stringMatching(/^https:\/\/links\.example\.com\/o\//)] }
  const two = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${[link, link]
    .map((content) => `--b\r\nContent-Type: text/html\r\n\r\n${content}\r\n`)
    .join('')}--b--\r\n`

  it('is that of other messages, with the parts, and stands on the mail data', async () => {
    const { outcomes, data } = await sendRaw({ raw, mailtrace: { messageRef: 'm1' } }, { text: true })
    expect(JSON.parse(JSON.stringify(outcomes))).toMatchObject([
      {
        kind: 'instrumented',
        domain: 'example.com',
        activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
        messageRef: 'm1',
        campaignRef: null,
        sentAt: nowMs,
        pixel: image,
        links: [
          { kind: 'tracked', index: 0, destination: 'https://shop.example/sale' },
          { kind: 'skipped', index: 1, reason: 'caller' },
        ],
        textLinks: [{ kind: 'tracked', index: 0, destination: 'https://shop.example/sale' }],
        untouched: { html: null, text: null },
        parts: [
          { path: '1', type: 'text/plain', kind: 'instrumented' },
          { path: '2', type: 'text/html', kind: 'instrumented' },
        ],
      },
    ])
    expect(data.mailtrace).toEqual({ messageRef: 'm1', outcome: outcomes[0] })
  })

  it.each<[string, Message, Partial<PluginOptions>, unknown]>([
    [
      'HTML alone',
      { raw },
      {},
      { textLinks: [], untouched: { html: null, text: 'off' }, parts: [{ reason: 'other-type' }, {}] },
    ],
    [
      'text, where clicks are off',
      { raw, mailtrace: { clickTracking: false } },
      { text: true },
      { links: [], textLinks: [], activation: { click: false }, untouched: { html: null, text: 'off' } },
    ],
    ['no text', { raw: html(link) }, { text: true }, { untouched: { html: null, text: 'parts' } }],
    [
      'text alone',
      { raw: 'Content-Type: text/plain\r\n\r\nhttps://shop.example/\r\n' },
      { text: true },
      {
        pixel: { kind: 'skipped', reason: 'off' },
        links: [],
        textLinks: [{ kind: 'tracked' }],
        untouched: { html: 'parts', text: null },
      },
    ],
    [
      'two HTML parts',
      { raw: two },
      {},
      {
        pixel: { urls: [expect.anything(), expect.anything()] },
        links: [
          { kind: 'tracked', index: 0 },
          { kind: 'tracked', index: 1 },
        ],
      },
    ],
    [
      'no pixel',
      { raw, mailtrace: { openTracking: false } },
      {},
      { pixel: { kind: 'skipped', reason: 'off' }, activation: { open: false } },
    ],
    [
      'anonymous',
      { raw, mailtrace: { openTracking: 'anonymous', clickTracking: 'anonymous', campaignRef: 'c1' } },
      {},
      { messageRef: null, campaignRef: 'c1' },
    ],
    ['a campaign that nothing is reported with', { raw, mailtrace: { campaignRef: 'c1' } }, {}, { campaignRef: null }],
    [
      'skipUrls',
      { raw, mailtrace: { skipUrls: ['https://shop.example/sale'] } },
      {},
      { links: [{ reason: 'caller' }, { reason: 'caller' }] },
    ],
    [
      'skipLink',
      { raw, mailtrace: { skipLink: ({ index }) => index === 0 } },
      {},
      { links: [{ reason: 'caller' }, { reason: 'caller' }] },
    ],
    [
      'a short limit',
      { raw: html(`<a href="https://shop.example/${'x'.repeat(300)}">x</a>`) },
      { maxUrlLength: 256 },
      { links: [{ reason: 'too-long' }] },
    ],
    [
      'both places for a pixel',
      { raw: html(`<body><p>${'News '.repeat(9999)}</p></body>`.replaceAll('News News', 'News\r\nNews')) },
      { pixelPlacement: 'both' },
      { pixel: { urls: [expect.anything(), expect.anything()] } },
    ],
    ['an outcome that is undefined', { raw, mailtrace: { outcome: undefined } }, {}, { kind: 'instrumented' }],
    [
      'a recipient who refuses opens',
      { raw },
      { tracking: () => ({ openTracking: false, clickTracking: true }) },
      { activation: { open: false, click: 'full' } },
    ],
  ])('%s', async (_, message, options, outcome) => {
    const { outcomes, failures, error } = await sendRaw(message, options)
    expect([failures, error]).toEqual([[], null])
    expect(outcomes).toMatchObject([{ kind: 'instrumented' }])
    expect(outcomes).toMatchObject([outcome])
  })

  it('one in which nothing is edited keeps the identical value', async () => {
    const given = Buffer.from(html('x'))
    const { outcomes, data } = await sendRaw({ raw: given, mailtrace: { openTracking: false } })
    expect(outcomes).toMatchObject([{ kind: 'instrumented', messageRef: null }])
    expect(data.raw).toBe(given)
  })

  it.each<[string, Message, Partial<PluginOptions>, unknown]>([
    ['no part that can be', { raw: 'Content-Type: text/plain\r\n\r\nx\r\n' }, {}, { reason: 'parts' }],
    [
      'tracking is off',
      { raw, mailtrace: { openTracking: false, clickTracking: false } },
      {},
      { reason: 'tracking-disabled' },
    ],
    ['its domain is unknown', { raw }, { domain: () => null }, { reason: 'unknown-domain' }],
  ])('%s: it stays as it is', async (_, message, options, outcome) => {
    const { outcomes, data, failures } = await sendRaw(message, options)
    expect(outcomes).toMatchObject([{ kind: 'untouched', ...(outcome as object) }])
    expect([data.raw, failures]).toEqual([message.raw, []])
  })
})

describe('the domain of a raw message is looked up by its own From', () => {
  it.each<[string, string, string | null]>([
    ['a field', 'From: News <news@Example.COM>\r\n', 'example.com'],
    ['a folded field', 'from: News\r\n <news@example.com>\r\n', 'example.com'],
    ['an international name', 'From: news@m\u00fcnchen.example\r\n', 'xn--mnchen-3ya.example'],
    ['none', '', null],
    ['several', 'From: news@example.com\r\nFrom: news@other.example\r\n', null],
    ['none that can be read for certain', 'From: news@example.com other\r\n', null],
    ['a header that is none', 'no header\r\nFrom: news@example.com\r\n', null],
  ])('%s', async (_, from, name) => {
    const lookup = vi.fn((_: string) => domain)
    const message = { from: 'news@envelope.example', raw: `${from}Content-Type: text/html\r\n\r\n<p>x</p>\r\n` }
    const { outcomes } = await sendRaw(message, { domain: lookup })
    expect(lookup.mock.calls.map(([from]) => from)).toEqual(name === null ? [] : [name])
    expect(outcomes).toMatchObject([name === null ? { reason: 'unknown-domain' } : { kind: 'instrumented' }])
  })
})

describe('a raw message that fails', () => {
  const none = join(folder, 'none.eml')
  const rows: [what: string, message: Message, cause: readonly [string, unknown, unknown]][] = [
    ['cannot be read', { raw: { path: none } as never }, ['raw', 'ENOENT', expect.stringContaining('no such file')]],
    ['is no content', { raw: 7 as never }, ['raw', undefined, 'raw is 7: pass the whole message as a Uint8Array']],
    [
      'has a messageRef that does not fit',
      { raw, mailtrace: { messageRef: '' } },
      [
        'raw',
        'invalid-message-ref',
        'messageRef is a string of 0 characters that does not fit: use 1 to 128 bytes of well-formed UTF-8',
      ],
    ],
  ]
  it.each(rows)('%s: it goes out untracked, and onError hears of it', async (_, message, cause) => {
    const { outcomes, failures, data } = await sendRaw(message)
    expect(failures.map(causeOf)).toEqual([cause])
    expect(outcomes).toEqual([{ kind: 'untouched', reason: 'failed' }])
    expect(data.raw ?? message.raw).toBe(message.raw)
  })

  it.each(rows)('%s: in strict mode the send fails', async (_, message, cause) => {
    const { error, failures } = await sendRaw(message, { strict: true })
    expect(error).toMatchObject({ message: cause[2] })
    expect(failures).toEqual([])
  })

  it('is the same where onOutcome fails', async () => {
    const onOutcome = () => {
      throw new Error('the database is down')
    }
    const sent = await sendRaw({ raw }, { onOutcome })
    expect(sent.failures.map(causeOf)).toEqual([['onOutcome', undefined, 'the database is down']])
    expect([sent.data.raw, sent.data.mailtrace]).toEqual([raw, { outcome: { kind: 'untouched', reason: 'failed' } }])
  })
})
