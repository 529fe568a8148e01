// The guide says what the tables say, and its SQL counts what `summarizeEngagement` counts.

import { PGlite } from '@electric-sql/pglite'
import sqlite from 'node-sqlite3-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EngagementEvent, judgeEvents, summarizeEngagement } from '../../src/engagement/index.ts'
import { numbers, rules } from '../../src/engagement/rules.ts'
import { readGuide } from '../kit/examples.ts'
import { click, hour, sentAt } from './events.ts'
import { eventsOf } from './simulation/measure.ts'
import { mixedTraffic } from './simulation/mixed-traffic.ts'

const guide = readGuide('src/engagement/README.md')
const sqlBlocks = [...guide.matchAll(/```sql\n(.*?)```/gs)].map(([, block]) => block!)

/** The rows of the table with this header, without the formatter's spaces. */
function tableWith(...header: string[]): string[][] {
  const lines = guide.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const start = lines.findIndex((cells) => cells.slice(1, -1).join() === header.join())
  const rows = lines.slice(start + 2)
  return rows
    .slice(
      0,
      rows.findIndex((cells) => cells.length === 1),
    )
    .map((cells) => cells.slice(1, -1))
}

describe('the guide', () => {
  it('lists every rule with its source', () => {
    const rows = Object.entries(rules).map(([name, rule]) => {
      const about = 'about' in rule ? ` (${rule.about})` : ''
      return [`\`${name}\``, `${rule.weight}${about}`, rule.what, rule.source]
    })
    expect(tableWith('reason', 'weight', 'what', 'source')).toEqual(rows)
  })

  it('lists every number with its range', () => {
    const rows = Object.entries(numbers).map(([name, { value, min, max, what, source }]) => [
      `\`${name}\``,
      `${value}`,
      `${min} to ${max}`,
      what,
      source,
    ])
    expect(tableWith('option', 'default', 'range', 'what', 'source')).toEqual(rows)
  })
})

type Row = Readonly<Record<string, unknown>>

/** Both take `$1`. */
interface Database {
  run(sql: string, values?: readonly (string | number | null)[]): Promise<Row[]>
  script(sql: string): Promise<void>
  close(): Promise<void>
}

async function openPostgres(): Promise<Database> {
  const db = await PGlite.create()
  return {
    run: async (sql, values) => (await db.query<Row>(sql, [...(values ?? [])])).rows,
    script: async (sql) => void (await db.exec(sql)),
    close: () => db.close(),
  }
}

async function openSqlite(): Promise<Database> {
  const db = new sqlite.Database()
  return {
    run: async (sql, values) =>
      db.all(sql, Object.fromEntries((values ?? []).map((value, index) => [`$${index + 1}`, value]))),
    script: async (sql) => db.exec(sql),
    close: async () => db.close(),
  }
}

const [schema, insertEvent, insertVerdict, actors, readers, links] = sqlBlocks

describe.each([
  ['PostgreSQL', openPostgres],
  ['SQLite', openSqlite],
] as const)('the numbers from a table in %s', (_, openDatabase) => {
  const messages = mixedTraffic(3, 60)
  const anonymous = [1, 2].map((index) => click(index, hour, { mode: 'anonymous', messageRef: null, userAgent: null }))
  const events: EngagementEvent[] = [...messages.flatMap(eventsOf), ...anonymous]
  const judged = judgeEvents(events, { sentAt, links: 9 })
  const [opens, clicks, either] = [50, 41, 60]
  const summary = summarizeEngagement(judged, { tracked: { opens, clicks, either } })

  let db: Database
  beforeAll(async () => {
    db = await openDatabase()
    await db.script(schema!)
    for (const [number] of messages.entries()) {
      const openMode = number < opens ? (number % 2 ? 'full' : 'identified') : number % 3 ? 'day' : null
      const clickMode = number >= messages.length - clicks ? 'full' : 'anonymous'
      await db.run('insert into messages values ($1, $2, $3, $4)', ['example.com', `a3-${number}`, openMode, clickMode])
    }
    const rows = events.map((event) => {
      const { id, type, mode, domain, messageRef, part = null, index = null, time } = event
      return [id, type, mode, domain, messageRef, part, index, time, JSON.stringify(event)]
    })
    // Delivered at least once, and judged again.
    for (const row of [...rows, ...rows.slice(0, 20)]) await db.run(insertEvent!, row)
    for (const { event } of judged.slice(0, 20)) await db.run(insertVerdict!, [event.id, 'person', ''])
    for (const { event, actor, reasons } of judged) await db.run(insertVerdict!, [event.id, actor, reasons.join(' ')])
    // PGlite starts in 2 to 4 s on an idle machine.
  }, 120_000)
  afterAll(() => db.close())

  it('are those of summarizeEngagement', async () => {
    const count = (
      actor: string,
      type: string,
      { total, unique, anonymous: unknown }: (typeof summary.people)['opens'],
    ) => ({
      actor,
      type,
      total,
      unique_messages: unique,
      anonymous: unknown,
    })
    const { people, machines, proxies } = summary
    expect((await db.run(actors!)).map(plain)).toEqual([
      count('machine', 'click', { ...machines.clicks, rate: null }),
      count('machine', 'open', { ...machines.opens, rate: null }),
      count('person', 'click', people.clicks),
      count('person', 'open', people.opens),
      count('proxy', 'open', { ...proxies.opens, rate: null }),
    ])
    expect(people.clicks.anonymous).toBe(2)
  })

  it('have readers, and what rates are over', async () => {
    expect((await db.run(readers!)).map(plain)).toEqual([
      { readers: summary.people.readers.unique, tracked_opens: opens, tracked_clicks: clicks, tracked_either: either },
    ])
  })

  it('go by link', async () => {
    expect((await db.run(links!)).map(plain)).toEqual(
      summary.links.map(({ part, index, people, machines }) => ({
        part,
        link_index: index,
        people: people.total,
        unique_messages: people.unique,
        machines: machines.total,
      })),
    )
  })

  it('can be judged again from what was stored', async () => {
    const stored = await db.run('select event from events')
    const again = judgeEvents(
      stored.map(({ event }) => JSON.parse(event as string) as EngagementEvent),
      { sentAt, links: 9 },
    )
    const verdicts = (list: typeof again) => new Map(list.map(({ event, ...verdict }) => [event.id, verdict]))
    expect(verdicts(again)).toEqual(verdicts(judged as typeof again))
  })
})

const plain = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  )
