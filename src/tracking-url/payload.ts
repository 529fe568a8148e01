// Owns the bytes of a signed reference's payload; see token-format.md. It must never read past what a length says.

import { keyIdPattern } from '../config/domain-config.ts'

/** What a signed reference says, as the payload carries it. */
export type Payload =
  | {
      readonly kind: 'click'
      readonly part: 'html' | 'text'
      readonly keyId: string
      /** Seconds since the epoch. */
      readonly issuedAt: number
      readonly messageRef: string
      /** Position among all link sites of its part. */
      readonly index: number
      readonly destination: string
    }
  | { readonly kind: 'open'; readonly keyId: string; readonly issuedAt: number; readonly messageRef: string }

export const payloadVersion = 1
export const kindByte = { open: 1, clickHtml: 2, clickText: 3 } as const

/** In UTF-8 bytes; its length is one byte on the wire, and every tracked URL of a message carries it. */
export const maxMessageRefBytes = 128

// `fatal`: two byte strings must never decode to one text. `ignoreBOM`: a leading U+FEFF belongs to the text.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The key id alone, which the verifier needs before it may trust any of the rest; `null` if there is none. */
export function readKeyId(payload: Uint8Array): string | null {
  if (payload[0] !== payloadVersion) return null
  const length = payload[2] ?? 0
  if (payload.length < 3 + length) return null
  const id = String.fromCharCode(...payload.subarray(3, 3 + length))
  return keyIdPattern.test(id) ? id : null
}

/** Reads a payload whose MAC has been verified; `null` where a field is out of its range. */
export function decodePayload(payload: Uint8Array): Payload | null {
  const keyId = readKeyId(payload)
  if (keyId === null) return null
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  let offset = 3 + keyId.length
  if (payload.length < offset + 5) return null
  const issuedAt = view.getUint32(offset)
  const refLength = view.getUint8(offset + 4)
  offset += 5
  if (refLength < 1 || refLength > maxMessageRefBytes || payload.length < offset + refLength) return null
  try {
    const messageRef = utf8.decode(payload.subarray(offset, offset + refLength))
    offset += refLength
    const kind = payload[1]
    if (kind === kindByte.open) {
      return payload.length === offset ? { kind: 'open', keyId, issuedAt, messageRef } : null
    }
    if (kind !== kindByte.clickHtml && kind !== kindByte.clickText) return null
    if (payload.length < offset + 5) return null
    const index = view.getUint32(offset)
    const destination = utf8.decode(payload.subarray(offset + 4))
    const part = kind === kindByte.clickHtml ? 'html' : 'text'
    return { kind: 'click', part, keyId, issuedAt, messageRef, index, destination }
  } catch {
    return null // ill-formed UTF-8
  }
}
