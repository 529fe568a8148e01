// Owns which sending domain a host belongs to. A domain's status and switches play no part: sent links live on.

import { optionChecks } from '../checks.ts'
import { type CheckedDomain, checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { quote } from '../errors.ts'
import { createPathReader, type PathReader } from '../tracking-url/read-tracking-url.ts'

/**
 * Finds the domain that lists a tracking host. The host is in lower-case A-labels, without trailing dot or default port. It
 * comes from the request, so anybody chooses it.
 */
export type DomainLookup = (
  host: string,
) => DomainConfig | null | undefined | PromiseLike<DomainConfig | null | undefined>

/** A host that is listed, and what its sending domain can read. */
export interface TrackingHost {
  readonly host: string
  /** Name of the sending domain. */
  readonly domain: string
  readonly readPath: PathReader
}

/** Takes whatever a request says, and the protocol of its URL (`http:`). */
export type FindTrackingHost = (
  host: string | null,
  protocol: string,
) => TrackingHost | null | Promise<TrackingHost | null>

/** In characters: a DNS name with a port. */
const maxHostLength = 260

export function createHostFinder(domains: DomainConfig | readonly DomainConfig[] | DomainLookup): FindTrackingHost {
  if (typeof domains === 'function') return findByLookup(domains)
  return findInList(Array.isArray(domains) ? domains : [domains])
}

function findInList(domains: readonly DomainConfig[]): FindTrackingHost {
  const known = new Map<string, TrackingHost>()
  for (const domain of domains.map(checkDomain)) {
    const readPath = createPathReader(domain)
    for (const { host } of domain.hosts) {
      const other = known.get(host)
      if (other) {
        const names = `${quote(other.domain)} and ${quote(domain.name)}`
        throw optionChecks.error(`domains has host ${quote(host)} in ${names}: give each host to one domain`)
      }
      known.set(host, { host, domain: domain.name, readPath })
    }
  }
  // A request's host nearly always is canonical already.
  return (host, protocol) => known.get(host ?? '') ?? known.get(readHost(host, protocol) ?? '') ?? null
}

function findByLookup(lookup: DomainLookup): FindTrackingHost {
  // checkDomain gives the same object for a configuration that has not changed, whose keys need no new preparation then.
  const readers = new WeakMap<CheckedDomain, PathReader>()
  return async (asked, protocol) => {
    const host = readHost(asked, protocol)
    const config = host === null ? null : await lookup(host)
    if (host === null || config === null || config === undefined) return null
    const domain = checkDomain(config)
    if (!domain.hosts.some((known) => known.host === host)) return null
    const readPath = readers.get(domain) ?? createPathReader(domain)
    readers.set(domain, readPath)
    return { host, domain: domain.name, readPath }
  }
}

// The port that the request's own scheme implies is none. Nor is that of https, from whichever scheme: where a proxy ends TLS,
// the reader's `:443` comes in over http.
function readHost(host: unknown, protocol: string): string | null {
  if (typeof host !== 'string' || host.length > maxHostLength) return null
  const canonical = hostText(host)
  return protocol === 'http:' && canonical?.endsWith(':80') ? canonical.slice(0, -':80'.length) : canonical
}
