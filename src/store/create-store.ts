import type { SigningKey } from '../config/domain-config.ts'
import { createQuery, type Database } from './database.ts'
import type { EventsPart } from './events.ts'
import type { MessagesPart } from './messages.ts'
import { migrate } from './migrate.ts'
import type { NumbersPart } from './numbers.ts'
import type { DomainStore } from './stored-domain.ts'

export interface StoreOptions {
  /** `(text, values) => pool.query(text, values)`, of `pg`'s pool or of PGlite. */
  readonly query: Database['query']
  /** The keys of a sending domain, where they are kept outside. Default: with its configuration */
  readonly signingKeys?: ((name: string) => readonly SigningKey[] | Promise<readonly SigningKey[]>) | undefined
}

export interface Store extends EventsPart, MessagesPart, NumbersPart, DomainStore {
  /** Makes the tables, or brings them up to date. Call it at each start: it may run in several processes at once. */
  readonly migrate: () => Promise<void>
}

/**
 * Events, messages and numbers in PostgreSQL: embedded (PGlite) or a server.
 *
 * @example
 * import { PGlite } from '@electric-sql/pglite'
 * import { createStore } from 'mailtrace/store'
 *
 * const database = await PGlite.create()
 * const store = createStore({ query: (text, values) => database.query(text, values) })
 * await store.migrate()
 */
export function createStore(options: StoreOptions): Store {
  const query = createQuery(options.query)
  return { migrate: () => migrate(query) } as Store
}
