import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../src/printable.ts'

const texts: [text: string, shown: string][] = [
  ['https://example.com/ä?x=日本', 'https://example.com/ä?x=日本'],
  ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['a\nb\rc\td', 'a\\u000ab\\u000dc\\u0009d'],
  ['\u009b2J\u0085', '\\u009b2J\\u0085'],
  ['moc.elpmaxe\u202e', 'moc.elpmaxe\\u202e'],
  ['\u2066a\u2069\u200b\ufeff\u00ad', '\\u2066a\\u2069\\u200b\\ufeff\\u00ad'],
  ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['a private \ue000 and an unassigned \u0378', 'a private \\ue000 and an unassigned \\u0378'],
  ['\ud83d', '\\ud83d'],
  ['\u{1f600}\u{e0041}', '\u{1f600}\\udb40\\udc41'],
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
        expect(printable(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
