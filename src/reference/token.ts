// Owns signed tokens: base64url(payload || MAC) under a key and the sending domain's name. See token-format.md. A token
// that differs in one bit, or was made for another domain or key, must never open.

import type { CheckedKey } from '../config.ts'
import { decodeBase64Url } from './base64url.ts'
import { allocateBytes } from './bytes.ts'
import { createMac, equalMacs, type Mac, macBytes, macRoom } from './mac.ts'
import { decodePayload, kindByte, maxMessageRefBytes, type Payload, payloadVersion, readKeyId } from './payload.ts'

/** Makes tokens. `issuedAt` in seconds since the epoch; the other fields as in {@link Payload}. */
export interface TokenSigner {
  click(part: 'html' | 'text', messageRef: string, issuedAt: number, index: number, destination: string): string
  open(messageRef: string, issuedAt: number): string
}

const contextLabel = 'mailtrace reference'
const encoder = new TextEncoder()

/**
 * What the MAC covers before the payload: a label, so that no other use of the key yields the same bytes, and the
 * sending domain, so that a token of one customer never redirects through the host of another.
 */
function macContext(domainName: string): Uint8Array {
  const label = encoder.encode(contextLabel)
  const name = encoder.encode(domainName)
  return Uint8Array.from([label.length, ...label, name.length, ...name])
}

/** In bytes: version, kind, key id, issued-at, messageRef and index, each with its length where it has one. */
const maxFixedBytes = 3 + 32 + 4 + 1 + maxMessageRefBytes + 4

/** Prepares a domain's key for signing many tokens. */
export function createTokenSigner(domainName: string, key: CheckedKey): TokenSigner {
  const mac = createMac(key.secret)
  const context = macContext(domainName)
  const keyId = encoder.encode(key.id)
  const payloadStart = macRoom + context.length

  // One buffer for all tokens of this signer, [room][context][payload][mac], which grows to the longest destination.
  let buffer = allocateBytes(0)
  let view = new DataView(buffer.bytes.buffer)
  let head = { messageRef: '', issuedAt: -1, end: 0 }

  /** Writes what all tokens of a message share, unless the last token was of the same message. */
  function writeHead(messageRef: string, issuedAt: number, destinationLength: number): void {
    // 3 bytes are the most that one UTF-16 code unit takes in UTF-8.
    const needed = payloadStart + maxFixedBytes + destinationLength * 3 + macBytes
    if (needed <= buffer.bytes.length && head.messageRef === messageRef && head.issuedAt === issuedAt) return
    if (needed > buffer.bytes.length) {
      buffer = allocateBytes(Math.max(1024, needed * 2))
      view = new DataView(buffer.bytes.buffer, buffer.bytes.byteOffset)
      buffer.bytes.set(context, macRoom)
      buffer.bytes[payloadStart] = payloadVersion
      buffer.bytes[payloadStart + 2] = keyId.length
      buffer.bytes.set(keyId, payloadStart + 3)
    }
    const at = payloadStart + 3 + keyId.length
    view.setUint32(at, issuedAt)
    const refLength = buffer.writeUtf8(messageRef, at + 5)
    view.setUint8(at + 4, refLength)
    head = { messageRef, issuedAt, end: at + 5 + refLength }
  }

  function seal(kind: number, end: number): string {
    view.setUint8(payloadStart + 1, kind)
    mac(buffer.bytes, end)
    return buffer.toBase64Url(payloadStart, end + macBytes)
  }

  return {
    click(part, messageRef, issuedAt, index, destination) {
      writeHead(messageRef, issuedAt, destination.length)
      view.setUint32(head.end, index)
      const end = head.end + 4 + buffer.writeUtf8(destination, head.end + 4)
      return seal(part === 'html' ? kindByte.clickHtml : kindByte.clickText, end)
    },
    open(messageRef, issuedAt) {
      writeHead(messageRef, issuedAt, 0)
      return seal(kindByte.open, head.end)
    },
  }
}

/** Opens tokens of a domain; `null` for whatever it did not sign itself with one of its keys. */
export type TokenOpener = (token: string) => Payload | null

/** Prepares a domain's keys for opening many tokens. */
export function createTokenOpener(domainName: string, keys: readonly CheckedKey[]): TokenOpener {
  const context = macContext(domainName)
  const macs = new Map<string, Mac>(keys.map((key) => [key.id, createMac(key.secret)]))
  return (token) => {
    const bytes = decodeBase64Url(token)
    if (bytes === null || bytes.length <= macBytes) return null
    const payload = bytes.subarray(0, -macBytes)
    const keyId = readKeyId(payload)
    const mac = keyId === null ? undefined : macs.get(keyId)
    if (mac === undefined) return null
    const end = macRoom + context.length + payload.length
    const buffer = new Uint8Array(end + macBytes)
    buffer.set(context, macRoom)
    buffer.set(payload, macRoom + context.length)
    mac(buffer, end)
    return equalMacs(buffer.subarray(end), bytes.subarray(-macBytes)) ? decodePayload(payload) : null
  }
}
