import type { LabelledEvent, SimulatedEvent, SimulatedMessage, Truth } from './traffic.ts'

export type Judge = (message: SimulatedMessage) => readonly Truth[]

export interface Tally {
  events: number
  /** Judged as what they are. */
  right: number
}

export interface Measurement {
  /** By what it was: how much of it was judged so (recall). */
  readonly truths: Readonly<Record<Truth, Tally>>
  /** By what it was judged as: how much of it was so (precision). */
  readonly verdicts: Readonly<Record<Truth, Tally>>
  readonly kinds: ReadonlyMap<string, Tally>
}

const none = (): Record<Truth, Tally> => ({
  person: { events: 0, right: 0 },
  machine: { events: 0, right: 0 },
  proxy: { events: 0, right: 0 },
})

export function measure(messages: readonly SimulatedMessage[], judge: Judge): Measurement {
  const truths = none()
  const verdicts = none()
  const kinds = new Map<string, Tally>()
  for (const message of messages) {
    const judged = judge(message)
    for (const [position, { truth, kind }] of message.events.entries()) {
      const tally = kinds.get(kind) ?? { events: 0, right: 0 }
      kinds.set(kind, tally)
      for (const each of [truths[truth], verdicts[judged[position]!], tally]) {
        each.events++
        if (judged[position] === truth) each.right++
      }
    }
  }
  return { truths, verdicts, kinds }
}

/** The share in percent, of at most 100; `NaN` where there is nothing. */
export const percent = ({ events, right }: Tally): number => (100 * right) / events

export const eventsOf = ({ events }: { readonly events: readonly LabelledEvent[] }): SimulatedEvent[] =>
  events.map(({ event }) => event)

/** The plain rule: what the request says, and two different links within two seconds. */
export const judgePlainly: Judge = (message) => {
  const events = eventsOf(message)
  const clicks = events.filter(({ type }) => type === 'click').sort((a, b) => a.time - b.time)
  const near = new Set<string>()
  for (const [position, click] of clicks.entries()) {
    for (let other = position + 1; other < clicks.length && clicks[other]!.time - click.time <= 2000; other++) {
      const { id, part, index } = clicks[other]!
      if (part === click.part && index === click.index) continue
      near.add(click.id).add(id)
    }
  }
  return events.map(({ id, type, signals }) => {
    if (signals.some((signal) => /mpp|proxy/.test(signal))) return type === 'open' ? 'proxy' : 'machine'
    return signals.includes('bot') || signals.includes('prefetch') || near.has(id) ? 'machine' : 'person'
  })
}
