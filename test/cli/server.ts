// `mailtrace serve` and `mailtrace relay`, started, asked over real HTTP under any Host, told to stop.

import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { startProgram } from './program.ts'

export interface RunningServer {
  readonly child: ChildProcessWithoutNullStreams
  readonly port: number
  /** What the program has said up to now. */
  readonly said: { stdout: string; stderr: string }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export const startServer = (...args: string[]): Promise<RunningServer> =>
  startServing(['serve', '--port', '0', ...args], 'says ok', /localhost:(\d+)/)

export const startRelay = (...args: string[]): Promise<RunningServer> =>
  startServing(['relay', '--listen', '127.0.0.1:0', ...args], 'passing on', /listening on \w+:\/\/\S+:(\d+)/)

async function startServing(args: string[], ready: string, port: RegExp): Promise<RunningServer> {
  const child = startProgram(args)
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text))
  await until(() => said.stderr.includes(ready) || child.exitCode !== null)
  return { child, port: Number(port.exec(said.stderr)?.[1]), said }
}

export async function ask(
  port: number,
  path: string,
  { host = 'links.example.com', method = 'GET', agent }: { host?: string; method?: string; agent?: Agent } = {},
): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { host }, ...(agent && { agent }) }).end()
  const [incoming] = await once(outgoing, 'response')
  return { status: incoming.statusCode, headers: incoming.headers, body: await buffer(incoming) }
}

export async function stop({ child }: RunningServer, signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
  const closed = once(child, 'close')
  child.kill(signal)
  return (await closed)[0]
}

export async function until(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  for (let waits = 0; !condition(); waits++) {
    if (waits > timeoutMs / 10) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
