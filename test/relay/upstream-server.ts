// An upstream that does what a test says, step by step. It keeps what it was sent as bytes, and takes CRLF.CRLF alone for an end.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { cert, key } from './certificate.ts'

/** What becomes of a command: an answer, nothing at all, the end of the connection, or 354 and no more reading. */
export type Step = string | 'hang' | 'close' | 'deaf'

export interface Script {
  /** `greeting`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `message` (after the dot), `RSET`; by command line where it is given whole. */
  readonly steps?: Readonly<Record<string, Step | ((line: string) => Step | undefined)>>
  /** Default: what servers have */
  readonly extensions?: readonly string[]
  readonly isImplicitTls?: boolean
}

export interface Transaction {
  readonly mail: string
  readonly rcpt: readonly string[]
  /** With its dots undone. */
  readonly message: string
}

export interface UpstreamServer {
  readonly port: number
  /** What was answered 250 after its dot. */
  readonly taken: Transaction[]
  /** Every command, and the bytes of every message with its dots. */
  readonly lines: string[]
  /** What was received of a message that did not reach its end, too. */
  readonly raw: () => string
  readonly connections: () => number
  /** Those that are open now. */
  readonly open: () => number
  readonly sayToAll: (line: string) => void
}

const answers: Record<string, string> = {
  greeting: '220 upstream.test ESMTP',
  STARTTLS: '220 go ahead',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 go on',
  message: '250 2.0.0 Ok: queued as 4711',
  RSET: '250 2.0.0 Ok',
  QUIT: '221 2.0.0 Bye',
}

export async function startUpstream(script: Script = {}): Promise<UpstreamServer> {
  const { steps = {}, extensions = ['PIPELINING', 'SIZE 100000000', '8BITMIME', 'SMTPUTF8'] } = script
  const taken: Transaction[] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  let count = 0
  let raw = ''

  const stepFor = (command: string, line: string): Step => {
    const step = steps[command]
    const chosen = typeof step === 'function' ? step(line) : step
    if (chosen !== undefined) return chosen
    if (command === 'EHLO')
      return ['upstream.test', ...extensions]
        .map((each, at) => `250${at < extensions.length ? '-' : ' '}${each}`)
        .join('\r\n')
    return answers[command] ?? '500 5.5.2 what?'
  }

  function serve(plain: Socket): void {
    let socket = plain
    let rest = ''
    let isData = false
    let current = { mail: '', rcpt: [] as string[] }
    function act(command: string, line: string): Step {
      const step = stepFor(command, line)
      if (step === 'close') socket.destroy()
      else if (step === 'deaf') socket.pause().write('354 go on\r\n')
      else if (step !== 'hang') socket.write(`${step}\r\n`)
      return step
    }
    function readLine(line: string): void {
      lines.push(line)
      const command = line.slice(0, 4).toUpperCase() === 'STAR' ? 'STARTTLS' : line.slice(0, 4).toUpperCase()
      const step = act(command, line)
      const isTaken = step.startsWith('2')
      if (command === 'MAIL' && isTaken) current = { mail: line, rcpt: [] }
      if (command === 'RCPT' && isTaken) current.rcpt.push(line)
      if (command === 'RSET') current = { mail: '', rcpt: [] }
      if (command === 'DATA' && step.startsWith('3')) isData = true
      if (command === 'QUIT') socket.end()
      if (command === 'STARTTLS' && isTaken) upgrade()
    }
    function upgrade(): void {
      socket.removeAllListeners('data')
      socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext({ key, cert }) })
      socket.on('data', read).on('error', () => {})
    }
    function read(chunk: Buffer): void {
      rest += chunk.toString('latin1')
      for (;;) {
        if (isData) {
          const end = rest.startsWith('.\r\n') ? 0 : rest.indexOf('\r\n.\r\n') + 2
          if (end === 1) {
            raw = rest
            if (stepFor('block', '') === 'close') socket.destroy()
            return
          }
          raw = rest.slice(0, end)
          rest = rest.slice(end + 3)
          isData = false
          const step = act('message', raw)
          if (step.startsWith('2')) taken.push({ ...current, message: raw.replace(/^\./gm, '') })
          current = { mail: '', rcpt: [] }
        } else {
          const end = rest.indexOf('\r\n')
          if (end === -1) return
          const line = rest.slice(0, end)
          rest = rest.slice(end + 2)
          readLine(line)
        }
      }
    }
    socket.on('data', read).on('error', () => {})
    act('greeting', '')
  }

  const server = createServer((plain) => {
    count++
    sockets.add(plain)
    plain.on('close', () => sockets.delete(plain)).on('error', () => {})
    if (!script.isImplicitTls) return serve(plain)
    const socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext({ key, cert }) })
    socket.on('error', () => {})
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    lines,
    raw: () => raw,
    connections: () => count,
    open: () => sockets.size,
    sayToAll: (line) => {
      for (const socket of sockets) socket.write(`${line}\r\n`)
    },
  }
}
