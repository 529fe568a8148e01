// Owns putting edits into the original text. Every code unit outside the edits stays as it was.

/** Replaces the half-open range `[start, end)` of the original by `text`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Applies edits that are in order and do not overlap. */
export function spliceEdits(original: string, edits: readonly Edit[]): string {
  let result = ''
  let copied = 0
  for (const { start, end, text } of edits) {
    result += original.slice(copied, start) + text
    copied = end
  }
  return result + original.slice(copied)
}
