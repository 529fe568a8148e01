import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, reasonOf } from './failure.ts'
import { lockFolder, lockName } from './folder-lock.ts'
import { importPeer } from './import-peer.ts'
import type { KeptDatabase } from './kept-database.ts'
import { note } from './terminal.ts'

/** What is in the folder: the database, and the one that a first start is making. */
const [database, unfinished] = ['database', 'database.unfinished']
const ours = [database, unfinished, lockName]

/**
 * A PostgreSQL within this process (PGlite), whose files are in a folder. The first start takes seconds, and what it has made when it
 * is killed cannot be opened: it makes the database under another name, which it then takes away in one step.
 */
export async function openPglite(folder: string): Promise<KeptDatabase> {
  const { PGlite } = await importPeer('--data', '@electric-sql/pglite', () => import('@electric-sql/pglite'))
  const isNew = await prepareFolder(folder)
  const unlock = await lockFolder(folder)
  try {
    const path = join(folder, database)
    await rm(join(folder, unfinished), { recursive: true, force: true })
    if (isNew) {
      note(`making a database in ${folder}, which takes some seconds`)
      const made = await PGlite.create({ dataDir: join(folder, unfinished) })
      await made.close()
      await rename(join(folder, unfinished), path)
    }
    const opened = await PGlite.create({ dataDir: path })
    return {
      query: (text, values) => opened.query(text, values),
      close: async () => {
        await opened.close()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw failure(`cannot open the database in ${JSON.stringify(folder)}${await madeBy(folder)}: ${reasonOf(error)}`)
  }
}

/** Addresses of people and keys will be in it. */
async function prepareFolder(folder: string): Promise<boolean> {
  const quoted = JSON.stringify(folder)
  const names = await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => readdir(folder))
    .catch((error: NodeJS.ErrnoException) => {
      throw failure(`cannot use ${quoted}: ${error.code === 'EEXIST' ? 'it is a file' : reasonOf(error)}`)
    })
  const isNew = !names.includes(database)
  if (isNew && names.some((name) => !ours.includes(name.replace(/^lock\..*/, lockName)))) {
    throw failure(`${quoted} has other files in it: name a folder that is empty, or not there yet`)
  }
  return isNew
}

/** A database is opened only by the major version of PostgreSQL that made it. */
async function madeBy(folder: string): Promise<string> {
  const version = await readFile(join(folder, database, 'PG_VERSION'), 'utf8').catch(() => '')
  return version === '' ? '' : ` (made by PostgreSQL ${version.trim()})`
}
