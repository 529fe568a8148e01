// The store's tests run on both engines: on PGlite in `npm test`; on PostgreSQL, which test/servers starts and names by
// STORE_DATABASE, in `npm run test:servers`.

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { createStore } from '../../src/store/index.ts'

export interface Engine extends Database {
  readonly name: 'PGlite' | 'PostgreSQL'
  /** Of a PostgreSQL server; for processes of their own. */
  readonly url: string | null
  /** Nothing is in it any more, no table either. */
  readonly reset: () => Promise<void>
  /** All tables are there, and empty. */
  readonly empty: () => Promise<void>
}

/** One for each file: starting PGlite takes seconds. */
export async function startEngine(): Promise<Engine> {
  const server = process.env.STORE_DATABASE
  const engine = server === undefined ? await startPGlite() : await createDatabase(server)
  afterAll(engine.close)
  const reset = async (): Promise<void> => {
    await engine.query('DROP SCHEMA public CASCADE')
    await engine.query('CREATE SCHEMA public')
  }
  const empty = async (): Promise<void> => {
    await createStore({ query: engine.query }).migrate()
    const { rows } = await engine.query(`
      SELECT string_agg(tablename, ', ') AS names FROM pg_tables
      WHERE schemaname = 'public' AND tablename LIKE 'mailtrace\\_%' AND tablename <> 'mailtrace_migrations'`)
    await engine.query(`TRUNCATE ${rows[0]!.names}`)
  }
  return { ...engine, reset, empty }
}

type Started = Omit<Engine, 'reset' | 'empty'> & { readonly close: () => Promise<void> }

async function startPGlite(): Promise<Started> {
  const database = await PGlite.create()
  const query: Database['query'] = (text, values) => database.query(text, values)
  return { name: 'PGlite', url: null, query, close: () => database.close() }
}

async function createDatabase(server: string): Promise<Started> {
  const name = `store_${process.pid}_${Math.random().toString(36).slice(2)}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  const url = server.replace(/\/postgres$/, `/${name}`)
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  const query: Database['query'] = (text, values) => pool.query(text, values)
  return { name: 'PostgreSQL', url, query, close: () => pool.end() }
}
