import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Edit, spliceEdits } from '../../src/instrument/splice.ts'

const cases: readonly [what: string, original: string, edits: readonly Edit[], expected: string][] = [
  ['no edit', 'abc', [], 'abc'],
  ['no text', '', [], ''],
  ['into no text', '', [{ start: 0, end: 0, text: 'x' }], 'x'],
  ['a replacement', 'abc', [{ start: 1, end: 2, text: 'xyz' }], 'axyzc'],
  ['a removal', 'abc', [{ start: 0, end: 2, text: '' }], 'c'],
  ['an insertion at the start', 'abc', [{ start: 0, end: 0, text: 'x' }], 'xabc'],
  ['an insertion at the end', 'abc', [{ start: 3, end: 3, text: 'x' }], 'abcx'],
  [
    'edits that touch',
    'abcd',
    [
      { start: 0, end: 2, text: 'x' },
      { start: 2, end: 4, text: 'y' },
    ],
    'xy',
  ],
  [
    'an insertion before a replacement',
    'abc',
    [
      { start: 1, end: 1, text: '+' },
      { start: 1, end: 2, text: 'x' },
    ],
    'a+xc',
  ],
  ['what `replace` would expand', 'a$b', [{ start: 0, end: 1, text: '$&$1$$' }], '$&$1$$$b'],
  ['halves of a surrogate pair', '\u{1f600}', [{ start: 1, end: 1, text: 'x' }], '\ud83dx\ude00'],
]

it.each(cases)('%s', (_, original, edits, expected) => {
  expect(spliceEdits(original, edits)).toBe(expected)
})

it('replaces the ranges and nothing else', () => {
  const pieces = fc.array(fc.record({ kept: fc.string(), removed: fc.string(), text: fc.string() }))
  fc.assert(
    fc.property(pieces, fc.string(), (list, rest) => {
      let original = ''
      const edits = list.map(({ kept, removed, text }): Edit => {
        const start = original.length + kept.length
        original += kept + removed
        return { start, end: start + removed.length, text }
      })
      expect(spliceEdits(original + rest, edits)).toBe(list.map(({ kept, text }) => kept + text).join('') + rest)
    }),
  )
})
