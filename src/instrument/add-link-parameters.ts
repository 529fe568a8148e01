import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { attributeValue } from '../html/attribute-value.ts'
import { type Markup, readMarkup } from '../html/markup.ts'
import { scanLinks } from '../html/scan-html.ts'
import { checkHtml } from './instrument-email.ts'
import { decideLinks, type LinkElement, type LinkRules, type LinkSite, toLinkSite } from './links/decide-links.ts'
import { findProblem, isTooLongToFollow } from './links/destination.ts'
import type { LinkOutcome } from './outcomes.ts'
import { type Edit, spliceHtml } from './splice.ts'

/** What became of one link. */
export type ParameterOutcome =
  | {
      readonly kind: 'extended'
      /** Position among all link sites of the message, from 0. */
      readonly index: number
      readonly element: LinkElement
      readonly name: string | null
      /** Where the link led before. */
      readonly before: string
      /** Where it leads now. */
      readonly destination: string
      /** The half-open range of the href's value in the HTML that was passed in. */
      readonly start: number
      readonly end: number
    }
  /** With the reason `caller` there was nothing to add. */
  | (LinkOutcome & { readonly kind: 'skipped' })

const noRules: LinkRules = {
  hosts: [],
  skipLink: null,
  skipUrls: new Set(),
  isSure: () => true,
  firstIndex: 0,
  base: 0,
}

export interface ExtendedEmail<Html extends string | Uint8Array = string> {
  readonly html: Html
  /** Every link site in document order. */
  readonly links: readonly ParameterOutcome[]
}

/**
 * Adds query parameters to web links: only names that a link does not have yet, before its fragment. Every other byte stays
 * as it was. Opt-outs, merge tags and links that lead nowhere on the web are left alone as in tracking.
 *
 * It needs no domain and works with tracking off. Call it before instrumentEmail. Twice is once.
 *
 * @param html a string, or a `Uint8Array` of UTF-8, which gives a `Uint8Array`.
 * @param parameters gives what a link gets, by name; `null` for nothing. Called for each web link.
 * @throws {TypeError} if `html` is neither a string nor a `Uint8Array`.
 * @throws {MailtraceError} `invalid-options` if `parameters` is no function or gives anything but texts by name.
 * @example
 * import { addLinkParameters } from 'mailtrace'
 *
 * const { html } = addLinkParameters('<a href="https://example.org/?a=1#top">x</a>', () => ({ utm_source: 'newsletter' }))
 * console.log(html) // <a href="https://example.org/?a=1&amp;utm_source=newsletter#top">x</a>
 */
export function addLinkParameters(
  html: Uint8Array,
  parameters: (link: LinkSite) => Readonly<Record<string, string>> | null,
): ExtendedEmail<Uint8Array>
export function addLinkParameters(
  html: string,
  parameters: (link: LinkSite) => Readonly<Record<string, string>> | null,
): ExtendedEmail<string>
export function addLinkParameters<Html extends string | Uint8Array>(
  html: Html,
  parameters: (link: LinkSite) => Readonly<Record<string, string>> | null,
): ExtendedEmail<Html> {
  checkHtml(html)
  optionChecks.function(parameters, 'parameters')
  const markup = readMarkup(html)
  const edits: Edit[] = []
  const decided = decideLinks(markup, scanLinks(markup).sites, noRules)
  const links = decided.map((link, index): ParameterOutcome => {
    const { site, href, destination: before, name, reason } = link
    const { start, end } = site
    const fields = { index, element: site.element as LinkElement, name, start, end }
    if (reason !== null) return { kind: 'skipped', href, reason, ...fields }
    const added = newParameters(parameters(toLinkSite(markup, link, index, 0)), before)
    if (added === null) return { kind: 'skipped', href, reason: 'caller', ...fields }
    const destination = extendUrl(before, added)
    // What was added may look like a merge tag, and make the link too long.
    const problem = findProblem(destination, []) ?? (isTooLongToFollow(destination) ? 'too-long' : null)
    if (problem !== null) return { kind: 'skipped', href, reason: problem, ...fields }
    const { at, isOpen } = findQueryEnd(markup, start, end)
    // Text that follows a character reference without its `;` would be read as a part of it.
    const text = (isOpen ? ';' : '') + queryGlue(before, '&amp;') + added.replaceAll('&', '&amp;')
    if (site.inComment && !site.quoted) {
      // An unquoted value that ends in `--` would close the comment together with the tag's `>`.
      const [head, tail] = [markup.text.slice(start, at), markup.text.slice(at, end)]
      edits.push({ start, end, text: `"${escapeQuotes(head)}${text}${escapeQuotes(tail)}"` })
    } else {
      edits.push({ start: at, end: at, text })
    }
    return { kind: 'extended', before, destination, ...fields }
  })
  return { html: spliceHtml(html, edits), links }
}

const escapeQuotes = (text: string): string => text.replaceAll('"', '&quot;')

/** The text that is added to a query; `null` for nothing. */
function newParameters(given: unknown, destination: string): string | null {
  if (given === null) return null
  // A promise, a Map or a URLSearchParams has no fields of its own, and would pass for an object with nothing to add.
  if (Object.prototype.toString.call(given) !== '[object Object]') {
    throw optionChecks.error(`parameters gives ${quote(given)}: give an object of texts, or null`)
  }
  const known = new URL(destination).searchParams
  const added = new URLSearchParams()
  for (const [name, value] of Object.entries(given as object)) {
    if (typeof value !== 'string') {
      throw optionChecks.error(`parameters gives ${quote(value)} for ${quote(name)}: give a text`)
    }
    if (!known.has(name)) added.append(name, value)
  }
  return added.size === 0 ? null : added.toString()
}

function extendUrl(destination: string, added: string): string {
  const fragment = destination.indexOf('#')
  const end = fragment === -1 ? destination.length : fragment
  return destination.slice(0, end) + queryGlue(destination, '&') + added + destination.slice(end)
}

/** What stands between a URL and what is added to its query: `?` where there is none yet. */
function queryGlue(destination: string, ampersand: string): string {
  const [beforeFragment = ''] = destination.split('#', 1)
  if (!beforeFragment.includes('?')) return '?'
  return beforeFragment.indexOf('?') === beforeFragment.length - 1 ? '' : ampersand
}

const reference = /&(?:#(?:[xX][0-9a-fA-F]+|[0-9]+)|[A-Za-z0-9]+);?/y

/**
 * Where the fragment begins in an href's text; without one, where the white space at its end begins. Either may be written as
 * character references. `isOpen`: the text before it ends in a reference without its `;`.
 */
function findQueryEnd(markup: Markup, start: number, stop: number): { readonly at: number; readonly isOpen: boolean } {
  const { text } = markup
  let query = { at: start, isOpen: false }
  let isOpen = false
  for (let at = start; at < stop; ) {
    reference.lastIndex = at
    const next = reference.test(text) ? Math.min(reference.lastIndex, stop) : at + 1
    // With the character that follows, as it decides whether HTML sees a reference.
    const end = Math.min(next + 1, stop)
    const decoded = attributeValue(markup, at, end)
    if (decoded.startsWith('#')) return { at, isOpen }
    isOpen = next > at + 1 && text[next - 1] !== ';' && decoded !== markup.decode(text.slice(at, end))
    if (decoded.charCodeAt(0) > 0x20) query = { at: next, isOpen }
    at = next
  }
  return query
}
