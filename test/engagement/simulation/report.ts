// What the rules make of both kinds of simulated traffic.

import { type JudgeOptions, judgeEvents } from '../../../src/engagement/index.ts'
import { eventsOf, type Judge, judgePlainly, type Measurement, measure, percent, type Tally } from './measure.ts'
import { mixedTraffic } from './mixed-traffic.ts'
import { officeTraffic } from './office-traffic.ts'
import type { SimulatedEvent, SimulatedMessage } from './traffic.ts'

export const generators = { 'message by message': mixedTraffic, 'office by office': officeTraffic } as const

type Known = Pick<JudgeOptions<SimulatedEvent>, 'sentAt' | 'links'>

const judgeKnowing =
  (known: (message: SimulatedMessage) => Known): Judge =>
  (message) =>
    judgeEvents(eventsOf(message), known(message)).map(({ actor }) => actor)

export const judges = {
  'the rules': judgeKnowing(({ sentAt, links }) => ({ sentAt, links })),
  'the rules, without sentAt and links': judgeKnowing(() => ({})),
  'two links in two seconds': judgePlainly,
} as const satisfies Record<string, Judge>

/** Seeds that the rules were not looked at with. */
export const heldOut = { first: 1001, seeds: 20 } as const

export type Generator = keyof typeof generators

export interface Simulation {
  readonly first: number
  readonly seeds: number
  readonly messages: number
  readonly measured: Readonly<Record<keyof typeof judges, Measurement>>
}

export function simulate(generator: Generator, first: number, seeds: number): Simulation {
  const traffic = Array.from({ length: seeds }, (_, seed) => generators[generator](first + seed)).flat()
  return {
    first,
    seeds,
    messages: traffic.length,
    measured: {
      'the rules': measure(traffic, judges['the rules']),
      'the rules, without sentAt and links': measure(traffic, judges['the rules, without sentAt and links']),
      'two links in two seconds': measure(traffic, judges['two links in two seconds']),
    },
  }
}

const share = (tally: Tally): string => percent(tally).toFixed(1)

export function report(generator: Generator, { first, seeds, messages, measured }: Simulation): string {
  const lines = [
    `Simulated ${generator}: ${messages} messages, seeds ${first} to ${first + seeds - 1}`,
    '',
    `${'kept or caught, % (right when said, %)'.padEnd(40)} ${'people'.padStart(14)} ${'machines'.padStart(14)} ${'proxies'.padStart(15)}`,
  ]
  for (const [name, { truths, verdicts }] of Object.entries(measured)) {
    const pairs = (['person', 'machine', 'proxy'] as const).map(
      (actor) => `${share(truths[actor])} (${share(verdicts[actor])})`,
    )
    lines.push(`${name.padEnd(40)} ${pairs[0]!.padStart(14)} ${pairs[1]!.padStart(14)} ${pairs[2]!.padStart(15)}`)
  }
  lines.push('', `${'right by kind, %'.padEnd(30)} ${'events'.padStart(8)} ${'the rules'.padStart(12)} two seconds`)
  const plain = measured['two links in two seconds'].kinds
  for (const [kind, tally] of [...measured['the rules'].kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const columns = [`${tally.events}`.padStart(8), share(tally).padStart(12), share(plain.get(kind)!).padStart(11)]
    lines.push(`${kind.padEnd(30)} ${columns.join(' ')}`)
  }
  return `${lines.join('\n')}\n`
}
