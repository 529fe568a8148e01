import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { createAdaptorServer } from '@hono/node-server'
import { build } from 'esbuild'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBatchingSink, createReceiver, type Receiver, type TrackingEvent } from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, openUrl } from './fixtures.ts'

const clickPath = new URL(clickUrl()).pathname
const openPath = new URL(openUrl()).pathname

describe("Node's http server, by @hono/node-server", () => {
  const events: TrackingEvent[] = []
  const receiver = createReceiver({
    domains: domain,
    onEvent: (event) => events.push(event),
    clientAddress: (_, context) => (context as { incoming: IncomingMessage }).incoming.socket.remoteAddress ?? null,
  })
  let server: Server
  let port: number

  beforeAll(async () => {
    server = createAdaptorServer({ fetch: receiver }) as Server
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => void server.close())

  async function ask(path: string, { method = 'GET', host = 'links.example.com' } = {}) {
    const sent = httpRequest({ port, path, method, headers: { host } })
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const chunks: Uint8Array[] = []
    for await (const chunk of response) chunks.push(chunk)
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
  }

  it('sends a click on, and records whose it was', async () => {
    const { status, headers } = await ask(clickPath)
    expect([status, headers.location, headers['cache-control']]).toEqual([302, destination, 'no-store'])
    await vi.waitFor(() => expect(events.splice(0)).toMatchObject([{ type: 'click', clientAddress: '127.0.0.1' }]))
  })

  it('answers an open with 43 bytes', async () => {
    const { status, headers, body } = await ask(openPath)
    expect([status, headers['content-type'], body.length]).toEqual([200, 'image/gif', 43])
    await vi.waitFor(() => expect(events.splice(0)).toMatchObject([{ type: 'open' }]))
  })

  it.each([
    ['GET', `${clickPath}A`, 404],
    ['GET', `${openPath.slice(0, -5)}.gif`, 404],
    ['GET', '/.well-known/mailtrace', 204],
    ['HEAD', clickPath, 302],
    ['HEAD', openPath, 200],
    ['POST', clickPath, 405],
    ['GET', `/c/../c/./${clickPath.slice(3)}`, 302],
    ['GET', `//c/${clickPath.slice(3)}`, 404],
    ['GET', '/%', 404],
  ])('%s %.40s: %i', async (method, path, status) => {
    expect((await ask(path, { method })).status).toBe(status)
  })

  it('drains what it has answered when it shuts down as the README says', async () => {
    const written: TrackingEvent[] = []
    const lost: unknown[] = []
    const sink = createBatchingSink({
      write: (batch) => written.push(...batch),
      onError: (failure) => lost.push(failure),
    })
    const draining = createReceiver({
      domains: domain,
      onEvent: sink.add,
      shouldRecord: () => new Promise((resolve) => setTimeout(() => resolve(true), 100)),
    })
    const stopping = createAdaptorServer({ fetch: draining }) as Server
    stopping.listen(0, '127.0.0.1')
    await once(stopping, 'listening')
    const sent = httpRequest({
      port: (stopping.address() as AddressInfo).port,
      path: clickPath,
      headers: { host: 'links.example.com' },
    })
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    expect([response.statusCode, written]).toEqual([302, []])

    await new Promise<void>((resolve) =>
      stopping.close(async () => {
        await draining.drain()
        await sink.close()
        resolve()
      }),
    )
    expect([written.length, lost]).toEqual([1, []])
  })

  it('does not know another Host', async () => {
    expect((await ask(clickPath, { host: 'links.other.example' })).status).toBe(404)
  })

  // As no client of good manners would write them: whatever the adapter makes of them, nobody is sent anywhere.
  it.each([
    ['no Host', `GET ${clickPath} HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['two Hosts', `GET ${clickPath} HTTP/1.1\r\nHost: x\r\nHost: links.example.com\r\nConnection: close\r\n\r\n`],
    ['a Host with a path', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com/x\r\nConnection: close\r\n\r\n`],
    ['a Host with a user', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com@x\r\nConnection: close\r\n\r\n`],
    ['a whole URL of another host', `GET http://x${clickPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
  ])('answers a request with %s, but not with a redirect', async (_, text) => {
    const socket = connect(port, '127.0.0.1')
    socket.end(text)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer.toLowerCase()).not.toContain('location')
  })
})

describe('a Hono app', () => {
  it('serves the receiver beside its own routes', async () => {
    const events: TrackingEvent[] = []
    const receiver = createReceiver({ domains: domain, onEvent: (event) => events.push(event) })
    const app = new Hono()
    app.get('/healthz', (context) => context.text('ok'))
    app.mount('/', receiver)

    expect((await app.request('https://links.example.com/healthz')).status).toBe(200)
    expect((await app.request(clickUrl())).headers.get('location')).toBe(destination)
    expect((await app.request(`${clickUrl()}A`)).status).toBe(404)
    await vi.waitFor(() => expect(events).toMatchObject([{ type: 'click' }]))
  })

  it('hands its waitUntil to a receiver that is mounted', async () => {
    const events: TrackingEvent[] = []
    const receiver = createReceiver({ domains: domain, onEvent: (event) => events.push(event) })
    const app = new Hono()
    app.mount('/', receiver)
    const kept: Promise<unknown>[] = []
    const platform = {
      waitUntil: (promise: Promise<unknown>) => void kept.push(promise),
      passThroughOnException() {},
      props: {},
    }

    expect((await app.fetch(new Request(clickUrl()), { BINDING: 1 }, platform)).status).toBe(302)
    expect(kept).toHaveLength(1)
    await Promise.all(kept)
    expect(events).toMatchObject([{ type: 'click' }])
  })

  it('passes waitUntil on where the platform has one', async () => {
    const events: TrackingEvent[] = []
    const receiver = createReceiver({ domains: domain, onEvent: (event) => events.push(event) })
    const app = new Hono()
    app.all('*', (context) => receiver(context.req.raw, context.executionCtx))
    const kept: Promise<unknown>[] = []
    const platform = {
      waitUntil: (promise: Promise<unknown>) => void kept.push(promise),
      passThroughOnException() {},
      props: {},
    }

    expect((await app.fetch(new Request(openUrl()), {}, platform)).status).toBe(200)
    await Promise.all(kept)
    expect(events).toMatchObject([{ type: 'open' }])
  })
})

// As the platforms call what a module exports, without a function between. The types are those of their own packages.
describe('a receiver that is itself the fetch handler', () => {
  interface ExecutionContext {
    waitUntil(promise: Promise<unknown>): void
    passThroughOnException(): void
  }
  const kept: Promise<unknown>[] = []
  const context: ExecutionContext = {
    waitUntil: (promise) => void kept.push(promise),
    passThroughOnException() {},
  }
  const seen: (readonly unknown[])[] = []
  const events: TrackingEvent[] = []
  const fetch = createReceiver({
    domains: domain,
    onEvent: (event) => events.push(event),
    clientAddress: (_, ...contexts) => {
      seen.push(contexts)
      return null
    },
  })
  const bindings = { DATABASE: {} }
  const netlify = { ip: '203.0.113.9', ...context }

  it.each<[string, () => Promise<Response>, unknown[]]>([
    [
      'Cloudflare Workers: request, env, ctx',
      () => {
        const worker: { fetch(request: Request, env: unknown, ctx: ExecutionContext): Promise<Response> } = { fetch }
        return worker.fetch(new Request(clickUrl()), bindings, context)
      },
      [bindings, context],
    ],
    [
      'Netlify and Vercel at the edge: request, context',
      () => {
        const handle: (request: Request, context: ExecutionContext & { ip: string }) => Promise<Response> = fetch
        return handle(new Request(clickUrl()), netlify)
      },
      [netlify],
    ],
  ])('%s', async (_, call, contexts) => {
    expect((await call()).status).toBe(302)
    expect(kept).toHaveLength(1)
    await Promise.all(kept.splice(0))
    expect(events.splice(0)).toMatchObject([{ type: 'click' }])
    expect(seen.splice(0)).toEqual([contexts])
  })

  it.each<[string, () => Promise<Response>]>([
    [
      'Bun: request, server',
      () => {
        const serve: { fetch(this: unknown, request: Request, server: { requestIP(): null }): Promise<Response> } = {
          fetch,
        }
        return serve.fetch(new Request(clickUrl()), { requestIP: () => null })
      },
    ],
    [
      'Deno: request, info',
      () => {
        const handle: (request: Request, info: { remoteAddr: object }) => Promise<Response> = fetch
        return handle(new Request(clickUrl()), { remoteAddr: {} })
      },
    ],
    ['nothing beside the request', () => fetch(new Request(clickUrl()))],
  ])('%s, without a waitUntil', async (_, call) => {
    expect((await call()).status).toBe(302)
    await fetch.drain()
    expect(events.splice(0)).toMatchObject([{ type: 'click' }])
    expect(kept).toEqual([])
  })
})

describe('a platform with web globals only', () => {
  // What the Minimum Common Web API lists, as far as a receiver can need it: no process, no Buffer, no require.
  const webGlobals = {
    URL,
    Request,
    Response,
    Headers,
    TextEncoder,
    TextDecoder,
    atob,
    btoa,
    crypto,
    setTimeout,
    clearTimeout,
    console,
  }
  let bundle: string

  beforeAll(async () => {
    const entryPoints = [fileURLToPath(new URL('../../src/receiver/index.ts', import.meta.url))]
    // `neutral` knows no Node module: a static import of one would end the build here.
    const built = await build({
      entryPoints,
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'mailtrace',
      platform: 'neutral',
      mainFields: ['module', 'main'],
    })
    bundle = built.outputFiles[0]!.text
  })

  it('serves clicks, opens and bad tokens', async () => {
    const context = createContext({ ...webGlobals })
    const { createReceiver: create } = runInContext(`${bundle}; mailtrace`, context) as {
      createReceiver: typeof createReceiver
    }
    const events: TrackingEvent[] = []
    const receiver: Receiver = create({ domains: async () => domain, onEvent: (event) => events.push(event) })

    const click = await receiver(new Request(clickUrl()))
    expect([click.status, click.headers.get('location')]).toEqual([302, destination])
    const open = await receiver(new Request(openUrl()))
    expect([open.status, (await open.arrayBuffer()).byteLength]).toEqual([200, 43])
    expect((await receiver(new Request(`${clickUrl()}A`))).status).toBe(404)
    await vi.waitFor(() => expect(events.map((event) => event.type)).toEqual(['click', 'open']))
  })

  it('has no Node module in its bundle', () => {
    expect(bundle).not.toMatch(/require\(|from ?["']node:/)
  })
})
