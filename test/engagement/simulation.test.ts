// The goals, on traffic that was made before the rules and with seeds that the rules were not looked at with.

import { describe, expect, it } from 'vitest'
import { readGuide } from '../kit/examples.ts'
import { type Measurement, percent } from './simulation/measure.ts'
import { mixedTraffic } from './simulation/mixed-traffic.ts'
import { type Generator, generators, heldOut, report, simulate } from './simulation/report.ts'

const guide = readGuide('src/engagement/README.md')

const shares = ({ truths }: Measurement) => ({
  person: percent(truths.person),
  machine: percent(truths.machine),
  proxy: percent(truths.proxy),
})

describe.each(Object.keys(generators) as Generator[])('traffic %s', (generator) => {
  const simulation = simulate(generator, heldOut.first, heldOut.seeds)
  const rules = shares(simulation.measured['the rules'])

  it("98 % of people's events stay people's, 95 % of machines' are caught, 99 % of proxies' named", () => {
    expect(rules.person).toBeGreaterThanOrEqual(98)
    expect(rules.machine).toBeGreaterThanOrEqual(95)
    expect(rules.proxy).toBeGreaterThanOrEqual(99)
  })

  it('the plain rule does worse at both', () => {
    const plain = shares(simulation.measured['two links in two seconds'])
    expect(plain.person).toBeLessThan(rules.person)
    expect(plain.machine).toBeLessThan(rules.machine)
  })

  it("knowing neither sentAt nor links costs machines, never people's events", () => {
    const bare = shares(simulation.measured['the rules, without sentAt and links'])
    expect(bare.person).toBeGreaterThanOrEqual(rules.person)
    expect(bare.machine).toBeGreaterThanOrEqual(93)
  })

  it('is reported in the guide as it is', () => {
    expect(guide).toContain(report(generator, simulation))
  })
})

it('the same seed gives the same traffic', () => {
  expect(mixedTraffic(7, 20)).toEqual(mixedTraffic(7, 20))
  expect(mixedTraffic(7, 20)).not.toEqual(mixedTraffic(8, 20))
})
