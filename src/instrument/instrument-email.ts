// Owns the main job: an email's HTML in, the instrumented HTML and an outcome for every link out.

import { type Activation, activate } from '../config/activation.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { scanLinks } from '../html/scan-html.ts'
import { mintOf } from '../tracking-url/mint.ts'
import { type LinkElement, planLinks, type SkipReason } from './links/decide-links.ts'
import {
  type CheckedOptions,
  checkInstrumentOptions,
  checkMessageOptions,
  checkMessageRef,
  checkPrepareOptions,
  type InstrumentOptions,
  type MessageOptions,
  type PrepareOptions,
  readSeconds,
} from './options.ts'
import { findOpenReferences, pixelTag } from './pixel.ts'
import { placePixel } from './place-pixel.ts'
import { type Edit, spliceEdits } from './splice.ts'

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

/** An email that has been scanned once, for many recipients. */
export interface PreparedEmail {
  /**
   * One recipient's copy.
   *
   * @throws {MailtraceError} `invalid-message-ref` if `messageRef` does not fit the domain's kind of references.
   */
  instrument(options?: MessageOptions): InstrumentedEmail
}

/**
 * Instruments a finished HTML email: every link that can be tracked leads through the tracking host, and one 1x1 image
 * with a unique reference is added. Every other byte stays as it was, and every link site has an outcome.
 *
 * When tracking is inactive the identical string comes back, unscanned, with the reason in `activation`. With click
 * tracking off, `links` is empty. Odd HTML never throws.
 *
 * @throws {TypeError} if `html` is not a string.
 * @throws {MailtraceError} `invalid-config`, `invalid-options` or `invalid-message-ref`; the message names the field.
 */
export function instrumentEmail(
  html: string,
  domain: DomainConfig,
  options: InstrumentOptions = {},
): InstrumentedEmail {
  return prepare(html, domain, checkInstrumentOptions(options)).instrument(options.messageRef)
}

/**
 * Scans an email once, so that each recipient's copy costs only its references and one copy of the text: for bulk mail
 * that is the same for all. `domain` and `options` are read now; later changes to them do not show.
 *
 * @throws as {@link instrumentEmail}
 */
export function prepareEmail(html: string, domain: DomainConfig, options: PrepareOptions = {}): PreparedEmail {
  const prepared = prepare(html, domain, checkPrepareOptions(options))
  return {
    instrument: (messageOptions = {}) => prepared.instrument(checkMessageOptions(messageOptions).messageRef),
  }
}

interface Prepared {
  instrument(messageRef: string | undefined): InstrumentedEmail
}

function prepare(html: string, domain: DomainConfig, options: CheckedOptions): Prepared {
  if (typeof html !== 'string') throw new TypeError(`html is ${quote(html)}: pass the email's HTML as a string`)
  const checked = checkDomain(domain)
  const activation = activate(checked, [options])
  if (!activation.active) {
    return {
      instrument: (messageRef) => ({
        html,
        activation,
        messageRef: checkMessageRef(messageRef, checked),
        pixel: { kind: 'skipped', reason: 'inactive' },
        links: [],
      }),
    }
  }

  const scan = scanLinks(html)
  const links = activation.click !== false ? planLinks(html, scan.sites, checked.hosts, options.skipLink) : []
  const pixelAt = activation.open !== false ? placePixel(scan, options.pixelPlacement) : -1
  const mint = mintOf(checked)
  const isOpenTracked = activation.open !== false
  let presentRefs: ReadonlySet<string> | null = null

  function decidePixel(messageRef: string, isNew: boolean, issuedAt: number): PixelOutcome {
    if (!isOpenTracked) return { kind: 'skipped', reason: 'off' }
    if (!isNew) {
      // Only now: a reference that was made just now cannot stand in the text yet, so most calls never look.
      presentRefs ??= findOpenReferences(html, checked)
      if (presentRefs.has(messageRef)) return { kind: 'skipped', reason: 'already-present' }
    }
    if (pixelAt === -1) return { kind: 'skipped', reason: 'no-place' }
    return { kind: 'placed', url: mint.open({ mode: 'full', pixel: 'end', ref: messageRef, issuedAt }) }
  }

  return {
    instrument(givenRef) {
      const messageRef = checkMessageRef(givenRef, checked)
      const issuedAt = readSeconds(options.now) * 1000
      const clickUrl = mint.clicks({ mode: 'full', part: 'html', ref: messageRef, issuedAt })
      const edits: Edit[] = []
      const outcomes = links.map(({ site, href, destination, reason: planned }, index): LinkOutcome => {
        const { start, end } = site
        const element = site.element as LinkElement
        if (planned !== null) return { kind: 'skipped', index, element, href, reason: planned, start, end }
        // Megabytes of destination are not signed to find out that the URL is too long.
        const isLong = mint.carriesDestination && destination.length > options.maxUrlLength
        const url = isLong ? '' : clickUrl(index, destination)
        if (isLong || url.length > options.maxUrlLength) {
          return { kind: 'skipped', index, element, href, reason: 'too-long', start, end }
        }
        // In a comment, an unquoted token that ends in `--` would close the comment together with the tag's `>`.
        edits.push({ start, end, text: site.inComment && !site.quoted ? `"${url}"` : url })
        return { kind: 'tracked', index, element, destination, url, start, end }
      })
      const pixel = decidePixel(messageRef, givenRef === undefined, issuedAt)
      if (pixel.kind === 'placed') {
        const before = edits.findLastIndex((edit) => edit.end <= pixelAt)
        edits.splice(before + 1, 0, { start: pixelAt, end: pixelAt, text: pixelTag(pixel.url) })
      }
      return { html: spliceEdits(html, edits), activation, messageRef, pixel, links: outcomes }
    },
  }
}
