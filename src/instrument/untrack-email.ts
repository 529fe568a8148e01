import { optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { attributeValue } from '../html/attribute-value.ts'
import { readMarkup } from '../html/markup.ts'
import { scanLinks } from '../html/scan-html.ts'
import type { Site } from '../html/site.ts'
import { createUrlReader, type TrackingReference } from '../tracking-url/read-tracking-url.ts'
import { isTrackingUrl } from '../tracking-url/tracking-url.ts'
import { isAbsoluteWebUrl, parseUrl } from '../url.ts'
import { checkHtml } from './instrument-email.ts'
import type { LinkElement } from './links/decide-links.ts'
import { toDestination } from './links/destination.ts'
import { findPixels } from './pixel.ts'
import { type Edit, spliceHtml } from './splice.ts'

/** A stored link, as its URL names it. */
export interface StoredLink {
  /** The sending domain. */
  readonly domain: string
  /** The messageRef; in mode `anonymous` the campaignRef. */
  readonly ref: string
  readonly part: 'html' | 'text'
  /** The `index` of the tracked link in `InstrumentedEmail.links`. */
  readonly index: number
}

export interface UntrackOptions {
  /** Gives a stored link's destination, at once; `null` for one that is unknown. Default: none is known */
  readonly findReference?:
    | ((link: StoredLink) => { readonly destination?: string | undefined } | null | undefined)
    | undefined
}

/** What became of one link that leads through the domain's tracking hosts. */
export type UntrackedLink =
  | {
      readonly kind: 'restored'
      /** Position among all link sites of the message, from 0. */
      readonly index: number
      readonly element: LinkElement
      readonly destination: string
      /** The tracking URL that stood there. */
      readonly url: string
      /** The half-open range of the href's value in the HTML that was passed in. */
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'kept'
      readonly index: number
      readonly element: LinkElement
      /** `bad-reference`: nothing that this domain signed. `unknown-reference`: stored, and nobody knows its destination. */
      readonly reason: 'bad-reference' | 'unknown-reference'
      readonly url: string
      readonly start: number
      readonly end: number
    }

export interface UntrackedEmail<Html extends string | Uint8Array = string> {
  readonly html: Html
  /** The links that lead through the domain's tracking hosts, in document order. */
  readonly links: readonly UntrackedLink[]
  /** The URLs of the pixels that were taken out, in document order. */
  readonly pixels: readonly string[]
}

/**
 * Takes this domain's tracking out of any HTML that carries it: for the sender's own copy, a web archive, "view in browser", a
 * quoted reply. Each tracked link gets its destination back, each pixel goes. Other domains' tracking URLs, what the domain's
 * keys did not sign and every other byte stay.
 *
 * The result is not always identical to the original: destinations are written with `&amp;`, in the quotes that are there.
 * Where the original was written like that, it comes back as it was.
 *
 * @param html a string, or a `Uint8Array` of UTF-8, which gives a `Uint8Array`.
 * @throws {TypeError} if `html` is neither.
 * @throws {MailtraceError} `invalid-config` or `invalid-options`; the message names the field.
 * @example
 * import { defineDomain, instrumentEmail, untrackEmail } from 'mailtrace'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *   signingKeys: [{ id: '2026-11', secret: 'use 32 random bytes here, kept secret' }],
 * })
 * const sent = instrumentEmail('<a href="https://example.org/">x</a>', domain)
 * console.log(untrackEmail(sent.html, domain).html) // <a href="https://example.org/">x</a>
 */
export function untrackEmail(
  html: Uint8Array,
  domain: DomainConfig,
  options?: UntrackOptions,
): UntrackedEmail<Uint8Array>
export function untrackEmail(html: string, domain: DomainConfig, options?: UntrackOptions): UntrackedEmail<string>
export function untrackEmail<Html extends string | Uint8Array>(
  html: Html,
  domain: DomainConfig,
  options: UntrackOptions = {},
): UntrackedEmail<Html> {
  checkHtml(html)
  const checked = checkDomain(domain)
  optionChecks.object(options, 'options', ['findReference'])
  const { findReference } = options
  if (findReference !== undefined) optionChecks.function(findReference, 'findReference')
  const readUrl = createUrlReader(checked)

  function findDestination(reference: TrackingReference & { readonly kind: 'click' }): string | null {
    if (reference.destination !== null) return reference.destination
    const { messageRef: ref, part, index } = reference
    const stored: unknown = findReference?.({ domain: checked.name, ref: ref!, part, index })
    if (stored instanceof Promise) throw optionChecks.error('findReference gives a promise: give the link at once')
    const { destination } = (stored ?? {}) as { readonly destination?: unknown }
    return typeof destination === 'string' && isAbsoluteWebUrl(destination) ? destination : null
  }

  const markup = readMarkup(html)
  const edits: Edit[] = []
  const links = scanLinks(markup).sites.flatMap((site, index): UntrackedLink[] => {
    const { start, end } = site
    const url = toDestination(attributeValue(markup, start, end))
    const reference = readUrl(url)
    const fields = { index, element: site.element as LinkElement, url, start, end }
    if (reference?.kind !== 'click' || site.ambiguous) {
      const parsed = parseUrl(url)
      if (parsed === null || !isTrackingUrl(parsed, checked.hosts)) return []
      return [{ kind: 'kept', reason: 'bad-reference', ...fields }]
    }
    const destination = findDestination(reference)
    if (destination === null) return [{ kind: 'kept', reason: 'unknown-reference', ...fields }]
    edits.push({ start, end, text: markup.encode(writeHref(destination, site, markup.text[start - 1])) })
    return [{ kind: 'restored', destination, ...fields }]
  })
  const pixels = findPixels(markup, checked)
  edits.push(...pixels.map(({ start, end }) => ({ start, end, text: '' })))
  edits.sort((one, other) => one.start - other.start)
  return { html: spliceHtml(html, edits), links, pixels: pixels.map(({ url }) => url) }
}

const needsQuotes = /[\s"'`<>]/

/** A destination as an attribute's text, in the quotes that are there. */
function writeHref(destination: string, site: Site, before: string | undefined): string {
  const text = destination.replaceAll('&', '&amp;')
  if (site.quoted) {
    const quoted = before === "'" ? text.replaceAll("'", '&#39;') : text.replaceAll('"', '&quot;')
    return site.inComment ? hideFromComment(quoted) : quoted
  }
  // In a comment, an unquoted value that ends in `--` would close it together with the tag's `>`.
  if (!site.inComment && !needsQuotes.test(destination)) return text
  const quoted = `"${text.replaceAll('"', '&quot;')}"`
  return site.inComment ? hideFromComment(quoted) : quoted
}

/** In a comment, it must neither close it nor end what Outlook reads of it. */
const hideFromComment = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
