import { describe, expect, it, test } from 'vitest'
import type { DomainConfig, RecordStatus, TrackingDomain } from '../../src/config/domain-config.ts'
import { applyVerification, type VerificationOutcome, verificationOutcomes } from '../../src/domains/index.ts'
import { trackingActivation } from '../../src/index.ts'
import { errorOf } from '../kit/error-of.ts'

const hour = 3_600_000
const now = Date.UTC(2026, 0, 10)
const domain = (...trackingDomains: TrackingDomain[]): DomainConfig => ({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains,
})
const apply = (state: Omit<TrackingDomain, 'host'>, outcome: VerificationOutcome): TrackingDomain => {
  const after = applyVerification(domain({ host: 'links.example.com', ...state }), 'links.example.com', outcome, {
    now,
  })
  return after.trackingDomains[0]!
}

test('each outcome says what it means', () => {
  expect(verificationOutcomes).toEqual({
    verified: 'the CNAME record is right, and with a probe the host answers over TLS',
    'not-ready': 'the record is right; the host does not answer over TLS yet, or no longer as it should',
    'not-verified': 'DNS says for certain that the record is missing or wrong',
    inconclusive: 'DNS could not be asked, or a host that is in use could not be reached',
  })
})

describe('the transitions', () => {
  test.each<[RecordStatus, number | null, VerificationOutcome, RecordStatus, number | null]>([
    // status, hours of failing, outcome, next status, hours of failing
    ['not_started', null, 'verified', 'verified', null],
    ['not_started', null, 'not-ready', 'pending', null],
    ['not_started', null, 'not-verified', 'pending', 0],
    ['pending', null, 'verified', 'verified', null],
    ['pending', 71.9, 'verified', 'verified', null],
    ['pending', 71.9, 'not-ready', 'pending', null],
    ['pending', null, 'not-verified', 'pending', 0],
    ['pending', 71.9, 'not-verified', 'pending', 71.9],
    ['pending', 72, 'not-verified', 'failed', 72],
    ['verified', null, 'verified', 'verified', null],
    ['verified', null, 'not-ready', 'temporary_failure', null],
    ['verified', null, 'not-verified', 'temporary_failure', 0],
    ['temporary_failure', 10, 'verified', 'verified', null],
    ['temporary_failure', 80, 'not-ready', 'temporary_failure', null],
    ['temporary_failure', null, 'not-verified', 'temporary_failure', 0],
    ['temporary_failure', 71.9, 'not-verified', 'temporary_failure', 71.9],
    ['temporary_failure', 72, 'not-verified', 'failed', 72],
    ['failed', 500, 'verified', 'verified', null],
    ['failed', 500, 'not-ready', 'pending', null],
    ['failed', 500, 'not-verified', 'failed', 500],
    ['failed', null, 'not-verified', 'failed', 0],
  ])('%s (failing for %s h) + %s = %s (%s h)', (status, hours, outcome, next, nextHours) => {
    const since = (failing: number | null) => (failing === null ? {} : { failingSince: now - failing * hour })
    expect(apply({ status, ...since(hours) }, outcome)).toEqual({
      host: 'links.example.com',
      status: next,
      checkedAt: now,
      ...since(nextHours),
      ...(outcome === 'verified' && { verifiedAt: now }),
    })
  })

  test.each(['not_started', 'pending', 'verified', 'failed', 'temporary_failure'] as const)(
    'an inconclusive check leaves %s as it is, however long it lasts',
    (status) => {
      const before = domain({ host: 'links.example.com', status, failingSince: now - 1000 * hour })
      expect(applyVerification(before, 'links.example.com', 'inconclusive', { now })).toBe(before)
    },
  )

  it('keeps when it was verified, what it points at and when it was chosen', () => {
    const state = { status: 'verified', verifiedAt: 1, configuredAt: 0, cnameTarget: 't.example.net' } as const
    expect(apply(state, 'not-verified')).toMatchObject({ ...state, status: 'temporary_failure' })
  })
})

describe('which host is active', () => {
  const links: TrackingDomain = { host: 'links.example.com', status: 'verified' }
  const go: TrackingDomain = { host: 'go.example.com', status: 'pending' }
  const active = (of: DomainConfig): string | undefined => {
    const activation = trackingActivation(of)
    return activation.active ? activation.host : undefined
  }

  it('stays the previous one until the new one is verified', () => {
    const waiting = applyVerification(domain(links, go), 'go.example.com', 'not-verified', { now })
    expect(active(waiting)).toBe('links.example.com')
    expect(active(applyVerification(waiting, 'go.example.com', 'verified', { now }))).toBe('go.example.com')
  })

  it('falls back to a former one that is verified, and to none', () => {
    const both = domain(links, { ...go, status: 'verified' })
    const one = applyVerification(both, 'go.example.com', 'not-verified', { now })
    expect(active(one)).toBe('links.example.com')
    expect(active(applyVerification(one, 'LINKS.example.com.', 'not-verified', { now }))).toBeUndefined()
  })
})

describe('what is refused', () => {
  const one = domain({ host: 'links.example.com', status: 'pending' })
  test.each([
    [one, 'go.example.com', 'host "go.example.com" is no tracking domain of example.com: use one of links.example.com'],
    [
      one,
      'https://links.example.com',
      'host "https://links.example.com" is no tracking domain of example.com: use one of links.example.com',
    ],
    [
      domain(),
      'links.example.com',
      'host "links.example.com" is no tracking domain of example.com: configure it first',
    ],
    [
      domain({ host: 'links.example.com', status: 'verified' }, { host: 'go.example.com', status: 'pending' }),
      'www.example.com',
      'host "www.example.com" is no tracking domain of example.com: use one of links.example.com, go.example.com',
    ],
    [one, undefined, 'host undefined is no tracking domain of example.com: use one of links.example.com'],
  ])('an unknown host (%#)', (of, host, message) => {
    expect(errorOf(() => applyVerification(of, host as string, 'verified', { now }))).toEqual({
      code: 'unknown-host',
      message,
    })
  })

  it('an outcome that is none', () => {
    expect(errorOf(() => applyVerification(one, 'links.example.com', 'failed' as never, { now }))).toEqual({
      code: 'invalid-options',
      message: 'outcome is "failed": use one of verified, not-ready, not-verified, inconclusive',
    })
  })

  test.each([
    [undefined, 'options is undefined: use an object'],
    [{ now, cnameTarget: 't.example.net' }, 'options has no field "cnameTarget": use now'],
  ])('other options (%#)', (options, message) => {
    expect(errorOf(() => applyVerification(one, 'links.example.com', 'verified', options as never))).toEqual({
      code: 'invalid-options',
      message,
    })
  })

  it('a time in seconds', () => {
    expect(errorOf(() => applyVerification(one, 'links.example.com', 'verified', { now: now / 1000 }))).toEqual({
      code: 'invalid-options',
      message: 'now is 1768003200: use milliseconds since the epoch, of the years 2000 to 2106',
    })
  })

  it('a time that is none, even for an inconclusive check', () => {
    expect(errorOf(() => applyVerification(one, 'links.example.com', 'inconclusive', {} as never))).toEqual({
      code: 'invalid-options',
      message: 'now is undefined: use milliseconds since the epoch, of the years 2000 to 2106',
    })
  })
})
