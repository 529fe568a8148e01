import { describe, expect, it } from 'vitest'
import { createRandomRefs, randomRef } from '../../src/tracking-url/random-ref.ts'

describe('a random reference', () => {
  it('is 22 characters that a stored reference may have, and never the same', () => {
    const refs = Array.from({ length: 10_000 }, () => randomRef())
    expect(refs.filter((ref) => !/^[A-Za-z0-9_-]{22}$/.test(ref))).toEqual([])
    expect(new Set(refs).size).toBe(10_000)
  })

  it('is base64url of 16 bytes of its own, each of which is used once', () => {
    const fills: Buffer[] = []
    let next = 0
    const nextRef = createRandomRefs((bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = (next++ * 7919) >> 3
      fills.push(Buffer.from(bytes))
    })
    expect(fills).toEqual([])
    const refs = Array.from({ length: 129 }, () => nextRef())
    expect(fills.map(({ length }) => length)).toEqual([1024, 1024, 1024])
    const random = Buffer.concat(fills)
    expect(refs).toEqual(refs.map((_, index) => random.subarray(index * 16, index * 16 + 16).toString('base64url')))
  })

  it('spreads over all bits', () => {
    const counts = new Array<number>(128).fill(0)
    for (let i = 0; i < 4000; i++) {
      const bytes = Buffer.from(randomRef(), 'base64url')
      for (let bit = 0; bit < 128; bit++) counts[bit]! += (bytes[bit >> 3]! >> (bit & 7)) & 1
    }
    // Six standard deviations: one run in some millions fails by chance.
    expect(counts.filter((count) => Math.abs(count - 2000) > 190)).toEqual([])
  })
})
