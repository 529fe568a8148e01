// Owns the checks of options that the calls of these entries share.

import { MailtraceError, quote } from '../errors.ts'

/** Refuses what is no object and any field that the call does not know. */
export function checkOptions(options: unknown, known: readonly string[], name = 'options'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption(`${name} is ${quote(options)}: use an object with ${known.join(', ')}`)
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw invalidOption(`${name} has no field ${quote(key)}: use ${known.join(', ')}`)
  }
}

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

/** The error for a wrong option. */
export function invalidOption(message: string): MailtraceError {
  return new MailtraceError('invalid-options', message)
}
