// Owns the one error class of all entries. It must never carry a secret, a recipient or more than 80 characters of input.

/**
 * Every reason for which mailtrace throws. Stable: codes are added, never renamed.
 *
 * - `invalid-config`: a `DomainConfig` is wrong.
 * - `invalid-options`: an option of a call is wrong.
 * - `invalid-message-ref`: a `messageRef` does not fit the kind of references the domain uses.
 */
export type MailtraceErrorCode = 'invalid-config' | 'invalid-options' | 'invalid-message-ref'

/**
 * Thrown for wrong configuration and refused changes, by every entry of the package. Odd HTML and odd requests never
 * throw. The message names the field, says what is wrong and what to do.
 */
export class MailtraceError extends Error {
  override readonly name = 'MailtraceError'
  /** Which rule was broken; stable, unlike the message. */
  readonly code: MailtraceErrorCode

  constructor(code: MailtraceErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Puts an input into a message: quoted, at most 80 characters, never an object's contents. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined)
    return `${value}`
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
