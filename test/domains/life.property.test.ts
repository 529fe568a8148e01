// The life of a tracking domain as a model: random sequences of configuring, verifying, failing and time passing.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDomain, type DomainConfig } from '../../src/config/domain-config.ts'
import {
  applyVerification,
  configureTrackingDomain,
  parseDomainConfig,
  setTracking,
  trackingRecords,
  type VerificationOutcome,
} from '../../src/domains/index.ts'
import { registrableDomain } from '../../src/domains/registrable-domain.ts'
import { MailtraceError } from '../../src/errors.ts'
import { trackingActivation } from '../../src/index.ts'
import { createReceiver } from '../../src/receiver/index.ts'
import { createTokenSigner } from '../../src/tracking-url/token.ts'
import { thrownBy } from '../kit/error-of.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)
const name = 'mail.example.co.uk'
const signingKeys = [{ id: 'k1', secret: 'a secret of no less than 32 bytes' }]
const cnameTargets = ['a.tracking.example.net', 'b.tracking.example.net']
/** What a customer may type, and the host it means. */
const typed: Record<string, string> = {
  links: 'links.mail.example.co.uk',
  'LINKS.mail.example.co.uk.': 'links.mail.example.co.uk',
  go: 'go.mail.example.co.uk',
  'track.example.co.uk': 'track.example.co.uk',
  über: 'xn--ber-goa.mail.example.co.uk',
}
const refused = ['links.example.org', 'mail.example.co.uk', 'example.co.uk', 'a b', '', null]

/** What the system must be like, kept in the simplest way: by remembering everything that happened. */
interface Model {
  now: number
  /** Hosts in the order in which they were last chosen. */
  chosen: string[]
  changes: number[]
  /** Every host that was verified at some time. */
  everActive: Set<string>
  /** For each host that is not verified now: when the first of the definite failures in a row was seen. */
  failingSince: Map<string, number>
  verified: Set<string>
}
interface Real {
  domain: DomainConfig
}

function check(model: Model, real: Real): void {
  const { trackingDomains } = real.domain
  const hosts = trackingDomains.map(({ host }) => host)
  // Once set never empty, every listed host stays listed, in the order of choice.
  expect(hosts).toEqual(model.chosen)
  // Never two changes within the interval.
  model.changes.slice(1).forEach((at, index) => {
    expect(at - model.changes[index]!).toBeGreaterThanOrEqual(24 * hour)
  })
  // The active host is the newest verified one.
  const newest = model.chosen.findLast((host) => model.verified.has(host))
  const activation = trackingActivation(real.domain)
  expect(activation.active ? activation.host : undefined).toBe(newest)
  expect(trackingRecords(real.domain).filter((record) => record.isActive)).toHaveLength(newest === undefined ? 0 : 1)
  // All hosts share the registrable domain.
  for (const host of hosts) expect(registrableDomain(host)).toBe('example.co.uk')
  // Failed for certain only after 72 hours of nothing but definite failures.
  for (const { host, status } of trackingDomains) {
    if (status === 'failed') expect(model.now - model.failingSince.get(host)!).toBeGreaterThanOrEqual(72 * hour)
  }
  // State survives JSON.
  expect(parseDomainConfig(JSON.stringify(real.domain))).toEqual(real.domain)
}

/** Runs a step on a frozen value, so that mutation throws. */
function step(model: Model, real: Real, change: (domain: DomainConfig) => DomainConfig): void {
  real.domain = change(deepFreeze(real.domain))
  check(model, real)
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}

type Step = fc.AsyncCommand<Model, Real>

const configure = (input: string, cnameTarget: string): Step => ({
  check: () => true,
  toString: () => `configure(${input})`,
  async run(model, real) {
    const host = typed[input]!
    const { now } = model
    const isChange = model.chosen.length > 0 && model.chosen.at(-1) !== host
    const allowedAt = model.changes.length > 0 ? model.changes.at(-1)! + 24 * hour : now
    const change = (domain: DomainConfig): DomainConfig => configureTrackingDomain(domain, input, { now, cnameTarget })
    if (isChange && now < allowedAt) {
      expect(codeAndTime(() => change(real.domain))).toEqual(['change-too-soon', allowedAt])
      return
    }
    if (isChange) {
      model.changes.push(now)
      // A new attempt: its 72 hours begin with its first failure.
      const former = real.domain.trackingDomains.find((listed) => listed.host === host)
      if (former?.status === 'pending' || former?.status === 'failed') model.failingSince.delete(host)
    }
    model.chosen = [...model.chosen.filter((other) => other !== host), host]
    step(model, real, change)
    expect(real.domain.trackingDomains.at(-1)!.cnameTarget).toBe(cnameTarget)
  },
})

