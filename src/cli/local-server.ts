import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { failure, reasonOf } from './failure.ts'
import { settleOutput } from './terminal.ts'

/** This machine only. To serve readers, put a proxy with TLS in front. */
const address = '127.0.0.1'

/** In ms: how long a client may take to finish a request after the server was told to stop. */
const drainTimeoutMs = 5_000

/** In ms: how long the end waits for a reader of the output that has stalled. */
const outputTimeoutMs = 1_000

/** A server of this machine that ends as it should. */
export interface LocalServer {
  readonly port: number
  /** Takes no new connection and ends when every request that has begun is answered. */
  readonly drain: () => Promise<void>
}

/** @param port 0: one that is free */
export async function listenLocally(server: Server, port: number): Promise<LocalServer> {
  const sockets = trackSockets(server)
  const unanswered = trackAnswers(server)
  server.listen(port, address)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw failure(`port ${port} is in use: choose another with --port`)
    throw failure(`cannot listen on port ${port}: ${reasonOf(error)}`)
  }
  return { port: (server.address() as AddressInfo).port, drain: () => drain(server, sockets, unanswered) }
}

/** Says so if a port is taken, before anything is done that takes long. */
export async function checkPort(port: number): Promise<void> {
  const { drain } = await listenLocally(createServer(), port)
  await drain()
}

/** Waits for the first signal. A second one, of either kind, ends the program at once, as signals do. */
export async function toldToStop(): Promise<void> {
  const listening = new AbortController()
  const { signal } = listening
  await Promise.race([once(process, 'SIGTERM', { signal }), once(process, 'SIGINT', { signal })])
  listening.abort()
}

/** Ends the program, once what it printed is out: a reader that has stalled must not keep it from ending. */
export async function endProgram(): Promise<never> {
  await settleOutput(outputTimeoutMs)
  process.exit()
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

async function drain(
  server: Server,
  sockets: ReadonlySet<Socket>,
  unanswered: ReadonlySet<ServerResponse>,
): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), drainTimeoutMs)
  const closed = once(server, 'close')
  server.close()
  // A connection that is kept alive would keep the server from ending.
  for (const outgoing of unanswered) if (!outgoing.headersSent) outgoing.setHeader('connection', 'close')
  // Browsers open connections ahead of need, and Node counts one that was never used as busy, not as idle. Requests that have
  // arrived by now are read first.
  await setImmediate()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  await closed
  clearTimeout(timer)
}
