// Owns the fast path: runs of text and tags that the state machine would pass over without noting anything. It eats a
// subset of those, and nothing else.

/*
 *     run   = 1*32( text "<" ( "/" end / start ) )
 *     text  = *( any but "<" )
 *     end   = any end tag but those of body and html, in lower case, without quotes, "=" or "<"
 *     start = a common name in lower case, then attributes that are each SPACE name "=" DQUOTE value DQUOTE
 *
 * Why it is exact, in the data state of HTML content with nothing special open: text leads out of the data state only by
 * `<`; a name from the list is complete, as SPACE, `/` or `>` follows; a double-quoted value ends only at `"`; SPACE, `/>` or `>`
 * must follow it. None of the names changes how later text is tokenized. What is spelled in any other way does not match.
 *
 * Why it is linear: nothing follows the loop, so it cannot be made to give back a piece; within a piece each loop's set
 * excludes what must come after it, so a failing piece is read forth and back once. The counts bound the backtrack stack.
 *
 * Why it is spelled like this, in GB/s on a newsletter of 46 KB, one-byte, Node 20: a loop over charCodeAt and indexOf 1.10; the
 * same grammar with plain `[^<]*` and `"[^"]*"`, 16 pieces 1.43; with loops of two and four characters a round (V8 checks
 * bounds once a round) and 32 pieces 1.97. A negative list of names 1.24; the flag `i` costs 8 %, `u` half of it in two-byte text.
 */
const text = '(?:[^<][^<])*[^<]?'
const value = '"(?:[^"][^"][^"][^"])*[^"]{0,3}"'
const attribute = `(?: (?:style|[a-z-]+)=${value})`
const startName = 't(?:[drh]|body|able|head)|div|p|img|br|span|strong|b|h[1-6r]|[ui]|em|font|center|li|ul|meta'
const endName = `(?:[ac-gi-z][^<>"'=]*|br?|h[1-6r])`
const plainRun = new RegExp(`(?:${text}<(?:/${endName}>|(?:${startName})${attribute}{0,12} ?/?>)){1,32}`, 'y')

/** The offset after the longest run of plain pieces at `from`; `from` itself if there is none. */
export function skipPlainRun(html: string, from: number): number {
  plainRun.lastIndex = from
  return plainRun.test(html) ? plainRun.lastIndex : from
}
