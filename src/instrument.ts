// Owns the main job: an email's HTML in, the instrumented HTML and an outcome for every link out.

import type { Activation } from './activation.ts'
import type { DomainConfig } from './config.ts'

/** What kind of element a link site is: `a`, `area`, or an Outlook VML element such as `v:roundrect`. */
export type LinkElement = 'a' | 'area' | `v:${string}`

/** A link as it stands in the original HTML. */
export interface LinkSite {
  /** Position among all link sites of the message, from 0. */
  readonly index: number
  readonly element: LinkElement
  /** The attribute's value as the HTML standard defines it: character references decoded once. */
  readonly href: string
  /** The href as a browser follows it: edges trimmed, tabs and line breaks removed; not re-serialised. */
  readonly destination: string
  /** Where the href's value begins in the original HTML, in UTF-16 code units. */
  readonly start: number
  /** Where it ends (exclusive). */
  readonly end: number
  /** All attributes of the element, names in lower case, values decoded. Of duplicates the first. */
  readonly attributes: Readonly<Record<string, string>>
}

/** Why a link is left as it is. */
export type SkipReason =
  | 'ambiguous-markup'
  | 'opt-out'
  | 'empty'
  | 'merge-tag'
  | 'fragment'
  | 'scheme'
  | 'relative'
  | 'invalid-url'
  | 'already-tracked'
  | 'caller'
  | 'too-long'

/** What became of one link. */
export type LinkOutcome =
  | {
      readonly kind: 'tracked'
      readonly index: number
      readonly element: LinkElement
      readonly destination: string
      /** The tracking URL that stands in the HTML now. */
      readonly url: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'skipped'
      readonly index: number
      readonly element: LinkElement
      readonly href: string
      readonly reason: SkipReason
      readonly start: number
      readonly end: number
    }

/** What became of the open pixel. */
export type PixelOutcome =
  | { readonly kind: 'placed'; readonly url: string }
  | { readonly kind: 'skipped'; readonly reason: 'inactive' | 'off' | 'already-present' | 'no-place' }

export interface InstrumentedEmail {
  readonly html: string
  readonly activation: Activation
  readonly messageRef: string
  readonly pixel: PixelOutcome
  /** Every link site in document order. Empty when tracking is inactive. */
  readonly links: readonly LinkOutcome[]
}

export interface InstrumentOptions {
  /** One message to one recipient. Default: `nanoid()` */
  readonly messageRef?: string
  /** `false` switches open tracking off for this message; `true` cannot switch it on. */
  readonly openTracking?: boolean
  /** `false` switches click tracking off for this message; `true` cannot switch it on. */
  readonly clickTracking?: boolean
  /** Default: `'end'` */
  readonly pixelPlacement?: 'end' | 'start'
  /** `true` leaves a link alone. */
  readonly skipLink?: (link: LinkSite) => boolean
  /** Longest tracked URL, in characters, 256 to 8192. Default: 2048 */
  readonly maxUrlLength?: number
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: () => number
}

export interface PreparedEmail {
  instrument(options?: { readonly messageRef?: string }): InstrumentedEmail
}

export function prepareEmail(
  _html: string,
  _domain: DomainConfig,
  _options: Omit<InstrumentOptions, 'messageRef'> = {},
): PreparedEmail {
  throw new Error('to come')
}

export function instrumentEmail(
  html: string,
  domain: DomainConfig,
  options: InstrumentOptions = {},
): InstrumentedEmail {
  const { messageRef, ...rest } = options
  return prepareEmail(html, domain, rest).instrument(messageRef === undefined ? {} : { messageRef })
}
