// Prints what the rules make of both kinds of simulated traffic. `npm run engagement [first seed] [seeds]`

import { type JudgeOptions, judgeEvents } from '../../../src/engagement/index.ts'
import { eventsOf, type Judge, judgePlainly, measure, percent, type Tally } from './measure.ts'
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

/** The seeds that the rules were not looked at with. */
export const heldOut = { first: 1001, seeds: 40 } as const

export const trafficOf = (generator: keyof typeof generators, first: number, seeds: number): SimulatedMessage[] =>
  Array.from({ length: seeds }, (_, seed) => generators[generator](first + seed)).flat()

const share = (tally: Tally): string => percent(tally).toFixed(1).padStart(6)

export function report(first: number, seeds: number): string {
  const lines: string[] = []
  for (const generator of Object.keys(generators) as (keyof typeof generators)[]) {
    const traffic = trafficOf(generator, first, seeds)
    lines.push(`Simulated ${generator}: ${traffic.length} messages, seeds ${first} to ${first + seeds - 1}`, '')
    lines.push(`${'kept or caught, % (right when said, %)'.padEnd(40)}    people        machines       proxies`)
    for (const [name, judge] of Object.entries(judges)) {
      const { truths, verdicts } = measure(traffic, judge)
      const columns = (['person', 'machine', 'proxy'] as const).map(
        (actor) => `${share(truths[actor])} (${share(verdicts[actor]).trim()})`,
      )
      lines.push(`${name.padEnd(36)} ${columns.map((column) => column.padStart(14)).join(' ')}`)
    }
    const { kinds } = measure(traffic, judges['the rules'])
    const plain = measure(traffic, judgePlainly).kinds
    lines.push('', `${'by kind'.padEnd(36)} events   the rules   two seconds`)
    for (const [kind, tally] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push(
        `${kind.padEnd(36)} ${`${tally.events}`.padStart(6)}      ${share(tally)}        ${share(plain.get(kind)!)}`,
      )
    }
    lines.push('')
  }
  return `${lines.join('\n')}\n`
}
