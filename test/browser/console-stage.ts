// A console over a real store behind a real server, and a Chromium that may reach nothing else: whoever connects to another host
// is counted.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, expect } from 'vitest'
import { createService, createSignIn, type SignIn } from '../../src/service/index.ts'
import { createStore, type Store } from '../../src/store/index.ts'
import { startEngine } from '../store/engines.ts'
import { launchChromium } from './chromium.ts'

export interface ConsoleStage {
  readonly origin: string
  readonly store: Store
  readonly signIn: SignIn
  readonly browser: Browser
  /** What DNS says: names of CNAME records and where they point. */
  readonly zone: Map<string, string>
  /** In ms since the epoch. */
  now: number
  /** Hosts of others that were connected to since the last call. */
  takeConnections(): string[]
  /** A page of somebody who is signed in; whatever its policy forbids, or goes wrong in it, fails the test. */
  open(options?: BrowserContextOptions): Promise<Page>
  /** What a test has provoked, and the browser has rightly told of. */
  forgiveTroubles(...expected: RegExp[]): void
  reset(): Promise<void>
}

export async function openConsoleStage(): Promise<ConsoleStage> {
  const engine = await startEngine()
  const store = createStore({ query: engine.query })
  const zone = new Map<string, string>()
  const signIn = createSignIn()
  const failures: unknown[] = []
  const service = createService({
    store,
    resolver: {
      cname: async (name) => [zone.get(name) ?? []].flat(),
      addresses: async () => [],
      caa: async () => [],
    },
    cnameTarget: 'k7w2q.tracking.example.net',
    apiKeys: [],
    signIn,
    onError: (error) => void failures.push(error),
    now: () => stage.now,
  })
  const server = createAdaptorServer({ fetch: (request) => service(request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`

  let connections: string[] = []
  const world = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (hello) => {
      // The name of the host stands in the first message of TLS. Chromium has connections of its own, to other names.
      const [name] = /(?:[a-z]+\.)+example\b/.exec(hello.toString('latin1')) ?? []
      if (name !== undefined) connections.push(name)
      socket.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(world, 'listening')
  afterAll(() => void world.close())
  const browser = await launchChromium((world.address() as AddressInfo).port)
  afterAll(() => browser.close())

  const troubles: string[] = []
  afterEach(() => {
    expect(failures.splice(0)).toEqual([])
    expect(troubles.splice(0)).toEqual([])
  })

  const stage: ConsoleStage = {
    origin,
    store,
    signIn,
    browser,
    zone,
    now: Date.UTC(2026, 10, 24, 20),
    takeConnections: () => connections.splice(0),
    async open(options = {}) {
      const context = await browser.newContext({ baseURL: origin, ...options })
      const page = await context.newPage()
      watch(page, origin, troubles)
      await page.goto(signIn.link(origin))
      await page.waitForURL(`${origin}/`)
      return page
    },
    forgiveTroubles(...expected) {
      const others = troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)))
      troubles.splice(0, troubles.length, ...others)
    },
    async reset() {
      await engine.reset()
      await store.migrate()
      zone.clear()
      connections = []
    },
  }
  return stage
}

/** Collects what must not be: errors, what a policy has refused, requests to any other origin. */
function watch(page: Page, origin: string, troubles: string[]): void {
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', (popup) => troubles.push(`popup: ${popup.url()}`))
  page.on('console', (message) => {
    // A refused form is an answer with a status of its own, of which Chromium complains.
    const isAnswer = /status of 4(?:0[149]|22)/.test(message.text())
    if (message.type() === 'error' && !isAnswer) troubles.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) troubles.push(`request: ${url}`)
  })
}
