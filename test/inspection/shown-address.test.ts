import { describe, expect, it } from 'vitest'
import { isSameAddress, shownAddress } from '../../src/inspection/shown-address.ts'

const linkTexts: [text: string, address: string | null][] = [
  ['Read more', null],
  ['https://example.com/spring', 'https://example.com/spring'],
  ['www.example.com', 'www.example.com'],
  ['example.com', 'example.com'],
  ['example.com/spring', 'example.com/spring'],
  ['Grüße.example.org/x', 'Grüße.example.org/x'],
  ['See https://example.com/a, then', 'https://example.com/a'],
  ['(www.example.com/a).', 'www.example.com/a'],
  ['1 < 2: www.example.com', 'www.example.com'],
  ['www.example.com/a?!)]', 'www.example.com/a'],
  ['www.example\u200b.com', 'www.example.com'],
  ['https://example.com/?a=1&b=2', 'https://example.com/?a=1&b=2'],
  ['www.example.com\u00a0now', 'www.example.com'],
  ['hello@example.com', null],
  ['Node.js and notes.md', null],
  ['3.5 to 4.0', null],
  ['e.g. this/that', null],
  ['example.company', null],
  ['', null],
]

describe('the address that a link shows', () => {
  it.each(linkTexts)('%j shows %j', (text, address) => {
    expect(shownAddress(text)).toBe(address)
  })

  it('is looked for at the front of the text', () => {
    expect(shownAddress(`${'x '.repeat(1_990)}www.example.com`)).toBe('www.example.com')
    expect(shownAddress(`${'x '.repeat(2_000)}www.example.com`)).toBeNull()
  })

  it.each(['www.a.', 'www.a?', '\u200b', 'a.', 'https://'])('is found in linear time in %j, repeated', (part) => {
    expect(shownAddress(part.repeat(1e6))?.length ?? 0).toBeLessThanOrEqual(4_000)
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
