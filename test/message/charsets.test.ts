import { describe, expect, it } from 'vitest'
import { instrument, lines, link, outcomesOf } from './message-of.ts'

const html = (charset: string | null, body: string): string =>
  lines(
    `Content-Type: text/html${charset === null ? '' : `; charset=${charset}`}`,
    'Content-Transfer-Encoding: 8bit',
    '',
    body,
  )

/** What became of the one link: where it leads, or the reason. */
function fateOf(charset: string | null, href: string, before = ''): string {
  const [part] = instrument(html(charset, `${before}<a href="${href}">x</a>`)).parts
  if (part?.kind !== 'instrumented') return `part: ${part?.reason}`
  const [found] = part.links
  return found?.kind === 'tracked' ? found.destination : `link: ${found?.reason}`
}

describe('where ASCII bytes mean ASCII', () => {
  it.each<[charset: string | null, bytes: string, destination: string]>([
    ['utf-8', 'https://example.org/caf\xc3\xa9?q=\xc3\xa9', 'https://example.org/caf\u00e9?q=\u00e9'],
    ['"UTF-8"', 'https://example.org/\xff', 'https://example.org/\ufffd'],
    ['utf8', 'https://example.org/', 'https://example.org/'],
    ['iso-8859-1', 'https://example.org/caf\xe9#\xe9', 'https://example.org/caf\u00e9#\u00e9'],
    ['ISO-8859-15', 'https://example.org/\xa4', 'https://example.org/\u20ac'],
    ['koi8-r', 'https://example.org/\xc1', 'https://example.org/\u0430'],
    ['shift_jis', 'https://example.org/\x83\x5c', 'https://example.org/\u30bd'],
    ['gb18030', 'https://example.org/\x81\x30\x81\x30\xd6\xd0', 'https://example.org/\x80\u4e2d'],
    ['gb18030', 'https://example.org/\xd6\xd0', 'https://example.org/\u4e2d'],
    ['gb2312', 'https://example.org/\xd6\xd0', 'https://example.org/\u4e2d'],
    ['big5', 'https://example.org/\xa4\xa4', 'https://example.org/\u4e2d'],
    ['euc-kr', 'https://example.org/\xb0\xa1', 'https://example.org/\uac00'],
    ['euc-jp', 'https://example.org/\xa4\xa2', 'https://example.org/\u3042'],
    ['us-ascii', 'https://example.org/?q=1', 'https://example.org/?q=1'],
    [null, 'https://example.org/?q=1', 'https://example.org/?q=1'],
  ])('%s: %j leads to %j', (charset, bytes, destination) => {
    const isDoubtful = /[\x80-\x9f]/.test(destination)
    expect(fateOf(charset, bytes)).toBe(isDoubtful ? 'link: charset' : destination)
  })

  it.each<[charset: string | null, bytes: string]>([
    // A browser writes a query in the charset of the document.
    ['iso-8859-1', 'https://example.org/?q=caf\xe9'],
    ['windows-1252', 'https://example.org/?q=caf\xe9#x'],
    ['shift_jis', 'https://example.org/a?b?\x83\x5c'],
    ['euc-kr', 'https://example.org/?\xb0\xa1'],
    // Nobody knows these.
    ['iso-8859-7', 'https://example.org/\xae'],
    ['euc-kr', 'https://example.org/\xff'],
    // Node 20 takes windows-1252 for Latin-1 here.
    ['windows-1252', 'https://example.org/\x81'],
    // It is not said what they mean.
    ['us-ascii', 'https://example.org/caf\xc3\xa9'],
    ['ANSI_X3.4-1968', 'https://example.org/caf\xe9'],
    ['ascii', 'https://example.org/caf\xe9'],
    ['iso646-us', 'https://example.org/caf\xe9'],
    [null, 'https://example.org/caf\xc3\xa9'],
    [null, 'https://example.org/#\xe9'],
  ])('%s: %j is left alone', (charset, bytes) => {
    expect(fateOf(charset, bytes)).toBe('link: charset')
  })

  it('a byte order mark that contradicts the header leaves it open', () => {
    expect(fateOf('iso-8859-1', 'https://example.org/\xc3\xa9', '\xef\xbb\xbf')).toBe('link: charset')
    expect(fateOf('iso-8859-1', 'https://example.org/', '\xef\xbb\xbf')).toBe('https://example.org/')
    expect(fateOf('utf-8', 'https://example.org/\xc3\xa9', '\xef\xbb\xbf')).toBe('https://example.org/\u00e9')
  })

  it('reads the rest of the link in the charset too', () => {
    const source = html('shift_jis', '<a data-link-name="\x83\x5c" href="https://example.org/">\x83\x5c</a>')
    const seen: unknown[] = []
    const skipLink = ({ name, text }: { readonly name: string | null; readonly text: string }): boolean => {
      seen.push([name, text])
      return false
    }
    instrument(source, { skipLink })
    expect(seen).toEqual([['\u30bd', '\u30bd']])
  })
})

