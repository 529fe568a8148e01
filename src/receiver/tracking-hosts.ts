// Owns which sending domain a host belongs to. A domain's status and switches play no part: sent links live on.

import { type CheckedDomain, type CheckedKey, canonicalHost, checkDomain, type DomainConfig } from '../config.ts'
import { quote } from '../errors.ts'
import { equalMacs } from '../reference/mac.ts'
import { createPathReader, type PathReader } from '../reference/tracking-url.ts'
import { invalidOption } from './check-options.ts'

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

/** Takes whatever a request says. */
export type FindTrackingHost = (host: string | null) => TrackingHost | null | Promise<TrackingHost | null>

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
        throw invalidOption(`domains has host ${quote(host)} in ${names}: give each host to one domain`)
      }
      known.set(host, { host, domain: domain.name, readPath })
    }
  }
  // A request's host nearly always is canonical already.
  return (host) => known.get(host ?? '') ?? known.get(readHost(host) ?? '') ?? null
}

function findByLookup(lookup: DomainLookup): FindTrackingHost {
  // Preparing a key costs as much as using it. A lookup that gives the same object each time pays once, and again when the
  // object has changed, as an application may well add a key to the one it holds. All else is read afresh.
  const prepared = new WeakMap<DomainConfig, { readonly domain: CheckedDomain; readonly readPath: PathReader }>()
  return async (asked) => {
    const host = readHost(asked)
    const config = host === null ? null : await lookup(host)
    if (host === null || config === null || config === undefined) return null
    const domain = checkDomain(config)
    let entry = prepared.get(config)
    if (entry === undefined || !hasSameKeys(entry.domain, domain)) {
      entry = { domain, readPath: createPathReader(domain) }
      prepared.set(config, entry)
    }
    const isListed = domain.hosts.some((known) => known.host === host)
    return isListed ? { host, domain: domain.name, readPath: entry.readPath } : null
  }
}

/** Whether two domains read the same paths. */
function hasSameKeys(a: CheckedDomain, b: CheckedDomain): boolean {
  const isSameKey = (key: CheckedKey, at: number): boolean =>
    key.id === b.keys[at]!.id && equalMacs(key.secret, b.keys[at]!.secret)
  return a.name === b.name && a.keys.length === b.keys.length && a.keys.every(isSameKey)
}

function readHost(host: unknown): string | null {
  return typeof host === 'string' && host.length <= maxHostLength ? canonicalHost(host) : null
}
