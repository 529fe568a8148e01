import { expect, it } from 'vitest'
import * as dns from '../../src/dns/index.ts'
import * as domains from '../../src/domains/index.ts'

it('mailtrace/domains gives these names', () => {
  expect(Object.keys(domains).sort()).toEqual([
    'applyVerification',
    'configureTrackingDomain',
    'domainFromResend',
    'parseDomainConfig',
    'removalImpact',
    'setTracking',
    'trackingRecords',
  ])
})

it('mailtrace/dns gives these names', () => {
  expect(Object.keys(dns).sort()).toEqual([
    'expectedRecords',
    'httpsResolver',
    'nodeResolver',
    'verifyTrackingDomain',
    'zoneSnippet',
  ])
})
