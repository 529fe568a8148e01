// Runs of text and tags over which the state machine would pass without noting anything, and links as they are usually spelled. It
// takes a subset of what the state machine would read in the same way, and decides nothing.

import type { Token } from './tokenizer.ts'

/** What the links that are read here may carry beside their href. Whoever gives one of them a meaning has to look closer. */
export const commonLinkAttributes = ['id', 'name', 'rel', 'style', 'target', 'title'] as const

/*
 *     body-run = 1*64( text "<" ( "/" end / start / comment ) ">" )
 *     text     = *( any but "<" )
 *     end      = any end tag but those of body and html, without quotes, "=" or "<"
 *     start    = a common name in one case, then attributes that are each gap name "=" ( DQUOTE value DQUOTE / unquoted )
 *     gap      = SPACE / 2*( SPACE / TAB / LF / CR )
 *     comment  = "!--" text without "<", ">" or two hyphens in a row "--"
 *
 * Why it is exact, in the data state of HTML content with nothing special open: text leads out of the data state only by
 * `<`; a name from the list is complete, as white space, `/` or `>` follows; a double-quoted value ends only at `"`; white space,
 * `/>` or `>` must follow any value. None of the names changes how later text is tokenized, and a comment without `>` holds no
 * condition. What is spelled in any other way does not match.
 *
 * Why it is linear: nothing follows the loop, so it cannot be made to give back a piece; within a piece each loop's set
 * excludes what must come after it, and no two alternatives match the same text (a gap is one space, or longer), so a failing
 * piece is read forth and back once. The counts bound the backtrack stack.
 *
 * Why it is spelled like this, in GB/s on a newsletter of 46 KB, one-byte, Node 20: a loop over charCodeAt and indexOf 1.10; the
 * same grammar with plain `[^<]*` and `"[^"]*"`, 16 pieces 1.43; with loops of two and four characters a round (V8 checks
 * bounds once a round) and 32 pieces 1.97. A negative list of names 1.24; the flag `i` costs 8 %, `u` half of it in two-byte text.
 * Upper case, unquoted values and comments, as real mail has them, took a third off the slowest mails' scans; attributes on lines
 * of their own as much again off those of one sender's templates, where a class in place of the one space would cost all others
 * 3 to 6 %. 64 pieces took 3 % less than 32.
 */
const text = '(?:[^<][^<])*[^<]?'
const value = '"(?:[^"][^"][^"][^"])*[^"]{0,3}"'
const attribute = `(?: |[\\t\\n\\r ]{2,})[A-Za-z-]+=(?:${value}|[\\w#%]+)`
const startName =
  't(?:[drh]|body|able|head)|div|p|img|br|span|strong|b|h[1-6r]|[ui]|em|font|center|li|ul|meta|o:p|T[DRH]|DIV|P|BR|FONT|B'
const endName = `(?:[ac-gi-zAC-GI-Z][^<>"'=]*|[Bb][Rr]?|[Hh][1-6Rr])`
const comment = '!--[^<>-]*(?:-[^<>-]+)*--'
const bodyRun = new RegExp(
  `(?:${text}<(?:/${endName}|(?:${startName})(?:${attribute}){0,12} ?/?|${comment})>){1,64}`,
  'y',
)

/*
 *     link = "<a" *other SPACE "href=" DQUOTE value DQUOTE *other [ SPACE ] ">"
 *     other = SPACE ( one of commonLinkAttributes ) "=" DQUOTE value DQUOTE
 *
 * The usual spelling of a link, by the same rules. In two steps, as a capture would cost a match array. A link with any other
 * attribute is left to the state machine.
 */
const linkAttributes = `(?: (?:${commonLinkAttributes.join('|')})=${value}){0,6}`
const linkStart = new RegExp(`<a${linkAttributes} href="`, 'y')
const linkEnd = new RegExp(`"${linkAttributes} ?>`, 'y')

/**
 * Reads the link at `tagStart` into the token; false if none is spelled like that there. With the attributes that need no
 * second look, it took a link of 180 characters from 0.41 to 0.20 us.
 */
export function readCommonLink(html: string, token: Token, tagStart: number): boolean {
  linkStart.lastIndex = tagStart
  if (!linkStart.test(html)) return false
  const valueStart = linkStart.lastIndex
  const valueEnd = html.indexOf('"', valueStart)
  linkEnd.lastIndex = valueEnd
  if (valueEnd === -1 || !linkEnd.test(html)) return false
  token.name = 'a'
  token.start = tagStart
  token.end = linkEnd.lastIndex
  token.nameEnd = tagStart + 2
  token.valueStart = valueStart
  token.valueEnd = valueEnd
  token.quoted = true
  return true
}

/*
 *     head-run = 1*16( *white-space "<" ( head-start / "/head" / "/style" / "/title" / doctype / head-comment ) ">" )
 *     head-comment = comment / "!--[if" *( any but "<", ">", "-", "]" ) "]><!--" / "!--<![endif]--"
 *
 * The same for what may stand before the body: tags that neither open raw text nor begin the body, and comments that hold no
 * tag. White space alone begins no body either. It took the scan of a 7 KB mail from 5.7 to 4.1 us.
 */
const headStart = `(?:html|head|meta|link|base)(?: [a-z:-]+=${value}){0,12} ?/?`
const headComment = `${comment}|!--(?:\\[if[^\\]<>-]*\\]><!|<!\\[endif\\])--`
const headRun = new RegExp(
  `(?:[\\t\\n\\f\\r ]*<(?:${headStart}|/(?:head|style|title)|!(?:doctype|DOCTYPE) [^<>]*|${headComment})>){1,16}`,
  'y',
)

/** The offset after the longest run of the head's pieces at `from`; `from` itself if there is none. */
export function skipHeadRun(html: string, from: number): number {
  headRun.lastIndex = from
  return headRun.test(html) ? headRun.lastIndex : from
}

/** The same for the body's pieces. */
export function skipBodyRun(html: string, from: number): number {
  bodyRun.lastIndex = from
  return bodyRun.test(html) ? bodyRun.lastIndex : from
}
