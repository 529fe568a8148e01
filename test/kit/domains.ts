// The sending domain of the tests, and what makes their results the same each time.

import type { DomainConfig } from '../../src/index.ts'

export const secret = 'a secret of at least thirty-two bytes'

/** Signs its references. Its first host has failed, but stands in sent mail. */
export const signedDomain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [
    { host: 'old.example.com', status: 'failed' },
    { host: 'links.example.com', status: 'verified' },
  ],
  signingKeys: [{ id: 'k1', secret }],
}

/** The same without keys, so that its references are stored. */
export const storedDomain: DomainConfig = { ...signedDomain, signingKeys: [] }

export const messageRef = 'message-0123456789'
const issuedAt = 1_700_000_000
export const fixed = { messageRef, now: (): number => issuedAt * 1000 }
