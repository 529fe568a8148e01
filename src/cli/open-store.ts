// Where `--data DIR` and `--database URL` lead. Neither driver is loaded before it is asked for.

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createStore, type Store, type StoreOptions } from '../store/index.ts'
import { failure, reasonOf } from './failure.ts'

export interface OpenedStore {
  /** Its tables are there. */
  readonly store: Store
  /** The database's own folder, or the server. */
  readonly close: () => Promise<void>
}

export type Place = { readonly data: string } | { readonly database: string }

type OpenOptions = Omit<StoreOptions, 'query'>

/** Opens the store, made if it is not there, with its tables brought up to date. */
export async function openStore(place: Place, options: OpenOptions = {}): Promise<OpenedStore> {
  const opened = 'data' in place ? await openData(place.data) : await openServer(place.database)
  try {
    const store = createStore({ ...options, query: opened.query })
    await store.migrate()
    return { store, close: opened.close }
  } catch (error) {
    await opened.close()
    throw 'data' in place ? failure(`cannot use ${JSON.stringify(place.data)}: ${reasonOf(error)}`) : unreachable(error)
  }
}

interface Opened {
  readonly query: StoreOptions['query']
  readonly close: () => Promise<void>
}

/** Within the folder, as that may be a mount of its own, which nothing can be renamed onto. */
const [databaseName, lockName, newPrefix] = ['database', 'in-use-by', 'new-']

async function openData(folder: string): Promise<Opened> {
  const { PGlite } = await import('@electric-sql/pglite').catch(() => {
    throw failure('--data needs PGlite: npm install @electric-sql/pglite')
  })
  const database = join(folder, databaseName)
  let unlock = async (): Promise<void> => {}
  try {
    await mkdir(folder, { recursive: true })
    unlock = await lock(folder)
    if (!(await isThere(database))) {
      await removeUnfinished(folder)
      // Whatever is killed in the middle of its first start, a half-made database is never found under the name.
      const unfinished = join(folder, `${newPrefix}${randomUUID()}`)
      const made = await PGlite.create(unfinished)
      await made.close()
      await rename(unfinished, database)
    }
    const pglite = await PGlite.create(database)
    const close = async (): Promise<void> => {
      await pglite.close()
      await unlock()
    }
    return { query: (text, values) => pglite.query(text, values), close }
  } catch (error) {
    await unlock()
    throw isTold(error) ? error : failure(`cannot open ${JSON.stringify(folder)}: ${reasonOf(error)}`)
  }
}

const isTold = (error: unknown): boolean => error instanceof Error && 'exitCode' in error

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(newPrefix)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Two processes in one folder would write over each other: PGlite does not hold them apart. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName)
  for (;;) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: 'wx' })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const pid = Number(await readFile(path, 'utf8').catch(() => ''))
    if (isRunning(pid)) {
      throw failure(
        `${JSON.stringify(folder)} is in use by process ${pid}: stop it, or let several processes share a PostgreSQL by --database. If that process is no mailtrace, delete ${JSON.stringify(path)}`,
      )
    }
    await rm(path, { force: true })
  }
}

/** A number of our own is one of before: within a container each start may get the same. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function openServer(url: string): Promise<Opened> {
  const { default: pg } = await import('pg').catch(() => {
    throw failure('--database needs pg: npm install pg')
  })
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw failure('--database is no URL of a PostgreSQL: use postgres://…')
  const pool = new pg.Pool({ connectionString: url })
  // A connection that breaks while nobody uses it: the pool makes another one, and whoever asks meanwhile is told.
  pool.on('error', () => {})
  return { query: (text, values) => pool.query(text, values), close: () => pool.end() }
}

/** Without the URL, which may carry a password. */
const unreachable = (error: unknown): Error => failure(`cannot use the database: ${reasonOf(error)}`)
