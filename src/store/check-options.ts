import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { storableText } from './storable-text.ts'

/** In UTF-16 code units: an index of PostgreSQL takes keys of some 2700 bytes, and none of ours has more than three such texts. */
export const maxNameLength = 256

/** A name by which something is found: a domain, an owner, a campaign, a reference. */
export function checkName(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= maxNameLength) return storableText(value)
  throw optionChecks.error(`${path} is ${quote(value)}: use a string of 1 to ${maxNameLength} characters`)
}

export const checkDomainName = (value: unknown, path: string): string => checkName(value, path).toLowerCase()

export function checkText(value: unknown, path: string): string {
  if (typeof value === 'string') return storableText(value)
  // Without the value: it may be a recipient.
  throw optionChecks.error(`${path} is ${Array.isArray(value) ? 'an array' : `of type ${typeof value}`}: use a string`)
}

/** `null` for what was not given. */
export function optional<T>(value: unknown, path: string, check: (value: unknown, path: string) => T): T | null {
  return value === undefined ? null : check(value, path)
}

export const defaultOwner = 'default'

export const checkOwner = (value: unknown): string => (value === undefined ? defaultOwner : checkName(value, 'owner'))
