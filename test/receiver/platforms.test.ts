import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { createAdaptorServer } from '@hono/node-server'
import { build } from 'esbuild'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBatchingSink, createReceiver, type Receiver, type TrackingEvent } from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, openUrl } from './fixtures.ts'
import { blockUnder } from './guide.ts'
import { ask, askRaw } from './sockets.ts'

const clickPath = new URL(clickUrl()).pathname
const openPath = new URL(openUrl()).pathname
const root = fileURLToPath(new URL('../..', import.meta.url))

// The receiver of each program: its events go to standard output, one a line.
const receiverOfGuide = `
import { createReceiver } from 'mailtrace/receiver'
const receiver = createReceiver({
  domains: ${JSON.stringify(domain)},
  onEvent: (event) => console.log(JSON.stringify(event)),
  onMiss: () => {},
})
`

/** The program of the guide below a heading, as it stands there but for its receiver and its port. */
async function startProgram(heading: string) {
  const probe = createSocket().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  // Below node_modules, so that the frameworks, which stay outside of the bundle, are found.
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'mailtrace-mount-'))
  const outfile = join(folder, 'program.mjs')
  const contents = blockUnder(heading)
    .replace(/^declare const receiver: Receiver$/m, receiverOfGuide)
    .replace(/\b8080\b/, `${port}`)
  await build({
    stdin: { contents, loader: 'ts', resolveDir: root },
    alias: { 'mailtrace/receiver': join(root, 'src/receiver/index.ts') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'silent',
  })
  const child: ChildProcess = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] })
  const events: TrackingEvent[] = []
  createInterface(child.stdout!).on('line', (line) => events.push(JSON.parse(line)))
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await ask(port, '/.well-known/mailtrace').catch(() => null)
    if (answer?.status === 204) return { port, events, stop }
    await wait(50)
  }
  await stop()
  throw new Error(`the program under ${heading} does not serve`)
}

describe.each(['node:http', 'Express', 'Fastify', 'Hono'])('the guide mounts the receiver in %s, which', (heading) => {
  let port: number
  let events: TrackingEvent[]
  let stop = async (): Promise<void> => {}

  beforeAll(async () => {
    ;({ port, events, stop } = await startProgram(heading))
  })
  afterAll(() => stop())

  it('sends a click on, and records it', async () => {
    const { status, headers } = await ask(port, clickPath, { headers: { 'user-agent': 'Reader/1' } })
    expect([status, headers.location, headers['cache-control']]).toEqual([302, destination, 'no-store'])
    await vi.waitFor(() => expect(events.splice(0)).toMatchObject([{ type: 'click', userAgent: 'Reader/1' }]))
  })

  it('answers an open with 43 bytes', async () => {
    const { status, headers, body } = await ask(port, openPath)
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
    ['GET', '/favicon.ico', 404],
  ])('answers %s %.40s with %i', async (method, path, status) => {
    const { headers, ...answer } = await ask(port, path, { method })
    expect([answer.status, headers['cache-control'], headers['x-powered-by']]).toEqual([
      status,
      'no-store',
      heading === 'Express' ? 'Express' : undefined,
    ])
  })

  it('does not know another Host', async () => {
    expect((await ask(port, clickPath, { host: 'links.other.example' })).status).toBe(404)
  })

  // As no client of good manners would write them: whatever stands in between makes of them, nobody is sent anywhere.
  it.each([
    ['no Host', `GET ${clickPath} HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['two Hosts', `GET ${clickPath} HTTP/1.1\r\nHost: x\r\nHost: links.example.com\r\nConnection: close\r\n\r\n`],
    ['a Host with a path', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com/x\r\nConnection: close\r\n\r\n`],
    ['a Host that is a click', `GET /x HTTP/1.1\r\nHost: links.example.com${clickPath}?\r\nConnection: close\r\n\r\n`],
    ['a Host with a user', `GET ${clickPath} HTTP/1.1\r\nHost: links.example.com@x\r\nConnection: close\r\n\r\n`],
    ['a whole URL of another host', `GET http://x${clickPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
  ])('answers a request with %s, but not with a redirect', async (_, text) => {
    const answer = await askRaw(port, text)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer.toLowerCase()).not.toContain('location')
  })
})

describe("Node's http server", () => {
  it('drains what it has answered when it shuts down as the guide says', async () => {
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
