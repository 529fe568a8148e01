import { type Edit, spliceEdits } from '../instrument/splice.ts'

/** In bytes, without its end (RFC 5322 section 2.1.1): servers break or refuse longer lines. */
const maxLineLength = 998

/** Whether edits make a line of the text longer than servers take. */
export function outgrowsLines(text: string, edits: readonly Edit[]): boolean {
  const edited = spliceEdits(text, edits)
  let shift = 0
  let lineStart = 0
  let lineEnd = -1
  let growth = 0
  for (const edit of edits) {
    const start = edit.start + shift
    const gain = edit.text.length - (edit.end - edit.start)
    shift += gain
    if (start > lineEnd) {
      lineStart = edited.lastIndexOf('\n', start - 1) + 1
      const end = edited.indexOf('\n', start)
      lineEnd = end === -1 ? edited.length : end
      growth = 0
    }
    growth += gain
    const isCrLf = edited.charAt(lineEnd - 1) === '\r'
    if (growth > 0 && lineEnd - (isCrLf ? 1 : 0) - lineStart > maxLineLength) return true
  }
  return false
}
