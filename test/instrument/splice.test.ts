import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createByteSplicer,
  type Edit,
  spliceBytes,
  spliceEdits,
  spliceHtml,
  type Varying,
} from '../../src/instrument/splice.ts'

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

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

it.each(cases.filter(([, original]) => !/[^\0-\xff]/.test(original)))(
  '%s, in bytes',
  (_, original, edits, expected) => {
    const bytes = Buffer.from(`<<${original}`, 'latin1').subarray(2)
    expect(latin1(spliceBytes(bytes, edits))).toBe(expected)
    expect(latin1(spliceHtml(bytes, edits))).toBe(expected)
  },
)

it('without edits, the same comes back', () => {
  const bytes = new Uint8Array(3)
  expect([spliceHtml(bytes, []), spliceHtml('abc', [])]).toEqual([bytes, 'abc'])
  expect(spliceHtml(bytes, [])).toBe(bytes)
})

it('bytes that are spliced again and again are as if spliced once, whatever came before', () => {
  const ref = fc.constantFrom('', 'a', 'b', 'cd', 'ef')
  const what = fc.oneof(
    ref.map((text) => ({ text })),
    ref.map((text) => ({ text: `<${text}>`, varying: { at: 1, text } })),
    fc.constantFrom('=', '<>', '<=>').map((text) => ({ text, varying: null })), // all of it may vary, as without
  )
  const edit = fc.record({ gap: fc.nat(2), length: fc.nat(2), what })
  const series = fc.array(fc.array(edit, { maxLength: 2 }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(series, (lists) => {
      const original = Buffer.from('0123456789')
      const splice = createByteSplicer(original)
      for (const list of lists) {
        let at = 0
        const edits = list.map(({ gap, length, what }): Edit => {
          const start = at + gap
          at = start + length
          return { start, end: at, ...what }
        })
        const result = splice(edits)
        expect(latin1(result)).toBe(spliceEdits('0123456789', edits))
        result.fill(0)
      }
    }),
    { numRuns: 5000 },
  )
})

it('of a text of which a part varies, only that is written again', () => {
  const splice = createByteSplicer(Buffer.from('[]'))
  const edit = (text: string, varying: Varying): readonly Edit[] => [{ start: 1, end: 1, text, varying }]
  splice(edit('one-ada', { at: 4, text: 'ada' }))
  // Against the promise that nothing else differs, which is how it shows.
  expect(latin1(splice(edit('two-bob', { at: 4, text: 'bob' })))).toBe('[one-bob]')
  expect(latin1(splice(edit('two-eve', { at: 0, text: 'two' })))).toBe('[two-eve]')
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
