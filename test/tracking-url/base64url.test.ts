import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from '../../src/tracking-url/base64url.ts'

const text = fc.string({ unit: fc.constantFrom(...'ABYZabyz0189-_'), maxLength: 70 })
const oddText = fc.string({ unit: fc.constantFrom(...'Aa0-_+/= \n.%é\u0141📬'), maxLength: 12 })

describe('base64url, with Buffer as judge', () => {
  it('encodes as Buffer does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      }),
      { numRuns: 1000 },
    )
  })

  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect([...decodeBase64Url(encodeBase64Url(bytes))!]).toEqual([...bytes])
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['texts of the alphabet', text],
    ['texts with other characters', oddText],
  ])('accepts what Buffer would write, and nothing else: %s', (_, texts) => {
    fc.assert(
      fc.property(texts, (candidate) => {
        const decoded = Buffer.from(candidate, 'base64url')
        const expected = decoded.toString('base64url') === candidate ? [...decoded] : null
        const actual = decodeBase64Url(candidate)
        expect(actual && [...actual]).toEqual(expected)
      }),
      { numRuns: 5000 },
    )
  })

  it('encodes a view into a larger buffer, and long input', () => {
    const buffer = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) & 255)
    for (const [start, end] of [
      [1, 4],
      [3, 5],
      [5, 5],
      [0, 70_000],
      [1, 65_538],
    ]) {
      const view = buffer.subarray(start, end)
      const encoded = encodeBase64Url(view)
      expect(encoded).toBe(Buffer.from(view).toString('base64url'))
      expect(Buffer.from(decodeBase64Url(encoded)!).equals(view)).toBe(true)
    }
  })

  const refused: [what: string, text: string][] = [
    ['unused bits after one byte', 'QR'],
    ['unused bits after two bytes', 'QUL'],
    ['unused bits after four bytes', 'QUJDRB'],
    ['padding', 'QQ=='],
    ['half the padding', 'QQ='],
    ['padding of two bytes', 'QUI='],
    ['only padding', '===='],
    ['a single character', 'A'],
    ['five characters', 'QUJDR'],
    ['plus', 'QUI+'],
    ['slash', 'QUI/'],
    ['white space at the end', 'QUJD '],
    ['a line break within', 'QU\nJD'],
    ['NUL', 'QUJ\0'],
    ['a full-width letter', 'QUJＡ'],
    ['a character whose code ends as that of A does', 'QUJ\u0141'],
    ['a character of two code units', 'QUJD📬'],
  ]
  it.each(refused)('refuses %s', (_, refusedText) => {
    expect(decodeBase64Url(refusedText)).toBeNull()
  })

  it('takes no text for no bytes', () => {
    expect(encodeBase64Url(new Uint8Array())).toBe('')
    expect([...decodeBase64Url('')!]).toEqual([])
  })
})
