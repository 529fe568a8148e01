// An address that is not understood counts as not public.

import { parseUrl } from '../url.ts'

/**
 * IPv4 ranges that are not globally reachable, or lead to such by a relay.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry (2026-11)
 */
const specialIpv4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
]

/**
 * Of IPv6, 2000::/3 is in use; these parts of it are not globally reachable, or carry an IPv4 address inside (6to4, Teredo).
 *
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry (2026-11)
 */
const specialIpv6: readonly (readonly [network: string, bits: number])[] = [
  ['2001:0:0:0:0:0:0:0', 23],
  ['2001:db8:0:0:0:0:0:0', 32],
  ['2002:0:0:0:0:0:0:0', 16],
  ['3fff:0:0:0:0:0:0:0', 20],
]

/** NAT64 carries an IPv4 address in its last 32 bits (RFC 6052). By it, networks without IPv4 reach all IPv4 hosts. */
const nat64 = '64:ff9b:0:0:0:0:0:0'

/** Whether an IPv4 or IPv6 address, as text, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const bits = address.includes(':') ? readIpv6(address) : readIpv4(address)
  if (bits === null) return false
  if (bits.length === 32) return !specialIpv4.some(([network, length]) => isWithin(bits, readIpv4(network), length))
  if (isWithin(bits, readIpv6(nat64), 96)) {
    const inner = bits.slice(96)
    return !specialIpv4.some(([network, length]) => isWithin(inner, readIpv4(network), length))
  }
  return bits.startsWith('001') && !specialIpv6.some(([network, length]) => isWithin(bits, readIpv6(network), length))
}

const isWithin = (bits: string, network: string | null, length: number): boolean =>
  network !== null && bits.startsWith(network.slice(0, length))

/** 32 characters of 0 and 1. */
function readIpv4(text: string): string | null {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (octets === undefined || octets.some((octet) => octet > 255)) return null
  return octets.map((octet) => octet.toString(2).padStart(8, '0')).join('')
}

/** 128 characters of 0 and 1. */
function readIpv6(text: string): string | null {
  const url = text.length <= 45 ? parseUrl(`http://[${text}]`) : null
  if (url === null) return null
  // URL writes the short form of RFC 5952, with hexadecimal words only.
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [before, after] = [words(head), words(tail ?? '')]
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('')
}
