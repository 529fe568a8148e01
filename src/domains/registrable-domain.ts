import { getDomain } from 'tldts'

/**
 * The registrable domain of a host name in lower-case A-labels: one label more than its public suffix. Private suffixes
 * count, so `a.github.io` and `b.github.io` are strangers. `null` for a public suffix itself, `localhost`, an address.
 *
 * @see https://publicsuffix.org/list/
 */
export function registrableDomain(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true })
}
