import { describe, expect, it } from 'vitest'
import { createQuery } from '../../src/store/database.ts'
import { createStore } from '../../src/store/index.ts'
import { errorOf } from '../kit/error-of.ts'

/** A database whose first statements fail with these codes. */
function failing(codes: readonly unknown[]) {
  const asked: unknown[] = []
  const query = async (text: string, values: unknown[] = []) => {
    asked.push([text, [...values]])
    values.push('what a driver does to them')
    const code = codes[asked.length - 1]
    if (code !== undefined) throw Object.assign(new Error(`failed with ${code}`), code === null ? {} : { code })
    return { rows: [{ n: 1 }] }
  }
  return { query, asked }
}

describe('a statement', () => {
  it.each(['40001', '40P01'])(
    'is run again where the database gave it up for the sake of another: %s',
    async (code) => {
      const { query, asked } = failing(Array(9).fill(code))
      expect(await createQuery(query)('SELECT $1', [5])).toEqual([{ n: 1 }])
      expect(asked).toEqual(Array(10).fill(['SELECT $1', [5]]))
    },
  )

  it('is given up after ten times', async () => {
    const { query, asked } = failing(Array(11).fill('40001'))
    await expect(createQuery(query)('SELECT 1')).rejects.toThrow('failed with 40001')
    expect(asked).toHaveLength(10)
  })

  it.each(['23505', null])('is run once where it failed for itself: %s', async (code) => {
    const { query, asked } = failing([code])
    await expect(createQuery(query)('SELECT 1')).rejects.toThrow(`failed with ${code}`)
    expect(asked).toHaveLength(1)
  })

  it('is run once where what was thrown is no error', async () => {
    const query = createQuery(() => Promise.reject('no'))
    await expect(query('SELECT 1')).rejects.toBe('no')
  })
})

describe('a store', () => {
  it.each<[unknown, string]>([
    [{}, 'query is undefined: use a function'],
    [
      { query: async () => ({ rows: [] }), pool: null },
      'options has no field "pool": use query, signingKeys, hostCacheMs, hostCacheSize, now',
    ],
    ['postgres://', 'options is a string: use an object'],
  ])('of %j is refused', (options, message) => {
    expect(errorOf(() => createStore(options as never))).toEqual({ code: 'invalid-options', message })
  })
})
