// Owns `mailtrace serve`: a tracking server for this machine. An event must be in the events file before its request is
// answered, and a server that is told to stop must answer what it has begun.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { DomainConfig } from '../config/domain-config.ts'
import { trackingRecords } from '../domains/index.ts'
import { instrumentEmail } from '../index.ts'
import { createReceiver, type ReceiverFailure, type TrackingEvent } from '../receiver/index.ts'
import { noPositionals, parseArguments, parsePort } from './arguments.ts'
import { openEventLog } from './event-log.ts'
import { formatEvent } from './event-text.ts'
import { failure, reasonOf } from './failure.ts'
import { readDomain, readHtml } from './input.ts'
import { createListener } from './node-listener.ts'
import { note } from './output.ts'

/** This machine only: whoever serves readers puts a proxy with TLS in front. */
const address = '127.0.0.1'

/** In ms: how long a client may take to finish a request after the server was told to stop. */
const drainTimeoutMs = 5_000

export async function serve(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments(args, {
    domain: { type: 'string' },
    port: { type: 'string' },
    events: { type: 'string' },
    page: { type: 'string' },
  })
  noPositionals(positionals)
  const port = parsePort(values.port ?? '8080')
  const domain = await readDomain(values.domain)
  if (!domain.signingKeys?.length) {
    throw failure(`${values.domain} has no signingKeys: stored references can only be served by the application`)
  }
  if (values.page !== undefined) await readHtml(values.page)

  const receive = createLocalReceiver(domain, values.events)
  const server: Server = createServer(
    createListener(
      (request) => answerLocally(request, domain, values.page) ?? receive(request),
      () => !server.listening,
    ),
  )
  const sockets = trackSockets(server)
  await listen(server, port)
  const { port: actual } = server.address() as AddressInfo
  const hosts = trackingRecords(domain).map(({ name }) => name)
  note(`listening on http://${address}:${actual} for ${hosts.join(', ') || 'no host'}`)
  if (values.page !== undefined) note(`${values.page} is shown at http://localhost:${actual}/`)

  await toldToStop()
  await drain(server, sockets)
}

function createLocalReceiver(
  domain: DomainConfig,
  eventsFile: string | undefined,
): (request: Request) => Promise<Response> {
  const append = eventsFile === undefined ? undefined : openEventLog(eventsFile)
  return createReceiver({
    domains: domain,
    awaitEvents: { timeoutMs: 10_000 },
    onEvent: (event: TrackingEvent) => {
      append?.(event)
      process.stdout.write(formatEvent(event))
    },
    // The events go along: where the file failed, this is the last place for them.
    onError: ({ source, cause, events }: ReceiverFailure) =>
      note([`${source} failed: ${reasonOf(cause)}`, ...events.map((event) => JSON.stringify(event))].join('\n')),
  })
}

/** What is not for readers of mail: the health check, and the email as a page. */
function answerLocally(
  request: Request,
  domain: DomainConfig,
  page: string | undefined,
): Response | Promise<Response> | undefined {
  const { pathname, host } = new URL(request.url)
  if (pathname === '/healthz') return new Response('ok\n', { headers: { 'content-type': 'text/plain' } })
  if (page === undefined || pathname !== '/' || trackingRecords(domain).some(({ name }) => name === host)) return
  return showPage(page, domain)
}

/** Read and instrumented anew each time: an edit shows at once, and each look counts as a message of its own. */
async function showPage(page: string, domain: DomainConfig): Promise<Response> {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
  try {
    return new Response(instrumentEmail(await readHtml(page), domain).html, { headers })
  } catch (error) {
    return new Response(`${reasonOf(error)}\n`, { status: 500, headers: { 'content-type': 'text/plain' } })
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, address)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw failure(`port ${port} is in use: choose another with --port`)
    throw failure(`cannot listen on port ${port}: ${reasonOf(error)}`)
  }
}

/** The first signal; a second one, of either kind, then does what signals do by themselves: it ends the program at once. */
async function toldToStop(): Promise<void> {
  const listening = new AbortController()
  const { signal } = listening
  await Promise.race([once(process, 'SIGTERM', { signal }), once(process, 'SIGINT', { signal })])
  listening.abort()
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/** Takes no new connection and ends when every request that has begun is answered. */
async function drain(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), drainTimeoutMs)
  const closed = once(server, 'close')
  server.close()
  // Browsers open connections ahead of need, and Node counts one that was never used as busy, not as idle. What has
  // arrived by now is read first.
  await setImmediate()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  await closed
  clearTimeout(timer)
}
