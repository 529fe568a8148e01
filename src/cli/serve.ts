// Owns `mailtrace serve`: a tracking server for this machine. An event must be in the events file before its request is
// answered, and a server that is told to stop must answer what it has begun.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { DomainConfig } from '../config/domain-config.ts'
import { trackingRecords } from '../domains/index.ts'
import { instrumentEmail } from '../index.ts'
import { createNodeListener, createReceiver, type ReceiverFailure, type TrackingEvent } from '../receiver/index.ts'
import { noPositionals, parseArguments, parsePort } from './arguments.ts'
import { openEventLog } from './event-log.ts'
import { formatEvent } from './event-text.ts'
import { failure, reasonOf } from './failure.ts'
import { readDomain, readHtml } from './input.ts'
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
  const server = createServer((incoming, outgoing) => {
    if (!answerLocally(incoming, outgoing, domain, values.page)) receive(incoming, outgoing)
  })
  const sockets = trackSockets(server)
  const unanswered = trackAnswers(server)
  await listen(server, port)
  const { port: actual } = server.address() as AddressInfo
  const hosts = trackingRecords(domain).map(({ name }) => name)
  note(`listening on http://${address}:${actual} for ${hosts.join(', ') || 'no host'}`)
  if (values.page !== undefined) note(`${values.page} is shown at http://localhost:${actual}/`)

  await toldToStop()
  await drain(server, sockets, unanswered)
}

function createLocalReceiver(domain: DomainConfig, eventsFile: string | undefined): RequestListener {
  const append = eventsFile === undefined ? undefined : openEventLog(eventsFile)
  const receiver = createReceiver({
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
  return createNodeListener(receiver)
}

/** What is not for readers of mail: the health check, and the email as a page. `false` for all else. */
function answerLocally(
  { url, headers }: IncomingMessage,
  outgoing: ServerResponse,
  domain: DomainConfig,
  page: string | undefined,
): boolean {
  const path = url?.replace(/\?.*/s, '')
  if (path === '/healthz') {
    outgoing.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n')
    return true
  }
  if (
    page === undefined ||
    path !== '/' ||
    trackingRecords(domain).some(({ name }) => name === headers.host?.toLowerCase())
  )
    return false
  void showPage(page, domain, outgoing)
  return true
}

/** Read and instrumented anew each time: an edit shows at once, and each look counts as a message of its own. */
async function showPage(page: string, domain: DomainConfig, outgoing: ServerResponse): Promise<void> {
  try {
    const { html } = instrumentEmail(await readHtml(page), domain)
    outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html)
  } catch (error) {
    outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`${reasonOf(error)}\n`)
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

/** The requests that have not been answered. From the moment that the server is told to stop, answers close their connection. */
function trackAnswers(server: Server): ReadonlySet<ServerResponse> {
  const unanswered = new Set<ServerResponse>()
  server.prependListener('request', (_, outgoing: ServerResponse) => {
    if (!server.listening) outgoing.setHeader('connection', 'close')
    unanswered.add(outgoing)
    outgoing.once('close', () => unanswered.delete(outgoing))
  })
  return unanswered
}

/** Takes no new connection and ends when every request that has begun is answered. */
async function drain(
  server: Server,
  sockets: ReadonlySet<Socket>,
  unanswered: ReadonlySet<ServerResponse>,
): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), drainTimeoutMs)
  const closed = once(server, 'close')
  server.close()
  // One that is kept alive would keep the server from ending.
  for (const outgoing of unanswered) if (!outgoing.headersSent) outgoing.setHeader('connection', 'close')
  // Browsers open connections ahead of need, and Node counts one that was never used as busy, not as idle. What has
  // arrived by now is read first.
  await setImmediate()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  await closed
  clearTimeout(timer)
}
