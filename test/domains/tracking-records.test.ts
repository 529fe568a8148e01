import { describe, expect, it } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { removalImpact, setTracking, trackingRecords } from '../../src/domains/index.ts'
import { errorOf } from './error-of.ts'

const cnameTarget = 't1.tracking.example.net'
const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: false,
  trackingDomains: [
    { host: 'old.example.com', status: 'failed', cnameTarget },
    { host: 'never.example.com', status: 'not_started', cnameTarget },
    { host: 'Links.Example.com', status: 'verified', cnameTarget: 'T1.Tracking.Example.net.' },
    { host: 'lost.example.com', status: 'pending', cnameTarget, verifiedAt: 1 },
    { host: 'links.localhost:8080', status: 'verified', scheme: 'http' },
    { host: 'new.example.com', status: 'pending', cnameTarget },
  ],
}

describe('trackingRecords', () => {
  it('lists every tracking domain, oldest first, and says which is active and which was chosen last', () => {
    const record = { record: 'Tracking', type: 'CNAME', value: cnameTarget, isActive: false, isCurrent: false }
    expect(trackingRecords(domain)).toEqual([
      { ...record, name: 'old.example.com', status: 'failed' },
      { ...record, name: 'never.example.com', status: 'not_started' },
      { ...record, name: 'links.example.com', status: 'verified' },
      { ...record, name: 'lost.example.com', status: 'pending' },
      { ...record, name: 'links.localhost:8080', status: 'verified', value: null, isActive: true },
      { ...record, name: 'new.example.com', status: 'pending', isCurrent: true },
    ])
  })

  it('lists none for a domain without', () => {
    expect(trackingRecords({ ...domain, trackingDomains: [] })).toEqual([])
  })
})

describe('removalImpact', () => {
  it('names the hosts that may stand in sent mail, and what to put in place for each', () => {
    const impact = removalImpact({ ...domain, trackingDomains: domain.trackingDomains.filter((h) => !h.scheme) })
    const todo = (host: string): string =>
      `point ${host} at a proxy of your own that passes every request to ${cnameTarget} with "Host: ${host}", under a certificate for ${host}`
    const names = ['old.example.com', 'links.example.com', 'lost.example.com']
    expect(impact).toEqual({
      hosts: names.map((host) => ({ host, cnameTarget, todo: todo(host) })),
      receiverMustKeep: { name: 'example.com', hosts: names, keyIds: [] },
      message:
        'removing example.com breaks the links in sent mail through old.example.com, links.example.com, lost.example.com: first put a proxy in place for each, and keep the domain, these hosts and the stored links in the receiver',
    })
  })

  it('names the keys by their ids, never by their secrets', () => {
    const secret = 's'.repeat(32)
    const impact = removalImpact({
      ...domain,
      signingKeys: [
        { id: 'k2', secret },
        { id: 'k1', secret },
      ],
    })
    expect(impact.receiverMustKeep.keyIds).toEqual(['k2', 'k1'])
    expect(impact.message).toMatch(/keep the domain, these hosts and the signing keys k2, k1 in the receiver$/)
    expect(JSON.stringify(impact)).not.toContain(secret)
  })

  it('says when nothing breaks', () => {
    const unused = { ...domain, trackingDomains: [{ host: 'new.example.com', status: 'pending' as const }] }
    expect(removalImpact(unused)).toMatchObject({
      hosts: [],
      message: 'no sent mail depends on a tracking domain of example.com',
    })
  })
})

describe('setTracking', () => {
  it('sets the switches it is given and leaves the rest', () => {
    expect(setTracking(domain, { clickTracking: true })).toEqual({ ...domain, clickTracking: true })
    expect(setTracking(domain, { openTracking: false })).toEqual({ ...domain, openTracking: false })
    expect(setTracking(domain, {})).toEqual(domain)
    expect(domain.openTracking).toBe(true)
  })

  it('refuses what is no switch', () => {
    expect(errorOf(() => setTracking(domain, { clickTracking: 1 as never }))).toEqual({
      code: 'invalid-options',
      message: 'clickTracking is 1: use true, false or one of full, identified, anonymous',
    })
    expect(errorOf(() => setTracking(domain, { open_tracking: true } as never))).toEqual({
      code: 'invalid-options',
      message: 'options has no field "open_tracking": use openTracking, clickTracking',
    })
  })
})
