import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { lockFolder } from '../../src/cli/folder-lock.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mailtrace-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A process that listens there is killed: its socket stays behind. */
async function leaveBehind(path: string): Promise<void> {
  const script = "require('net').createServer().listen(process.argv[1], () => console.log('listens'))"
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
}

const inUse = (folder: string): string => `${JSON.stringify(folder)} is in use: another mailtrace serve has it open`

it('a folder has one holder at a time, by whatever path it is named', async () => {
  const folder = makeFolder()
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(inUse(folder))
  await expect(lockFolder(`${folder}/../${folder.split('/').at(-1)}`)).rejects.toThrow('is in use')
  await unlock()
  await (await lockFolder(folder))()
  expect(readdirSync(folder)).toEqual([])
})

it('a holder that was killed holds it no longer', async () => {
  const folder = makeFolder()
  await leaveBehind(join(folder, 'lock'))
  expect(readdirSync(folder)).toEqual(['lock'])
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(inUse(folder))
  await unlock()
})

it('of many that find such a socket at once, one gets it', async () => {
  for (let round = 0; round < 10; round++) {
    const folder = makeFolder()
    await leaveBehind(join(folder, 'lock'))
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    const held = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const refused = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason.message] : []))
    expect([held.length, refused]).toEqual([1, Array(7).fill(inUse(folder))])
    await expect(lockFolder(folder)).rejects.toThrow(inUse(folder))
    await held[0]!()
    expect(readdirSync(folder)).toEqual([])
  }
})

it('a path that is longer than the name of a socket may be is locked all the same', async () => {
  const folder = join(makeFolder(), 'a'.repeat(100))
  mkdirSync(folder)
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(inUse(folder))
  await unlock()
  expect(readdirSync(folder)).toEqual([])
})

it('what is no socket is left alone', async () => {
  const folder = makeFolder()
  mkdirSync(join(folder, 'lock'))
  writeFileSync(join(folder, 'lock/kept'), '')
  await expect(lockFolder(join(folder, 'gone'))).rejects.toThrow('ENOENT')
  // A folder in its place is taken away as a socket would be, and cannot be unlinked.
  await expect(lockFolder(folder)).rejects.toThrow()
})
