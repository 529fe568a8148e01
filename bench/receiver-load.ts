// Owns a load on a server on loopback: connections that each ask again as soon as they are answered, without pipelining.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Asks for these paths in turn; gives answers per second. Fails at the first answer that is no 302. */
export async function measureRate(
  port: number,
  requests: readonly string[],
  ms: number,
  connections = 32,
): Promise<number> {
  let answers = 0
  let isOver = false
  let failure: Error | null = null

  const sockets = Array.from({ length: connections }, (_, first) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let next = first
    let text = ''
    const ask = (): boolean => socket.write(requests[next++ % requests.length]!)
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('data', (chunk: string) => {
      text += chunk
      if (!isWhole(text)) return
      if (!text.startsWith('HTTP/1.1 302 ')) failure ??= new Error(`answered: ${text.slice(0, 60)}`)
      text = ''
      answers++
      if (isOver || failure) socket.destroy()
      else ask()
    })
    socket.on('error', (error) => {
      failure ??= error
    })
    return socket
  })
  const start = performance.now()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const rate = answers / ((performance.now() - start) / 1000)
  isOver = true
  await Promise.all(sockets.filter((socket) => !socket.closed).map((socket: Socket) => once(socket, 'close')))
  if (failure) throw failure
  return rate
}

/** Whether an answer without content is here to its end. */
function isWhole(text: string): boolean {
  const headersEnd = text.indexOf('\r\n\r\n')
  if (headersEnd === -1) return false
  return /\r\ntransfer-encoding: chunked/i.test(text.slice(0, headersEnd)) ? text.endsWith('\r\n0\r\n\r\n') : true
}
