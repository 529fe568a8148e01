import { optionChecks } from '../../checks.ts'
import { quote } from '../../errors.ts'
import { attributeValue } from '../../html/attribute-value.ts'
import { commonLinkAttributes } from '../../html/fast-path.ts'
import { readLinkText } from '../../html/link-text.ts'
import type { Markup } from '../../html/markup.ts'
import type { Site } from '../../html/site.ts'
import { readCommonHref } from './common-href.ts'
import { detach, findProblem, isSkipUrl, isTooLongToFollow, toDestination } from './destination.ts'
import { readAllAttributes, readLinkAttributes, saysAnything, silentAttributes } from './link-attributes.ts'
import type { SkipReason } from './skip-reasons.ts'

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
  /** What the sender calls the link: `data-link-name`, else `data-msys-linkname`; `null` without. */
  readonly name: string | null
  /**
   * The visible text, of at most 8,192 UTF-16 code units of markup: tags taken out, character references decoded, white space
   * collapsed. Read when it is asked for.
   */
  readonly text: string
  /** Where the href's value begins in the original HTML: in UTF-16 code units of a string, in bytes of a `Uint8Array`. */
  readonly start: number
  /** Where it ends (exclusive). */
  readonly end: number
  /** All attributes of the element, names in lower case, values decoded. Of duplicates the first. */
  readonly attributes: Readonly<Record<string, string>>
}

/** A link with what was decided about it before any URL is built. */
export interface DecidedLink {
  readonly site: Site
  readonly href: string
  readonly destination: string
  readonly name: string | null
  /** `null`: to be tracked. */
  readonly reason: SkipReason | null
}

/** What the decision depends on beside the link itself. */
export interface LinkRules {
  /** The domain's tracking hosts, former ones included. */
  readonly hosts: readonly { readonly host: string }[]
  readonly skipLink: ((link: LinkSite) => boolean) | null
  /** As `URL` serialises them. */
  readonly skipUrls: ReadonlySet<string>
  /** Whether it is certain where a destination leads. If it is not all ASCII, that may depend on the mail's charset. */
  readonly isSure: (destination: string) => boolean
  /** Of the first site, among those of the whole message. */
  readonly firstIndex: number
  /** Where the markup begins in what the caller passed in. */
  readonly base: number
}

/**
 * Whether a link with only these attributes needs no closer look. html/ lists them; the tables of opt-outs and link names
 * decide.
 */
const areCommonAttributesSilent = !saysAnything(commonLinkAttributes)

/** Decides about every link site, in document order. */
export function decideLinks(markup: Markup, sites: readonly Site[], rules: LinkRules): readonly DecidedLink[] {
  return sites.map((site, position) => decideLink(markup, site, rules.firstIndex + position, rules))
}

function decideLink(markup: Markup, site: Site, index: number, rules: LinkRules): DecidedLink {
  const { start, end } = site
  const common = readCommonHref(markup.text, start, end, rules.hosts)
  const href = detach(common ?? attributeValue(markup, start, end))
  const destination = common === null ? detach(toDestination(href)) : href
  const isSilent = areCommonAttributesSilent && site.hasCommonAttributes
  const { isOptedOut, name: given } = isSilent ? silentAttributes : readLinkAttributes(markup, site.nameEnd)
  const name = given && detach(given)
  const findReason = (): SkipReason | null => {
    if (site.ambiguous) return 'ambiguous-markup'
    if (isOptedOut) return 'opt-out'
    const problem = common === null ? findProblem(destination, rules.hosts) : null
    if (problem !== null) return problem
    if (common === null && !rules.isSure(destination)) return 'charset'
    const { skipLink, skipUrls } = rules
    if (isSkipUrl(destination, skipUrls)) return 'caller'
    if (
      skipLink !== null &&
      isSkipped(toLinkSite(markup, { site, href, destination, name }, index, rules.base), skipLink)
    ) {
      return 'caller'
    }
    return isTooLongToFollow(destination) ? 'too-long' : null
  }
  // Field by field: a spread here was two thirds of what a plain link takes.
  return { site, href, destination, name, reason: findReason() }
}

/** The link as callers see it. */
export function toLinkSite(markup: Markup, link: Omit<DecidedLink, 'reason'>, index: number, base: number): LinkSite {
  const { site, href, destination, name } = link
  const { start, end } = site
  const element = site.element as LinkElement
  return {
    index,
    element,
    href,
    destination,
    name,
    get text() {
      return readLinkText(markup, site)
    },
    start: start + base,
    end: end + base,
    attributes: readAllAttributes(markup, site.nameEnd),
  }
}

/** A promise is truthy, and would leave every link alone: nothing but a boolean is taken. */
function isSkipped(link: LinkSite, skipLink: (link: LinkSite) => boolean): boolean {
  const answer: unknown = skipLink(link)
  if (typeof answer !== 'boolean') {
    throw optionChecks.error(`skipLink gives ${quote(answer)}: give true or false, at once`)
  }
  return answer
}
