// Messages built from parts, so that it is known what is in them; and the same ones damaged.

import fc from 'fast-check'

/** A message, with what was built into it. One code unit is one byte. */
export interface BuiltMessage {
  readonly source: string
  /** The HTML bodies, as they are once decoded, in order. */
  readonly bodies: readonly string[]
}

type Part = BuiltMessage

const bytesOf = (text: string, charset: BufferEncoding): string => Buffer.from(text, charset).toString('latin1')

const pieces = [
  '<p>plain words</p>',
  '<a href="https://example.org/sale?a=1&amp;b=2">sale</a>',
  "<A HREF='https://example.org/one'>one</A>",
  '<a href=https://example.org/bare>bare</a>',
  '<a\n  href="https://example.org/\n  folded">folded</a>',
  '<a href="https://example.org/p\u00e4th">path</a>',
  '<a href="mailto:ada@example.org">mail</a>',
  '<!--[if mso]><v:roundrect href="https://example.org/vml"></v:roundrect><![endif]-->',
  '\n',
  '\n\n',
  '\n.\n',
  '\n.. two dots',
  '\nFrom here on',
  '\n-- \nsignature',
  '\n--not-a-boundary\n',
  ' ',
  '\t\n',
  '= =3D =\n',
  '\u00fc\u00e9\u00df',
  '<b>caf\u00e9</b>',
  '</body>',
  '</html>\n',
  'x'.repeat(120),
  `<a href="https://example.org/${'long/'.repeat(60)}">long</a>`,
]

const html: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...pieces), { maxLength: 14 })
  .map((list) => `<html><body>${list.join('')}`)

/** Quoted-printable with any spelling that is allowed: escapes where none are needed, soft breaks anywhere. */
const quotedPrintable = (content: string, eol: string, choices: readonly number[]): string => {
  let written = ''
  let column = 0
  for (const [index, character] of [...content].entries()) {
    if (character === '\n') {
      written = written.replace(/[ \t]$/, (blank) => (blank === ' ' ? '=20' : '=09')) + eol
      column = 0
      continue
    }
    const choice = choices[index % choices.length] ?? 0
    const mustEscape = !/[\t -<>-~]/.test(character) || choice === 1
    const code = character.charCodeAt(0).toString(16).padStart(2, '0')
    const token = mustEscape ? `=${choice === 2 ? code : code.toUpperCase()}` : character
    if (column + token.length > 75 || choice === 3) {
      written += `=${eol}`
      column = 0
    }
    written += token
    column += token.length
  }
  return written.replace(/[ \t]$/, (blank) => (blank === ' ' ? '=20' : '=09'))
}

const base64 = (content: string, eol: string, lineLength: number): string =>
  (
    Buffer.from(content, 'latin1')
      .toString('base64')
      .match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []
  ).join(eol)

const eols = fc.constantFrom('\r\n', '\r\n', '\n')
const choices = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3), { minLength: 1, maxLength: 40 })

