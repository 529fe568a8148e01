// Events a second into each engine, and what the pages of a console ask of a store with a million of them.

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { Database } from '../src/store/database.ts'
import { createStore, type Store, type TrackingEvent } from '../src/store/index.ts'
import { recountSql } from '../src/store/rebuild.ts'
import { startPostgres } from '../test/servers/postgresql.ts'
import type { BenchArguments } from './arguments.ts'
import { median } from './clock.ts'
import type { GoalId, Measurement } from './goals.ts'
import type { Report } from './report.ts'

interface Engine {
  readonly name: 'PostgreSQL' | 'PGlite'
  readonly goal: GoalId
  /** Of PGlite there is one connection. */
  readonly writers: number
  /** Events that the pages are measured over: PGlite takes minutes for a million. */
  readonly stored: number
  readonly open: () => Promise<{ readonly query: Database['query']; readonly close: () => Promise<void> }>
}

const engines: readonly Engine[] = [
  {
    name: 'PostgreSQL',
    goal: 'store-postgresql',
    writers: 2,
    stored: 1_000_000,
    open: async () => {
      // As it is installed: with fsync, and the memory that Debian gives it.
      const server = await startPostgres([])
      const pool = new pg.Pool({ connectionString: server.url, max: 4 })
      const close = async (): Promise<void> => {
        await pool.end()
        await server.stop()
      }
      return { query: (text, values) => pool.query(text, values), close }
    },
  },
  {
    name: 'PGlite',
    goal: 'store-pglite',
    writers: 1,
    stored: 250_000,
    open: async () => {
      const database = await PGlite.create()
      return { query: (text, values) => database.query(text, values), close: () => database.close() }
    },
  },
]

const batchSize = 1000
const written = 60_000
const startedAt = Date.UTC(2026, 10, 1)
const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0'

export async function run({ rounds, only }: BenchArguments): Promise<Report> {
  const asked = engines.filter(
    ({ name }) => only.length === 0 || only.some((part) => name.toLowerCase().includes(part)),
  )
  const measurements: Measurement[] = []
  const ingest: string[][] = []
  const pages: string[][] = []
  for (const { name, goal, writers, stored, open } of asked) {
    const { query, close } = await open()
    try {
      const store = createStore({ query })
      await store.migrate()
      const rate = await measureIngest(store, writers)
      measurements.push({ goal, at: `${writers} at once`, value: rate })
      ingest.push([name, `${Math.round(rate)}`])
      const recountMs = await fill(query, stored)
      ingest.push([`${name}, ${stored} counted anew`, `${Math.round(stored / (recountMs / 1000))}`])
      for (const [page, ms] of await measurePages(store, rounds ?? 15)) {
        measurements.push({ goal: 'store-page', at: `${name}, ${stored}, ${page}`, value: ms })
        pages.push([`${name}, ${stored} events: ${page}`, ms.toFixed(1)])
      }
    } finally {
      await close()
    }
  }
  return {
    tables: [
      { title: 'Events a second', columns: ['', 'a second'], rows: ingest },
      { title: 'Pages, ms', columns: ['', 'ms'], rows: pages },
    ],
    measurements,
    notes: [
      `${written} events, in batches of ${batchSize}, of messages that were saved before: a third clicks, three events a message`,
      'the server is on the same machine: its work and that of the process share the cores',
    ],
    data: { ingest, pages },
  }
}

const refOf = (message: number): string => `message-${message}-k3v9x2`

function eventAt(at: number): TrackingEvent {
  const fields = {
    id: `event-${at}-8f3kq0zm1x`,
    messageRef: refOf((at * 7919) % (written / 3)),
    campaignRef: null,
    domain: 'example.com',
    host: 'links.example.com',
    time: startedAt + at * 1000,
    issuedAt: startedAt,
    mode: 'full',
    userAgent,
    clientAddress: '203.0.113.0',
    signals: [],
  } as const
  if (at % 3 > 0) return { type: 'open', pixel: 'end', ...fields }
  return {
    type: 'click',
    part: 'html',
    index: at % 5,
    destination: `https://example.com/articles/${at % 5}`,
    ...fields,
  }
}

