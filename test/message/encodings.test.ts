import { describe, expect, it } from 'vitest'
import { lines, link, messageOf, outcomesOf } from './message-of.ts'

const url = 'https://links.example.com/c/message-0123456789/0'
const html = (encoding: string, ...body: readonly string[]): string =>
  lines(
    'Content-Type: text/html; charset=utf-8',
    ...(encoding === '' ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
    '',
    ...body,
  )
const bodyOf = (source: string): readonly string[] =>
  messageOf(source).split('\r\n\r\n').slice(1).join('\r\n\r\n').split('\r\n')

describe('quoted-printable', () => {
  it.each<[what: string, before: readonly string[], after: readonly string[]]>([
    [
      'only the line of the link is written anew',
      ['<p>caf=c3=a9 =', '=2e  two', '<a href=3D"https://example.org/">caf=c3=A9</a>=20', '=3Dend=', ''],
      [
        '<p>caf=c3=a9 =',
        '=2e  two',
        '<a href=3D"https://links.example.com/c/message-0123456789/0">caf=c3=A9</a>=',
        '=20',
        '=3Dend=',
        '',
      ],
    ],
    [
      'a link over several lines',
      ['one', 'two <a href=3D"https://exam=', 'ple.org/=', '=3Fa=3D1">x</a> three=', ' four', 'five'],
      ['one', `two <a href=3D"${url}">x</a> three=`, ' four', 'five'].flatMap((line) =>
        line.length > 76 ? [`${line.slice(0, 75)}=`, line.slice(75)] : [line],
      ),
    ],
    [
      'a link that begins behind a soft break',
      ['<a href=3D"=', 'https://example.org/">x</a>'],
      ['<a href=3D"=', `${url}">x</a>`],
    ],
    [
      'two links in a line',
      ['<a href=3D"https://example.org/">x</a><a href=3D"https://example.org/">y</a>', '-'],
      [
        '<a href=3D"https://links.example.com/c/message-0123456789/0">x</a><a href=',
        '=3D"https://links.example.com/c/message-0123456789/1">y</a>',
        '-',
      ],
    ],
    [
      'two links, a line between them',
      ['<a href=3D"https://example.org/">x</a>', 'as =', 'it=', ' was', '<a href=3D"https://example.org/">y</a>'],
      [`<a href=3D"${url}">x</a>`, 'as =', 'it=', ' was', `<a href=3D"${url.replace(/0$/, '1')}">y</a>`],
    ],
    [
      'a link of which a hard line break is a part',
      ['<a href=3D"https://example.org/a', '/b">x</a>', 'y'],
      [`<a href=3D"${url}">x</a>`, 'y'],
    ],
    ['a soft break at the end of it all', ['<a href=3D"https://example.org/">x</a>='], [`<a href=3D"${url}">x</a>=`]],
    [
      'no line that begins anew begins with a hyphen',
      [`<a href=3D"https://example.org/">${'x'.repeat(15)}-----</a>`],
      [`<a href=3D"${url}">${'x'.repeat(14)}=`, 'x-----</a>'],
    ],
    [
      'bytes that are no ASCII, as they are',
      ['caf\xc3\xa9 <a href=3D"https://example.org/">caf\xc3\xa9</a>'],
      [`caf\xc3\xa9 <a href=3D"${url}">caf\xc3\xa9</a=`, '>'],
    ],
  ])('%s', (_, before, after) => {
    expect(bodyOf(html('quoted-printable', ...before))).toEqual(after)
  })

  it('breaks lines as the message does', () => {
    const source = html('Quoted-Printable', `<a href=3D"https://example.org/">${'x'.repeat(30)}</a>`)
    expect(messageOf(source.replaceAll('\r\n', '\n'))).toBe(messageOf(source).replaceAll('\r\n', '\n'))
  })

  it.each(['=', '==', '=3', '=3G', '= ', '="', '=\r', '=\t\r\n', '=\n\n=x'])('%j is left alone', (odd) => {
    const after = odd === '=' ? 'x' : '\r\n'
    expect(outcomesOf(html('quoted-printable', `${link.replace('=', '=3D')}${odd}${after}`))).toEqual([
      '1 text/html encoding',
    ])
  })
})

describe('base64', () => {
  const encode = (content: string, lineLength: number, eol = '\r\n'): string =>
    (
      Buffer.from(content, 'latin1')
        .toString('base64')
        .match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []
    ).join(eol)
  const content = `<p>caf\xc3\xa9 ${link} and enough text for several lines of base64, whatever their length is`
  const changed = content.replace('https://example.org/', url)

  it.each([4, 60, 72, 76])('keeps lines of %d characters', (lineLength) => {
    const body = encode(content, lineLength)
    expect(messageOf(html('base64', body, ''))).toBe(html('base64', encode(changed, lineLength), ''))
  })

  it('has no longer line than the one that there was', () => {
    const body = encode(content, 998)
    expect(body.length).toBe(156)
    expect(messageOf(html('base64', body))).toBe(html('base64', encode(changed, 156)))
  })

  it('begins lines after 76 characters where there was one short line', () => {
    expect(messageOf(html('BASE64', encode(link, 998)))).toBe(
      html('BASE64', encode(link.replace('https://example.org/', url), 76)),
    )
  })

  it('keeps line ends, and what stands around', () => {
    const body = encode(content, 60, '\n')
    expect(messageOf(html('base64', '', body, '', ' '))).toBe(html('base64', '', encode(changed, 60, '\n'), '', ' '))
  })

  it.each([
    ['a character of no alphabet', (body: string) => `${body.slice(0, 8)}*${body.slice(8)}`],
    ['the alphabet of URLs', (body: string) => `${body.slice(0, 7)}_${body.slice(8)}`],
    ['a space', (body: string) => `${body.slice(0, 8)} ${body.slice(8)}`],
    ['an empty line', (body: string) => `${body.slice(0, 8)}\r\n\r\n${body.slice(8)}`],
    ['a bare carriage return', (body: string) => `${body.slice(0, 8)}\r${body.slice(8)}`],
    ['a cut group', (body: string) => body.slice(0, -1)],
    ['padding in the middle', (body: string) => `${body.slice(0, 8)}eA==${body.slice(8)}`],
    ['padding in the middle, before a line end', (body: string) => `eA==\r\n${body}`],
    ['too much padding', (body: string) => `${body}====`],
    ['padding alone', () => '===='],
    ['too much padding, over two lines', (body: string) => `${body}\r\nA=\r\n==`],
  ])('%s is left alone', (_, damage) => {
    expect(outcomesOf(html('base64', damage(encode(link, 998))))).toEqual(['1 text/html encoding'])
  })
})

describe('7bit and 8bit', () => {
  it.each(['', '7bit', '8BIT', 'binary'])('%j stays', (encoding) => {
    const source = html(encoding, `caf\xc3\xa9 ${link}`, '.', `${'x'.repeat(2000)} `, '')
    expect(messageOf(source)).toBe(source.replace('https://example.org/', url))
  })

  const added = url.length - 'https://example.org/'.length
  const filled = (length: number): string => `${link}${'x'.repeat(length - link.length - added)}`

  it.each([
    ['998 characters', filled(998), '7bit'],
    ['998 characters at the end', filled(998), '8bit'],
    [
      'a line that was too long, and becomes shorter',
      `<a href="https://example.org/${'y'.repeat(100)}">${'x'.repeat(1000)}`,
      '7bit',
    ],
    ['too long for all but binary', filled(2000), 'binary'],
  ])('%s: stays as it is', (_, line, encoding) => {
    const [before, after] = [html(encoding, 'a', line, 'b'), messageOf(html(encoding, 'a', line, 'b'))]
    expect(after).toBe(before.replace(/https:\/\/example\.org\/y*/, url))
  })

  const [head, tail] = [`<a href=3D"${url}">`, 'x</a>']
  const written = (length: number): readonly string[] => {
    const text = `${tail}${'x'.repeat(length - link.length - added)}`
    const first = 75 - head.length
    return [
      `${head}${text.slice(0, first)}=`,
      ...(text.slice(first).match(/.{1,75}/g) ?? []).map((line, index, all) =>
        index < all.length - 1 ? `${line}=` : line,
      ),
    ]
  }

  it.each([
    ['7bit', 'Content-Transfer-Encoding: quoted-printable'],
    ['8bit', 'Content-Transfer-Encoding: quoted-printable'],
    ['', 'Content-Transfer-Encoding: quoted-printable'],
  ])('%j becomes quoted-printable where a line grows beyond 998 characters', (encoding, field) => {
    const source = html(encoding, 'caf\xc3\xa9 =', 'blank ', '\ttab\t', 'a\rb', filled(999), ' ')
    expect(messageOf(source)).toBe(
      lines(
        'Content-Type: text/html; charset=utf-8',
        field,
        '',
        'caf=C3=A9 =3D',
        'blank=20',
        '\ttab=09',
        'a=0Db',
        ...written(999),
        '=20',
      ),
    )
  })

  it('measures every line by itself', () => {
    const long = `${link}${'x'.repeat(940)}`
    const source = html('7bit', link, link, `${link}${'x'.repeat(900)}`, long)
    expect(messageOf(source)).toContain('quoted-printable')
    const short = html('7bit', ...Array.from({ length: 40 }, () => link))
    expect(messageOf(short)).not.toContain('quoted-printable')
  })

  it('says so in a folded header, with the line ends that are there', () => {
    const source = `Content-Type: text/html\nContent-Transfer-Encoding:\n 7bit\nX-Last: x\n\n${filled(999)}`
    expect(messageOf(source).slice(0, 90)).toBe(
      `Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\nX-Last: x\n\n${head}`.slice(0, 90),
    )
    expect(messageOf(source)).not.toContain('\r')
  })
})

it.each(['x-uuencode', '7-bit', '8bit;', 'utf-8', '', '7bit 8bit'])('encoding %j is left alone', (encoding) => {
  const source = lines('Content-Type: text/html', `Content-Transfer-Encoding: ${encoding}`, '', link)
  expect(outcomesOf(source)).toEqual(['1 text/html encoding'])
})

it('several encodings are left alone', () => {
  const field = 'Content-Transfer-Encoding: 7bit'
  expect(outcomesOf(lines('Content-Type: text/html', field, field, '', link))).toEqual(['1 text/html encoding'])
})
