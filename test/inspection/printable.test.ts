import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumber, printable } from '../../src/inspection/printable.ts'

const texts: [text: string, shown: string][] = [
  ['https://example.com/ä?x=日本', 'https://example.com/ä?x=日本'],
  ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['a\nb\rc\td', 'a\\u{a}b\\u{d}c\\u{9}d'],
  ['\u009b2J\u0085', '\\u{9b}2J\\u{85}'],
  ['moc.elpmaxe\u202e', 'moc.elpmaxe\\u{202e}'],
  ['\u2066a\u2069\u200b\ufeff\u00ad', '\\u{2066}a\\u{2069}\\u{200b}\\u{feff}\\u{ad}'],
  ['a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['\ud83d', '\\u{d83d}'],
  ['\u{1f600}\u{e0041}', '\u{1f600}\\u{e0041}'],
]

describe('what is made printable', () => {
  it.each(texts)('%j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('is cut at 200 characters, or where it is told', () => {
    expect(printable('a'.repeat(200))).toBe('a'.repeat(200))
    expect(printable('a'.repeat(201))).toBe(`${'a'.repeat(199)}…`)
    expect(printable('abc', 2)).toBe('a…')
  })

  it('is never cut within a character', () => {
    expect(printable('a\u{1f600}b', 3)).toBe('a…')
  })

  it('never holds what a terminal obeys or a reader does not see', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})

it('numbers are grouped', () => {
  expect(formatNumber(1234567)).toBe('1,234,567')
})
