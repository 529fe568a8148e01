import { optionChecks } from '../checks.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import {
  type CheckedMessageOptions,
  type CheckedPrepareOptions,
  checkInstrumentOptions,
  type InstrumentOptions,
  instrumentFields,
} from '../instrument/options.ts'

/** What becomes of a DKIM-signed message, the default first. */
export const signedChoices = ['leave', 'instrument'] as const

/** What a call may say about a message: what instrumentEmail takes, and what only a message has. */
export interface InstrumentMessageOptions extends InstrumentOptions {
  /** Whether links in the plain text are tracked too. Default: `false` */
  readonly text?: boolean | undefined
  /**
   * What becomes of a message that is DKIM-signed already. Any change breaks the signature, so use `'instrument'` only if the
   * message is signed again. Default: `'leave'`
   *
   */
  readonly dkimSigned?: (typeof signedChoices)[number] | undefined
}

export interface CheckedInstrumentMessageOptions {
  readonly email: CheckedPrepareOptions
  readonly message: CheckedMessageOptions
  readonly withText: boolean
  readonly breaksDkim: boolean
}

const fields = [...instrumentFields, 'text', 'dkimSigned']

export function checkInstrumentMessageOptions(
  options: InstrumentMessageOptions,
  domain: CheckedDomain,
): CheckedInstrumentMessageOptions {
  const { email, message } = checkInstrumentOptions(options, domain, fields)
  const { text = false, dkimSigned = 'leave' } = options
  return {
    email,
    message,
    withText: optionChecks.boolean(text, 'text'),
    breaksDkim: optionChecks.oneOf(dkimSigned, 'dkimSigned', signedChoices) === 'instrument',
  }
}
