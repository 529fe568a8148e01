// Owns what is asked of DNS, and the difference between "there is none" and "could not be asked".

import { hostText } from '../config/host.ts'

/**
 * What verification asks of DNS. Bring your own, or use `nodeResolver` or `httpsResolver`.
 *
 * An empty array says for certain that there is no such record (NXDOMAIN, NODATA). Whatever is not certain (SERVFAIL,
 * REFUSED, a time-out, no network) must reject: an empty array would take a working tracking domain out of use.
 */
export interface DnsResolver {
  /** Where the CNAME record at exactly this name points; the chain is not followed. */
  cname(name: string): Promise<readonly string[]>
  /** The IPv4 and IPv6 addresses of a name, CNAME records followed. */
  addresses(name: string): Promise<readonly string[]>
  /** The CAA records at a name. */
  caa(name: string): Promise<readonly CaaProperty[]>
}

/** One CAA record: `0 issue "letsencrypt.org"`. See RFC 8659 section 4. */
export interface CaaProperty {
  /** 0 to 255; 128 is the critical bit. */
  readonly flags: number
  readonly tag: string
  readonly value: string
}

/** A lookup's answer, or why there is none. */
export type Answer<Item> =
  | { readonly kind: 'answered'; readonly records: readonly Item[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** Asks; a rejection becomes a value, as DNS that cannot be asked is an everyday outcome. */
export async function ask<Item>(lookup: () => Promise<readonly Item[]>): Promise<Answer<Item>> {
  try {
    const records = await lookup()
    return Array.isArray(records) ? { kind: 'answered', records } : { kind: 'failed', reason: 'no list of records' }
  } catch (error) {
    return { kind: 'failed', reason: failureReason(error) }
  }
}

/** The URL that Deno's fetch puts first would fill all of the space. */
const denoPreface = /^error sending request for url \(\S*\): /

/** A short reason for people: the code where there is one (`ESERVFAIL`, `CERT_HAS_EXPIRED`), else the message. */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return 'an error'
  // fetch wraps what happened on the wire.
  const origin: Error & { readonly code?: unknown } = error.cause instanceof Error ? error.cause : error
  return (typeof origin.code === 'string' ? origin.code : origin.message.replace(denoPreface, '')).slice(0, 80)
}

/** The one form of a name in which case, a trailing dot and punycode make no difference. */
export function dnsName(name: string): string {
  return hostText(name) ?? name.toLowerCase().replace(/\.$/, '')
}
