// One side of an SMTP session, as bytes on a socket: no library that would put right what it says.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { onTestFinished } from 'vitest'

export interface Dialog {
  /** The next answer, its lines joined by a space, each without its code but the first. */
  readonly hear: () => Promise<string>
  /** Says a line and hears the answer to it. */
  readonly say: (line: string) => Promise<string>
  /** Sends bytes as they are. */
  readonly send: (bytes: string | Uint8Array) => void
  /** From the next byte on. */
  readonly startTls: () => Promise<void>
  /** As a client does that crashes. */
  readonly leave: () => void
  /** Settles when the other side has closed. */
  readonly closed: Promise<void>
}

export async function openDialog(port: number, { tls = false, host = '127.0.0.1' } = {}): Promise<Dialog> {
  let socket: Socket = tls ? connectTls({ port, host, rejectUnauthorized: false }) : connect(port, host)
  let text = ''
  let isOver = false
  let wake = (): void => {}
  const listen = (): void => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      isOver = true
      wake()
    })
  }
  listen()
  onTestFinished(() => void socket.destroy())
  await once(socket, tls ? 'secureConnect' : 'connect')
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))

  async function hear(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(text)
      if (whole) {
        text = text.slice(whole[0].length)
        return whole[0]
          .trimEnd()
          .replace(/\r?\n\d{3}[ -]?/g, ' ')
          .replace(/^(\d{3})-/, '$1 ')
      }
      if (isOver) return 'closed'
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    hear,
    say: (line) => {
      socket.write(`${line}\r\n`)
      return hear()
    },
    send: (bytes) => void socket.write(bytes),
    startTls: async () => {
      socket.removeAllListeners('data')
      socket = connectTls({ socket, rejectUnauthorized: false })
      listen()
      await once(socket, 'secureConnect')
    },
    leave: () => void socket.destroy(),
    closed,
  }
}