describe('where they may mean something else', () => {
  it.each([
    'utf-16',
    'UTF-16LE',
    'utf-16be',
    'iso-2022-jp',
    'hz-gb-2312',
    'utf-7',
    'utf-32',
    'iso-2022-kr',
    'x-unknown',
    '""',
  ])('%s: the part is left alone', (charset) => {
    expect(outcomesOf(html(charset, link))).toEqual(['1 text/html charset'])
  })

  it.each<[what: string, charset: string | null, body: string]>([
    ['UTF-16 that says UTF-8', 'utf-8', [...link].join('\0')],
    ['ISO-2022-JP that says nothing', null, `\x1b$B$"\x1b(B${link}`],
    ['a bracket that may be half of a character', 'shift_jis', `<svg><![CDATA[\x83\x5d]>${link}`],
    ['a bracket that may be half of a character', 'gbk', `\xd6\x5d]]>${link}`],
  ])('%s', (_, charset, body) => {
    expect(outcomesOf(html(charset, body))).toEqual(['1 text/html charset'])
  })

  it('a bracket behind a byte that is a character', () => {
    expect(outcomesOf(html('iso-8859-1', `\xe9]>${link}`))).toEqual(['1 text/html 1'])
    expect(outcomesOf(html('euc-kr', `\xb0\xa1]>${link}`))).toEqual(['1 text/html 1'])
    expect(outcomesOf(html('shift_jis', `x]]>${link}`))).toEqual(['1 text/html 1'])
  })
})

describe('plain text', () => {
  const text = (charset: string | null, body: string): string => html(charset, body).replace('text/html', 'text/plain')

  it.each<[charset: string | null, body: string, start: number]>([
    ['utf-8', '\xf0\x9f\x98\x80 caf\xc3\xa9 https://example.org/', 8],
    ['iso-8859-1', 'caf\xe9 https://example.org/', 5],
    [null, 'caf\xe9 https://example.org/', 5],
    ['big5', 'https://example.org/ \xa4', 0],
  ])('%s: %j', (charset, body, start) => {
    const result = instrument(text(charset, body), { text: true })
    const [part] = result.parts
    expect(part?.kind === 'instrumented' && part.links.map(({ kind, start }) => [kind, start])).toEqual([
      ['tracked', start],
    ])
    expect(Buffer.from(result.message).toString('latin1')).toBe(
      text(charset, body).replace('https://example.org/', 'https://links.example.com/c/message-0123456789/t0'),
    )
  })

  it('two URLs, each where it was', () => {
    const body = '\xc3\xa9 https://example.org/ \xc3\xa9 https://example.org/ \xc3\xa9'
    const result = instrument(text('utf-8', body), { text: true })
    expect(Buffer.from(result.message).toString('latin1').split('\r\n').at(-1)).toBe(
      '\xc3\xa9 https://links.example.com/c/message-0123456789/t0 \xc3\xa9 https://links.example.com/c/message-0123456789/t1 \xc3\xa9',
    )
  })

  it.each<[charset: string | null, body: string]>([
    ['shift_jis', '\x83\x5c https://example.org/'],
    ['utf-8', '\xc3\xa9 \xff https://example.org/'],
    ['utf-16', 'https://example.org/'],
  ])('%s: %j is left alone', (charset, body) => {
    expect(outcomesOf(text(charset, body), { text: true })).toEqual(['1 text/plain charset'])
  })

  it('a query in a charset is left alone', () => {
    const [part] = instrument(text('iso-8859-1', 'https://example.org/?q=\xe9x'), { text: true }).parts
    expect(part?.kind === 'instrumented' && part.links).toEqual([
      { kind: 'skipped', index: 0, href: 'https://example.org/?q=\u00e9x', reason: 'charset', start: 0, end: 25 },
    ])
  })
})
