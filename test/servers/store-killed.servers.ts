// kill -9 under load: what was answered is there, and what is counted is what is there.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { openStore, type Place } from '../../src/cli/open-store.ts'
import type { Store } from '../../src/store/index.ts'
import { bundleProgram, run } from '../store/child.ts'

const rounds = 20
const program = await bundleProgram('test/store/writer-child.ts')

async function emptyDatabase(): Promise<string> {
  const server = process.env.STORE_DATABASE!
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query('CREATE DATABASE killed')
  await admin.end()
  return server.replace(/\/postgres$/, '/killed')
}

async function idsIn(store: Store): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let after: string | undefined; ; ) {
    const { items, next } = await store.events({ after, limit: 1000 })
    for (const { event } of items) ids.add(event.id)
    if (next === null) return ids
    after = next
  }
}

/** How many processes write at once; PGlite has one. */
const cases: [string, number, () => Promise<Place>][] = [
  ['PostgreSQL', 2, async () => ({ database: await emptyDatabase() })],
  [
    'PGlite',
    1,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mailtrace-killed-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      return { data: join(folder, 'data') }
    },
  ],
]

it.each(cases)(
  '%s: every event that was answered is there after 20 kills',
  async (_, writers, makePlace) => {
    const place = await makePlace()
    const args = Object.entries(place)[0]!
    const answered: string[] = []
    for (let round = 0; round < rounds; round++) {
      const running = Array.from({ length: writers }, (_, writer) => run(program, [...args, `${round}.${writer}`]))
      await Promise.all(running.map(({ firstLine }) => firstLine))
      await wait(20 + Math.random() * 400)
      for (const { child } of running) child.kill('SIGKILL')
      await Promise.all(running.map(({ ended }) => ended))
      for (const { lines, errors } of running) {
        expect(lines.length, errors()).toBeGreaterThan(0)
        answered.push(...lines)
      }
    }
    const { store, close } = await openStore(place)
    const ids = await idsIn(store)
    expect(answered.filter((id) => !ids.has(id))).toEqual([])
    await store.write([])
    const counted = await store.campaign({ campaign: 'c1' })
    expect(counted!.summary.events).toBe(ids.size)
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(counted)
    await close()
  },
  300_000,
)
