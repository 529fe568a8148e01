// A console over a real store, visited as a browser without scripts would.

import { type CheerioAPI, load } from 'cheerio'
import { afterEach, expect } from 'vitest'
import type { DnsResolver } from '../../../src/dns/index.ts'
import { createService, type Identity, type Service, type ServiceOptions } from '../../../src/service/index.ts'
import { createStore, type Store } from '../../../src/store/index.ts'
import { type Engine, startEngine } from '../../store/engines.ts'

export const origin = 'http://console.example'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  readonly $: CheerioAPI
}

export interface Visitor {
  readonly service: Service
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Fills in a form and sends it: fields that are not given stay as the page has them. */
  submit(page: Answer, action: string, fields?: Record<string, string>): Promise<Answer>
  /** Follows where an answer leads. */
  follow(answer: Answer): Promise<Answer>
}

export interface Stage {
  readonly store: Store
  readonly engine: Engine
  /** What DNS says: names of CNAME records and where they point. */
  readonly zone: Map<string, string>
  /** What went wrong inside since the last call. A test that does not ask expects that nothing did. */
  takeFailures(): unknown[]
  /** In ms since the epoch. */
  now: number
  visit(identity?: Identity | null, options?: Partial<ServiceOptions>): Visitor
  reset(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const engine = await startEngine()
  const store = createStore({ query: engine.query })
  const zone = new Map<string, string>()
  let failures: unknown[] = []
  afterEach(() => expect(stage.takeFailures()).toEqual([]))
  const resolver: DnsResolver = {
    cname: async (name) => [zone.get(name) ?? []].flat(),
    addresses: async () => [],
    caa: async () => [],
  }
  const stage: Stage = {
    store,
    engine,
    zone,
    takeFailures() {
      const taken = failures
      failures = []
      return taken
    },
    now: Date.UTC(2026, 10, 24, 20),
    visit: (identity = { owner: 'default', access: 'write' }, options = {}) =>
      createVisitor(
        createService({
          store,
          resolver,
          cnameTarget: 'k7w2q.tracking.example.net',
          apiKeys: [],
          authorize: () => identity,
          onError: (error) => void failures.push(error),
          now: () => stage.now,
          ...options,
        }),
      ),
    async reset() {
      await engine.reset()
      await store.migrate()
      zone.clear()
      stage.now = Date.UTC(2026, 10, 24, 20)
    },
  }
  return stage
}

function createVisitor(service: Service): Visitor {
  const cookies = new Map<string, string>()

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await service(new Request(new URL(path, origin), { ...init, headers }))
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      cookies.set(name!, value!)
    }
    const html = await response.text()
    return { status: response.status, headers: response.headers, html, $: load(html) }
  }

  const visitor: Visitor = {
    service,
    get: (path, headers = {}) => send(path, { headers }),
    submit({ $ }, action, fields = {}) {
      const form = $(`form[action="${action}"]`)
      expect(form.length, `forms that lead to ${action}`).toBe(1)
      const body = new URLSearchParams(form.serializeArray().map(({ name, value }): [string, string] => [name, value]))
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      return send(action, {
        method: 'POST',
        body: body.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      })
    },
    follow(answer) {
      expect(answer.status).toBe(303)
      return visitor.get(answer.headers.get('location')!)
    },
  }
  return visitor
}

/** The text of the first element that fits, with its white space as a reader sees it. */
export const textOf = ({ $ }: Answer, selector: string): string =>
  $(selector).first().text().replace(/\s+/g, ' ').trim()
