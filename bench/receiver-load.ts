import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Asks for these paths in turn, from connections that each ask again as soon as they are answered, without pipelining; gives
 * answers per second. Fails at the first answer that is no 302. It must cost far less than the server, or the load itself
 * would be measured. So answers are counted by their length, in one buffer for each connection, and no text is made of them.
 */
export async function measureRate(
  port: number,
  requests: readonly string[],
  ms: number,
  connections = 32,
): Promise<number> {
  const lines = requests.map((request) => Buffer.from(request))
  let answers = 0
  let isOver = false
  let failure: Error | null = null

  function open(first: number): Socket {
    let next = first
    /** In bytes, of an answer to each of the requests; 0 while it is not known. */
    let length = 0
    let received = 0
    const ask = (): boolean => socket.write(lines[next++ % lines.length]!)
    const take = (size: number, buffer: Uint8Array): boolean => {
      if (length === 0) length = lengthOf(buffer, size)
      if (received === 0 && !isRedirect(buffer)) failure ??= new Error('answered with no 302')
      received += size
      if (received < length) return true
      received = 0
      answers++
      if (isOver || failure) socket.destroy()
      else ask()
      return true
    }
    const onread = { buffer: Buffer.alloc(4096), callback: take }
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    socket.on('connect', ask)
    socket.on('error', (error) => {
      failure ??= error
    })
    return socket
  }

  const sockets = Array.from({ length: connections }, (_, first) => open(first))
  const start = performance.now()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const rate = answers / ((performance.now() - start) / 1000)
  isOver = true
  await Promise.all(sockets.filter((socket) => !socket.closed).map((socket) => once(socket, 'close')))
  if (failure) throw failure
  return rate
}

/** `HTTP/1.1 302`: the digits are what can differ. */
function isRedirect(buffer: Uint8Array): boolean {
  return buffer[9] === 0x33 && buffer[10] === 0x30 && buffer[11] === 0x32
}

/** The first answer comes in one piece, and all have the same headers and no content. */
function lengthOf(buffer: Uint8Array, size: number): number {
  const text = new TextDecoder('latin1').decode(buffer.subarray(0, size))
  if (!text.endsWith('\r\n\r\n')) throw new Error(`an answer that is none: ${text.slice(0, 60)}`)
  return size
}
