// A host must never be dropped: links in sent mail go through it.

import { optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig, type TrackingDomain } from '../config/domain-config.ts'
import { parseHost } from '../config/host.ts'
import { MailtraceError, quote } from '../errors.ts'
import { readChosenHost } from './chosen-host.ts'

/** Options of {@link configureTrackingDomain}. */
export interface ConfigureOptions {
  /** The time, in ms since the epoch. */
  readonly now: number
  /**
   * The name that the CNAME record must point at. Make it unguessable for each customer (`k7w2q.tracking.example.net`):
   * with a target that all share, a stranger who signs up could verify the same host.
   */
  readonly cnameTarget: string
  /** The shortest time between two changes, in whole ms, from 1 on. Default: 86,400,000 (24 hours). */
  readonly changeIntervalMs?: number | undefined
}

const fields = ['now', 'cnameTarget', 'changeIntervalMs']

/** In ms. Resend's rule. DNS caches need about as long to forget the old record. */
const defaultChangeIntervalMs = 24 * 60 * 60 * 1000

/**
 * Sets a domain's tracking domain, or changes it. The new host comes last in `trackingDomains`, as `not_started`; all
 * former ones stay, for the links in sent mail. Until the new one is verified the previous one stays in use.
 *
 * - `'links'` on `example.com` means `links.example.com`; a value with a dot is a full host.
 * - The first setting is no change; from then on, one change in 24 hours, from the last change.
 * - The same host again is no change. With another `cnameTarget` it gets that target and keeps its status: the next
 *   check judges it. Keep the former target answering, as DNS may still name it.
 * - Choosing a former host is a change. It moves to the end and keeps its verification; one that was never found, or
 *   no longer, starts afresh as `not_started`.
 * - A port is refused: no DNS record carries one. Put `links.localhost:8080` into the configuration by hand.
 * - `email.example.com` is taken, but filter lists block the pixels of such a host: `verifyTrackingDomain` says so.
 *
 * @throws {MailtraceError} `invalid-host`, `host-outside-domain`, `host-is-sending-domain`, `host-is-root-domain`;
 * `removal-refused` for `null` and `''`; `change-too-soon`, with `allowedAt`; `invalid-config`, `invalid-options`.
 *
 * @example
 * import { configureTrackingDomain } from 'mailtrace/domains'
 *
 * const domain = configureTrackingDomain(
 *   { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] },
 *   'links',
 *   { now: Date.UTC(2026, 10, 24), cnameTarget: 'k7w2q.tracking.example.net' },
 * )
 * console.log(domain.trackingDomains[0]?.host, domain.trackingDomains[0]?.status) // links.example.com not_started
 */
export function configureTrackingDomain(
  domain: DomainConfig,
  host: string | null,
  options: ConfigureOptions,
): DomainConfig {
  const checked = checkDomain(domain)
  optionChecks.object(options, 'options', fields)
  const now = optionChecks.time(options.now, 'now')
  const intervalMs = checkInterval(options)
  refuseRemoval(host)
  const chosen = readChosenHost(host, checked.name)
  const cnameTarget = checkTarget(options.cnameTarget, chosen)

  const known = checked.hosts.findIndex((listed) => listed.host === chosen)
  const former = domain.trackingDomains[known]
  if (former !== undefined && known === domain.trackingDomains.length - 1) {
    return { ...domain, trackingDomains: domain.trackingDomains.with(known, { ...former, cnameTarget }) }
  }
  refuseHaste(domain.trackingDomains, now, intervalMs)
  return {
    ...domain,
    trackingDomains: [
      ...domain.trackingDomains.filter((_, index) => index !== known),
      { ...(former ? chosenAgain(former) : { host: chosen, status: 'not_started' }), cnameTarget, configuredAt: now },
    ],
  }
}

/** A verification stays, and so do the 72 hours of one that fails now. An attempt that never succeeded starts anew. */
function chosenAgain(former: TrackingDomain): TrackingDomain {
  if (former.status === 'verified' || former.status === 'temporary_failure') return former
  const { failingSince, ...rest } = former
  return { ...rest, status: 'not_started' }
}

function refuseRemoval(host: string | null | undefined): asserts host is string {
  if (host === null || host === undefined || host === '') {
    throw new MailtraceError(
      'removal-refused',
      'a tracking domain can be changed, never removed, as the links in sent mail go through it: choose another host, or switch tracking off with setTracking',
    )
  }
  if (typeof host !== 'string') {
    throw new MailtraceError('invalid-host', `host is ${quote(host)}: use a host name or a label`)
  }
}

function refuseHaste(listed: readonly TrackingDomain[], now: number, intervalMs: number): void {
  const allowedAt = earliestChange(listed, intervalMs)
  if (allowedAt === null || now >= allowedAt) return
  throw new MailtraceError(
    'change-too-soon',
    `the tracking domain was changed at ${isoTime(allowedAt - intervalMs)}: change it again from ${isoTime(allowedAt)} on`,
    { allowedAt },
  )
}

// Hosts are never dropped, so a single host was set and never changed. A change puts its host last.
function earliestChange(listed: readonly TrackingDomain[], intervalMs: number): number | null {
  const changedAt = listed.length > 1 ? listed.at(-1)?.configuredAt : undefined
  return changedAt === undefined ? null : changedAt + intervalMs
}

/**
 * From when on the tracking domain may be changed, in ms since the epoch; `null`: at any time. For a person who is about to type:
 * `configureTrackingDomain` refuses an earlier change.
 *
 * @param options `changeIntervalMs`: as that of `configureTrackingDomain`. Default: 86,400,000 (24 hours)
 * @throws {MailtraceError} `invalid-config`, `invalid-options`.
 *
 * @example
 * import { changeAllowedAt } from 'mailtrace/domains'
 *
 * const allowedAt = changeAllowedAt({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [
 *     { host: 'links.example.com', status: 'verified', configuredAt: Date.UTC(2026, 10, 1) },
 *     { host: 'go.example.com', status: 'pending', configuredAt: Date.UTC(2026, 10, 24) },
 *   ],
 * })
 * console.log(new Date(allowedAt ?? 0).toISOString()) // 2026-11-25T00:00:00.000Z
 */
export function changeAllowedAt(
  domain: DomainConfig,
  options: Pick<ConfigureOptions, 'changeIntervalMs'> = {},
): number | null {
  checkDomain(domain)
  optionChecks.object(options, 'options', ['changeIntervalMs'])
  return earliestChange(domain.trackingDomains, checkInterval(options))
}

function checkInterval({
  changeIntervalMs = defaultChangeIntervalMs,
}: Pick<ConfigureOptions, 'changeIntervalMs'>): number {
  return optionChecks.integer(changeIntervalMs, 'changeIntervalMs', 1, Number.MAX_SAFE_INTEGER)
}

function checkTarget(value: unknown, host: string): string {
  const target = typeof value === 'string' ? parseHost(value) : null
  if (target?.kind !== 'name' || target.port !== null || !target.name.includes('.')) {
    throw optionChecks.error(`cnameTarget is ${quote(value)}: use the host name that the CNAME record must point at`)
  }
  if (target.name === host) {
    throw optionChecks.error(
      `cnameTarget is ${quote(value)}, the tracking domain itself: use the host of your receiver`,
    )
  }
  return target.name
}

function isoTime(timeMs: number): string {
  // Dates end 8.64e15 ms after the epoch (ECMA-262 section 21.4.1.1); toISOString would throw past that.
  return Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : `${timeMs} ms`
}
