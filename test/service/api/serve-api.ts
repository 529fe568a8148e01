// The API as its users meet it: Resend's own client, over a real server, in front of a real database, with a real DNS.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { getRequestListener } from '@hono/node-server'
import { Resend } from 'resend'
import { afterAll } from 'vitest'
import { nodeResolver } from '../../../src/dns/index.ts'
import { createService, type ServiceOptions } from '../../../src/service/index.ts'
import { createStore, type Store } from '../../../src/store/index.ts'
import { startDnsServer, type ZoneRecord } from '../../kit/dns-server.ts'

export const keys = {
  acme: 'a-key-of-acme-that-writes',
  reader: 'a-key-of-acme-that-reads',
  other: 'a-key-of-another-customer',
}
export const cnameTarget = 'k7w2q.tracking.example.net'
/** In ms: a busy machine is slow, and no name of these tests is silent. */
const dnsTimeoutMs = 10_000

export interface Api {
  /** `http://127.0.0.1:PORT/api` */
  readonly url: string
  readonly store: Store
  readonly zone: ZoneRecord[]
  /** In ms since the epoch; a test lets time pass. */
  readonly clock: { now: number }
  readonly errors: unknown[]
  readonly client: (key?: string) => Resend
  /** A bare request with a key, and what came back. */
  readonly ask: (path: string, init?: RequestInit & { readonly key?: string | null }) => Promise<Answer>
  readonly service: (request: Request) => Promise<Response>
  /** What the service was made with. */
  readonly options: ServiceOptions
  readonly database: PGlite
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at in JSON
  readonly json: any
}

/** One for each file: starting PGlite takes seconds. */
export async function serveApi(): Promise<Api> {
  const zone: ZoneRecord[] = []
  const dns = await startDnsServer(zone)
  const database = await PGlite.create()
  const store = createStore({ query: (text, values) => database.query(text, values) })
  await store.migrate()
  const clock = { now: Date.UTC(2026, 10, 24) }
  const errors: unknown[] = []
  const options: ServiceOptions = {
    store,
    resolver: nodeResolver({ servers: [dns.address], timeoutMs: dnsTimeoutMs }),
    certificateAuthority: { names: ['letsencrypt.org'] },
    cnameTarget,
    apiKeys: [
      { key: keys.acme, owner: 'acme', access: 'write' },
      { key: keys.reader, owner: 'acme', access: 'read' },
      { key: keys.other, owner: 'other', access: 'write' },
    ],
    requestsPerMinute: 1_000_000,
    onError: (error) => errors.push(error),
    now: () => clock.now,
  }
  const service = createService(options)
  const server = createServer(getRequestListener((request) => service(request)))
  const port = await listen(server)
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([dns.close(), database.close()])
  })
  const url = `http://127.0.0.1:${port}/api`
  return {
    url,
    store,
    zone,
    clock,
    errors,
    service,
    options,
    database,
    client: (key = keys.acme) => new Resend(key, { baseUrl: url }),
    ask: async (path, { key = keys.acme, ...init } = {}) => {
      const headers = new Headers(init.headers)
      if (key !== null) headers.set('authorization', `Bearer ${key}`)
      if (typeof init.body === 'string' && !headers.has('content-type')) headers.set('content-type', 'application/json')
      const response = await fetch(`${url}${path}`, { ...init, headers })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
