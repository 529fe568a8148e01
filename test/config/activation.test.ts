import { describe, expect, it } from 'vitest'
import { type DomainConfig, type RecordStatus, type TrackingDomain, trackingActivation } from '../../src/index.ts'

const verified: TrackingDomain = { host: 'links.example.com', status: 'verified' }

const domainWith = (fields: Partial<DomainConfig>): DomainConfig => ({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [verified],
  ...fields,
})

const hosts = (...statuses: readonly RecordStatus[]): DomainConfig =>
  domainWith({ trackingDomains: statuses.map((status, i) => ({ host: `h${i}.example.com`, status })) })

describe('the first reason that holds', () => {
  it.each([
    [
      'both switches of the domain off',
      domainWith({ openTracking: false, clickTracking: false }),
      {},
      'tracking-disabled',
    ],
    [
      'both switches of the message off',
      domainWith({}),
      { openTracking: false, clickTracking: false },
      'tracking-disabled',
    ],
    ['one switch of each off', domainWith({ openTracking: false }), { clickTracking: false }, 'tracking-disabled'],
    [
      'off before no host',
      domainWith({ openTracking: false, clickTracking: false, trackingDomains: [] }),
      {},
      'tracking-disabled',
    ],
    ['no host', domainWith({ trackingDomains: [] }), {}, 'no-tracking-domain'],
    ['not started', hosts('not_started'), {}, 'cname-unverified'],
    ['pending', hosts('pending'), {}, 'cname-unverified'],
    ['failed', hosts('failed'), {}, 'cname-unverified'],
    ['failing for now', hosts('temporary_failure'), {}, 'cname-unverified'],
    ['none of several', hosts('failed', 'temporary_failure', 'pending', 'not_started'), {}, 'cname-unverified'],
  ] as const)('%s', (_, domain, switches, reason) => {
    expect(trackingActivation(domain, switches)).toEqual({ active: false, reason })
  })
})

describe('the active host is the newest that is verified', () => {
  it.each([
    ['the only one', hosts('verified'), 'h0.example.com'],
    ['the last', hosts('verified', 'verified'), 'h1.example.com'],
    ['the previous one, while the new one is not', hosts('verified', 'verified', 'pending'), 'h1.example.com'],
    ['not one whose record fails for now', hosts('verified', 'temporary_failure'), 'h0.example.com'],
    [
      'with a port',
      domainWith({ trackingDomains: [{ host: 'Links.localhost:8080', status: 'verified', scheme: 'http' }] }),
      'links.localhost:8080',
    ],
  ] as const)('%s', (_, domain, host) => {
    expect(trackingActivation(domain)).toEqual({ active: true, host, open: true, click: true })
  })
})

describe('the switches of a message', () => {
  const switches = [undefined, true, false]
  const rows = [true, false].flatMap((ofDomain) => switches.map((ofMessage) => [ofDomain, ofMessage] as const))

  it.each(rows)('domain %s, message %s: on only if neither says no', (ofDomain, ofMessage) => {
    const isOn = ofDomain && ofMessage !== false
    const open = trackingActivation(
      domainWith({ openTracking: ofDomain }),
      ofMessage === undefined ? {} : { openTracking: ofMessage },
    )
    expect(open).toMatchObject({ active: true, open: isOn, click: true })
    const click = trackingActivation(
      domainWith({ clickTracking: ofDomain }),
      ofMessage === undefined ? {} : { clickTracking: ofMessage },
    )
    expect(click).toMatchObject({ active: true, open: true, click: isOn })
  })
})
