import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { includesText, maxShortLength, readMarkup } from '../../src/html/markup.ts'
import { readLatin1, readPortable, writeLatin1, writePortable } from '../../src/latin1.ts'

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)

describe('bytes as text of one code unit a byte', () => {
  it.each([
    ['by Buffer', readLatin1, writeLatin1],
    ['without it', readPortable, writePortable],
  ])('%s, there and back', (_, read, write) => {
    const text = read(everyByte)
    expect([...text].map((unit) => unit.charCodeAt(0))).toEqual([...everyByte])
    const written = new Uint8Array(258)
    write(written, 1, text)
    expect([...written]).toEqual([0, ...everyByte, 0])
  })

  it.each([
    ['by Buffer', readLatin1],
    ['without it', readPortable],
  ])('%s, of part of a buffer, and of any length', (_, read) => {
    expect(read(everyByte.subarray(0x3c, 0x3f))).toBe('<=>')
    for (const length of [0, 1, 8191, 8192, 8193, 300_000]) {
      const text = read(new Uint8Array(length).fill(0x80))
      expect([text.length, text.at(-1) ?? '']).toEqual([length, length === 0 ? '' : '\x80'])
    }
  })
})

describe('what a piece says', () => {
  it.each([
    ['ASCII', [0x61, 0x26], 'a&'],
    ['UTF-8', [0xc3, 0xbc, 0xf0, 0x9f, 0x98, 0x80], 'ü😀'],
    ['a byte order mark that is none', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['a byte that is no UTF-8', [0x61, 0xff, 0x62], 'a\ufffdb'],
    ['a cut sequence, as one', [0xe2, 0x82, 0x22], '\ufffd"'],
    ['windows-1252 is not meant', [0x80], '\ufffd'],
  ])('%s', (_, bytes, text) => {
    const { text: units, decode } = readMarkup(Uint8Array.from(bytes))
    expect(decode(units)).toBe(text)
  })

  it('is written back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = readMarkup(new TextEncoder().encode(text))
        expect([bytes.encode(text), bytes.decode(bytes.text)]).toEqual([bytes.text, text])
        const units = readMarkup(text)
        expect([units.text, units.encode(text), units.decode(text)]).toEqual([text, text, text])
      }),
    )
  })
})

describe('a text in long markup', () => {
  const length = 2 * maxShortLength + 10

  it.each([0, 1, ...[-4, -3, -2, -1, 0, 1].map((at) => maxShortLength + at), length - 3])('is found at %i', (at) => {
    const bytes = new Uint8Array(length).fill(0x2f)
    bytes.set([0x2f, 0x6f, 0x2f], at)
    expect(includesText(readMarkup(bytes), '/o/')).toBe(true)
  })

  it('is not found where it is not', () => {
    const bytes = new Uint8Array(length).fill(0x2f)
    expect(includesText(readMarkup(bytes), '/o/')).toBe(false)
    bytes.set([0x2f, 0x6f], length - 2)
    expect(includesText(readMarkup(bytes), '/o/')).toBe(false)
  })
})
