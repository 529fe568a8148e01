import { writeLatin1, writePortable } from '../latin1.ts'

/** Replaces the half-open range `[start, end)` of the original by `text`, of which each code unit is one of the original's. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  /** The part of the text that alone is another in another recipient's copy. Absent or `null`: it may be all of it. */
  readonly varying?: Varying | null
}

/** A part of a text, which stands at the offset `at` of it. */
export interface Varying {
  readonly at: number
  readonly text: string
}

/** Applies edits that are in order and do not overlap. Every code unit outside them stays as it was. */
export function spliceEdits(original: string, edits: readonly Edit[]): string {
  let result = ''
  let copied = 0
  for (const { start, end, text } of edits) {
    result += original.slice(copied, start) + text
    copied = end
  }
  return result + original.slice(copied)
}

/** The same for bytes, which are neither kept nor changed. */
export function spliceBytes(original: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let length = original.length
  for (const { start, end, text } of edits) length += text.length - (end - start)
  const result = new Uint8Array(length)
  let copied = 0
  let at = 0
  for (const { start, end, text } of edits) {
    result.set(original.subarray(copied, start), at)
    at += start - copied
    writeLatin1(result, at, text)
    at += text.length
    copied = end
  }
  result.set(original.subarray(copied), at)
  return result
}

/** Either form. Without edits it comes back as it is. */
export function spliceHtml<Html extends string | Uint8Array>(html: Html, edits: readonly Edit[]): Html {
  if (edits.length === 0) return html
  return (typeof html === 'string' ? spliceEdits(html, edits) : spliceBytes(html, edits)) as Html
}

/**
 * For edits that come again with other texts of the same lengths, as recipients' references do. The bytes are laid out once,
 * then copied whole, and what varies is written over. The caller may keep and change what it gets, but not the original.
 */
export function createByteSplicer(original: Uint8Array): (edits: readonly Edit[]) => Uint8Array {
  let laid: readonly Edit[] = []
  let layout: Uint8Array | null = null
  return (edits) => {
    // Not by `slice`: it sets the copy to zero first, a tenth of the time, and a Buffer's gives a view.
    if (edits.length === 0) return new Uint8Array(original)
    if (!isSameLayout(edits, laid)) {
      laid = edits
      layout = null
      return spliceBytes(original, edits)
    }
    // Made at the second copy: an email for one recipient does not pay for others.
    layout ??= spliceBytes(original, laid)
    const result = new Uint8Array(layout)
    let shift = 0
    for (const { start, end, text, varying } of edits) {
      // By hand: for 22 characters that is a third of a call to the platform, and the rope that a URL is stays one.
      if (varying) writePortable(result, start + shift + varying.at, varying.text)
      else writeLatin1(result, start + shift, text)
      shift += text.length - (end - start)
    }
    return result
  }
}

function isSameLayout(edits: readonly Edit[], others: readonly Edit[]): boolean {
  if (edits.length !== others.length) return false
  return edits.every(({ start, end, text, varying }, at) => {
    const other = others[at]!
    return (
      start === other.start &&
      end === other.end &&
      text.length === other.text.length &&
      varying?.at === other.varying?.at
    )
  })
}
