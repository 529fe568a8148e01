import { readLatin1 } from '../latin1.ts'

const utf8 = new TextEncoder()

/**
 * Where in the content, one code unit for each byte, stands what stands at an offset of the text that it says. Asked for growing
 * offsets. `null` where that cannot be told: where not every byte is a code unit, and it is no well-formed UTF-8.
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
