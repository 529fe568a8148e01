import type { EngagementEvent } from './engagement-event.ts'
import { type Burst, clientOf, isSoon } from './find-bursts.ts'
import type { CheckedJudgeOptions } from './judge-options.ts'

/**
 * The opens of scanners: those by a client of a burst, shortly before the burst or during it. Soon after sending, the same
 * user agent is enough, as a fleet has many addresses. Later, the address must be the same too, as a person may have the user
 * agent that a scanner borrows.
 */
export function opensWithBursts<Event extends EngagementEvent>(
  opens: readonly Event[],
  bursts: readonly Burst<Event>[],
  options: CheckedJudgeOptions<Event>,
): Event[] {
  const byClient = new Map<string, Burst<Event>[]>()
  const byAgent = new Map<string | null, Burst<Event>[]>()
  for (const burst of bursts) {
    for (const client of new Set(burst.clicks.map(({ event }) => clientOf(event)))) file(byClient, client, burst)
    for (const agent of new Set(burst.clicks.map(({ event }) => event.userAgent))) file(byAgent, agent, burst)
  }
  return opens.filter((open) => {
    const isNear = (found: readonly Burst<Event>[] | undefined) => {
      const burst = firstToEndAfter(found ?? [], open.time)
      return burst !== undefined && burst.clicks[0]!.event.time - open.time <= options.openBeforeMs
    }
    if (isSoon(open, options) && isNear(byAgent.get(open.userAgent))) return true
    return open.userAgent !== null && isNear(byClient.get(clientOf(open)))
  })
}

function file<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

/** Bursts follow one another, so the first that ends after a time is the nearest to it. */
function firstToEndAfter<Event extends EngagementEvent>(
  bursts: readonly Burst<Event>[],
  time: number,
): Burst<Event> | undefined {
  let low = 0
  let high = bursts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bursts[middle]!.clicks.at(-1)!.event.time < time) low = middle + 1
    else high = middle
  }
  return bursts[low]
}
