import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatJson } from '../../src/cli/format-json.ts'

it.each([
  ['\u001b[2J', '"\\u001b[2J"'],
  ['\u009b1m\u007f', '"\\u009b1m\\u007f"'],
  ['a\u202eb\u2066', '"a\\u202eb\\u2066"'],
  ['\u2028\u2029', '"\\u2028\\u2029"'],
  ['\u{e0001}', '"\\udb40\\udc01"'],
  ['Grüße 日本', '"Grüße 日本"'],
])('%j is written as %s', (value, text) => {
  expect(formatJson(value)).toBe(text)
})

it('indents as it is told', () => {
  expect(formatJson({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}')
})

it('always reads back as the same value, and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = formatJson(value)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
