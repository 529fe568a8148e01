// Owns the checks that the options of this entry share.

import { MailtraceError, quote } from '../errors.ts'

export function checkObject(value: unknown, known: readonly string[], path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidOption(`${path} is ${quote(value)}: use an object`)
  }
  for (const key of Object.keys(value)) {
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

export function invalidOption(message: string): MailtraceError {
  return new MailtraceError('invalid-options', message)
}
