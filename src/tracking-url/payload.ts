import { type ClickMode, type OpenMode, startOfDay } from '../config/tracking-modes.ts'
import { isAbsoluteWebUrl } from '../url.ts'
import type { TextBytes } from './bytes.ts'

/** What the clicks in one part of one message share. */
export interface MessageClicks {
  readonly mode: ClickMode
  readonly part: 'html' | 'text'
  /** The messageRef; in mode `anonymous` the campaignRef. */
  readonly ref: string
  /** In ms since the epoch. Tokens carry whole seconds; in mode `anonymous` the start of the UTC day. */
  readonly issuedAt: number
}

/** One of a message's pixels. The other fields are those of {@link MessageClicks}. */
export interface MessageOpen {
  readonly mode: OpenMode
  readonly pixel: 'start' | 'end'
  readonly ref: string
  readonly issuedAt: number
}

/** What a signed reference says; see token-format.md. */
export type Payload =
  | ({ readonly kind: 'click'; readonly index: number; readonly destination: string } & MessageClicks)
  | ({ readonly kind: 'open' } & MessageOpen)

/** What a payload says of its message. A click's payload goes on with what only its link has. */
export type PayloadHead = { readonly keyId: string } & (
  | ({ readonly kind: 'click' } & MessageClicks)
  | ({ readonly kind: 'open' } & MessageOpen)
)

const version = 1
const pixelBytes = { end: 1, start: 2 } as const
const partBytes = { html: 3, text: 4 } as const
const openModeBytes = { full: 1, identified: 2, day: 3, anonymous: 4 } as const satisfies Record<OpenMode, number>
/** A click has no mode `day`: its time is told to the second, or not at all. */
const clickModeBytes = { full: 1, identified: 2, anonymous: 4 } as const satisfies Record<ClickMode, number>

/** In UTF-8 bytes; its length is one byte on the wire, and every tracked URL of a message carries it. */
export const maxMessageRefBytes = 128

const maxKeyIdBytes = 32
/** Version, kind, mode and the key id's length. */
const keyIdStart = 4

/** In bytes: the longest payload with a destination of so many UTF-16 code units, each of which takes 3 bytes at most. */
export function maxPayloadBytes(destinationLength: number): number {
  return keyIdStart + maxKeyIdBytes + 4 + 1 + maxMessageRefBytes + 4 + destinationLength * 3
}

/** Writes a head, which must fit; gives the offset of its end, where an open's payload ends too. */
export function writePayloadHead(buffer: TextBytes, at: number, head: PayloadHead): number {
  const { bytes } = buffer
  const isClick = head.kind === 'click'
  bytes[at] = version
  bytes[at + 1] = isClick ? partBytes[head.part] : pixelBytes[head.pixel]
  bytes[at + 2] = openModeBytes[head.mode]
  const keyIdLength = buffer.writeUtf8(head.keyId, at + keyIdStart)
  bytes[at + 3] = keyIdLength
  const issuedAt = at + keyIdStart + keyIdLength
  const time = head.mode === 'anonymous' ? startOfDay(head.issuedAt) : head.issuedAt
  writeU32(bytes, issuedAt, Math.floor(time / 1000))
  const refLength = buffer.writeUtf8(head.ref, issuedAt + 5)
  bytes[issuedAt + 4] = refLength
  return issuedAt + 5 + refLength
}

/** Writes what only this link has behind a click's head; gives the offset of the payload's end. */
export function writePayloadLink(buffer: TextBytes, headEnd: number, index: number, destination: string): number {
  writeU32(buffer.bytes, headEnd, index)
  return headEnd + 4 + buffer.writeUtf8(destination, headEnd + 4)
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

// `fatal`: two byte strings must never decode to one text. `ignoreBOM`: a leading U+FEFF belongs to the text.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The key id alone, which the verifier needs before it may trust any of the rest; `null` if there is none. */
export function readKeyId(payload: Uint8Array): string | null {
  if (payload[0] !== version || payload.length < keyIdStart) return null
  const end = keyIdStart + payload[3]!
  if (payload.length < end) return null
  let keyId = ''
  for (let at = keyIdStart; at < end; at++) keyId += String.fromCharCode(payload[at]!)
  return keyId
}

/**
 * Reads a payload whose MAC has been verified, with the key that {@link readKeyId} names; `null` where a field is out of
 * its range. It never reads past what a length says.
 */
export function readPayload(payload: Uint8Array): Payload | null {
  const kindByte = payload[1]!
  const modeByte = payload[2]!
  const at = keyIdStart + payload[3]!
  const refLength = payload[at + 4] ?? 0
  const headEnd = at + 5 + refLength
  if (refLength < 1 || refLength > maxMessageRefBytes || payload.length < headEnd) return null
  const seconds = readU32(payload, at)
  const issuedAt = seconds * 1000
  if (modeByte === openModeBytes.anonymous && issuedAt !== startOfDay(issuedAt)) return null
  try {
    const ref = utf8.decode(payload.subarray(at + 5, headEnd))
    const pixel = keyOf(pixelBytes, kindByte)
    if (pixel !== null) {
      const mode = keyOf(openModeBytes, modeByte)
      if (mode === null || payload.length > headEnd) return null
      return { kind: 'open', mode, pixel, ref, issuedAt }
    }
    const part = keyOf(partBytes, kindByte)
    const mode = keyOf(clickModeBytes, modeByte)
    if (part === null || mode === null) return null
    const index = readU32(payload, headEnd)
    // The rest is empty where the payload ends within the index; then it is refused.
    const destination = utf8.decode(payload.subarray(headEnd + 4))
    if (!isAbsoluteWebUrl(destination)) return null
    return { kind: 'click', mode, part, ref, issuedAt, index, destination }
  } catch {
    return null // ill-formed UTF-8
  }
}

function keyOf<Key extends string>(table: Readonly<Record<Key, number>>, byte: number): Key | null {
  for (const key in table) if (table[key] === byte) return key
  return null
}
