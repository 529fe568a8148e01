import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DomainConfig, instrumentEmail } from '../../src/index.ts'
import { inspectEmail } from '../../src/inspection/inspect-email.ts'
import { findInputWarnings, type Warning } from '../../src/inspection/warnings.ts'
import { storedDomain as domain } from '../kit/domains.ts'

const warningsOf = (html: string, changes: Partial<DomainConfig> = {}): readonly Warning[] =>
  inspectEmail(html, instrumentEmail(html, { ...domain, ...changes })).warnings

const link = (text: string, href = 'https://example.org/b', more = ''): string => `<a href="${href}"${more}>${text}</a>`

const elsewhere = 'link 0 shows "www.example.com/a" but leads to https://example.org/b: phishing filters look for that'
const source =
  'the input looks like the source of a message: use --message or instrumentMessage, or hand over its HTML part, decoded'

const cases: [what: string, html: string, warnings: Warning[]][] = [
  ['an ordinary email', `<p>Hello ${link('b')}`, []],
  ['nothing', '', [{ kind: 'empty', message: 'the input is empty: hand over the HTML of an email' }]],
  ['white space', ' \r\n\ufeff', [{ kind: 'empty', message: 'the input is empty: hand over the HTML of an email' }]],
  ['a text that is another URL', link('www.example.com/a'), [{ kind: 'shown-address', message: elsewhere, link: 0 }]],
  [
    'a text that is another URL, in a link that is not tracked',
    link('www.example.com/a', 'https://example.org/b', ' data-no-track'),
    [{ kind: 'shown-address', message: elsewhere, link: 0 }],
  ],
  [
    'the second link',
    link('b') + link('www.example.com/a', ' HTTPS://example.org/b'),
    [
      {
        kind: 'shown-address',
        message: 'link 1 shows "www.example.com/a" but leads to HTTPS://example.org/b: phishing filters look for that',
        link: 1,
      },
    ],
  ],
  [
    'a text that is the URL, which tracking will replace',
    link('https://example.org/b'),
    [
      {
        kind: 'shown-address',
        message:
          'link 0 shows "https://example.org/b" but will lead through links.example.com: phishing filters look for that; use words, or data-no-track',
        link: 0,
      },
    ],
  ],
  ['a text that is the URL, left alone', link('example.org/b', 'https://example.org/b', ' data-no-track'), []],
  ['words, and an address that is no web link', link('b') + link('www.example.com', 'mailto:a@example.com'), []],
  ['an area, which has no text', '<area href="https://example.org/b">www.example.com', []],
  [
    'a merge tag',
    link('b', '{{url}}'),
    [{ kind: 'merge-tags', message: 'merge tags in 1 link: fill them in first, then instrument' }],
  ],
  [
    'several merge tags, and another reason',
    link('b', '{{url}}') + link('b', '{{url}}') + link('b', '#x'),
    [{ kind: 'merge-tags', message: 'merge tags in 2 links: fill them in first, then instrument' }],
  ],
  [
    'quoted-printable',
    '<p style=3D"color:red">',
    [
      {
        kind: 'quoted-printable',
        message:
          'the input looks quoted-printable (`=3D"`): hand over the decoded HTML part, not the source of the message',
      },
    ],
  ],
  ['a query that only looks like it', link('b', 'https://example.org/?a=3D&quot;'), []],
  [
    'base64',
    `\n${btoa('<p>Hello, this is a mail in base64</p>'.repeat(3)).replace(/.{76}/g, '$&\r\n')}`,
    [
      {
        kind: 'base64',
        message: 'the input looks base64: hand over the decoded HTML part, not the source of the message',
      },
    ],
  ],
  ['one long word', `${'a'.repeat(60)} and more`, []],
  ['a short word', 'Hello', []],
  ['the source of a message', 'Received: from a\r\n\r\n<p>x', [{ kind: 'message-source', message: source }]],
  [
    'the source of a message in base64',
    `Content-Transfer-Encoding: base64\n\n${btoa('<p>x</p>'.repeat(9))}`,
    [{ kind: 'message-source', message: source }],
  ],
  [
    'a mailbox file',
    'From a@example.com Tue Nov 24\nX-Mailer: x\n\n<p>x',
    [{ kind: 'message-source', message: source }],
  ],
  ['words with a colon', 'Hello: <p>x', []],
]

describe('warnings', () => {
  it.each(cases)('%s', (_what, html, warnings) => {
    expect(warningsOf(html)).toEqual(warnings)
  })

  it.each([
    [92_159, 'end', []],
    [92_160, 'end', ['92,160 bytes: Gmail clips a message after 102,400, which is near']],
    [102_400, 'end', ['102,400 bytes: Gmail clips a message after 102,400, which is near']],
    [102_401, 'end', ['102,401 bytes: Gmail clips a message after 102,400']],
    [103_000, 'end', ['103,000 bytes: Gmail clips a message after 102,400, and the pixel with it']],
    [103_000, 'start', ['103,000 bytes: Gmail clips a message after 102,400']],
  ] as const)('at %i bytes with the pixel at its %s', (size, pixelPlacement, messages) => {
    const instrument = (html: string) =>
      instrumentEmail(html, domain, { pixelPlacement, messageRef: 'm234567890123456' })
    // Two bytes a character: bytes count, not characters.
    const text = (bytes: number): string => `<body>${'x'.repeat(bytes % 2)}${'ü'.repeat(Math.floor(bytes / 2))}`
    const html = text(size - Buffer.byteLength(instrument(text(0)).html))
    const warnings = messages.map((message) => ({ kind: 'gmail-clip', message }))
    expect(inspectEmail(html, instrument(html)).warnings).toEqual(warnings)
  })

  const blocked =
    'email.example.com begins with "email.": filter lists block pixels of such hosts (EasyPrivacy has ://email.*/o/$image); use another label, like links'

  it.each([
    ['email.example.com', true, [{ kind: 'blocked-host', message: blocked }]],
    ['email.example.com', false, []],
    ['emails.example.com', true, []],
  ])('of the host %s with open tracking %s', (host, openTracking, warnings) => {
    const trackingDomains = [{ host, status: 'verified' as const }]
    expect(warningsOf('<p>x', { openTracking, trackingDomains })).toEqual(warnings)
  })

  it('are found where nothing is tracked too', () => {
    expect(warningsOf('', { trackingDomains: [] })).toEqual([
      { kind: 'empty', message: 'the input is empty: hand over the HTML of an email' },
    ])
  })
})

const corpus = process.env.MAILTRACE_CORPUS ?? new URL('../../../shared/corpus', import.meta.url).pathname

describe.skipIf(!existsSync(corpus))('on real mail', () => {
  const read = (folder: string): [name: string, text: string][] =>
    readdirSync(`${corpus}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .map((name) => [name, readFileSync(`${corpus}/${folder}/${name}`, 'utf8')])

  it('no HTML is taken for the source of a message', () => {
    const kinds = ['message-source', 'base64']
    const wrong = read('emails').filter(([, html]) => findInputWarnings(html).some(({ kind }) => kinds.includes(kind)))
    expect(wrong.map(([name]) => name)).toEqual([])
  })

  it('every source of a message is, unless its first field is misspelled', () => {
    const missed = read('messages').filter(
      ([, text]) =>
        !text.startsWith('Recieved:') && !findInputWarnings(text).some(({ kind }) => kind === 'message-source'),
    )
    expect(missed.map(([name]) => name)).toEqual([])
  })
})
