import { optionChecks } from '../checks.ts'
import {
  type CheckedDomain,
  checkDomain,
  type DomainConfig,
  type RecordStatus,
  type TrackingDomain,
} from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { MailtraceError, quote } from '../errors.ts'

/**
 * What one check of a record can come to, and what each means.
 *
 * @example
 * import { verificationOutcomes } from 'mailtrace/domains'
 *
 * console.log(Object.keys(verificationOutcomes)) // [ 'verified', 'not-ready', 'not-verified', 'inconclusive' ]
 */
export const verificationOutcomes = {
  verified: 'the CNAME record is right, and with a probe the host answers over TLS',
  'not-ready': 'the record is right; the host does not answer over TLS yet, or no longer as it should',
  'not-verified': 'DNS says for certain that the record is missing or wrong',
  inconclusive: 'DNS could not be asked, or a host that is in use could not be reached',
} as const

/** What one check of a record came to; {@link verificationOutcomes} says what each means. */
export type VerificationOutcome = keyof typeof verificationOutcomes

const outcomes = Object.keys(verificationOutcomes) as VerificationOutcome[]

/** What an outcome makes of a status. `inconclusive` alters none. */
const nextStatus: Record<RecordStatus, Record<Exclude<VerificationOutcome, 'inconclusive'>, RecordStatus>> = {
  not_started: { verified: 'verified', 'not-ready': 'pending', 'not-verified': 'pending' },
  pending: { verified: 'verified', 'not-ready': 'pending', 'not-verified': 'pending' },
  verified: { verified: 'verified', 'not-ready': 'temporary_failure', 'not-verified': 'temporary_failure' },
  failed: { verified: 'verified', 'not-ready': 'pending', 'not-verified': 'failed' },
  temporary_failure: { verified: 'verified', 'not-ready': 'temporary_failure', 'not-verified': 'temporary_failure' },
}

/** In ms. 72 hours, as at Resend: by then a record that is typed today has reached everyone. */
const failureWindowMs = 72 * 60 * 60 * 1000

/**
 * Applies the outcome of a check to a tracking domain, current or former.
 *
 * - `verified` makes any status `verified`.
 * - `not-ready` and `not-verified` take a host out of use at once: `verified` becomes `temporary_failure`, all else `pending`.
 * - After 72 hours of nothing but `not-verified` the status is `failed`. The hours run from the first `not-verified` since
 *   the record was last right (`failingSince`). `not-ready` ends them, as the record is right then. `failed` is not final: a
 *   record that is found again is verified again.
 * - `inconclusive` returns the domain as it is.
 *
 * @throws {MailtraceError} `unknown-host`, `invalid-config`, `invalid-options`.
 *
 * @example
 * import { applyVerification, configureTrackingDomain } from 'mailtrace/domains'
 *
 * const now = Date.UTC(2026, 10, 24)
 * const start = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] }
 * const domain = configureTrackingDomain(start, 'links', { now, cnameTarget: 'k7w2q.tracking.example.net' })
 * const verified = applyVerification(domain, 'links.example.com', 'verified', { now })
 * console.log(verified.trackingDomains[0]?.status) // verified
 */
export function applyVerification(
  domain: DomainConfig,
  host: string,
  outcome: VerificationOutcome,
  options: { readonly now: number },
): DomainConfig {
  const index = findHost(checkDomain(domain), host)
  optionChecks.object(options, 'options', ['now'])
  const now = optionChecks.time(options.now, 'now')
  optionChecks.oneOf(outcome, 'outcome', outcomes)
  if (outcome === 'inconclusive') return domain
  const { failingSince = now, ...rest } = domain.trackingDomains[index]!
  const isOver = outcome === 'not-verified' && now - failingSince >= failureWindowMs
  const state: TrackingDomain = {
    ...rest,
    status: isOver ? 'failed' : nextStatus[rest.status][outcome],
    checkedAt: now,
    ...(outcome === 'verified' && { verifiedAt: now }),
    ...(outcome === 'not-verified' && { failingSince }),
  }
  return { ...domain, trackingDomains: domain.trackingDomains.with(index, state) }
}

/** The index of a host in `trackingDomains`; case, a trailing dot and punycode make no difference. */
export function findHost(domain: CheckedDomain, host: string): number {
  const canonical = typeof host === 'string' ? hostText(host) : null
  const index = domain.hosts.findIndex((listed) => listed.host === canonical)
  if (index >= 0) return index
  const hosts = domain.hosts.map((listed) => listed.host).join(', ')
  throw new MailtraceError(
    'unknown-host',
    `host ${quote(host)} is no tracking domain of ${domain.name}: ${hosts === '' ? 'configure it first' : `use one of ${hosts}`}`,
  )
}