const configureBadly = (input: string | null): Step => ({
  check: () => true,
  toString: () => `configureBadly(${input})`,
  async run(model, real) {
    const options = { now: model.now + 1000 * hour, cnameTarget: cnameTargets[0]! }
    expect(() => configureTrackingDomain(deepFreeze(real.domain), input, options)).toThrow(MailtraceError)
    check(model, real)
  },
})

const verify = (which: number, outcome: VerificationOutcome): Step => ({
  check: (model) => model.chosen.length > 0,
  toString: () => `verify(${which}, ${outcome})`,
  async run(model, real) {
    const host = model.chosen[which % model.chosen.length]!
    const { now } = model
    if (outcome === 'verified') {
      model.verified.add(host)
      model.everActive.add(host)
      model.failingSince.delete(host)
    } else if (outcome !== 'inconclusive') {
      model.verified.delete(host)
      if (outcome === 'not-ready') model.failingSince.delete(host)
      else if (!model.failingSince.has(host)) model.failingSince.set(host, now)
    }
    const before = JSON.stringify(real.domain)
    step(model, real, (domain) => applyVerification(domain, host, outcome, { now }))
    if (outcome === 'inconclusive') expect(JSON.stringify(real.domain)).toBe(before)
    if (outcome === 'not-verified' && now - model.failingSince.get(host)! >= 72 * hour) {
      expect(real.domain.trackingDomains.find((listed) => listed.host === host)!.status).toBe('failed')
    }
  },
})

const wait = (hours: number): Step => ({
  check: () => true,
  toString: () => `wait(${hours} h)`,
  async run(model, real) {
    model.now += hours * hour
    check(model, real)
  },
})

/** A link was sent through every host that was ever active; each still resolves, whatever happened since. */
const clickOldLinks = (isTrackingOn: boolean): Step => ({
  check: () => true,
  toString: () => `clickOldLinks(${isTrackingOn})`,
  async run(model, real) {
    const domain = setTracking(real.domain, { openTracking: isTrackingOn, clickTracking: isTrackingOn })
    if (domain.trackingDomains.length === 0) return
    const receiver = createReceiver({ domains: domain, onEvent: () => {} })
    const { name: domainName, keys } = checkDomain(domain)
    for (const host of model.everActive) {
      const message = { mode: 'full', part: 'html', ref: 'm1', issuedAt: start } as const
      const token = createTokenSigner(domainName, keys[0]!).clicks(message)(3, 'https://example.org/a')
      const response = await receiver(new Request(`https://${host}/c/${token}`))
      expect([host, response.status, response.headers.get('location')]).toEqual([host, 302, 'https://example.org/a'])
    }
  },
})

function codeAndTime(call: () => unknown): [string, number | undefined] {
  const error = thrownBy(call)
  if (error === undefined) return ['none', undefined]
  if (error instanceof MailtraceError) return [error.code, error.allowedAt]
  throw error
}

test('whatever happens, in whatever order, no sent link breaks', async () => {
  const outcome = fc.constantFrom<VerificationOutcome[]>('verified', 'not-ready', 'not-verified', 'inconclusive')
  const steps = fc.commands(
    [
      fc
        .tuple(fc.constantFrom(...Object.keys(typed)), fc.constantFrom(...cnameTargets))
        .map((args) => configure(...args)),
      fc.constantFrom(...refused).map(configureBadly),
      fc.tuple(fc.nat(4), outcome).map((args) => verify(...args)),
      fc.constantFrom(0, 1, 12, 23, 24, 36, 71, 72).map(wait),
      fc.boolean().map(clickOldLinks),
    ],
    { maxCommands: 40 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      const setup = (): { model: Model; real: Real } => ({
        model: {
          now: start,
          chosen: [],
          changes: [],
          everActive: new Set(),
          failingSince: new Map(),
          verified: new Set(),
        },
        real: { domain: { name, openTracking: true, clickTracking: true, trackingDomains: [], signingKeys } },
      })
      await fc.asyncModelRun(setup, [...commands, clickOldLinks(false)])
    }),
    { numRuns: 300 },
  )
})
