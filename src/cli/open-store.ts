import { createStore, type Database, type Store, type StoreOptions } from '../store/index.ts'
import { failure, reasonOf } from './failure.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgres } from './open-postgres.ts'

export interface OpenedStore extends Database {
  /** Its tables are there. */
  readonly store: Store
  /** Lets go of the folder, or of the server. */
  readonly close: () => Promise<void>
}

/** Where `--data DIR` or `--database URL` leads. */
export type Place = { readonly data: string } | { readonly database: string }

/** Opens the store, made if it is not there, with its tables brought up to date. */
export async function openStore(place: Place, options: Omit<StoreOptions, 'query'> = {}): Promise<OpenedStore> {
  const { query, close } = await ('data' in place ? openPglite(place.data) : openPostgres(place.database))
  try {
    const store = createStore({ ...options, query })
    await store.migrate()
    return { store, query, close }
  } catch (error) {
    await close()
    throw failure(`cannot prepare the database: ${reasonOf(error)}`)
  }
}
