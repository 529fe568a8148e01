// Owns the statuses of a tracking domain's record and their transitions. It must never look at DNS or a clock.

import { optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig, type TrackingDomain } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { findHost } from './find-host.ts'

/**
 * What one check of a record came to.
 *
 * - `verified`: the CNAME record is right, and with a probe the host answers over TLS.
 * - `not-ready`: the record is right; the host does not answer over TLS yet, or no longer as it should.
 * - `not-verified`: DNS says for certain that the record is missing or wrong.
 * - `inconclusive`: DNS could not be asked (SERVFAIL, a time-out), or a verified host could not be reached over TLS.
 */
export type VerificationOutcome = 'verified' | 'not-ready' | 'not-verified' | 'inconclusive'

const outcomes: readonly unknown[] = ['verified', 'not-ready', 'not-verified', 'inconclusive']

/** In ms. 72 hours, as Resend gives: a record that is typed today is everywhere by then. */
const failureWindowMs = 72 * 60 * 60 * 1000

/**
 * Applies the outcome of a check to a tracking domain, current or former.
 *
 * | status | `verified` | `not-ready` | `not-verified` | `inconclusive` |
 * | --- | --- | --- | --- | --- |
 * | `not_started` | `verified` | `pending` | `pending` | |
 * | `pending` | `verified` | `pending` | `pending`, after 72 hours of it `failed` | |
 * | `verified` | `verified` | `temporary_failure` | `temporary_failure` | |
 * | `temporary_failure` | `verified` | `temporary_failure` | `temporary_failure`, after 72 hours of it `failed` | |
 * | `failed` | `verified` | `pending` | `failed` | |
 *
 * The 72 hours run from the first `not-verified` since the record was last right (`failingSince`). `failed` is no end:
 * a record that is found again is verified again. An `inconclusive` outcome returns the domain as it is.
 *
 * @throws {MailtraceError} `unknown-host`, `invalid-config`, `invalid-options`.
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
  if (!outcomes.includes(outcome)) {
    throw optionChecks.error(`outcome is ${quote(outcome)}: use one of ${outcomes.join(', ')}`)
  }
  if (outcome === 'inconclusive') return domain
  return {
    ...domain,
    trackingDomains: domain.trackingDomains.with(index, nextState(domain.trackingDomains[index]!, outcome, now)),
  }
}

function nextState(
  state: TrackingDomain,
  outcome: Exclude<VerificationOutcome, 'inconclusive'>,
  now: number,
): TrackingDomain {
  const { failingSince = now, ...rest } = state
  const checked = { ...rest, checkedAt: now }
  if (outcome === 'verified') return { ...checked, status: 'verified', verifiedAt: now }
  const wasVerified = state.status === 'verified' || state.status === 'temporary_failure'
  const waiting = wasVerified ? 'temporary_failure' : 'pending'
  if (outcome === 'not-ready') return { ...checked, status: waiting }
  const isOver = state.status === 'failed' || now - failingSince >= failureWindowMs
  return { ...checked, status: isOver ? 'failed' : waiting, failingSince }
}
