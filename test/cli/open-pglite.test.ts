import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openPglite } from '../../src/cli/open-pglite.ts'

const home = mkdtempSync(join(realpathSync(tmpdir()), 'mailtrace-pglite-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const inHome = (name: string): string => join(home, name)

it('a folder is made at the first start, for nobody else to read, and has the same database at the next', async () => {
  const folder = inHome('new/er')
  const first = await openPglite(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readdirSync(folder).sort()).toEqual(['database', 'lock'])
  await first.query('CREATE TABLE t (a integer)')
  await first.query('INSERT INTO t VALUES ($1)', [7])
  await expect(openPglite(folder)).rejects.toThrow(
    `${JSON.stringify(folder)} is in use: another mailtrace serve has it open`,
  )
  await first.close()
  expect(readdirSync(folder)).toEqual(['database'])
  const second = await openPglite(folder)
  expect((await second.query('SELECT a FROM t')).rows).toEqual([{ a: 7 }])
  await second.close()
})

it('what a killed first start has left is made anew', async () => {
  const folder = inHome('killed')
  mkdirSync(join(folder, 'database.unfinished/base'), { recursive: true })
  writeFileSync(join(folder, 'database.unfinished/PG_VERSION'), '18\n')
  const database = await openPglite(folder)
  expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await database.close()
  expect(readdirSync(folder)).toEqual(['database'])
})

it('a folder of something else is left alone', async () => {
  const folder = inHome('other')
  mkdirSync(folder)
  writeFileSync(join(folder, 'photo.jpg'), '')
  await expect(openPglite(folder)).rejects.toThrow(
    `${JSON.stringify(folder)} has other files in it: name a folder that is empty, or not there yet`,
  )
  expect(readdirSync(folder)).toEqual(['photo.jpg'])
})

it('a file is no folder', async () => {
  writeFileSync(inHome('file'), '')
  await expect(openPglite(inHome('file'))).rejects.toThrow(`cannot use ${JSON.stringify(inHome('file'))}: it is a file`)
  await expect(openPglite(inHome('file/below'))).rejects.toThrow(
    `cannot use ${JSON.stringify(inHome('file/below'))}: not a directory`,
  )
})

it.skipIf(process.getuid?.() === 0)('nor is a place where nothing may be written', async () => {
  mkdirSync(inHome('closed'))
  chmodSync(inHome('closed'), 0o500)
  await expect(openPglite(inHome('closed/new'))).rejects.toThrow('permission denied')
})

it('a database of another version, and a broken one, are told of, and the folder is free again', async () => {
  const folder = inHome('broken')
  mkdirSync(join(folder, 'database'), { recursive: true })
  writeFileSync(join(folder, 'database/PG_VERSION'), '9.6\n')
  const message = `cannot open the database in ${JSON.stringify(folder)} (made by PostgreSQL 9.6): PGlite failed to initialize properly`
  await expect(openPglite(folder)).rejects.toThrow(message)
  await expect(openPglite(folder)).rejects.toThrow(message)
})
