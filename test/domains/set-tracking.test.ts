import { expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { setTracking } from '../../src/domains/index.ts'
import { defineDomain } from '../../src/index.ts'
import { storedDomain } from '../kit/domains.ts'
import { errorOf } from '../kit/error-of.ts'

const domain: DomainConfig = { ...storedDomain, clickTracking: false }

test.each([
  [{ clickTracking: true }, true, true],
  [{ openTracking: false }, false, false],
  [{ openTracking: 'day' }, 'day', false],
  [{ openTracking: 'anonymous', clickTracking: 'identified' }, 'anonymous', 'identified'],
  [{ openTracking: undefined }, true, false],
  [{}, true, false],
] as const)('%j sets what it names and leaves the rest', (switches, openTracking, clickTracking) => {
  expect(setTracking(domain, switches)).toEqual({ ...domain, openTracking, clickTracking })
  expect(domain).toMatchObject({ openTracking: true, clickTracking: false })
})

it('may raise what a defined domain says: it is the domain itself that is set', () => {
  const defined = defineDomain({ ...domain, openTracking: 'anonymous' })
  expect(setTracking(defined, { openTracking: true, clickTracking: 'full' })).toMatchObject({
    openTracking: true,
    clickTracking: 'full',
  })
})

test.each<[object, string]>([
  [{ clickTracking: 1 }, 'clickTracking is 1: use true, false or one of full, identified, anonymous'],
  [{ clickTracking: 'day' }, 'clickTracking is "day": use true, false or one of full, identified, anonymous'],
  [{ openTracking: 'on' }, 'openTracking is "on": use true, false or one of full, identified, day, anonymous'],
  [{ open_tracking: true }, 'options has no field "open_tracking": use openTracking, clickTracking'],
])('refuses %j', (switches, message) => {
  expect(errorOf(() => setTracking(domain, switches))).toEqual({ code: 'invalid-options', message })
})

it('refuses a domain that is none', () => {
  expect(errorOf(() => setTracking({ ...domain, name: '' }, {})).code).toBe('invalid-config')
})
