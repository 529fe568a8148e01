// HTML and text in every form that nodemailer takes, in every version; and what its guards forbid.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodemailers } from './nodemailers.ts'
import { causeOf, type Message, plain, send } from './sending.ts'

const html = '<p>Gr\u00fc\u00dfe: <a href="https://shop.example/sale">Sale</a></p>'
const text = 'Gr\u00fc\u00dfe: https://shop.example/sale'
const folder = mkdtempSync(join(tmpdir(), 'mailtrace-nodemailer-'))
const file = join(folder, 'mail.html')
writeFileSync(file, html)

let asked = 0
const server = createServer((_, response) => {
  asked++
  response.end(html)
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mail.html`
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

/** Content in each form: made anew, as a stream is read once. */
const forms = (content: string, path = file): [form: string, make: () => unknown][] => [
  ['a string', () => content],
  ['a Buffer', () => Buffer.from(content)],
  ['a stream', () => Readable.from([Buffer.from(content)])],
  ['content', () => ({ content })],
  ['content, a Buffer', () => ({ content: Buffer.from(content) })],
  ['content, a stream', () => ({ content: Readable.from([Buffer.from(content)]) })],
  ['content in base64', () => ({ content: Buffer.from(content).toString('base64'), encoding: 'base64' })],
  ['content in hex', () => ({ content: Buffer.from(content).toString('hex'), encoding: 'hex' })],
  ['a data URL', () => ({ path: `data:text/html;base64,${Buffer.from(content).toString('base64')}` })],
  ['a path', () => ({ path })],
  ['a path within content', () => ({ content: { path } })],
]

describe.each(nodemailers)('nodemailer %s instruments HTML that is', (_, nodemailer) => {
  it.each([
    ...forms(html),
    ['a URL', () => ({ href: url })] as const,
    ['a URL as path', () => ({ path: url })] as const,
    ['a path beside other content', () => ({ path: file, content: 'other' })] as const,
    ['a URL beside other content', () => ({ href: url, content: 'other' })] as const,
    ['a path beside a URL', () => ({ path: file, href: 'http://127.0.0.1:1/' })] as const,
  ])('%s', async (_, make) => {
    const before = asked
    const sent = await send({ ...plain, html: make() as string, text, encoding: 'base64' }, {}, { nodemailer })
    expect([sent.error, sent.failures]).toEqual([null, []])
    expect(sent.outcomes).toMatchObject([{ kind: 'instrumented', links: [{ kind: 'tracked', start: 19, end: 44 }] }])
    const [, part] = /text\/html; charset=utf-8\n[^\n]*base64\n\n([\w+/=\n]*)/.exec(sent.raw)!
    const received = Buffer.from(part!, 'base64').toString()
    expect(received).toMatch(
      /^<p>Gr\u00fc\u00dfe: <a href="https:\/\/links\.example\.com\/c\/[\w-]+">Sale<\/a><\/p><img /,
    )
    expect(asked - before).toBeLessThanOrEqual(1)
  })
})

describe.each(nodemailers)('nodemailer %s instruments text that is', (_, nodemailer) => {
  const path = join(folder, 'mail.txt')
  writeFileSync(path, text)
  it.each(forms(text, path))('%s', async (_, make) => {
    const message = { ...plain, html: undefined, text: make() as string, encoding: 'base64' }
    const sent = await send(message, { text: true }, { nodemailer })
    expect([sent.error, sent.failures]).toEqual([null, []])
    const [, part] = sent.raw.split('\n\n')
    expect(Buffer.from(part!, 'base64').toString()).toMatch(
      /^Gr\u00fc\u00dfe: https:\/\/links\.example\.com\/c\/[\w-]+$/,
    )
  })
})

describe('what describes a part', () => {
  it('keeps what is not about its old content', async () => {
    const given = {
      content: Buffer.from(html).toString('base64'),
      encoding: 'base64',
      headers: { 'X-Own': 'yes' },
      contentTransferEncoding: 'base64',
    }
    const { data } = await send({ ...plain, html: given as never })
    const { content, ...others } = data.html as typeof given
    expect(others).toEqual({
      contentType: 'text/html; charset=utf-8',
      headers: { 'X-Own': 'yes' },
      contentTransferEncoding: 'base64',
    })
    expect(content).toContain('https://links.example.com/c/')
  })

  it.each(['path', 'href', 'httpHeaders', 'tls'])('loses its %s', async (name) => {
    const given = {
      path: file,
      httpHeaders: { a: 'b' },
      tls: {},
      ...(name === 'href' ? { href: url, path: undefined } : {}),
    }
    const { data } = await send({ ...plain, html: given as never })
    expect(data.html).not.toHaveProperty(name)
  })

  it('is not changed in the object that was given', async () => {
    const message = Object.freeze({
      ...plain,
      html: Object.freeze({ path: file, encoding: 'utf8' }),
      mailtrace: Object.freeze({ messageRef: 'm1' }),
    })
    const { outcomes, data } = await send(message as Message)
    expect(outcomes).toMatchObject([{ kind: 'instrumented', messageRef: 'm1' }])
    expect(data.html).toMatchObject({ content: expect.stringContaining('links.example.com') })
  })
})

describe.each(nodemailers)('the guards of nodemailer %s', (_, nodemailer) => {
  const rows: [what: string, make: () => object, guards: object][] = [
    ['disableFileAccess and a path', () => ({ path: file }), { disableFileAccess: true }],
    ['disableFileAccess and a path within content', () => ({ content: { path: file } }), { disableFileAccess: true }],
    ['disableFileAccess and a path beside content', () => ({ path: file, content: html }), { disableFileAccess: true }],
    [
      'disableFileAccess and a path beside an object',
      () => ({ path: file, content: { other: 1 } }),
      { disableFileAccess: true },
    ],
    [
      'disableUrlAccess and a URL beside an object',
      () => ({ href: url, content: { other: 1 } }),
      { disableUrlAccess: true },
    ],
    ['disableUrlAccess and a URL of another kind', () => ({ href: 'file:///none' }), { disableUrlAccess: true }],
    ['disableUrlAccess and a URL', () => ({ href: url }), { disableUrlAccess: true }],
    ['disableUrlAccess and a URL as path', () => ({ path: url }), { disableUrlAccess: true }],
    ['disableUrlAccess and a URL within content', () => ({ content: { href: url } }), { disableUrlAccess: true }],
    [
      'disableUrlAccess and a URL in capitals',
      () => ({ path: url.replace('http', 'HTTP') }),
      { disableUrlAccess: true },
    ],
  ]
  describe.each(rows)('%s', (_, make, guards) => {
    it.each([
      ['of the message', (message: Message) => send({ ...message, ...guards }, {}, { nodemailer })],
      ['of the transporter', (message: Message) => send(message, {}, { nodemailer, transport: guards })],
    ])('%s: nothing is read', async (_, sendIt) => {
      const before = asked
      const sent = await sendIt({ ...plain, html: make() as never })
      expect(sent.outcomes).toEqual([{ kind: 'untouched', reason: 'access-disabled' }])
      // nodemailer refuses by itself.
      expect(sent.error?.message).toMatch(/access rejected/i)
      expect([asked - before, sent.failures]).toEqual([0, []])
    })
  })

  it.each<[string, () => unknown, object]>([
    ['a URL without files', () => ({ href: url }), { disableFileAccess: true }],
    ['a file without URLs', () => ({ path: file }), { disableUrlAccess: true }],
    [
      'a data URL without either',
      () => ({ path: `data:text/html,${encodeURIComponent(html)}` }),
      { disableFileAccess: true, disableUrlAccess: true },
    ],
    [
      'a stream without either',
      () => ({ content: Readable.from([Buffer.from(html)]) }),
      { disableFileAccess: true, disableUrlAccess: true },
    ],
  ])('let pass %s', async (_, make, guards) => {
    const sent = await send({ ...plain, html: make() as string, ...guards }, {}, { nodemailer })
    expect([sent.error, sent.outcomes]).toMatchObject([null, [{ kind: 'instrumented' }]])
  })

  it('hold for the text too, which leaves the HTML tracked', async () => {
    const sent = await send({ ...plain, text: { path: file }, disableFileAccess: true }, { text: true }, { nodemailer })
    expect(sent.outcomes).toMatchObject([{ kind: 'instrumented', untouched: { html: null, text: 'access-disabled' } }])
  })
})

describe('what cannot be instrumented goes out as it is', () => {
  const latin1 = Buffer.from(html, 'latin1')
  const rows: [what: string, message: Message, reason: string][] = [
    ['bytes that are no UTF-8', { html: latin1 }, 'charset'],
    ['content in another encoding', { html: { content: html, encoding: 'latin1' } }, 'charset'],
    ['an HTML node of its own', { html: { raw: `Content-Type: text/html\r\n\r\n${html}` } as never }, 'raw'],
    ['no HTML', { html: undefined, text }, 'absent'],
    ['empty HTML', { html: '', text }, 'absent'],
    ['a raw message', { raw: `From: news@example.com\r\nTo: ada@example.org\r\n\r\n${html}` }, 'raw'],
  ]
  it.each(rows)('%s', async (_, message, reason) => {
    const sent = await send({ ...plain, ...message })
    const untracked = await send({ ...plain, ...message }, { domain: () => null })
    expect(sent.outcomes).toEqual([{ kind: 'untouched', reason }])
    expect([sent.failures, sent.error]).toEqual([[], null])
    const body = (raw: string) => raw.replace(/^(?:Message-ID|Date):.*$/gm, '').replace(/--_NmP-[\w-]+/g, '')
    expect(body(sent.raw)).toBe(body(untracked.raw))
  })

  it.each<[string, Message, object]>([
    [
      'HTML that cannot be read leaves its text alone',
      { html: latin1, text },
      { kind: 'untouched', reason: 'charset' },
    ],
    ['text that cannot be read', { html: undefined, text: latin1 }, { kind: 'untouched', reason: 'charset' }],
    [
      'text, where clicks are off',
      { html: undefined, text, mailtrace: { clickTracking: false } },
      { kind: 'untouched', reason: 'off' },
    ],
    [
      'text beside HTML, where clicks are off',
      { text, mailtrace: { clickTracking: false } },
      { untouched: { html: null, text: 'off' }, textLinks: [] },
    ],
    ['text that is absent', {}, { untouched: { html: null, text: 'absent' } }],
    ['text that cannot be read beside HTML', { text: latin1 }, { untouched: { html: null, text: 'charset' } }],
    ['neither', { html: undefined, text: undefined }, { kind: 'untouched', reason: 'absent' }],
  ])('%s', async (_, message, outcome) => {
    const sent = await send({ ...plain, ...message }, { text: true })
    expect(sent.outcomes).toMatchObject([outcome])
    expect(sent.failures).toEqual([])
  })

  it('text is left alone unless it is asked for', async () => {
    const sent = await send({ ...plain, text })
    expect(sent.outcomes).toMatchObject([{ untouched: { html: null, text: 'off' }, textLinks: [] }])
    expect(sent.data.text).toBe(text)
  })

  it('a byte order mark stays', async () => {
    const { data } = await send({ ...plain, html: Buffer.from(`\ufeff${html}`) })
    expect(`${data.html}`.slice(0, 4)).toBe('\ufeff<p>')
  })
})

describe('content that fails', () => {
  it.each<[string, unknown, readonly [string, unknown, unknown]]>([
    [
      'a file that is not there',
      { path: join(folder, 'none.html') },
      ['html', 'ENOENT', expect.stringContaining('no such file')],
    ],
    ['what is no content', 7, ['html', undefined, "html is 7: pass the email's HTML as a string or a Uint8Array"]],
    [
      'an object that says nothing',
      { content: { other: 'x' } },
      ['html', undefined, "html is an object: pass the email's HTML as a string or a Uint8Array"],
    ],
  ])('%s is told', async (_, given, cause) => {
    const sent = await send({ ...plain, html: given as string })
    expect(sent.failures.map(causeOf)).toEqual([cause])
    expect(sent.outcomes).toEqual([{ kind: 'untouched', reason: 'failed' }])
    expect(sent.data.html ?? given).toBe(given)
  })

  it.each(nodemailers)('nodemailer %s: a stream that was read for nothing is sent whole', async (_, nodemailer) => {
    for (const wrap of [(stream: Readable) => stream, (content: Readable) => ({ content })]) {
      const stream = Readable.from([Buffer.from(html)])
      const sent = await send(
        { ...plain, html: wrap(stream) as never, text: 7 as never },
        { text: true },
        { nodemailer },
      )
      expect(sent.outcomes).toEqual([{ kind: 'untouched', reason: 'failed' }])
      expect(`${(sent.data.html as { content?: Buffer }).content ?? sent.data.html}`).toBe(html)
    }
  })

  it('of the text leaves both parts untracked', async () => {
    const sent = await send({ ...plain, text: 7 as never }, { text: true })
    expect(sent.failures.map(causeOf)).toEqual([['text', undefined, 'text is 7: pass the plain-text part as a string']])
    expect(sent.raw).not.toContain('links.example.com')
  })
})
