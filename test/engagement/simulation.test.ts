// The goals, on traffic that was made before the rules and with seeds that the rules were not looked at with.

import { describe, expect, it } from 'vitest'
import { measure, percent } from './simulation/measure.ts'
import { mixedTraffic } from './simulation/mixed-traffic.ts'
import { generators, heldOut, judges, trafficOf } from './simulation/report.ts'

describe.each(Object.keys(generators) as (keyof typeof generators)[])('traffic %s', (generator) => {
  const traffic = trafficOf(generator, heldOut.first, heldOut.seeds)
  const shares = (judge: keyof typeof judges) => {
    const { person, machine, proxy } = measure(traffic, judges[judge]).truths
    return { person: percent(person), machine: percent(machine), proxy: percent(proxy) }
  }

  it("98 % of people's events stay people's, 95 % of machines' are caught, 99 % of proxies' named", () => {
    const { person, machine, proxy } = shares('the rules')
    expect(person).toBeGreaterThanOrEqual(98)
    expect(machine).toBeGreaterThanOrEqual(95)
    expect(proxy).toBeGreaterThanOrEqual(99)
  })

  it('the plain rule does worse at both', () => {
    const plain = shares('two links in two seconds')
    expect(plain.person).toBeLessThan(shares('the rules').person)
    expect(plain.machine).toBeLessThan(shares('the rules').machine)
  })

  it("knowing neither sentAt nor links costs machines, never people's events", () => {
    const bare = shares('the rules, without sentAt and links')
    expect(bare.person).toBeGreaterThanOrEqual(98)
    expect(bare.machine).toBeGreaterThanOrEqual(93)
  })
})

it('the same seed gives the same traffic', () => {
  expect(mixedTraffic(7, 20)).toEqual(mixedTraffic(7, 20))
  expect(mixedTraffic(7, 20)).not.toEqual(mixedTraffic(8, 20))
})
