import { mergeTagCharacters } from './merge-tags.ts'

/*
 * The short cut for hrefs as most are written, whose destination needs no URL parser. It takes a subset of what destination.ts would track, and gives
 * the same destination.
 *
 *     href  = ( "http" / "https" ) "://" 1*( label "." ) tld [ ( "/" / "?" ) part [ "#" part ] ]
 *     label = 1*( lower / digit / "-" )                ; but not "xn--", whose validity only the URL parser knows
 *     tld   = 1*lower                                  ; so no IPv4 address
 *     part  = *( safe / "%" hex hex / "&amp;" / amp )  ; nothing that the URL parser's cleaning-up uses
 *     amp   = "&" 1*( letter / digit ) "=" / "&utm_"   ; no character reference: HTML's rule for attributes
 *
 * No merge tag: what one begins with is taken out of `safe`, percent-encoded too. One `#` alone begins none, and neither does
 * the `%` of an escape that another escape or nothing follows.
 *
 * Linear: each repeated set excludes what must follow it. Read in place, it took 0.1 us where slicing, decoding, the
 * table of destination.ts and a URL parser took 0.7 us an href (108 characters, Node 20).
 */
const punctuation = [...'-./?=:;,+~@!()'].filter((character) => !mergeTagCharacters.includes(character)).join('')
const safe = `[\\w\\${punctuation}]`
const encodedTagStarts = mergeTagCharacters.map((character) => character.charCodeAt(0).toString(16)).join('|')
const byteEscape = `%(?!${encodedTagStarts.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)})[0-9A-Fa-f]{2}`
const part = `${safe}*(?:(?:${byteEscape}|&(?:amp;|utm_|[A-Za-z0-9]+=))${safe}*)*`
const commonHref = new RegExp(`https?://(?:(?!xn--)[a-z0-9-]+\\.)+[a-z]+(?:[/?]${part}(?:#${part})?)?`, 'y')

/**
 * In UTF-16 code units. The expression keeps a stack entry for each piece, and an href of megabytes would overflow it; half
 * of what a redirect can carry in any case.
 */
const maxLength = 4096

/** The destination of the href in `[start, end)` if it is written as above and on none of these hosts; `null` to look closer. */
export function readCommonHref(
  html: string,
  start: number,
  end: number,
  hosts: readonly { readonly host: string }[],
): string | null {
  if (end - start > maxLength) return null
  commonHref.lastIndex = start
  if (!commonHref.test(html) || commonHref.lastIndex !== end) return null
  const hostStart = html.indexOf('//', start) + 2
  for (const { host } of hosts) if (html.startsWith(host, hostStart)) return null
  return decodeAmpersands(html.slice(start, end))
}

/** By hand: `replaceAll` took 0.23 us for a text with two, this takes 0.08. */
function decodeAmpersands(text: string): string {
  let decoded = ''
  let copied = 0
  for (let at = text.indexOf('&amp;'); at !== -1; at = text.indexOf('&amp;', copied)) {
    decoded += text.slice(copied, at + 1)
    copied = at + '&amp;'.length
  }
  return copied === 0 ? text : decoded + text.slice(copied)
}
