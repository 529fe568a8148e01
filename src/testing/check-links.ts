import { isAbsoluteWebUrl } from '../url.ts'
import { destinationOf, type HrefValue, hrefValue } from './href-value.ts'
import type { HtmlSource } from './html-source.ts'
import type { JudgedHtml, JudgedSite } from './judge.ts'
import type { ReferenceReader } from './read-reference.ts'
import type { Report } from './report.ts'
import type { TextRange } from './violation.ts'

interface Documents {
  readonly before: HtmlSource
  readonly after: HtmlSource
  readonly original: JudgedHtml
  readonly instrumented: JudgedHtml
  readonly report: Report
  readonly readReference: ReferenceReader
}

/** The same href before and after. All around it must be the same. */
export interface HrefPair {
  readonly original: TextRange
  readonly instrumented: TextRange
}

/** Checks each href; gives the pairs, none where links were added or lost. */
export function checkLinks(documents: Documents): readonly HrefPair[] {
  const { before, after, original, instrumented, report } = documents
  const [was, is] = [original.sites.length, instrumented.sites.length]
  if (was !== is) {
    report.add('link-count', [0, before.units.length], [0, after.units.length], `${was}`, `${is}`)
    return []
  }
  let lastIndex = -1
  return original.sites.map((site, position) => {
    const other = instrumented.sites[position]!
    const old = hrefValue(before, site)
    const now = hrefValue(after, other)
    const pair = { original: old.range, instrumented: withQuotes(other, old, now) }
    if (before.units.slice(...old.range) === after.units.slice(...now.range)) return pair

    const reference = documents.readReference.read(after.units.slice(...now.range))
    const destination = destinationOf(before, site)
    const isClick = reference?.kind === 'click' && reference.part === 'html' && isAbsoluteWebUrl(destination)
    if (!isClick) report.add('destination', old.range, now.range)
    else if (reference.destination !== null && reference.destination !== destination) {
      report.add('destination', old.range, now.range, destination, reference.destination)
    } else if (reference.index <= lastIndex || reference.index < position) {
      // Behind a place that only a browser understands, mailtrace also counts what may be no link. It counts more, never
      // fewer.
      report.add('reference', old.range, now.range, `link ${position}`, `link ${reference.index}`)
    } else if (!documents.readReference.isSameMessage(reference)) report.add('reference', old.range, now.range)
    if (isClick) lastIndex = reference.index
    return pair
  })
}

/** In a comment, an href without quotes gets them: a token that ends in `--` would close it. */
function withQuotes({ inComment }: JudgedSite, old: HrefValue, now: HrefValue): TextRange {
  const [start, end] = now.range
  return inComment && !old.isQuoted && now.isQuoted ? [start - 1, end + 1] : now.range
}
