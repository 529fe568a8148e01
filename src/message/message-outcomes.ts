import type { Activation } from '../config/activation.ts'
import type { LinkOutcome, PixelOutcome } from '../instrument/outcomes.ts'
import type { TextLinkOutcome } from '../text/instrument-text.ts'
import type { PartReason } from './part-reasons.ts'

interface PartPlace {
  /**
   * As IMAP numbers parts (RFC 3501 section 6.4.5): `'1'` of a message that is one part, `'1.2'` within a multipart that is the
   * first part. `''` is a whole message that is left alone.
   */
  readonly path: string
  /** In lower case, without parameters. */
  readonly type: string
  /** The body in the message that was passed in: half-open, in bytes. */
  readonly start: number
  readonly end: number
}

/**
 * What became of one part. `start` and `end` of its links count bytes of the part's content, once its transfer encoding is
 * undone. For plain text they count UTF-16 code units of the text. `index` counts through all parts of one kind.
 */
export type PartOutcome =
  | (PartPlace & {
      readonly kind: 'instrumented'
      readonly type: 'text/html'
      readonly links: readonly LinkOutcome[]
      readonly pixel: PixelOutcome
    })
  | (PartPlace & {
      readonly kind: 'instrumented'
      readonly type: 'text/plain'
      readonly links: readonly TextLinkOutcome[]
      /** A text has no place for one. */
      readonly pixel: PixelOutcome
    })
  | (PartPlace & { readonly kind: 'skipped'; readonly reason: PartReason })

export interface InstrumentedMessage {
  /** The identical array where nothing was to be done. */
  readonly message: Uint8Array
  /** Whether this copy is tracked, through which host and how far. */
  readonly activation: Activation
  /** `null` where nothing in the message carries it. */
  readonly messageRef: string | null
  /** When the references were made, in ms since the epoch: whole seconds; the UTC day where all of them are anonymous. */
  readonly issuedAt: number
  /** Every part that holds no others, in order. Empty when tracking is inactive. */
  readonly parts: readonly PartOutcome[]
}
