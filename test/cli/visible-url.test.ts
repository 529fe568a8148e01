import { describe, expect, it } from 'vitest'
import { isSameAddress, visibleAddress } from '../../src/cli/visible-url.ts'

const linkTexts: [text: string, address: string | null][] = [
  ['Read more', null],
  ['https://example.com/spring', 'https://example.com/spring'],
  ['www.example.com', 'www.example.com'],
  ['example.com', 'example.com'],
  ['example.com/spring', 'example.com/spring'],
  ['Grüße.example.org/x', 'Grüße.example.org/x'],
  ['See https://example.com/a, then', 'https://example.com/a'],
  ['(www.example.com/a).', 'www.example.com/a'],
  ['<b>www.</b>example.com', 'www.example.com'],
  ['www.<!-- > -->example.com', 'www.example.com'],
  ['www.<!--><!---->example.com<!-- /a', 'www.example.com'],
  ['1 < 2: www.example.com', 'www.example.com'],
  ['www.example.com <', 'www.example.com'],
  ['www.example.com/a?!)]', 'www.example.com/a'],
  ['www.example&#8203;.com', 'www.example.com'],
  ['https://example.com/?a=1&amp;b=2', 'https://example.com/?a=1&b=2'],
  ['\n  www.example.com&nbsp;now', 'www.example.com'],
  ['hello@example.com', null],
  ['Node.js and notes.md', null],
  ['3.5 to 4.0', null],
  ['e.g. this/that', null],
  ['<img alt="www.example.com">', null],
  ['<!-- www.example.com', null],
  ['', null],
]

describe('the address that a link shows', () => {
  it.each(linkTexts)('%j shows %j', (text, address) => {
    for (const [open, rest] of [
      ['<a href="', '">'],
      ["<a href='", "' title='a > b'>"],
      ['<a href=', ' class=x>'],
    ] as const) {
      const html = `${open}HREF${rest}${text}</a> www.other.example.com`
      const start = open.length
      expect(visibleAddress(html, start, start + 4)).toBe(address)
    }
  })

  it('ends at the next link, at the end of the text, and nowhere in a tag that never ends', () => {
    expect(visibleAddress('<a href=x>one <a href=y>www.example.com</a>', 8, 9)).toBeNull()
    expect(visibleAddress('<a href=x>www.example.com', 8, 9)).toBe('www.example.com')
    expect(visibleAddress('<a href=x title="www.example.com', 8, 9)).toBeNull()
    expect(visibleAddress('<a href=x><img alt="www.example.com', 8, 9)).toBeNull()
  })

  it('takes linear time', () => {
    const parts = ["'", '>a.', '><!--', '><', '><b', '><!', '>&#', '>www.a.', '>www.a?', '>\u200b']
    for (const part of parts) {
      const [close, unit] = part.startsWith('>') ? ['>', part.slice(1)] : ['', part]
      expect(visibleAddress(`<a href="x"${close}${unit.repeat(1e6)}`, 9, 10)?.length ?? 0).toBeLessThan(4_000)
    }
  })
})

const pairs: [shown: string, destination: string, same: boolean][] = [
  ['https://example.com/a', 'https://example.com/a', true],
  ['example.com/a', 'https://www.example.com/a/', true],
  ['www.example.com', 'https://example.com/a?utm_source=mail', true],
  ['example.com/a', 'https://example.com/a?utm_source=mail#b', true],
  ['EXAMPLE.com', 'http://example.com/', true],
  ['grüße.example.org', 'https://xn--gre-6ka8l.example.org/', true],
  ['www.example.com/a', 'https://example.com/b', false],
  ['www.example.com/?a=1', 'https://example.com/?a=2', false],
  ['example.com', 'https://shop.example.com/', false],
  ['example.com', 'https://example.com.evil.example.org/', false],
  ['https://exa mple.com', 'https://example.com/', false],
]

describe('whether a reader lands where the text says', () => {
  it.each(pairs)('%j and %j: %s', (shown, destination, same) => {
    expect(isSameAddress(shown, destination)).toBe(same)
  })
})
