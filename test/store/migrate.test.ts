import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/index.ts'
import { migrationBlock } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/migrations.ts'
import { startEngine } from './engines.ts'

const engine = await startEngine()
beforeEach(engine.reset)

/** Every column and index, as text. */
async function schema(): Promise<string[]> {
  const { rows } = await engine.query(`
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY 1`)
  return rows.map(({ line }) => line as string)
}

const numbersRun = async () =>
  (await engine.query('SELECT number FROM mailtrace_migrations ORDER BY number')).rows.map(({ number }) => number)

describe(`migrate, on ${engine.name}`, () => {
  it('makes the tables, all of them with the prefix', async () => {
    await createStore({ query: engine.query }).migrate()
    const { rows } = await engine.query(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'mailtrace\\_%'`,
    )
    expect(rows).toEqual([])
    expect(await numbersRun()).toEqual(migrations.map(({ number }) => number))
  })

  it('changes nothing when it runs again', async () => {
    const store = createStore({ query: engine.query })
    await store.migrate()
    const before = await schema()
    await store.migrate()
    expect(await schema()).toEqual(before)
    expect(before.length).toBeGreaterThan(40)
  })

  it('runs once where several run it at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => createStore({ query: engine.query }).migrate()))
    expect(await numbersRun()).toEqual(migrations.map(({ number }) => number))
  })
})

describe('from each schema there was', () => {
  it.each(migrations.map(({ number }) => number))('from %d migrations on, all is kept', async (number) => {
    const former = migrations.slice(0, number)
    for (const migration of former) await engine.query(migrationBlock(migration.number, migration.sql))
    await engine.query(`INSERT INTO mailtrace_owners VALUES ('example.com', 'acme')`)
    await engine.query(`
      INSERT INTO mailtrace_campaigns (domain, campaign, created_at, subject) VALUES ('example.com', 'c1', 5, 'News')`)
    const store = createStore({ query: engine.query })
    await store.migrate()
    expect(await numbersRun()).toEqual(migrations.map((migration) => migration.number))
    expect((await store.campaigns({ owner: 'acme' })).items).toMatchObject([{ campaign: 'c1', subject: 'News' }])
    const upgraded = await schema()
    await engine.reset()
    await store.migrate()
    expect(await schema()).toEqual(upgraded)
  })

  it('a migration that fails leaves nothing behind, and is run again', async () => {
    await engine.query('CREATE TABLE mailtrace_events (mine text)')
    const store = createStore({ query: engine.query })
    await expect(store.migrate()).rejects.toThrow('relation "mailtrace_events" already exists')
    expect((await engine.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).rows).toEqual([
      { tablename: 'mailtrace_events' },
    ])
    await engine.query('DROP TABLE mailtrace_events')
    await store.migrate()
    expect(await numbersRun()).toEqual(migrations.map(({ number }) => number))
  })
})

describe('migrations', () => {
  it('are numbered without a gap, and named by their number', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, at) => at + 1))
    for (const { number, name } of migrations)
      expect(name).toMatch(new RegExp(`^${`${number}`.padStart(4, '0')}-[a-z-]+$`))
  })

  it.each(migrations)('$name can be read as a file of SQL (npm run api renews it)', async ({ name, sql }) => {
    await expect(sql.trimStart()).toMatchFileSnapshot(`../../src/store/migrations/${name}.sql`)
  })
})
