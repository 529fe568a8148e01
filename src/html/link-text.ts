// What a reader sees of a link. Read only when asked for, as it takes a second look at the text behind the tag.

import { decodeText } from './attribute-value.ts'
import { normalizeName, solidus } from './characters.ts'
import type { Markup } from './markup.ts'
import type { Site } from './site.ts'
import { createToken, readToken, skipRawText } from './tokenizer.ts'

/**
 * In UTF-16 code units of markup behind the tag. Without this bound, many links that nothing ends would each read the rest of
 * the mail.
 */
const maxMarkupLength = 8192
/**
 * In code units of the markup behind the tag: how much is read. A UTF-16 code unit takes 3 bytes at most; with one more, no character
 * is cut within what is read.
 */
export const maxLinkTextLength: number = maxMarkupLength * 4

/** Outlook reads no further in a conditional comment. */
const commentEnd = /<!\[endif\]|--!?>/

/**
 * The visible text of a link, up to its end tag or the next `<a>`: tags, comments and raw text (such as a style) out, character
 * references decoded, white space collapsed. Of at most 8,192 UTF-16 code units of markup. `''` for what holds no text: an `area`, a VML
 * element that closes itself.
 */
export function readLinkText({ text: html, decode }: Markup, site: Site): string {
  const isVml = site.element.startsWith('v:')
  if (site.element === 'area' || (isVml && html.charCodeAt(site.tagEnd - 2) === solidus)) return ''
  const behind = html.slice(site.tagEnd, site.tagEnd + maxLinkTextLength)
  let markup = decode(behind).slice(0, maxMarkupLength)
  if (site.inComment) markup = markup.split(commentEnd, 1)[0]!

  const token = createToken()
  let text = ''
  let position = 0
  while (position !== -1) {
    const start = markup.indexOf('<', position)
    // Piece by piece: no character reference goes on behind a tag.
    text += decodeText(markup.slice(position, start === -1 ? markup.length : start))
    if (start === -1) break
    readToken(markup, token, start, 'href', 'bogus-comment')
    position = token.end
    if (token.kind === 'text') text += '<'
    else if (token.kind === 'unclosed' || token.kind === 'cut-off') break
    else if (token.kind === 'end-tag') {
      if (normalizeName(markup.slice(start + 2, token.nameEnd)) === site.element) break
    } else if (token.kind === 'start-tag') {
      if (token.name === 'a' || token.tagKind === 'plaintext') break
      if (token.tagKind === 'raw-text') position = skipRawText(markup, token.cursor, token.end, token.name)
    }
  }
  return text.replace(/[\t\n\f\r ]+/g, ' ').replace(/^ | $/g, '')
}
