import { describe, expect, it } from 'vitest'
import { type Payload, readKeyId, readPayload } from '../../src/tracking-url/payload.ts'

// Field by field, so that each row changes one of them.
interface Fields {
  version: number[]
  kind: number[]
  mode: number[]
  keyIdLength: number[]
  keyId: string
  issuedAt: number[]
  refLength: number[]
  ref: string | number[]
  index: number[]
  destination: string | number[]
}

const click: Fields = {
  version: [1],
  kind: [3],
  mode: [1],
  keyIdLength: [2],
  keyId: 'k1',
  issuedAt: [0x69, 0x55, 0xb9, 1],
  refLength: [3],
  ref: 'abc',
  index: [0, 0, 0, 3],
  destination: 'https://example.com/',
}
const open: Fields = { ...click, kind: [1], index: [], destination: [] }
const midnight = [0x69, 0x55, 0xb9, 0]

const bytesOf = (fields: Fields): Uint8Array =>
  Uint8Array.from(
    Object.values(fields).flatMap((value: string | number[]) =>
      typeof value === 'string' ? [...Buffer.from(value)] : value,
    ),
  )

const readClick = {
  kind: 'click',
  mode: 'full',
  part: 'html',
  ref: 'abc',
  issuedAt: 1_767_225_601_000,
  index: 3,
  destination: 'https://example.com/',
} as const
const readOpen = {
  kind: 'open',
  mode: 'full',
  pixel: 'end',
  ref: 'abc',
  issuedAt: 1_767_225_601_000,
} as const

const accepted: [what: string, fields: Fields, expected: Payload][] = [
  ['a click', click, readClick],
  ['a click in the text part', { ...click, kind: [4] }, { ...readClick, part: 'text' }],
  ['an identified click', { ...click, mode: [2] }, { ...readClick, mode: 'identified' }],
  [
    'an anonymous click',
    { ...click, mode: [4], issuedAt: midnight },
    { ...readClick, mode: 'anonymous', issuedAt: 1_767_225_600_000 },
  ],
  ['an open at the end', open, readOpen],
  ['an open at the start', { ...open, kind: [2] }, { ...readOpen, pixel: 'start' }],
  ['an identified open', { ...open, mode: [2] }, { ...readOpen, mode: 'identified' }],
  ['an open by the day', { ...open, mode: [3] }, { ...readOpen, mode: 'day' }],
  [
    'an anonymous open',
    { ...open, mode: [4], issuedAt: midnight },
    { ...readOpen, mode: 'anonymous', issuedAt: 1_767_225_600_000 },
  ],
  ['issued at 0', { ...click, issuedAt: [0, 0, 0, 0] }, { ...readClick, issuedAt: 0 }],
  [
    'issued at the last second',
    { ...click, issuedAt: [255, 255, 255, 255] },
    { ...readClick, issuedAt: 4_294_967_295_000 },
  ],
  ['the last index', { ...click, index: [255, 255, 255, 255] }, { ...readClick, index: 4_294_967_295 }],
  ['a ref of one byte', { ...click, refLength: [1], ref: 'a' }, { ...readClick, ref: 'a' }],
  ['a ref of 128 bytes', { ...click, refLength: [128], ref: 'a'.repeat(128) }, { ...readClick, ref: 'a'.repeat(128) }],
  ['the shortest destination', { ...click, destination: 'http://x' }, { ...readClick, destination: 'http://x' }],
  ['a scheme in upper case', { ...click, destination: 'HTTPS://x' }, { ...readClick, destination: 'HTTPS://x' }],
  ['a leading U+FEFF', { ...click, refLength: [4], ref: '\ufeffa' }, { ...readClick, ref: '\ufeffa' }],
  ['a key id of 32', { ...click, keyIdLength: [32], keyId: 'k'.repeat(32) }, readClick],
]

