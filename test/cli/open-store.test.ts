import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/cli/open-store.ts'
import { bundleProgram, run } from '../store/child.ts'
import { open } from '../store/fixtures.ts'

const workshop = mkdtempSync(join(tmpdir(), 'mailtrace-open-'))
afterAll(() => rmSync(workshop, { recursive: true, force: true }))

let made = 0
let folder: string
beforeEach(() => {
  folder = join(workshop, `${made++}`, 'data')
})

describe('--data', () => {
  it('makes the folder, and finds all again', async () => {
    const first = await openStore({ data: folder })
    await first.store.write([open('m1', { id: 'kept' })])
    await first.close()
    expect(readdirSync(folder)).toEqual(['database'])
    const second = await openStore({ data: folder })
    expect((await second.store.events()).items.map(({ event }) => event.id)).toEqual(['kept'])
    await second.close()
  })

  it('can be opened however often its first start was killed', async () => {
    const program = await bundleProgram('test/store/writer-child.ts')
    for (let round = 0; round < 6; round++) {
      const { child, firstLine, ended } = run(program, ['data', folder, `${round}`])
      // Somewhere in the start, which takes seconds, and at times in the midst of writing.
      await Promise.race([wait(Math.random() * 4000), firstLine])
      child.kill('SIGKILL')
      await ended
    }
    const { store, close } = await openStore({ data: folder })
    await store.write([open('m1', { id: 'last' })])
    expect((await store.events({ messageRef: 'm1', order: 'newest', limit: 1 })).items[0]!.event.id).toBe('last')
    await close()
    expect(readdirSync(folder)).toEqual(['database'])
  })
})

describe('--database', () => {
  it('says that nobody answers, and nothing of the URL', async () => {
    const url = 'postgres://me:secret@127.0.0.1:1/mail'
    await expect(openStore({ database: url })).rejects.toThrow(/^cannot use the database: (?!.*secret)/)
  })
})
