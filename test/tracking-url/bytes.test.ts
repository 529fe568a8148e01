import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { allocateBytes, allocatePortable } from '../../src/tracking-url/bytes.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
)

describe.each([
  ["the platform's bytes", allocateBytes],
  ['portable bytes', allocatePortable],
])('%s, with Buffer as judge', (_, allocate) => {
  it('write UTF-8 and nothing around it', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (written, at) => {
        const encoded = Buffer.from(written)
        const buffer = allocate(at + encoded.length + 5)
        buffer.bytes.fill(0xee)
        expect(buffer.writeUtf8(written, at)).toBe(encoded.length)
        const expected = Buffer.alloc(at + encoded.length + 5, 0xee)
        encoded.copy(expected, at)
        expect(expected.equals(buffer.bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('replace what UTF-8 cannot carry', () => {
    const buffer = allocate(20)
    const end = buffer.writeUtf8('a\ud800b\udfff', 0)
    expect(Buffer.from(buffer.bytes.subarray(0, end)).toString()).toBe('a\ufffdb\ufffd')
  })

  it('give base64url of any part', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(300), (content, one, other) => {
        const buffer = allocate(content.length)
        buffer.bytes.set(content)
        const [from, to] = [Math.min(one, other, content.length), Math.min(Math.max(one, other), content.length)]
        expect(buffer.toBase64Url(from, to)).toBe(Buffer.from(content).subarray(from, to).toString('base64url'))
      }),
      { numRuns: 500 },
    )
  })

  it('take base64url of any bytes to any place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (content, at) => {
        const buffer = allocate(at + content.length + 5)
        expect(buffer.writeBase64Url(Buffer.from(content).toString('base64url'), at)).toBe(content.length)
        expect([...buffer.bytes.subarray(at, at + content.length)]).toEqual([...content])
      }),
      { numRuns: 500 },
    )
  })

  it.each(['A', 'QR', 'QQ==', 'QQ\n', ' QQ', 'a+b/', 'QQ.', 'Q\u0141', '\u00e9'])(
    'take no other spelling: %j',
    (written) => {
      expect(allocate(20).writeBase64Url(written, 3)).toBe(-1)
    },
  )

  it('begin as zeros', () => {
    expect([...allocate(5000).bytes].every((byte) => byte === 0)).toBe(true)
    expect(allocate(0).bytes.length).toBe(0)
  })
})

describe("the platform's Buffer", () => {
  it('is used where it has every method', () => {
    expect(allocateBytes).not.toBe(allocatePortable)
    expect(allocateBytes(1).bytes).toBeInstanceOf(Buffer)
  })

  it.each(['utf8Write', 'base64urlWrite', 'base64urlSlice'])('is not used without %s', async (method) => {
    class Incomplete extends Buffer {}
    Object.defineProperty(Incomplete.prototype, method, { value: undefined })
    await withBuffer(Incomplete)
  })

  it('is not needed', () => withBuffer(undefined))

  async function withBuffer(other: unknown): Promise<void> {
    vi.stubGlobal('Buffer', other)
    vi.resetModules()
    try {
      const loaded = await import('../../src/tracking-url/bytes.ts')
      expect(loaded.allocateBytes).toBe(loaded.allocatePortable)
    } finally {
      vi.unstubAllGlobals()
    }
  }
})
