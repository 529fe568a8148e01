import { detach, findProblem, isSkipUrl, isTooLongToFollow, toDestination } from '../instrument/links/destination.ts'
import { startsMergeTag } from '../instrument/links/merge-tags.ts'
import type { SkipReason } from '../instrument/links/skip-reasons.ts'
import { findLinks, type TextLink } from './find-links.ts'
import { hasSureEdges, type Previous } from './link-edges.ts'

/** A URL of a text with what was decided about it before any URL is built. */
export interface DecidedTextLink extends TextLink {
  /** As it stands in the text. */
  readonly href: string
  readonly destination: string
  /** `null`: to be tracked. */
  readonly reason: SkipReason | null
}

export interface TextLinkRules {
  /** The domain's tracking hosts, former ones included. */
  readonly hosts: readonly { readonly host: string }[]
  /** As `URL` serialises them. */
  readonly skipUrls: ReadonlySet<string>
  /** As for the links of HTML. */
  readonly isSure: (destination: string) => boolean
}

/** Decides about every web URL of a text, in order. */
export function decideTextLinks(text: string, { hosts, skipUrls, isSure }: TextLinkRules): readonly DecidedTextLink[] {
  let previous: Previous = { end: 0, isSure: true }
  return findLinks(text).map((link) => {
    const { start, end } = link
    const href = detach(text.slice(start, end))
    const destination = toDestination(href)
    const isWhole = hasSureEdges(text, link, previous)
    previous = { end, isSure: isWhole }
    const decide = (): SkipReason | null => {
      // linkify-it takes `{{name}}` for a part of the URL, but not `{{ name }}` or `<%= name %>`.
      if (startsMergeTag(text, end)) return 'merge-tag'
      if (!isWhole) return 'ambiguous-markup'
      const problem = findProblem(destination, hosts)
      if (problem !== null) return problem
      if (!isSure(destination)) return 'charset'
      if (isSkipUrl(destination, skipUrls)) return 'caller'
      return isTooLongToFollow(destination) ? 'too-long' : null
    }
    return { start, end, href, destination, reason: decide() }
  })
}
