import { failure } from '../failure.ts'

/** Where the relay listens, and what it speaks there. */
export interface Listen {
  /** `smtps`: TLS from the first byte on. `lmtp`: each recipient has an answer of its own (RFC 2033). */
  readonly scheme: 'smtp' | 'smtps' | 'lmtp'
  /** A name or an address, an IPv6 address without brackets. */
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
}

/** `[ SCHEME "://" ] HOST ":" PORT`, an IPv6 address in brackets. */
const pattern =
  /^(?:(?<scheme>smtps?|lmtp):\/\/)?(?:\[(?<address>[0-9a-f:.]+)\]|(?<name>[a-z0-9.-]+)):(?<port>\d{1,5})$/i

export function readListen(text: string): Listen {
  const { scheme = 'smtp', address, name, port } = pattern.exec(text)?.groups ?? {}
  const host = address ?? name
  if (host === undefined || !(Number(port) <= 65_535)) {
    throw failure(`--listen is ${JSON.stringify(text)}: use HOST:PORT, or smtps:// or lmtp:// before it`, 2)
  }
  return { scheme: scheme.toLowerCase() as Listen['scheme'], host: host.toLowerCase(), port: Number(port) }
}

export const listenText = ({ scheme, host }: Listen, port: number): string =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
