import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonError } from '../../src/cli/json-error.ts'

const mistakes: [text: string, line: number, column: number, expected: string][] = [
  ['', 1, 1, 'a value'],
  [' \n\t ', 2, 3, 'a value'],
  ['{', 1, 2, 'a name in double quotes, or "}"'],
  ['{,}', 1, 2, 'a name in double quotes, or "}"'],
  ['{a: 1}', 1, 2, 'a name in double quotes, or "}"'],
  ['{"a" 1}', 1, 6, '":"'],
  ['{"a": }', 1, 7, 'a value'],
  ['{"a": 1\n "b": 2}', 2, 2, '"," or "}"'],
  ['{"a": 1,\n}', 2, 1, 'a name in double quotes'],
  ['{"a": 1]', 1, 8, '"," or "}"'],
  ['[1, 2', 1, 6, '"," or "]"'],
  ['[1}', 1, 3, '"," or "]"'],
  ['[,]', 1, 2, 'a value or "]"'],
  ['[1,]', 1, 4, 'a value'],
  ['[:', 1, 2, 'a value or "]"'],
  ['{} {}', 1, 4, 'the end'],
  ['[]]', 1, 3, 'the end'],
  ["{'a': 1}", 1, 2, 'a name in double quotes, or "}"'],
  ['// a comment\n{}', 1, 1, 'a value'],
  ['["unclosed]', 1, 2, 'a value or "]"'],
  ['["a\nb"]', 1, 2, 'a value or "]"'],
  ['["\\x"]', 1, 2, 'a value or "]"'],
  ['[01]', 1, 3, '"," or "]"'],
  ['[.5]', 1, 2, 'a value or "]"'],
  ['[+1]', 1, 2, 'a value or "]"'],
  ['[tru]', 1, 2, 'a value or "]"'],
  ['[NaN]', 1, 2, 'a value or "]"'],
  ['\ufeff{}', 1, 1, 'a value'],
  ['{"a":\u00a01}', 1, 6, 'a value'],
]

describe('where a text stops being JSON', () => {
  it.each(mistakes)('%j: line %i, column %i, expected %s', (text, line, column, expected) => {
    expect(findJsonError(text)).toEqual({ line, column, expected })
  })

  it.each(['{}', '[]', ' "a" ', '-0.5e+3', 'null', 'true', 'false', '{"a":[{"b":"\\u00e9\\n"}],"c":{}}', '[[],[1]]'])(
    '%j is JSON',
    (text) => {
      expect(findJsonError(text)).toBeNull()
    },
  )

  const parses = (text: string): boolean => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }

  it('agrees with JSON.parse on every text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"',
      '1',
      '0',
      '-',
      '.',
      'e',
      'null',
      'true',
      ' ',
      '\n',
      '\\',
      'x',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        expect(findJsonError(text) === null).toBe(parses(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('agrees on JSON with one character gone, and never points before it in what was well formed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, seed) => {
        const whole = JSON.stringify(value)
        expect(findJsonError(whole)).toBeNull()
        const at = seed % whole.length
        const text = whole.slice(0, at) + whole.slice(at + 1)
        expect(findJsonError(text) === null).toBe(parses(text))
      }),
    )
  })
})
