// The guide's tables say what the code's tables say.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { recordStatuses } from '../../src/config/domain-config.ts'
import { applyVerification, type VerificationOutcome, verificationOutcomes } from '../../src/domains/index.ts'
import { rowsOf } from './guide-table.ts'

const guide = readFileSync(new URL('../../src/domains/README.md', import.meta.url), 'utf8')
const outcomes = Object.keys(verificationOutcomes) as VerificationOutcome[]

it('lists every outcome with its meaning', () => {
  expect(rowsOf(guide, ['outcome', 'what it means'])).toEqual(Object.entries(verificationOutcomes))
})

it('says what each outcome makes of each status', () => {
  const next = recordStatuses.map((status) => [
    status,
    ...outcomes.map((outcome) => {
      const host = 'links.example.com'
      const domain = {
        name: 'example.com',
        openTracking: true,
        clickTracking: true,
        trackingDomains: [{ host, status }],
      }
      return applyVerification(domain, host, outcome, { now: Date.UTC(2026, 0, 1) }).trackingDomains[0]!.status
    }),
  ])
  expect(rowsOf(guide, ['status', ...outcomes])).toEqual(next)
})
