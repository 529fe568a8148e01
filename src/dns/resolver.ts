/**
 * What verification asks of DNS. Bring your own, or use `nodeResolver` or `httpsResolver`.
 *
 * An empty array says for certain that there is no such record (NXDOMAIN, NODATA). Whatever is not certain (SERVFAIL,
 * REFUSED, a time-out, no network) must reject: an empty array would take a working tracking domain out of use.
 *
 * An answer is not trusted: more than 1,000 records, or one that is malformed, count as a failed lookup.
 *
 * @example
 * import type { DnsResolver } from 'mailtrace/dns'
 *
 * const zone: Record<string, string[]> = { 'links.example.com': ['k7w2q.tracking.example.net'] }
 * const resolver: DnsResolver = {
 *   cname: async (name) => zone[name] ?? [],
 *   addresses: async () => [],
 *   caa: async () => [],
 * }
 * console.log(await resolver.cname('links.example.com')) // [ 'k7w2q.tracking.example.net' ]
 */
export interface DnsResolver {
  /** Where the CNAME record at exactly this name points, as a zone file writes it; the chain is not followed. */
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
