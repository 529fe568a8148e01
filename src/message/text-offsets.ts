import { readLatin1 } from '../latin1.ts'

const utf8 = new TextEncoder()

/**
 * Finds the place in a part's content, one code unit for each byte, of an offset in its text. The offsets must grow. `null`
 * where there is no way to tell: where bytes and code units differ, and the content is not well-formed UTF-8.
 */
export function createOffsetMap(text: string, content: string): ((offset: number) => number) | null {
  if (text.length === content.length) return (offset) => offset
  if (readLatin1(utf8.encode(text)) !== content) return null
  let at = 0
  let bytes = 0
  return (offset) => {
    bytes += utf8.encode(text.slice(at, offset)).length
    at = offset
    return bytes
  }
}
