import { describe, expect, it } from 'vitest'
import { decodePayload, type Payload } from '../../src/tracking-url/payload.ts'

// Field by field, so that each row changes one of them.
interface Fields {
  version: number[]
  kind: number[]
  keyIdLength: number[]
  keyId: string
  issuedAt: number[]
  refLength: number[]
  messageRef: string | number[]
  index: number[]
  destination: string | number[]
}

const click: Fields = {
  version: [1],
  kind: [2],
  keyIdLength: [2],
  keyId: 'k1',
  issuedAt: [0x69, 0x55, 0xb9, 0],
  refLength: [3],
  messageRef: 'abc',
  index: [0, 0, 0, 3],
  destination: 'https://example.com/',
}
const open: Fields = { ...click, kind: [1], index: [], destination: [] }

const bytesOf = (fields: Fields): Uint8Array =>
  Uint8Array.from(
    Object.values(fields).flatMap((value: string | number[]) =>
      typeof value === 'string' ? [...Buffer.from(value)] : value,
    ),
  )

const clickReference: Payload = {
  kind: 'click',
  part: 'html',
  keyId: 'k1',
  issuedAt: 1767225600,
  messageRef: 'abc',
  index: 3,
  destination: 'https://example.com/',
}

const accepted: [what: string, fields: Fields, expected: Payload][] = [
  ['a click', click, clickReference],
  ['a click in the text part', { ...click, kind: [3] }, { ...clickReference, part: 'text' }],
  ['an open', open, { kind: 'open', keyId: 'k1', issuedAt: 1767225600, messageRef: 'abc' }],
  ['issued at 0', { ...click, issuedAt: [0, 0, 0, 0] }, { ...clickReference, issuedAt: 0 }],
  [
    'issued at the last second',
    { ...click, issuedAt: [255, 255, 255, 255] },
    { ...clickReference, issuedAt: 4294967295 },
  ],
  ['the last index', { ...click, index: [255, 255, 255, 255] }, { ...clickReference, index: 4294967295 }],
  ['a messageRef of one byte', { ...click, refLength: [1], messageRef: 'a' }, { ...clickReference, messageRef: 'a' }],
  [
    'a messageRef of 128 bytes',
    { ...click, refLength: [128], messageRef: 'a'.repeat(128) },
    { ...clickReference, messageRef: 'a'.repeat(128) },
  ],
  ['a destination of one byte', { ...click, destination: 'x' }, { ...clickReference, destination: 'x' }],
  ['a leading U+FEFF', { ...click, destination: '\ufeffx' }, { ...clickReference, destination: '\ufeffx' }],
  [
    'a key id of 32',
    { ...click, keyIdLength: [32], keyId: 'k'.repeat(32) },
    { ...clickReference, keyId: 'k'.repeat(32) },
  ],
]

const refused: [what: string, fields: Fields][] = [
  ['version 0', { ...click, version: [0] }],
  ['version 2', { ...click, version: [2] }],
  ['kind 0', { ...click, kind: [0] }],
  ['kind 4', { ...click, kind: [4] }],
  ['kind 255', { ...click, kind: [255] }],
  ['a key id of no characters', { ...click, keyIdLength: [0], keyId: '' }],
  ['a key id of 33', { ...click, keyIdLength: [33], keyId: 'k'.repeat(33) }],
  ['a key id with another character', { ...click, keyId: 'k.' }],
  ['a key id with a line break at its end', { ...click, keyId: 'k\n' }],
  ['a key id that is not ASCII', { ...click, keyId: 'é' }],
  ['a key id longer than the payload', { ...click, keyIdLength: [255] }],
  ['a messageRef of no bytes', { ...click, refLength: [0], messageRef: '' }],
  ['a messageRef of 129 bytes', { ...click, refLength: [129], messageRef: 'a'.repeat(129) }],
  ['a messageRef longer than the payload', { ...open, refLength: [4] }],
  ['an open with a shorter messageRef than there is', { ...open, refLength: [2] }],
  ['an ill-formed messageRef', { ...click, messageRef: [0x61, 0x80, 0x61] }],
  ['a messageRef that ends within a character', { ...click, messageRef: [0x61, 0xe2, 0x82] }],
  ['an overlong messageRef', { ...click, messageRef: [0x61, 0xc0, 0xaf] }],
  ['a surrogate in the messageRef', { ...click, messageRef: [0xed, 0xa0, 0x80] }],
  ['an ill-formed destination', { ...click, destination: [0x68, 0xff] }],
  ['a click without destination', { ...click, destination: '' }],
  ['a click that ends within its index', { ...click, index: [0, 0, 0], destination: '' }],
  ['a click without index', { ...click, index: [], destination: '' }],
  ['an open with one byte more', { ...open, destination: 'x' }],
]

describe('decodePayload', () => {
  it.each(accepted)('reads %s', (_, fields, expected) => {
    expect(decodePayload(bytesOf(fields))).toEqual(expected)
  })

  it.each(refused)('refuses %s', (_, fields) => {
    expect(decodePayload(bytesOf(fields))).toBeNull()
  })

  it.each([
    ['click', click],
    ['open', open],
  ])('refuses every beginning of a %s but those that only cut the destination', (_, fields) => {
    const bytes = bytesOf(fields)
    const shortest = fields === click ? bytes.length - 'ttps://example.com/'.length : bytes.length
    for (let length = 0; length < shortest; length++) expect(decodePayload(bytes.subarray(0, length))).toBeNull()
  })

  it('reads a view and nothing beyond it', () => {
    const bytes = bytesOf(click)
    const buffer = new Uint8Array(bytes.length + 20).fill(0x61)
    buffer.set(bytes, 7)
    expect(decodePayload(buffer.subarray(7, 7 + bytes.length))).toEqual(clickReference)
    expect(decodePayload(buffer.subarray(7, 7 + 10))).toBeNull()
  })
})
