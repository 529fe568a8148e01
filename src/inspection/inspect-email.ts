import { readLinkText } from '../html/link-text.ts'
import { readMarkup } from '../html/markup.ts'
import { scanLinks } from '../html/scan-html.ts'
import type { InstrumentedEmail, LinkOutcome } from '../instrument/outcomes.ts'
import { createLineFinder } from './outcome-text.ts'
import { findWarnings, utf8Length, type Warning } from './warnings.ts'

/** What became of a link, and where a reader finds it. */
export type InspectedLink = LinkOutcome & {
  /** Its line in the HTML, from 1 as editors count. */
  readonly line: number
  /** Its visible text. */
  readonly text: string
  /** In a conditional comment, which only Outlook reads. */
  readonly isForOutlook: boolean
}

/** What a sender should know about an email before sending it. Plain data. */
export interface Inspection extends Omit<InstrumentedEmail, 'html' | 'links'> {
  readonly links: readonly InspectedLink[]
  /** In UTF-8 bytes. */
  readonly bytes: { readonly before: number; readonly after: number }
  readonly warnings: readonly Warning[]
}

/**
 * Looks at an email before and after instrumenting.
 *
 * @param html as it was handed to `instrumentEmail`
 * @param email what came out of it
 */
export function inspectEmail(html: string, email: InstrumentedEmail): Inspection {
  const { html: after, links: outcomes, ...rest } = email
  // Without click tracking there are no outcomes, and nothing to look up.
  const markup = readMarkup(html)
  const sites = outcomes.length > 0 ? scanLinks(markup).sites : []
  const lineAt = createLineFinder(html)
  const links = outcomes.map((outcome): InspectedLink => {
    const site = sites[outcome.index]!
    return { ...outcome, line: lineAt(outcome.start), text: readLinkText(markup, site), isForOutlook: site.inComment }
  })
  const bytes = { before: utf8Length(html), after: utf8Length(after) }
  return { ...rest, links, bytes, warnings: findWarnings({ html, email, links, bytes }) }
}
