import { MailtraceError, type MailtraceErrorCode, quote } from './errors.ts'

/** What every entry asks of what it is given. Each check names the field, says what is wrong and what to do. */
export interface Checks {
  /** An object without fields that the call does not know. */
  object(value: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>>
  list(value: unknown, path: string): readonly unknown[]
  boolean(value: unknown, path: string): boolean
  /** A whole number within a range: neither 0, NaN nor Infinity may come to mean "no limit". */
  integer(value: unknown, path: string, min: number, max: number): number
  /** A moment in ms since the epoch. */
  time(value: unknown, path: string): number
  function<F>(value: F, path: string): F
  /** One word of a vocabulary. */
  oneOf<Word>(value: unknown, path: string, words: readonly Word[]): Word
  /** The error itself, for rules of the field's own. */
  error(message: string): MailtraceError
}

/**
 * In ms since the epoch: 2000-01-01 and the last second that 32 bits hold, in 2106. Nobody sent mail with mailtrace before
 * that, and a smaller number is a time in seconds.
 */
const [minTime, maxTime] = [946_684_800_000, 4_294_967_295_999]

/** The checks of one kind of input: they differ in nothing but the error's code. */
function createChecks(code: MailtraceErrorCode): Checks {
  const error = (message: string): MailtraceError => new MailtraceError(code, message)
  return {
    error,
    object(value, path, known) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw error(`${path} is ${describe(value)}: use an object`)
      }
      for (const key of Object.keys(value)) {
        if (!known.includes(key)) throw error(`${path} has no field ${quote(key)}: use ${known.join(', ')}`)
      }
      return value as Record<string, unknown>
    },
    list(value, path) {
      if (!Array.isArray(value)) throw error(`${path} is ${describe(value)}: use an array`)
      return Array.from(value) // a hole becomes undefined, which the check of the item refuses
    },
    boolean(value, path) {
      if (typeof value !== 'boolean') throw error(`${path} is ${quote(value)}: use true or false`)
      return value
    },
    integer(value, path, min, max) {
      if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number
      throw error(`${path} is ${quote(value)}: use a whole number of ${min} to ${max}`)
    },
    time(value, path) {
      if (typeof value === 'number' && value >= minTime && value <= maxTime) return value
      throw error(`${path} is ${quote(value)}: use milliseconds since the epoch, of the years 2000 to 2106`)
    },
    function(value, path) {
      if (typeof value !== 'function') throw error(`${path} is ${quote(value)}: use a function`)
      return value
    },
    oneOf(value, path, words) {
      const word = words.find((known) => known === value)
      if (word === undefined) throw error(`${path} is ${quote(value)}: use one of ${words.join(', ')}`)
      return word
    },
  }
}

/** A text is not shown: where a list or an object should be, it may be a secret, a recipient or a whole configuration. */
function describe(value: unknown): string {
  return typeof value === 'string' ? 'a string' : quote(value)
}

/** For the options of a call. */
export const optionChecks: Checks = createChecks('invalid-options')
/** For a sending domain's configuration. */
export const configChecks: Checks = createChecks('invalid-config')

/** In ms. Timers take at most 2,147,483,647 and fire at once beyond that; nobody waits a minute for an answer. */
export const maxTimeoutMs = 60_000
