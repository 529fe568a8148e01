import { expect, it, test } from 'vitest'
import { applyVerification, configureTrackingDomain, parseDomainConfig } from '../../src/domains/index.ts'
import { errorOf } from '../kit/error-of.ts'

const now = Date.UTC(2026, 0, 1)
const config = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [] }

it('reads back what the life of a domain writes, from text and from a value', () => {
  let domain = configureTrackingDomain(config, 'links', { now, cnameTarget: 't.example.net' })
  domain = applyVerification(domain, 'links.example.com', 'verified', { now })
  domain = applyVerification(domain, 'links.example.com', 'not-verified', { now })
  domain = { ...domain, signingKeys: [{ id: 'k1', secret: 'x'.repeat(32) }] }
  const text = JSON.stringify(domain)
  expect(parseDomainConfig(text)).toEqual(domain)
  expect(parseDomainConfig(JSON.parse(text))).toEqual(domain)
})

const host = { host: 'links.example.com', status: 'verified' }
test.each<[unknown, string]>([
  ['{"name":"secret', 'domain is no JSON: store what JSON.stringify gives'],
  ['null', 'domain is null: use an object'],
  [[], 'domain is an array: use an object'],
  [{ ...config, name: 5 }, 'name is 5: use the sending domain, like "example.com"'],
  [
    { ...config, name: 'https://example.com' },
    'name is "https://example.com": use the sending domain, like "example.com"',
  ],
  [
    { ...config, openTracking: 'yes' },
    'openTracking is "yes": use true, false or one of full, identified, day, anonymous',
  ],
  [
    { ...config, clickTracking: undefined },
    'clickTracking is undefined: use true, false or one of full, identified, anonymous',
  ],
  [{ ...config, trackingDomains: {} }, 'trackingDomains is an object: use an array'],
  [{ ...config, trackingDomains: [null] }, 'trackingDomains[0] is null: use an object'],
  [
    { ...config, trackingDomains: [host, { ...host, host: 'go.example.com', status: 'ok' }] },
    'trackingDomains[1].status is "ok": use one of not_started, pending, verified, failed, temporary_failure',
  ],
  [
    { ...config, trackingDomains: [host, { ...host, host: 'LINKS.example.com.' }] },
    'trackingDomains has host "links.example.com" twice: list each one once',
  ],
  [
    { ...config, trackingDomains: [{ ...host, cnameTarget: 'a b' }] },
    'trackingDomains[0].cnameTarget is "a b": use a host name',
  ],
  [
    { ...config, trackingDomains: [{ ...host, verifiedAt: '2026-01-01' }] },
    'trackingDomains[0].verifiedAt is "2026-01-01": use milliseconds since the epoch',
  ],
  [
    { ...config, trackingDomains: [{ ...host, verified: true }] },
    'trackingDomains[0] has no field "verified": use host, status, scheme, cnameTarget, configuredAt, verifiedAt, checkedAt, failingSince',
  ],
  // JSON.stringify turns bytes into an object of numbers.
  [
    JSON.stringify({ ...config, signingKeys: [{ id: 'k1', secret: new Uint8Array(32) }] }),
    'signingKeys[0].secret is no string and no Uint8Array: use at least 32 random bytes',
  ],
])('names the field that is wrong (%#)', (stored, message) => {
  expect(errorOf(() => parseDomainConfig(stored))).toEqual({ code: 'invalid-config', message })
})
