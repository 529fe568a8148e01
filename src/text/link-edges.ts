import type { TextLink } from './find-links.ts'

/*
 * Each mail client finds the URLs of a text by its own rules. Where a client sees a longer URL than linkify-it, the rest of
 * the old URL would stay behind the tracked one and become a part of it: a broken link. So a URL is only taken where no
 * client can see a longer or shorter one, before or after it is tracked:
 *
 *     before = no "/", "@", "\", "?", "#" since the last edge or the URL before, and that one is sure
 *     last   = no punctuation: linkify-it keeps it where a quote or a bracket follows, as in `https://example.org/a."`
 *     after  = closer of the bracket that stands before
 *            / [ 1*closer [ quote ] / quote *closer ] [ 1*"." / 1*"!" / 1*"?" / "," / ";" ] edge
 *              ; what every client trims, but for punctuation before "<" and ">"
 *            / not ASCII
 *     edge   = space / control / "<" / ">" / end of text
 */
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
const runEdge = /[\p{Z}\p{Cc}<>]/u
const urlMark = /[/@\\?#]/
const wrapper = /<(?:URL:)?$/i
const after = /(?:[)\]}]+["']?|["'][)\]}]*)?(?:(?:\.+|!+|\?+|[,;])?(?=[\p{Z}\p{Cc}]|$)|(?=[<>]))|(?=[^\p{ASCII}])/uy
const punctuation = /[.,;!?:]/

/** Marks around a word (`*word*`) that linkify-it takes for a part of the URL. */
const mark = /[*_~|]/

/** The URL before this one, or the start of the text. */
export interface Previous {
  readonly end: number
  readonly isSure: boolean
}

/** Whether all clients see this URL as it is. */
export function hasSureEdges(text: string, { start, end }: TextLink, previous: Previous): boolean {
  const from = previous.end
  let runStart = start
  while (runStart > from && !runEdge.test(text.charAt(runStart - 1))) runStart--
  if (urlMark.test(text.slice(runStart, start)) || (runStart === from && !previous.isSure)) return false

  // In angle brackets a URL may go on in the next line (RFC 3986, appendix C).
  if (wrapper.test(text.slice(Math.max(from, start - 5), start))) return text.startsWith('>', end)

  const before = text.charAt(start - 1)
  const last = text.charAt(end - 1)
  if (punctuation.test(last) || (mark.test(last) && last === before)) return false

  const closer = closers[before]
  if (closer !== undefined && text.startsWith(closer, end)) return true
  after.lastIndex = end
  return after.test(text)
}
