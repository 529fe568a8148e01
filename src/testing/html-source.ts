import { readLatin1 } from '../latin1.ts'
import type { TextRange } from './violation.ts'

/** An email's HTML as the judge reads it, whether it was passed as a string or as bytes. */
export interface HtmlSource {
  /** One unit for each code unit, or each byte: offsets are those of what was passed in. HTML's own syntax is ASCII. */
  readonly units: string
  /** Whether a place is inside a character: between two surrogates, or two bytes of UTF-8. */
  isInCharacter(at: number): boolean
  /** What stands in a range, as its reader sees it. */
  read(range: TextRange): string
}

export function htmlSource(html: string | Uint8Array): HtmlSource {
  if (typeof html === 'string') {
    return {
      units: html,
      isInCharacter: (at) => /[\udc00-\udfff]/.test(html.charAt(at)),
      read: ([start, end]) => html.slice(start, end),
    }
  }
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    units: readLatin1(html),
    isInCharacter: (at) => (html[at]! & 0xc0) === 0x80,
    read: ([start, end]) => utf8.decode(html.subarray(start, end)),
  }
}
