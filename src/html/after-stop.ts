// After a stop nobody knows which `<a` begins a tag, so every one is reported, wherever it stands: in a comment, in raw text,
// in the quotes of another tag. One too many harms nobody; a link without an outcome breaks a promise.

import { type AttributeCursor, createCursor, isAttributeNamed, nextAttribute, startWalk } from './attributes.ts'
import { findNameEnd, greaterThan, isLetter, isWhitespace, normalizeName } from './characters.ts'
import type { Markup } from './markup.ts'
import type { Site } from './site.ts'
import { findTagName, isVmlName } from './tag-names.ts'

/** What a walk over attributes finds from one of them on. */
interface Rest {
  /** The first that is an href. */
  readonly href: { readonly start: number; readonly end: number; readonly quoted: boolean } | null
  /** -1 if the text ends first: such a tag is none. */
  readonly tagEnd: number
}

/** All that would be a link site, if a tag could begin there. No href is given twice. */
export function findCandidates(markup: Markup, from: number, base: number, inComment: boolean): readonly Site[] {
  const html = markup.text
  const sites: Site[] = []
  const cursor = createCursor()
  const seen = new Set<number>()
  // Candidates may stand in each other's attributes. Two walks that meet go on as one, so each place is walked once.
  const known = new Map<number, Rest>()
  let reach = 0
  for (let tagStart = html.indexOf('<', from); tagStart !== -1; ) {
    const nameStart = tagStart + 1
    const nameEnd = isLetter(html.charCodeAt(nameStart)) ? findNameEnd(html, nameStart) : nameStart
    const { name, kind } = findTagName(html, nameStart, nameEnd)
    const isCandidate = kind === 'link' || isVmlName(html, nameStart)
    if (isCandidate) {
      // Past everything that was read, no walk meets another.
      if (nameEnd > reach) known.clear()
      const { href, tagEnd } = walkOn(html, cursor, nameEnd, known)
      reach = Math.max(reach, cursor.position)
      if (href !== null && tagEnd !== -1 && !seen.has(href.start)) {
        seen.add(href.start)
        const element = name === '' ? normalizeName(markup.decode(html.slice(nameStart, nameEnd))) : name
        sites.push({
          element,
          tagStart: tagStart + base,
          nameEnd: nameEnd + base,
          start: href.start + base,
          end: href.end + base,
          tagEnd: tagEnd + base,
          quoted: href.quoted,
          hasCommonAttributes: false,
          inComment,
          ambiguous: true,
        })
      }
    }
    tagStart = html.indexOf('<', isCandidate ? findWordEnd(html, nameEnd) : nameEnd)
  }
  return sites
}

function walkOn(html: string, cursor: AttributeCursor, nameEnd: number, known: Map<number, Rest>): Rest {
  const walked: { readonly at: number; readonly href: Rest['href'] }[] = []
  startWalk(cursor, nameEnd)
  let rest = known.get(nameEnd)
  while (rest === undefined) {
    const at = cursor.position
    const isAttribute = nextAttribute(html, cursor)
    const isHref = isAttribute && isAttributeNamed(html, cursor, 'href')
    walked.push({ at, href: isHref ? { start: cursor.valueStart, end: cursor.valueEnd, quoted: cursor.quoted } : null })
    rest = isAttribute ? known.get(cursor.position) : { href: null, tagEnd: cursor.end }
  }
  for (let i = walked.length - 1; i >= 0; i--) {
    const { at, href } = walked[i]!
    if (href !== null) rest = { href, tagEnd: rest.tagEnd }
    known.set(at, rest)
  }
  return rest
}

/**
 * Where the next candidate may begin. A tag begins in text, and text begins after a `>`: where the first `<a/` of a word
 * begins no tag, no other in that word does. To look at each would take quadratic time, as in `<a/x=<a/x=<a/x=` each would
 * read the rest as its value.
 */
function findWordEnd(html: string, from: number): number {
  let at = from
  let code = html.charCodeAt(at)
  while (at < html.length && code !== greaterThan && !isWhitespace(code)) code = html.charCodeAt(++at)
  return at
}
