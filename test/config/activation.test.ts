import { describe, expect, it } from 'vitest'
import { clickModes, openModes } from '../../src/config/tracking-modes.ts'
import { type DomainConfig, type RecordStatus, type TrackingSwitches, trackingActivation } from '../../src/index.ts'
import { storedDomain } from '../kit/domains.ts'

const domainWith = (fields: Partial<DomainConfig>): DomainConfig => ({ ...storedDomain, ...fields })

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
    expect(trackingActivation(domain)).toEqual({ active: true, host, open: 'full', click: 'full' })
  })
})

describe('the lowest of all ceilings holds', () => {
  const opens = [...openModes, false] as const
  const clicks = [...clickModes, false] as const

  it.each(opens.flatMap((ofDomain) => opens.map((ofMessage) => [ofDomain, ofMessage] as const)))(
    'opens: domain %s, message %s',
    (ofDomain, ofMessage) => {
      const activation = trackingActivation(domainWith({ openTracking: ofDomain }), { openTracking: ofMessage })
      const lower = opens.indexOf(ofDomain) > opens.indexOf(ofMessage) ? ofDomain : ofMessage
      expect(activation).toEqual({ active: true, host: 'links.example.com', open: lower, click: 'full' })
    },
  )

  it.each(clicks.flatMap((ofDomain) => clicks.map((ofMessage) => [ofDomain, ofMessage] as const)))(
    'clicks: domain %s, message %s',
    (ofDomain, ofMessage) => {
      const activation = trackingActivation(domainWith({ clickTracking: ofDomain }), { clickTracking: ofMessage })
      const lower = clicks.indexOf(ofDomain) > clicks.indexOf(ofMessage) ? ofDomain : ofMessage
      expect(activation).toEqual({ active: true, host: 'links.example.com', open: 'full', click: lower })
    },
  )

  it.each([undefined, true] as const)('a message that says %s asks for no less than the domain allows', (value) => {
    const domain = domainWith({ openTracking: 'day', clickTracking: 'identified' })
    expect(trackingActivation(domain, { openTracking: value, clickTracking: value })).toMatchObject({
      open: 'day',
      click: 'identified',
    })
  })
})

describe('wrong switches of a message are refused', () => {
  it.each([
    [{ openTracking: 'yes' }, 'openTracking is "yes": use true, false or one of full, identified, day, anonymous'],
    [{ clickTracking: 'day' }, 'clickTracking is "day": use true, false or one of full, identified, anonymous'],
    [{ clickTracking: null }, 'clickTracking is null: use true, false or one of full, identified, anonymous'],
    [{ opens: true }, 'options has no field "opens": use openTracking, clickTracking'],
    [true, 'options is true: use an object'],
  ])('%j', (options, message) => {
    expect(() => trackingActivation(domainWith({}), options as TrackingSwitches)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    )
  })
})
