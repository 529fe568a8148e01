import type { EngagementEvent } from './engagement-event.ts'
import type { JudgedEvent } from './judge-events.ts'

/** A share with its denominator. */
export interface Rate {
  /** 0 to 1. */
  readonly share: number
  /** How many messages could have been counted. */
  readonly of: number
}

export interface Count {
  /** Events. */
  readonly total: number
  /** Messages with at least one. */
  readonly unique: number
  /** How many of the total are in mode `anonymous`, so that nobody knows their message. */
  readonly anonymous: number
}

export interface PeopleCount extends Count {
  /** `unique` over the tracked messages; `null` where it would not be true. */
  readonly rate: Rate | null
}

/** What tells messages apart; `null` for an anonymous event. */
export const messageOf = ({ domain, messageRef }: EngagementEvent): string | null =>
  messageRef === null ? null : `${domain} ${messageRef}`

export function count(judged: readonly JudgedEvent[]): Count {
  const messages = judged.map(({ event }) => messageOf(event))
  const known = messages.filter((message) => message !== null)
  return { total: judged.length, unique: new Set(known).size, anonymous: messages.length - known.length }
}

export function countPeople(judged: readonly JudgedEvent[], tracked: number): PeopleCount {
  const counted = count(judged)
  return { ...counted, rate: rateOf(counted.unique, tracked) }
}

/** There is no rate over what could not have been tracked: not over nothing, and not over fewer messages than were seen. */
export function rateOf(unique: number, of: number | undefined): Rate | null {
  return of === undefined || of === 0 || unique > of ? null : { share: unique / of, of }
}
