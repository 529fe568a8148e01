import type { Activation, InactiveReason } from '../config/activation.ts'
import type { LinkOutcome, PixelOutcome } from '../instrument/outcomes.ts'
import type { PartOutcome } from '../message/message-outcomes.ts'
import type { TextLinkOutcome } from '../text/instrument-text.ts'

/** Why a message, or one of its parts, goes out as it was given. The reasons for inactive tracking come beside these. */
export const untouchedReasons = {
  raw: 'it was given as finished MIME',
  parts: 'none in a `raw` message can be instrumented; `parts` says why',
  absent: 'there is none',
  off: '`text` is not set, or clicks are not tracked',
  'unknown-domain': 'the lookup knows no such sending domain, or From names none',
  'access-disabled': 'reading it would take a file or URL that nodemailer may not read',
  charset: 'its bytes are no UTF-8',
  failed: 'something failed; `onError` heard of it',
} as const

export type UntouchedReason = keyof typeof untouchedReasons

/** A message that goes out with tracking. */
export interface InstrumentedMail {
  readonly kind: 'instrumented'
  /** The sending domain, as its configuration names it. */
  readonly domain: string
  /** Through which host, and how far: the lowest of what domain, message and recipients allow. */
  readonly activation: Activation & { readonly active: true }
  /** The same for all recipients of the message; `null` where nothing in the message carries it. */
  readonly messageRef: string | null
  /** What its anonymous opens and clicks are reported with; `null` where no mode is `anonymous`. */
  readonly campaignRef: string | null
  /** When it was handed over for sending, in ms since the epoch. */
  readonly sentAt: number
  readonly pixel: PixelOutcome
  /**
   * Every link site of the HTML part in document order, with positions in its text. Empty when click tracking is off. Of a `raw`
   * message: of all its HTML parts, and positions count bytes of a part's content.
   */
  readonly links: readonly LinkOutcome[]
  /** Every web URL of the plain-text part in order. Empty when that part is untouched or click tracking is off. */
  readonly textLinks: readonly TextLinkOutcome[]
  /** Why a part is as it was given; `null` for one that was instrumented. */
  readonly untouched: { readonly html: UntouchedReason | null; readonly text: UntouchedReason | null }
  /** Of a message that was given as `raw` alone: what became of each of its parts, as `instrumentMessage` says it. */
  readonly parts?: readonly PartOutcome[]
}

/** A message that goes out as it was given. */
export interface UntouchedMail {
  readonly kind: 'untouched'
  readonly reason: UntouchedReason | InactiveReason
  /** With reason `parts`: why each of its parts stays as it is. */
  readonly parts?: readonly PartOutcome[]
}

/** What became of a message. Plain data: it survives `JSON.stringify`. */
export type MailOutcome = InstrumentedMail | UntouchedMail
