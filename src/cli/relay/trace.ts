import { readHeaderFields } from './message-header.ts'

/** Who handed a message over, as the Received field says it. */
export interface Hop {
  readonly helo: string
  readonly address: string
  /** `ESMTPSA` and the like (RFC 3848). */
  readonly protocol: string
  readonly id: string
}

/** A message that passed so many servers goes in a circle (RFC 5321 section 6.3). */
const mostHops = 100

export const isLooping = (message: Buffer): boolean =>
  readHeaderFields(message).filter(({ name }) => name === 'received').length >= mostHops

/** The trace field of RFC 5321 section 4.4, in front. It names no recipient: it stands in everybody's copy. */
export function addTrace(message: Uint8Array, { helo, address, protocol, id }: Hop, name: string, now: number): Buffer {
  // Whatever a client calls itself: it could begin a comment, or end one.
  const from = helo.replace(/[^\w.:[\]-]/g, '?')
  const literal = address.includes(':') ? `IPv6:${address}` : address
  const date = new Date(now).toUTCString().replace('GMT', '+0000')
  const field = `Received: from ${from} ([${literal}])\r\n\tby ${name} (mailtrace) with ${protocol} id ${id};\r\n\t${date}\r\n`
  return Buffer.concat([Buffer.from(field), message])
}
