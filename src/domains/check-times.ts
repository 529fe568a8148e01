// Owns the checks of times among the options of the calls about tracking domains.

import { invalidOption } from '../checks.ts'
import { quote } from '../errors.ts'

/** A moment in ms since the epoch. */
export function checkNow(now: unknown): number {
  if (!Number.isFinite(now)) throw invalidOption(`now is ${quote(now)}: use milliseconds since the epoch`)
  return now as number
}

/** In ms. Timers take at most 2,147,483,647 and fire at once beyond that; nobody waits a minute for DNS. */
export const maxTimeoutMs = 60_000

/** A length of time in whole ms, from 1 on: neither 0 nor Infinity may come to mean "no limit". */
export function checkDurationMs(value: unknown, field: string, max: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > max) {
    throw invalidOption(`${field} is ${quote(value)}: use whole milliseconds, 1 to ${max}`)
  }
  return value as number
}