async function measureIngest(store: Store, writers: number): Promise<number> {
  for (let first = 0; first < written / 3; first += 1000) {
    await store.saveMessages(
      Array.from({ length: 1000 }, (_, at) => ({
        outcome: {
          messageRef: refOf(first + at),
          activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
          links: [0, 1, 2, 3, 4].map((index) => ({
            kind: 'tracked',
            index,
            destination: `https://example.com/${index}`,
          })),
          issuedAt: startedAt,
        },
        details: { domain: 'example.com', campaign: `campaign-${at % 20}`, recipient: `${first + at}@example.org` },
      })),
    )
  }
  const events = Array.from({ length: written }, (_, at) => eventAt(at))
  let next = 0
  const write = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + batchSize)
      next += batchSize
      await store.write(batch)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: writers }, write))
  return written / ((performance.now() - start) / 1000)
}

/** The rest, by statements of its own; gives how long it took to count all numbers from scratch. */
async function fill(query: Database['query'], stored: number): Promise<number> {
  const messages = (stored - written) / 4
  await query(
    `INSERT INTO mailtrace_campaigns (domain, campaign, created_at)
     SELECT 'example.com', 'filled-' || n, $1::bigint + n FROM generate_series(0, 199) n`,
    [startedAt],
  )
  await query(
    `INSERT INTO mailtrace_messages (domain, message_ref, campaign, recipient, sent_at, issued_at, listed_at, open_mode, click_mode, saved, events)
     SELECT 'example.com', 'filled-' || n, 'filled-' || n % 200, n || '@example.org', $1::bigint + n, $1::bigint, $1::bigint + n, 'full', 'full', true, 4
     FROM generate_series(1, $2::integer) n`,
    [startedAt, messages],
  )
  await query(
    `INSERT INTO mailtrace_events (domain, message_ref, id, campaign, type, mode, host, time, issued_at, user_agent, signals, part, link_index, destination, pixel, actor, reasons, block)
     SELECT 'example.com', 'filled-' || n % $2::integer + 1, 'filled-' || n, 'filled-' || (n % $2::integer + 1) % 200,
       CASE WHEN n % 3 = 0 THEN 'click' ELSE 'open' END, 'full', 'links.example.com', $1::bigint + n * 1000::bigint, $1::bigint, $3, '{}',
       CASE WHEN n % 3 = 0 THEN 'html' END, CASE WHEN n % 3 = 0 THEN n % 5 END, CASE WHEN n % 3 = 0 THEN 'https://example.com/articles' END,
       CASE WHEN n % 3 > 0 THEN 'end' END, CASE n % 4 WHEN 0 THEN 'machine' WHEN 1 THEN 'proxy' ELSE 'person' END, '{}', 0
     FROM generate_series(1, $4::integer) n`,
    [startedAt, messages, userAgent, stored - written],
  )
  const start = performance.now()
  await query(recountSql)
  const ms = performance.now() - start
  await query('ANALYZE')
  return ms
}

async function measurePages(store: Store, rounds: number): Promise<[string, number][]> {
  const pages: [string, () => Promise<unknown>][] = [
    ['campaigns', () => store.campaigns({ limit: 50 })],
    [
      'one campaign, with its messages',
      async () => [
        await store.campaign({ campaign: 'filled-7' }),
        await store.messages({ campaign: 'filled-7', limit: 50 }),
      ],
    ],
    ['messages', () => store.messages({ limit: 50 })],
    ['one message', () => store.message({ messageRef: 'filled-77' })],
    ['the newest events', () => store.events({ order: 'newest', limit: 50 })],
    ['events of a campaign', () => store.events({ campaign: 'filled-7', limit: 50 })],
  ]
  const measured: [string, number][] = []
  for (const [name, ask] of pages) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      await ask()
      times.push(performance.now() - start)
    }
    measured.push([name, median(times)])
  }
  return measured
}
