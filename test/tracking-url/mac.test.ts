import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createMac, equalMacs, type Mac, macBytes, macRoom, portableMac } from '../../src/tracking-url/mac.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 200 })
const message = fc.uint8Array({ maxLength: 1000 })

const judge = (secret: Uint8Array, data: Uint8Array): string =>
  createHmac('sha256', secret).update(data).digest().subarray(0, 16).toString('hex')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A MAC beside its message, in the middle of a buffer that holds other things too; what lies around must stay. */
function run(mac: Mac, data: Uint8Array): string {
  const end = macRoom + data.length
  const whole = new Uint8Array(7 + end + macBytes + 9).fill(0xee)
  const buffer = whole.subarray(7)
  buffer.set(data, macRoom)
  mac(buffer, end)
  expect(hex(buffer.subarray(macRoom, end))).toBe(hex(data))
  expect([...whole.subarray(0, 7), ...buffer.subarray(end + macBytes)].every((byte) => byte === 0xee)).toBe(true)
  return hex(buffer.subarray(end, end + macBytes))
}

describe.each([
  ['createMac', createMac],
  ['portableMac', portableMac],
])('%s, with node:crypto as judge', (_, create) => {
  it('equals the first half of HMAC-SHA256', () => {
    fc.assert(
      fc.property(key, fc.array(message, { minLength: 1, maxLength: 4 }), (secret, messages) => {
        const mac = create(secret)
        expect(messages.map((data) => run(mac, data))).toEqual(messages.map((data) => judge(secret, data)))
      }),
      { numRuns: 400 },
    )
  })

  it('equals it for every length of key around the block size and of messages around a block', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => (index * 7 + 3) & 255)
    for (const keyLength of [32, 33, 55, 56, 63, 64, 65, 127, 128, 129, 200]) {
      const secret = bytes.subarray(0, keyLength)
      const mac = create(secret)
      for (let length = 0; length <= 200; length++) {
        expect(run(mac, bytes.subarray(0, length))).toBe(judge(secret, bytes.subarray(0, length)))
      }
    }
  })

  it('takes views into larger buffers', () => {
    const buffer = new Uint8Array(300).map((_, index) => index & 255)
    const secret = buffer.subarray(5, 45)
    const data = buffer.subarray(101, 250)
    expect(run(create(secret), data)).toBe(judge(Uint8Array.from(secret), Uint8Array.from(data)))
  })

  it('holds more keys at once', () => {
    const secrets = Array.from({ length: 20 }, (_, index) => new Uint8Array(32).fill(index))
    const macs = secrets.map((secret) => create(secret))
    const data = new Uint8Array([1, 2, 3])
    expect(macs.map((mac) => run(mac, data))).toEqual(secrets.map((secret) => judge(secret, data)))
  })
})

describe("the platform's hash", () => {
  it('is used where there is one', () => expect(createMac).not.toBe(portableMac))

  it.each([
    ['no node:crypto', { getBuiltinModule: () => undefined }],
    ['no hash in it', { getBuiltinModule: () => ({}) }],
    ['no way to ask', {}],
    ['a process that is no object', Object.assign(() => {}, { getBuiltinModule: () => ({ hash() {} }) })],
    ['no process', undefined],
  ])('is not needed: %s', async (_, other) => {
    vi.resetModules()
    const real = Object.getOwnPropertyDescriptor(globalThis, 'process')!
    const loading = import('../../src/tracking-url/mac.ts')
    try {
      if (other === undefined) Reflect.deleteProperty(globalThis, 'process')
      else Object.defineProperty(globalThis, 'process', { configurable: true, value: other })
      const loaded = await loading
      expect(loaded.createMac).toBe(loaded.portableMac)
    } finally {
      Object.defineProperty(globalThis, 'process', real)
    }
  })
})

describe('equalMacs', () => {
  it('is true for the same bytes alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(127), (mac, bit) => {
        const changed = Uint8Array.from(mac)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        expect([equalMacs(mac, Uint8Array.from(mac)), equalMacs(mac, changed)]).toEqual([true, false])
      }),
    )
  })

  it('is false for other lengths, and takes views', () => {
    const buffer = new Uint8Array(64)
    expect(equalMacs(buffer.subarray(0, 16), buffer.subarray(0, 15))).toBe(false)
    expect(equalMacs(buffer.subarray(3, 19), buffer.subarray(30, 46))).toBe(true)
  })
})
