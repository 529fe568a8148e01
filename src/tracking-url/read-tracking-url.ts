// Owns the inverse of minting, for users' own tests and tools.

import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { parseUrl } from '../url.ts'
import { isTrackingUrl } from './is-tracking-url.ts'
import { createPathReader, type TrackingReference } from './tracking-url.ts'

/**
 * Reads a tracking URL back: what instrumentEmail wrote for this domain, through any of its tracking domains. A query is
 * ignored. `null` for everything else: a token that was changed, cut or extended, one of another domain or an unknown
 * key, an open's token on a click's path, another host.
 *
 * A stored reference (`https://HOST/c/REF/3`) is read as `authenticated: false`, with `issuedAt` and `destination` null.
 *
 * @throws {TypeError} if `url` is not a string.
 * @throws {MailtraceError} `invalid-config` if the configuration is wrong.
 */
export function readTrackingUrl(url: string, domain: DomainConfig): TrackingReference | null {
  if (typeof url !== 'string') throw new TypeError(`url is ${quote(url)}: pass the URL as a string`)
  const checked = checkDomain(domain)
  const parsed = parseUrl(url)
  if (parsed === null) return null
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return null
  return isTrackingUrl(parsed, checked.hosts) ? createPathReader(checked)(parsed.pathname) : null
}
