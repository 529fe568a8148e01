import { optionChecks } from '../checks.ts'
import { type Ceilings, checkSwitches } from '../config/activation.ts'
import type { MessageOptions, PrepareOptions } from '../instrument/options.ts'
import type { MailOutcome } from './mail-outcome.ts'
import type { MailData } from './plugin-options.ts'

/** What one message says of its own tracking, under the key `mailtrace` of what `sendMail` takes. */
export interface MailTracking extends MessageOptions, Pick<PrepareOptions, 'campaignRef' | 'skipLink' | 'skipUrls'> {
  /** Set by the plugin: what became of the message. One that has it is not instrumented again. */
  readonly outcome?: MailOutcome | undefined
}

const fields = ['openTracking', 'clickTracking', 'messageRef', 'campaignRef', 'skipLink', 'skipUrls', 'outcome']

/** A message's own key. What instrumentEmail checks is not checked yet. */
export type CheckedMailTracking = Ceilings & Pick<MailTracking, 'messageRef' | 'campaignRef' | 'skipLink' | 'skipUrls'>

export function readMailTracking({ mailtrace = {} }: MailData): CheckedMailTracking {
  const { outcome, ...tracking }: MailTracking = optionChecks.object(mailtrace, 'mailtrace', fields)
  return { ...tracking, ...checkSwitches(tracking) }
}
