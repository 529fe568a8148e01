import { PGlite } from '@electric-sql/pglite'
import { afterAll, expect, it } from 'vitest'
import { acceptOnly, keepKey } from '../../src/cli/kept-key.ts'

const database = await PGlite.create()
afterAll(() => database.close())
const keep = () => keepKey({ query: (text, values) => database.query(text, values) })

it('the first start makes a key, later ones accept it, and it is kept nowhere in the clear', async () => {
  // Processes that start at once make one between them.
  const starts = await Promise.all([keep(), keep(), keep()])
  const [key, ...more] = starts.flatMap(({ fresh }) => (fresh === null ? [] : [fresh]))
  expect([key, more]).toEqual([expect.stringMatching(/^mt_[\w-]{43}$/), []])
  const later = await keep()
  expect(later.fresh).toBeNull()
  for (const { accepts } of [...starts, later]) {
    expect([accepts(key!), accepts(`${key}x`), accepts(key!.slice(0, -1)), accepts('')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  }
  const { rows } = await database.query('SELECT name, value FROM mailtrace_serve')
  expect(rows).toEqual([{ name: 'api-key-sha256', value: expect.stringMatching(/^[0-9a-f]{64}$/) }])
})

it('a key of one’s own is the only one', () => {
  const accepts = acceptOnly('a key of one’s own')
  expect([accepts('a key of one’s own'), accepts('another'), accepts('')]).toEqual([true, false, false])
})
