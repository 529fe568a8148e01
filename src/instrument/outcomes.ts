import type { Activation } from '../config/activation.ts'
import type { LinkElement } from './links/decide-links.ts'
import type { SkipReason } from './links/skip-reasons.ts'

/** What became of one link. */
export type LinkOutcome =
  | {
      readonly kind: 'tracked'
      /** Position among all link sites of the message, from 0. */
      readonly index: number
      readonly element: LinkElement
      /** What the sender calls the link: `data-link-name`, else `data-msys-linkname`; `null` without. */
      readonly name: string | null
      readonly destination: string
      /** The tracking URL that stands in the HTML now. */
      readonly url: string
      /** The half-open range of the href's value in the HTML that was passed in: UTF-16 code units of a string, bytes of a `Uint8Array`. */
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'skipped'
      readonly index: number
      readonly element: LinkElement
      readonly name: string | null
      readonly href: string
      readonly reason: SkipReason
      readonly start: number
      readonly end: number
    }

/** Why no pixel was placed, in order of precedence. Beside each stands what a person is told. */
export const noPixelReasons = {
  inactive: 'tracking is inactive',
  off: 'open tracking is off',
  'already-present': 'a pixel with the same reference is there already',
  'no-place': 'the markup has no safe place for it',
} as const

export type NoPixelReason = keyof typeof noPixelReasons

/** What became of the open pixel. */
export type PixelOutcome =
  | {
      readonly kind: 'placed'
      /** In document order: one, or two with `pixelPlacement: 'both'`. */
      readonly urls: readonly string[]
    }
  | { readonly kind: 'skipped'; readonly reason: NoPixelReason }

export interface InstrumentedEmail<Html extends string | Uint8Array = string> {
  /** A string if a string was passed in, UTF-8 if a `Uint8Array` was. */
  readonly html: Html
  /** Whether this copy is tracked, through which host and how far. */
  readonly activation: Activation
  /** `null` where nothing in the mail carries it. */
  readonly messageRef: string | null
  /** When the references were made, in ms since the epoch: whole seconds; the UTC day where all of them are anonymous. */
  readonly issuedAt: number
  readonly pixel: PixelOutcome
  /** Every link site in document order. Empty when click tracking is off. */
  readonly links: readonly LinkOutcome[]
}
