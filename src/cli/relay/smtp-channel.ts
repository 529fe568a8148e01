import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { reasonOf } from '../failure.ts'
import { createReplyReader, downReply, type Reply } from './reply.ts'
import type { Timeouts } from './timeouts.ts'
import type { Upstream } from './upstream.ts'

/**
 * A connection on which one says something and the other answers. Nothing rejects: whatever goes wrong is an answer of 451, and the
 * connection is closed for good.
 */
export interface Channel {
  readonly isOpen: () => boolean
  /** What the other says unasked, as a greeting is. */
  readonly read: (timeoutMs: number) => Promise<Reply>
  readonly command: (line: string, timeoutMs: number) => Promise<Reply>
  /** A message, once 354 was said. */
  readonly send: (lines: Uint8Array, timeouts: Timeouts) => Promise<Reply>
  readonly startTls: (upstream: Upstream, timeoutMs: number) => Promise<Channel>
  readonly fail: (reason: string) => Reply
  readonly quit: () => void
}

/** In ms: how long the upstream has to close its side after QUIT. */
const quitMs = 5_000

export async function openChannel(upstream: Upstream, timeoutMs: number): Promise<Channel> {
  const { host, port, isImplicitTls } = upstream
  if (isImplicitTls)
    return await createChannel(connectTls({ port, ...tlsOptions(upstream) }), 'secureConnect', timeoutMs)
  return await createChannel(connectPlain({ host, port }), 'connect', timeoutMs)
}

const tlsOptions = ({ host, tls }: Upstream) => ({
  host,
  // An address is no name to ask for (RFC 6066 section 3); the certificate is compared with it all the same.
  ...(isIP(host) === 0 && { servername: host }),
  rejectUnauthorized: tls === 'verify',
})

async function createChannel(
  socket: Socket | TLSSocket,
  ready: 'connect' | 'secureConnect',
  timeoutMs: number,
): Promise<Channel> {
  const reader = createReplyReader()
  const unasked: Reply[] = []
  let waiting: ((reply: Reply) => void) | null = null
  let down: Reply | null = null

  function settle(reply: Reply): void {
    socket.setTimeout(0)
    const resolve = waiting
    waiting = null
    resolve?.(reply)
  }
  function fail(reason: string): Reply {
    down ??= downReply(reason)
    socket.destroy()
    settle(down)
    return down
  }
  function take(chunk: Buffer): void {
    const replies = reader.read(chunk.toString('latin1'))
    if (replies === null) return void fail('it does not speak SMTP')
    for (const reply of replies) {
      if (waiting) settle(reply)
      else unasked.push(reply)
    }
  }
  function answer(timeoutMs: number): Promise<Reply> {
    if (down) return Promise.resolve(down)
    const before = unasked.shift()
    if (before) return Promise.resolve(before)
    socket.setTimeout(timeoutMs)
    return new Promise((resolve) => {
      waiting = resolve
    })
  }
  /** What comes before anything was asked is the answer to nothing, such as 421 before the upstream leaves. */
  const isInStep = (): boolean => down === null && unasked.length === 0 && !reader.isWithin()

  function command(line: string, timeoutMs: number): Promise<Reply> {
    if (!isInStep()) return Promise.resolve(fail('it speaks unasked'))
    // Nothing that comes from a client or a file may become a command of its own.
    if (/[\r\n\0]/.test(line)) return Promise.resolve(fail('a command would have a line break'))
    socket.write(`${line}\r\n`)
    return answer(timeoutMs)
  }

  async function send(lines: Uint8Array, { blockMs, messageMs }: Timeouts): Promise<Reply> {
    if (!isInStep()) return fail('it speaks unasked')
    let isOut = false
    const reply = answer(blockMs)
    socket.write(lines, () => {
      isOut = true
      if (waiting) socket.setTimeout(messageMs)
    })
    const given = await reply
    // The rest of the message would be read as commands.
    if (!isOut) fail('it answered before it had the message')
    return given
  }

  async function startTls(upstream: Upstream, timeoutMs: number): Promise<Channel> {
    // Whoever stands between could put answers before TLS that would count after it (CVE-2021-38371 and others).
    if (!isInStep()) {
      fail('it speaks before TLS')
      return channel
    }
    for (const event of ['data', 'close', 'timeout']) socket.removeAllListeners(event)
    return await createChannel(connectTls({ socket, ...tlsOptions(upstream) }), 'secureConnect', timeoutMs)
  }

  const channel: Channel = {
    isOpen: isInStep,
    read: answer,
    command,
    send,
    startTls,
    fail,
    quit: () => {
      if (down) return
      down = downReply('the connection was ended')
      socket.setTimeout(quitMs)
      socket.end('QUIT\r\n')
    },
  }
  socket.setTimeout(timeoutMs)
  socket.on('data', take)
  socket.on('timeout', () => fail('it does not answer in time'))
  socket.on('error', (error) => fail(reasonOf(error)))
  socket.on('close', () => fail('it closed the connection'))
  // Before TLS is up and the certificate is known to be right, nothing may be written: it could be a password.
  await new Promise<void>((resolve) => {
    socket.once(ready, () => resolve()).once('close', () => resolve())
  })
  if (ready === 'connect') socket.setNoDelay(true)
  socket.setTimeout(0)
  return channel
}
