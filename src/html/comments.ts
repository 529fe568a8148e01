import { exclamationMark, greaterThan, hyphen } from './characters.ts'

/**
 * The offset after the comment whose data begins at `dataStart`; -1 if the text ends first. `-->` and `--!>` both end it,
 * and so do `>` and `->` right at the start.
 * https://html.spec.whatwg.org/multipage/parsing.html#comment-start-state
 */
export function findCommentEnd(html: string, dataStart: number): number {
  const first = html.charCodeAt(dataStart)
  if (first === greaterThan) return dataStart + 1
  if (first === hyphen && html.charCodeAt(dataStart + 1) === greaterThan) return dataStart + 2
  let at = html.indexOf('--', dataStart)
  while (at !== -1) {
    const code = html.charCodeAt(at + 2)
    if (code === greaterThan) return at + 3
    if (code === exclamationMark && html.charCodeAt(at + 3) === greaterThan) return at + 4
    at = html.indexOf('--', at + 1)
  }
  return -1
}

const hasHref = /href/i

/**
 * What Outlook reads as a document in the comment `[dataStart, end)`: the text between `[if CONDITION]>` and `<![endif]`, if
 * a link can be in it. `null` for any other comment.
 */
export function conditionalContent(
  html: string,
  dataStart: number,
  end: number,
): { start: number; text: string } | null {
  if (!html.startsWith('[if', dataStart)) return null
  // A slice, so that no search in it can run on into the document: hostile comments would make that quadratic. Of a `--!>` one
  // hyphen stays, in which no tag ends.
  const data = html.slice(dataStart, end - '-->'.length)
  // Most only set widths. Looking for the attribute first made the scan of a newsletter a third faster.
  if (!hasHref.test(data)) return null
  const condition = data.indexOf(']>')
  if (condition === -1) return null
  const endif = data.indexOf('<![endif]', condition)
  return { start: dataStart + condition + 2, text: data.slice(condition + 2, endif === -1 ? data.length : endif) }
}
