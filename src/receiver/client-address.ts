// It must never guess which header to trust: anybody can send any of them, and only the application knows which one its own
// proxy overwrites.

import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { parseUrl } from '../url.ts'
import type { RequestHead } from './request-head.ts'

/** A `clientAddress` hook. */
export type ReadAddress = (request: RequestHead) => string | null

/**
 * Reads the address from a header that your proxy **overwrites** with one address: `cf-connecting-ip` behind Cloudflare,
 * `fly-client-ip` on Fly, `x-real-ip` behind an nginx that sets it. Where no proxy does, readers choose their address.
 *
 * @throws {MailtraceError} `invalid-options` if the name is no header's, or is `x-forwarded-for`, which proxies append to.
 * @example
 * import { headerAddress } from 'mailtrace/receiver'
 *
 * const clientAddress = headerAddress('cf-connecting-ip')
 * const headers = { 'cf-connecting-ip': '203.0.113.9' }
 * console.log(clientAddress(new Request('https://links.example.com/', { headers }))) // 203.0.113.9
 */
export function headerAddress(header: string): ReadAddress {
  if (typeof header !== 'string' || !/^[a-z][a-z0-9-]*$/i.test(header)) {
    throw optionChecks.error(`header is ${quote(header)}: use the name of the header that your proxy overwrites`)
  }
  if (header.toLowerCase() === 'x-forwarded-for') {
    throw optionChecks.error('header is "x-forwarded-for", which readers can begin: use forwardedAddress')
  }
  return (request) => asAddress(request.headers.get(header))
}

/**
 * Reads the address from `X-Forwarded-For`, to which each proxy appends whom it was called by. With one proxy of yours the
 * last entry is the reader, with two the last but one. The reader may have made up the entries before it.
 *
 * @param proxies how many proxies of yours append to the header, 1 to 10. Default: 1
 * @throws {MailtraceError} `invalid-options` for another number.
 * @example
 * import { forwardedAddress } from 'mailtrace/receiver'
 *
 * const clientAddress = forwardedAddress(1)
 * const headers = { 'x-forwarded-for': 'made up, 203.0.113.9' }
 * console.log(clientAddress(new Request('https://links.example.com/', { headers }))) // 203.0.113.9
 */
export function forwardedAddress(proxies = 1): ReadAddress {
  optionChecks.integer(proxies, 'proxies', 1, 10)
  return (request) => {
    const entries = request.headers.get('x-forwarded-for')?.split(',') ?? []
    return asAddress(entries.at(-proxies) ?? null)
  }
}

/**
 * Keeps the network and drops who is in it: the first 24 bits of an IPv4 address and the first 48 of an IPv6 one, so that
 * `203.0.113.9` becomes `203.0.113.0` and `2001:db8:a:b::1` becomes `2001:db8:a::`. An IPv4 address within an IPv6 one
 * (`::ffff:203.0.113.9`, 6to4) is cut like an IPv4 address. `null` for what is no address.
 *
 * @example
 * import { truncateAddress } from 'mailtrace/receiver'
 *
 * console.log(truncateAddress('203.0.113.9'), truncateAddress('2001:db8:a:b::1')) // 203.0.113.0 2001:db8:a::
 */
export function truncateAddress(address: string | null): string | null {
  const whole = asAddress(address)
  if (whole === null) return null
  if (!whole.includes(':')) return whole.replace(/\d+$/, '0')
  const groups = readGroups(whole)
  // 6to4 (RFC 3056): the 48 bits are this prefix and the reader's whole IPv4 address, whose last 8 must go.
  if (groups[0] === '2002') groups[2] = `${groups[2]!.padStart(4, '0').slice(0, 2)}00`
  return canonicalIpv6(`${groups.slice(0, 3).join(':')}::`)
}

/** Four numbers up to 255, and a port. Without leading zeros: `010` is 8 to some readers and 10 to others. */
const ipv4Pattern = /^(?:(?:^|(?!^)\.)(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){4}(?::\d{1,5})?$/
const bracketPattern = /^\[([^\]]*)\](?::\d{1,5})?$/
const mappedPattern = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/

// One spelling of each address, so that the same reader always looks the same. Some proxies add the port, and an IPv6 socket
// names IPv4 clients `::ffff:203.0.113.9`. The text is made anew: a slice would keep the whole header in memory with the
// event.
function asAddress(text: string | null): string | null {
  if (text === null) return null
  const trimmed = text.trim()
  if (ipv4Pattern.test(trimmed)) return trimmed.replace(/:.*/, '').split('.').map(Number).join('.')
  const canonical = canonicalIpv6(bracketPattern.exec(trimmed)?.[1] ?? trimmed)
  const mapped = canonical === null ? null : mappedPattern.exec(canonical)
  if (mapped === null) return canonical
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function canonicalIpv6(text: string): string | null {
  return /^[0-9a-f:.]+$/i.test(text) ? (parseUrl(`http://[${text}]`)?.hostname.slice(1, -1) ?? null) : null
}

/** The eight groups of a canonical IPv6 address. */
function readGroups(address: string): string[] {
  const written = address.split(':').filter(Boolean).length
  const zeros = ':0'.repeat(8 - written)
  return address.replace('::', `${zeros}:`).split(':').filter(Boolean)
}
