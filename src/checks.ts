// Owns the checks that the options of all entries share.

import { MailtraceError, quote } from './errors.ts'

/** Refuses what is no object, and any field that the call does not know. */
export function checkFields(options: unknown, known: readonly string[], path = 'options'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    // A string is not shown: where an object should be, it may be a recipient or a whole configuration.
    const what = typeof options === 'string' ? 'a string' : quote(options)
    throw invalidOption(`${path} is ${what}: use an object`)
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw invalidOption(`${path} has no field ${quote(key)}: use ${known.join(', ')}`)
  }
}

export function checkFunction<F>(value: F, field: string): F {
  if (typeof value !== 'function') throw invalidOption(`${field} is ${quote(value)}: use a function`)
  return value
}

/** A whole number within a range: neither 0, NaN nor Infinity may come to mean "no limit". */
export function checkNumber(value: unknown, field: string, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number
  throw invalidOption(`${field} is ${quote(value)}: use a whole number of ${min} to ${max}`)
}

/** The error for a wrong option. */
export function invalidOption(message: string): MailtraceError {
  return new MailtraceError('invalid-options', message)
}
