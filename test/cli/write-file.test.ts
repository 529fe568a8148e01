import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { writeFileAtomically } from '../../src/cli/write-file.ts'
import { repository } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-write-'))
const file = join(folder, 'domain.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => writeFileSync(file, 'old'))

it('puts a new file in the place of the old one', async () => {
  const before = statSync(file).ino
  await writeFileAtomically(file, 'new')
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(statSync(file).ino).not.toBe(before)
})

it('makes a file that was not there', async () => {
  await writeFileAtomically(join(folder, 'fresh'), 'new')
  expect(readFileSync(join(folder, 'fresh'), 'utf8')).toBe('new')
  rmSync(join(folder, 'fresh'))
})

it('is not stopped by what killed runs left behind, whatever their process ids', async () => {
  const left = [`.domain.json.${process.pid}.tmp`, '.mailtrace-0.tmp']
  for (const name of left) writeFileSync(join(folder, name), 'left')
  await writeFileAtomically(file, 'new')
  await writeFileAtomically(file, 'newer')
  expect(readFileSync(file, 'utf8')).toBe('newer')
  expect(readdirSync(folder).sort()).toEqual([...left, 'domain.json'].sort())
  for (const name of left) rmSync(join(folder, name))
})

it('fails in words, and leaves the old file', async () => {
  await expect(writeFileAtomically(join(file, 'x'), 'new')).rejects.toMatchObject({
    message: `cannot write ${JSON.stringify(join(file, 'x'))}: not a directory`,
    exitCode: 1,
  })
  expect(readFileSync(file, 'utf8')).toBe('old')
})

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  it('the owner and the mode stay', async () => {
    chownSync(file, 1234, 5678)
    chmodSync(file, 0o640)
    await writeFileAtomically(file, 'new')
    const { uid, gid, mode } = statSync(file)
    expect([readFileSync(file, 'utf8'), uid, gid, mode & 0o777]).toEqual(['new', 1234, 5678, 0o640])
  })

  it("somebody else's file is written to, as only root gives files away", () => {
    const script = join(folder, 'write.mjs')
    buildSync({
      stdin: {
        contents: `import { writeFileAtomically } from './src/cli/write-file.ts'; await writeFileAtomically(process.argv[2], 'new')`,
        resolveDir: repository,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
    })
    chownSync(file, 1234, 5678)
    chmodSync(file, 0o666)
    chmodSync(folder, 0o777)
    const before = statSync(file).ino
    const { status, stderr } = spawnSync(process.execPath, [script, file], {
      uid: 65_534,
      gid: 65_534,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { uid, gid, ino } = statSync(file)
    expect([readFileSync(file, 'utf8'), uid, gid, ino]).toEqual(['new', 1234, 5678, before])
    expect(readdirSync(folder).sort()).toEqual(['domain.json', 'write.mjs'])
  })
})