const refused: [what: string, fields: Fields][] = [
  ['kind 0', { ...click, kind: [0] }],
  ['kind 5', { ...click, kind: [5] }],
  ['kind 255', { ...click, kind: [255] }],
  ['kind 0 without index and destination', { ...open, kind: [0] }],
  ['mode 0', { ...click, mode: [0] }],
  ['mode 5', { ...click, mode: [5] }],
  ['mode 0 of an open', { ...open, mode: [0] }],
  ['mode 5 of an open', { ...open, mode: [5] }],
  ['a click by the day', { ...click, mode: [3] }],
  ['a click by the day, issued at midnight', { ...click, mode: [3], issuedAt: midnight }],
  ['a click by the day in the text part', { ...click, kind: [4], mode: [3] }],
  ['an anonymous click, one second after midnight', { ...click, mode: [4] }],
  ['an anonymous open, one second after midnight', { ...open, mode: [4] }],
  ['a key id longer than the payload', { ...click, keyIdLength: [255] }],
  ['a ref of no bytes', { ...click, refLength: [0], ref: '' }],
  ['a ref of 129 bytes', { ...click, refLength: [129], ref: 'a'.repeat(129) }],
  ['a ref longer than the payload', { ...open, refLength: [4] }],
  ['an open with a shorter ref than there is', { ...open, refLength: [2] }],
  ['an ill-formed ref', { ...click, ref: [0x61, 0x80, 0x61] }],
  ['a ref that ends within a character', { ...click, ref: [0x61, 0xe2, 0x82] }],
  ['an overlong ref', { ...click, ref: [0x61, 0xc0, 0xaf] }],
  ['a surrogate in the ref', { ...click, ref: [0xed, 0xa0, 0x80] }],
  ['an ill-formed destination', { ...click, destination: [...Buffer.from('https://'), 0xff] }],
  ['a click without destination', { ...click, destination: '' }],
  ['a destination without slashes', { ...click, destination: 'https:example.com' }],
  ['a destination of another scheme', { ...click, destination: 'javascript:alert(1)//https://' }],
  ['a destination that begins with U+FEFF', { ...click, destination: '\ufeffhttps://example.com/' }],
  ['a click that ends within its index', { ...click, index: [0, 0, 0], destination: '' }],
  ['a click without index', { ...click, index: [], destination: '' }],
  ['an open with one byte more', { ...open, destination: 'x' }],
]

describe('readPayload', () => {
  it.each(accepted)('reads %s', (_, fields, expected) => {
    expect(readPayload(bytesOf(fields))).toEqual(expected)
  })

  it.each(refused)('refuses %s', (_, fields) => {
    expect(readPayload(bytesOf(fields))).toBeNull()
  })

  it.each([
    ['click', click],
    ['open', open],
  ])('refuses every beginning of a %s but those that only cut the destination', (_, fields) => {
    const bytes = bytesOf(fields)
    const shortest = fields === click ? bytes.length - 'example.com/'.length : bytes.length
    for (let length = 6; length < shortest; length++) expect(readPayload(bytes.subarray(0, length))).toBeNull()
  })

  it('reads a view and nothing beyond it', () => {
    const bytes = bytesOf(click)
    const buffer = new Uint8Array(bytes.length + 20).fill(0x61)
    buffer.set(bytes, 7)
    expect(readPayload(buffer.subarray(7, 7 + bytes.length))).toEqual(readClick)
    expect(readPayload(buffer.subarray(7, 7 + 10))).toBeNull()
  })
})

describe('readKeyId', () => {
  const cases: [what: string, payload: number[], keyId: string | null][] = [
    ['a key id', [1, 3, 1, 2, 0x6b, 0x31], 'k1'],
    ['whatever kind and mode are', [1, 99, 99, 2, 0x6b, 0x31], 'k1'],
    ['whatever follows', [1, 3, 1, 2, 0x6b, 0x31, 0x32, 0x33], 'k1'],
    ['no key id', [1, 3, 1, 0, 0x6b, 0x31], ''],
    ['no key id and nothing behind it', [1, 3, 1, 0], ''],
    ['bytes that are no ASCII', [1, 3, 1, 2, 0xc3, 0xa9], '\u00c3\u00a9'],
    ['a key id that is cut', [1, 3, 1, 2, 0x6b], null],
    ['nothing where its length should be', [1, 3, 1], null],
    ['nothing', [], null],
    ['version 0', [0, 3, 1, 2, 0x6b, 0x31], null],
    ['version 2', [2, 3, 1, 2, 0x6b, 0x31], null],
  ]
  it.each(cases)('%s', (_, payload, keyId) => {
    expect(readKeyId(Uint8Array.from(payload))).toBe(keyId)
  })
})
