// Owns where comments end, and what of a comment Outlook reads as markup.

export interface CommentEnd {
  /** Where the comment's data ends. */
  readonly dataEnd: number
  /** The offset after the comment. */
  readonly end: number
}

/**
 * Where the comment whose data begins at `dataStart` ends; `null` if the text ends first. `-->` and `--!>` both end it,
 * and so do `>` and `->` right at the start.
 * https://html.spec.whatwg.org/multipage/parsing.html#comment-start-state
 */
export function findCommentEnd(html: string, dataStart: number): CommentEnd | null {
  if (html.startsWith('>', dataStart)) return { dataEnd: dataStart, end: dataStart + 1 }
  if (html.startsWith('->', dataStart)) return { dataEnd: dataStart, end: dataStart + 2 }
  let at = html.indexOf('--', dataStart)
  while (at !== -1) {
    if (html.startsWith('>', at + 2)) return { dataEnd: at, end: at + 3 }
    if (html.startsWith('!>', at + 2)) return { dataEnd: at, end: at + 4 }
    at = html.indexOf('--', at + 1)
  }
  return null
}

/**
 * The part of a comment's data that Outlook reads as a document: `[if CONDITION]>` here `<![endif]`. `null` for any
 * other comment.
 */
export function conditionalContent(data: string): { readonly start: number; readonly end: number } | null {
  if (!data.startsWith('[if')) return null
  const condition = data.indexOf(']>')
  if (condition === -1) return null
  const start = condition + 2
  const endif = data.indexOf('<![endif]', start)
  return { start, end: endif === -1 ? data.length : endif }
}
