import type { SMTPServerDataStream } from './smtp-server.ts'

/** `null` if the client left before its end. One that is too long is read to its end, and not kept. */
export function receiveMessage(stream: SMTPServerDataStream): Promise<Buffer | 'too long' | null> {
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      if (stream.sizeExceeded) chunks.length = 0
      else chunks.push(chunk)
    })
    stream.on('end', () => resolve(stream.sizeExceeded ? 'too long' : Buffer.concat(chunks)))
    stream.on('error', () => resolve(null))
    stream.on('close', () => resolve(null))
  })
}
