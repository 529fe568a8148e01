// Owns which link sites are tracked, and why the others are not. It sees no keys and builds no URL.

import { attributeValue } from '../../html/attribute-value.ts'
import { createCursor, nextAttribute, startWalk } from '../../html/attributes.ts'
import { normalizeName } from '../../html/characters.ts'
import type { Site } from '../../html/site.ts'
import { type DestinationProblem, findProblem, isTooLongToFollow, toDestination } from './destination.ts'
import { isOptedOut } from './opt-outs.ts'
import { plainDestination } from './plain-href.ts'

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
export type SkipReason = 'ambiguous-markup' | 'opt-out' | DestinationProblem | 'caller' | 'too-long'

/** A link with what was decided about it before any URL is built. */
export interface PlannedLink {
  readonly site: Site
  readonly href: string
  readonly destination: string
  /** `null`: to be tracked. */
  readonly reason: SkipReason | null
}

/** Decides about every link site, in document order. */
export function planLinks(
  html: string,
  sites: readonly Site[],
  hosts: readonly { readonly host: string }[],
  skipLink: ((link: LinkSite) => boolean) | null,
): readonly PlannedLink[] {
  return sites.map((site, index) => {
    const { start, end } = site
    const plain = plainDestination(html, start, end, hosts)
    const href = plain ?? attributeValue(html, start, end)
    const destination = plain ?? toDestination(href)
    let reason: SkipReason | null = null
    if (site.ambiguous) reason = 'ambiguous-markup'
    else if (!site.hasPlainAttributes && isOptedOut(html, site.nameEnd)) reason = 'opt-out'
    else if (plain === null) reason = findProblem(destination, hosts)
    if (reason === null && skipLink?.(toLinkSite(html, site, index, href, destination))) reason = 'caller'
    if (reason === null && isTooLongToFollow(destination)) reason = 'too-long'
    return { site, href, destination, reason }
  })
}

function toLinkSite(html: string, site: Site, index: number, href: string, destination: string): LinkSite {
  // Without a prototype: an attribute may well be called `__proto__`.
  const attributes: Record<string, string> = Object.create(null)
  const cursor = createCursor()
  startWalk(cursor, site.nameEnd)
  while (nextAttribute(html, cursor)) {
    const name = normalizeName(html.slice(cursor.nameStart, cursor.nameEnd))
    if (!(name in attributes)) attributes[name] = attributeValue(html, cursor.valueStart, cursor.valueEnd)
  }
  const { start, end } = site
  return { index, element: site.element as LinkElement, href, destination, start, end, attributes }
}
