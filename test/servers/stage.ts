// A receiver on loopback, a server of another make in front of it, and a client that speaks TLS to that.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { request } from 'node:https'
import { connect, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Answer, type Asked, listen } from '../receiver/sockets.ts'

/** Gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-servers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return listen(server)
}

export async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const address = socket.address() as { port: number }
  socket.close()
  await once(socket, 'close')
  return address.port
}

/** Starts a program that serves until the test is over; settles when it takes connections. */
export async function start(binary: string, args: string[], env: NodeJS.ProcessEnv, port: number): Promise<void> {
  const child: ChildProcess = spawn(binary, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (said += chunk))
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) break
    if (await isListening(port)) return
    await wait(100)
  }
  throw new Error(`${binary} does not serve: ${said}`)
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

export interface AskedOverTls extends Asked {
  /** The authority that is trusted, PEM. */
  readonly ca: string | Buffer
}

/** Rejects where no certificate for the host is to be had, or one that the authority did not sign. */
export async function askOverTls(
  port: number,
  url: string,
  { ca, method = 'GET', headers }: AskedOverTls,
): Promise<Answer> {
  const { host, pathname } = new URL(url)
  const sent = request({
    host: '127.0.0.1',
    port,
    path: pathname,
    method,
    servername: host,
    headers: { host, ...headers },
    ca,
    agent: false,
  })
  sent.end()
  const [response] = await once(sent, 'response')
  const chunks: Uint8Array[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}
