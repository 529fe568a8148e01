import type { Activation, InactiveReason } from '../config/activation.ts'
import type { PartOutcome } from '../message/message-outcomes.ts'
import type { MailOutcome, UntouchedReason } from './mail-outcome.ts'

/** What is to become of a message. */
export interface Plan {
  readonly outcome: MailOutcome
  /** The new content of each part, or of the whole message; `null` for what stays. */
  readonly html: string | null
  readonly text: string | null
  readonly raw: Uint8Array | null
}

/** A plan under which nothing changes. */
export function leave(reason: UntouchedReason | InactiveReason, parts?: readonly PartOutcome[]): Plan {
  const outcome: MailOutcome = { kind: 'untouched', reason, ...(parts && { parts }) }
  return { outcome, html: null, text: null, raw: null }
}

/** The campaign that an anonymous part of the message is reported with; `null` without one. */
export function reportedCampaign(
  { open, click }: Activation & { readonly active: true },
  campaignRef: string | undefined,
): string | null {
  return open === 'anonymous' || click === 'anonymous' ? campaignRef! : null
}
