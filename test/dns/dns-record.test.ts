import { expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { expectedRecords, zoneSnippet } from '../../src/dns/index.ts'
import { errorOf } from '../domains/error-of.ts'

const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [
    { host: 'Old.example.com', status: 'failed', cnameTarget: 't1.tracking.example.net' },
    { host: 'links.example.com', status: 'verified', cnameTarget: 'T2.Tracking.Example.net.' },
  ],
}

it('expects the CNAME records of every tracking domain, former ones included', () => {
  expect(expectedRecords(domain)).toEqual([
    { name: 'old.example.com', type: 'CNAME', value: 't1.tracking.example.net' },
    { name: 'links.example.com', type: 'CNAME', value: 't2.tracking.example.net' },
  ])
})

it('expects none of a host with a port, which is for local use', () => {
  const local = { host: 'links.localhost:8080', status: 'verified' } as const
  const { trackingDomains } = domain
  expect(expectedRecords({ ...domain, trackingDomains: [local, ...trackingDomains] })).toEqual(expectedRecords(domain))
})

it('cannot expect what nobody said', () => {
  const unknown = { ...domain, trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }] }
  expect(errorOf(() => expectedRecords(unknown))).toEqual({
    code: 'invalid-config',
    message:
      'trackingDomains[0].cnameTarget is missing: set the name that the CNAME record of links.example.com must point at',
  })
})

it('writes them for a zone file, with absolute names', () => {
  const caa = { name: 'example.com', type: 'CAA', value: '0 issue "letsencrypt.org"' } as const
  expect(zoneSnippet([...expectedRecords(domain), caa], { ttlSeconds: 300 })).toBe(
    [
      'old.example.com. 300 IN CNAME t1.tracking.example.net.\n',
      'links.example.com. 300 IN CNAME t2.tracking.example.net.\n',
      'example.com. 300 IN CAA 0 issue "letsencrypt.org"\n',
    ].join(''),
  )
  expect(zoneSnippet([caa])).toBe('example.com. 3600 IN CAA 0 issue "letsencrypt.org"\n')
})

test.each([0, 1.5, Number.NaN, 2 ** 31])('refuses a TTL of %s', (ttlSeconds) => {
  expect(errorOf(() => zoneSnippet([], { ttlSeconds }))).toEqual({
    code: 'invalid-options',
    message: `ttlSeconds is ${ttlSeconds}: use a whole number of 1 to 2147483647`,
  })
})
