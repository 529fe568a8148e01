// Base64url without padding (RFC 4648 section 5). It must never read two spellings as the same bytes.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const codeOf = new Uint8Array(64)
const valueOfCode = new Int8Array(128).fill(-1)
for (let value = 0; value < 64; value++) {
  codeOf[value] = alphabet.charCodeAt(value)
  valueOfCode[alphabet.charCodeAt(value)] = value
}

/** Encodes bytes without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  let at = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    codes[at++] = codeOf[group >> 18]!
    codes[at++] = codeOf[(group >> 12) & 63]!
    // A group that is not full writes behind the end, where a typed array ignores it.
    codes[at++] = codeOf[(group >> 6) & 63]!
    codes[at++] = codeOf[group & 63]!
  }
  return latin1.decode(codes)
}

// Every code is ASCII, which windows-1252 leaves as it is. That is what this label means in the Encoding standard.
const latin1 = new TextDecoder('latin1')

/**
 * Decodes what {@link encodeBase64Url} writes, and nothing else: `null` for padding, white space, the plain base64
 * alphabet, an impossible length, and unused bits that are not zero (`QQ` and `QR` would both mean one byte).
 */
export function decodeBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let at = 0
  let bits = 0
  let bitCount = 0
  for (let i = 0; i < text.length; i++) {
    const value = valueOfCode[text.charCodeAt(i)] ?? -1
    if (value === -1) return null
    bits = ((bits << 6) | value) & 0xfff
    bitCount += 6
    if (bitCount >= 8) {
      bitCount -= 8
      bytes[at++] = (bits >> bitCount) & 0xff
    }
  }
  return (bits & ((1 << bitCount) - 1)) === 0 ? bytes : null
}
