import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/index.ts'
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