const htmlPart = (eol: string): fc.Arbitrary<Part> =>
  fc
    .record({
      text: html,
      charset: fc.constantFrom('utf-8', '"UTF-8"', 'iso-8859-1', 'windows-1252'),
      encoding: fc.constantFrom('7bit', '8bit', 'quoted-printable', 'Quoted-Printable', 'base64', 'binary', null),
      choices,
      lineLength: fc.constantFrom(76, 60, 4, 72),
      header: fc.constantFrom('Content-Type: text/html', 'content-type:TEXT/HTML', 'Content-Type:\r\n\ttext/html'),
      end: fc.boolean(),
    })
    .map(({ text, charset, encoding, choices, lineLength, header, end }) => {
      const bytes = bytesOf(text, charset.toLowerCase().includes('utf') ? 'utf8' : 'latin1')
      const kind = encoding?.toLowerCase()
      const content = kind === 'quoted-printable' || kind === 'base64' ? bytes : bytes.replaceAll('\n', eol)
      const raw =
        kind === 'quoted-printable'
          ? quotedPrintable(bytes, eol, choices)
          : kind === 'base64'
            ? base64(bytes, eol, lineLength)
            : content
      const fields = [
        `${header.replace('\r\n', eol)}; charset=${charset}`,
        ...(encoding === null ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
      ]
      const decoded = kind === 'quoted-printable' ? bytes.replaceAll('\n', eol) : content
      return {
        source: [...fields, '', raw + (end ? eol : '')].join(eol),
        bodies: [decoded + (end && kind !== 'base64' ? eol : '')],
      }
    })

const otherParts = (eol: string): fc.Arbitrary<Part> =>
  fc
    .constantFrom(
      ['Content-Type: text/plain; charset=utf-8', '', 'See https://example.org/text now.'],
      ['Content-Type: text/plain', '', ''],
      ['', 'No header, https://example.org/bare'],
      ['Content-Type: image/png; name="a b.png"', 'Content-Transfer-Encoding: base64', '', 'iVBORw0KGgo='],
      ['Content-Type: text/html; name="page.html"', '', '<a href="https://example.org/file">file</a>'],
      ['Content-Type: text/html', 'Content-Disposition: attachment', '', '<a href="https://example.org/file">file</a>'],
      ['Content-Type: text/x-amp-html', '', '<a href="https://example.org/amp">amp</a>'],
      [
        'Content-Type: text/calendar; method=REQUEST',
        '',
        'BEGIN:VCALENDAR',
        'URL:https://example.org/',
        'END:VCALENDAR',
      ],
      [
        'Content-Type: message/rfc822',
        '',
        'Content-Type: text/html',
        '',
        '<a href="https://example.org/inner">inner</a>',
      ],
      [
        'Content-Type: multipart/signed; boundary=signed',
        '',
        '--signed',
        'Content-Type: text/html',
        '',
        '<a href="https://example.org/signed">signed</a>',
        '--signed',
        'Content-Type: application/pgp-signature',
        '',
        'x',
        '--signed--',
      ],
    )
    .map((lines) => ({ source: lines.join(eol), bodies: [] }))

const multipart = (eol: string, depth: number, tag: string): fc.Arbitrary<Part> =>
  fc
    .record({
      subtype: fc.constantFrom('alternative', 'mixed', 'related', 'MIXED'),
      quote: fc.constantFrom('"', ''),
      style: fc.constantFrom('b', '----=_Part_', '===============', "0'+_,-./:="),
      preamble: fc.constantFrom('', 'This is a message in MIME format.', '--'),
      epilogue: fc.constantFrom('', '', 'epilogue'),
      padding: fc.constantFrom('', '', ' '),
      parts: fc
        .integer({ min: 1, max: 3 })
        .chain((count) =>
          fc.tuple(...Array.from({ length: count }, (_, index) => part(eol, depth - 1, `${tag}${index}`))),
        ),
    })
    .map(({ subtype, quote, style, preamble, epilogue, padding, parts }) => {
      const boundary = `${style}${tag}x`
      const bare = quote === '' && !/[',]/.test(boundary)
      const lines = [
        `Content-Type: multipart/${subtype};${eol} boundary=${bare ? boundary : `"${boundary}"`}`,
        '',
        ...(preamble === '' ? [] : [preamble]),
        ...parts.flatMap(({ source }) => [`--${boundary}${padding}`, source]),
        `--${boundary}--${padding}`,
        epilogue,
      ]
      return { source: lines.join(eol), bodies: parts.flatMap(({ bodies }) => bodies) }
    })

function part(eol: string, depth: number, tag: string): fc.Arbitrary<Part> {
  const leaves = [
    { arbitrary: htmlPart(eol), weight: 3 },
    { arbitrary: otherParts(eol), weight: 2 },
  ]
  return depth === 0 ? fc.oneof(...leaves) : fc.oneof(...leaves, { arbitrary: multipart(eol, depth, tag), weight: 2 })
}

const headers = [
  'From: Ada <ada@example.com>',
  'Subject: =?utf-8?q?caf=C3=A9?=',
  'X-Folded: one',
  '\ttwo',
  '  three',
  'Received: from a (b [192.0.2.1]) by c; Tue, 24 Nov 2026 21:00:00 +0000',
  'MIME-Version: 1.0',
]

export const builtMessages: fc.Arbitrary<BuiltMessage> = eols
  .chain((eol) => fc.tuple(fc.constant(eol), part(eol, 3, '')))
  .map(([eol, { source, bodies }]) => ({ source: [...headers, source].join(eol), bodies }))

const damages = [
  '\r',
  '\n',
  '\0',
  '\r\n',
  '--',
  '=',
  '-',
  ' ',
  '"',
  ';',
  ':',
  '\x1b',
  '\xff',
  '\r\n\r\n',
  '--b0x',
  '--b0x--\r\n',
  '\r\n--b',
  '.',
]

/** Cut off, with something put in, taken out or said twice, anywhere. */
export const damagedMessages: fc.Arbitrary<string> = fc
  .tuple(
    builtMessages,
    fc.array(
      fc.tuple(
        fc.constantFrom('cut', 'insert', 'remove', 'repeat'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        fc.constantFrom(...damages),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([{ source }, list]) =>
    list.reduce((text, [kind, place, length, added]) => {
      const at = Math.floor(place * text.length)
      if (kind === 'cut') return text.slice(0, at)
      if (kind === 'insert') return text.slice(0, at) + added + text.slice(at)
      if (kind === 'remove') return text.slice(0, at) + text.slice(at + length)
      return text.slice(0, at + length) + text.slice(at)
    }, source),
  )
