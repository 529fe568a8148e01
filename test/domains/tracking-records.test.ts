import { describe, expect, it } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { trackingRecords } from '../../src/domains/index.ts'

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
