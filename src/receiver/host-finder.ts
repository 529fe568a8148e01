// Statuses and switches of a domain play no part, as sent links live on.

import { optionChecks } from '../checks.ts'
import { type CheckedDomain, type CheckedHost, checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { quote } from '../errors.ts'
import { limitEach } from '../timers.ts'
import { createPathReader, type PathReader } from '../tracking-url/read-tracking-url.ts'
import { askHook, callHook } from './failures.ts'
import type { CheckedOptions, Contexts } from './receiver-options.ts'

/**
 * Finds the domain that lists a tracking host; `null` for a host that nobody has. The host is in lower-case A-labels, without
 * trailing dot or default port. It comes from the request, so anybody chooses it.
 */
export type DomainLookup = (
  host: string,
  ...contexts: Contexts
) => DomainConfig | null | undefined | PromiseLike<DomainConfig | null | undefined>

/** A host that is listed, and what its sending domain can read. */
export interface TrackingHost {
  readonly host: string
  /** `https://links.example.com` */
  readonly origin: string
  /** Name of the sending domain. */
  readonly domain: string
  /** Whether the domain can read signed references. */
  readonly hasKeys: boolean
  /** All hosts of the domain. */
  readonly siblings: readonly CheckedHost[]
  readonly readPath: PathReader
}

type Found = TrackingHost | 'unknown-host' | 'unlisted-host'

/** Takes whatever a request says, and whether it came over http. */
export type FindTrackingHost = (host: unknown, isHttp: boolean, contexts: Contexts) => Found | Promise<Found>

/** In characters: a DNS name with a port. */
export const maxHostLength = 260

/** @throws {MailtraceError} for a list without a host, in which two domains have one host, or in which one can resolve nothing. */
export function createHostFinder(options: CheckedOptions): FindTrackingHost {
  const { domains } = options
  if (typeof domains === 'function') return findByLookup(domains, options.lookupTimeoutMs)
  const list = Array.isArray(domains) ? domains : [domains]
  return findInList(list.map(checkDomain), options.findReference !== undefined)
}

function findInList(domains: readonly CheckedDomain[], hasLookup: boolean): FindTrackingHost {
  if (domains.length === 0) throw optionChecks.error('domains is empty, so that every link would be 404: list a domain')
  const known = new Map<string, TrackingHost>()
  for (const domain of domains) {
    if (domain.keys.length === 0 && !hasLookup) {
      const advice = 'add the keys that sign its mail, or findReference for stored references'
      throw optionChecks.error(
        `domains has ${quote(domain.name)} without signingKeys, and there is no findReference, so that every link would be 404: ${advice}`,
      )
    }
    for (const host of trackingHosts(domain)) {
      const other = known.get(host.host)
      if (other) {
        const names = `${quote(other.domain)} and ${quote(domain.name)}`
        throw optionChecks.error(`domains has host ${quote(host.host)} in ${names}: give each host to one domain`)
      }
      known.set(host.host, host)
    }
  }
  if (known.size === 0) {
    const advice = 'list the hosts that stand in sent mail in trackingDomains'
    throw optionChecks.error(`domains has no tracking host, so that every link would be 404: ${advice}`)
  }
  // A request's host nearly always is canonical already.
  return (host, isHttp) => known.get(host as string) ?? known.get(readHost(host, isHttp) as string) ?? 'unknown-host'
}

function findByLookup(lookup: DomainLookup, timeoutMs: number): FindTrackingHost {
  const limit = limitEach(timeoutMs)
  // A defined domain is the same object each time, so its keys are prepared once.
  const prepared = new WeakMap<CheckedDomain, readonly TrackingHost[]>()
  const place = (config: DomainConfig, host: string): Found => {
    const domain = checkDomain(config)
    const hosts = prepared.get(domain) ?? trackingHosts(domain)
    prepared.set(domain, hosts)
    return hosts.find((known) => known.host === host) ?? 'unlisted-host'
  }
  return async (asked, isHttp, contexts) => {
    const host = readHost(asked, isHttp)
    if (host === null) return 'unknown-host'
    const config = await askHook('domains', limit, () => lookup(host, ...contexts))
    if (config === null || config === undefined) return 'unknown-host'
    return callHook('domains', () => place(config, host))
  }
}

function trackingHosts(domain: CheckedDomain): readonly TrackingHost[] {
  const shared = {
    domain: domain.name,
    hasKeys: domain.keys.length > 0,
    siblings: domain.hosts,
    readPath: createPathReader(domain),
  }
  return domain.hosts.map(({ host, origin }) => ({ host, origin, ...shared }))
}

// The port that the scheme of the request implies is dropped. So is `:443` with any scheme: where a proxy ends TLS, the
// reader's `:443` comes in over http.
function readHost(host: unknown, isHttp: boolean): string | null {
  if (typeof host !== 'string' || host.length > maxHostLength) return null
  const canonical = hostText(host)
  return isHttp && canonical?.endsWith(':80') ? canonical.slice(0, -':80'.length) : canonical
}
