import type { TextLink } from './find-links.ts'

/*
 * A mail client finds the URLs of a text by rules of its own. Where it sees a longer one than linkify-it, what is left of the
 * old URL would follow the tracked one and become a part of it: a broken link. So a URL is only taken where no client can
 * see it longer, or shorter, before or after it is tracked:
 *
 *     before = no "/", "@", "\", "?", "#" since the last space, quote or opening bracket
 *     after  = closer of the bracket that stands before / *( "." / "," / ";" / "!" / "?" / closer / quote ) edge / not ASCII
 *     edge   = space / control / "<" / ">" / end of text
 */
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
const runEdge = /[\p{Z}\p{Cc}<>"'([{]/u
const urlMark = /[/@\\?#]/
const wrapper = /<(?:URL:)?$/i
const after = /[.,;!?)\]}"']*(?=[\p{Z}\p{Cc}<>]|$)|(?=[^\p{ASCII}])/uy

/** Marks around a word (`*word*`, `word:`) that linkify-it takes for a part of the URL. */
const mark = /[*_~|:]/

/** Whether all that find URLs in this text see this one as it is; `from` is where the one before it ends, or 0. */
export function hasSureEdges(text: string, { start, end }: TextLink, from: number): boolean {
  let runStart = start
  while (runStart > from && !runEdge.test(text.charAt(runStart - 1))) runStart--
  if (urlMark.test(text.slice(runStart, start))) return false

  // In angle brackets a URL may go on in the next line (RFC 3986, appendix C).
  if (wrapper.test(text.slice(Math.max(from, start - 5), start))) return text.startsWith('>', end)

  const before = text.charAt(start - 1)
  const last = text.charAt(end - 1)
  if (mark.test(last) && (last === ':' || last === before)) return false

  const closer = closers[before]
  if (closer !== undefined && text.startsWith(closer, end)) return true
  after.lastIndex = end
  return after.test(text)
}
