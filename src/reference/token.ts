// Owns signed tokens: base64url(payload || MAC) under a key and the sending domain's name. See token-format.md. A token
// that differs in one bit, or was made for another domain or key, must never open.

import type { CheckedKey } from '../config.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import { createMac, equalMacs, type Mac, macBytes } from './mac.ts'
import { decodePayload, kindByte, type Payload, payloadVersion, readKeyId } from './payload.ts'

/** Makes the tokens of one message. `part` and `destination` as in {@link Payload}. */
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
export function macContext(domainName: string): Uint8Array {
  const label = encoder.encode(contextLabel)
  const name = encoder.encode(domainName)
  return Uint8Array.from([label.length, ...label, name.length, ...name])
}

/** Prepares a domain's key for signing many tokens. */
export function createTokenSigner(domainName: string, key: CheckedKey): TokenSigner {
  const mac = createMac(key.secret)
  const prefix = macContext(domainName)
  const keyId = encoder.encode(key.id)
  // One buffer for all tokens of this signer: [context][payload][mac]. It grows to the longest destination.
  let scratch = new Uint8Array(1024)
  let view = new DataView(scratch.buffer)
  scratch.set(prefix)

  function write(kind: number, messageRef: string, issuedAt: number, index: number, destination: string): string {
    // 3 bytes are the most that one UTF-16 code unit takes in UTF-8.
    const needed = prefix.length + 64 + (messageRef.length + destination.length) * 3 + macBytes
    if (needed > scratch.length) {
      scratch = new Uint8Array(needed * 2)
      view = new DataView(scratch.buffer)
      scratch.set(prefix)
    }
    let at = prefix.length
    scratch[at++] = payloadVersion
    scratch[at++] = kind
    scratch[at++] = keyId.length
    scratch.set(keyId, at)
    at += keyId.length
    view.setUint32(at, issuedAt)
    const refLength = encoder.encodeInto(messageRef, scratch.subarray(at + 5)).written
    scratch[at + 4] = refLength
    at += 5 + refLength
    if (kind !== kindByte.open) {
      view.setUint32(at, index)
      at += 4 + encoder.encodeInto(destination, scratch.subarray(at + 4)).written
    }
    scratch.set(mac(scratch.subarray(0, at)), at)
    return encodeBase64Url(scratch.subarray(prefix.length, at + macBytes))
  }

  return {
    click: (part, messageRef, issuedAt, index, destination) =>
      write(part === 'html' ? kindByte.clickHtml : kindByte.clickText, messageRef, issuedAt, index, destination),
    open: (messageRef, issuedAt) => write(kindByte.open, messageRef, issuedAt, 0, ''),
  }
}

/** Opens tokens of a domain; `null` for whatever it did not sign itself with one of its keys. */
export type TokenOpener = (token: string) => Payload | null

/** Prepares a domain's keys for opening many tokens. */
export function createTokenOpener(domainName: string, keys: readonly CheckedKey[]): TokenOpener {
  const prefix = macContext(domainName)
  const macs = new Map<string, Mac>(keys.map((key) => [key.id, createMac(key.secret)]))
  return (token) => {
    const bytes = decodeBase64Url(token)
    if (bytes === null || bytes.length <= macBytes) return null
    const payload = bytes.subarray(0, -macBytes)
    const keyId = readKeyId(payload)
    const mac = keyId === null ? undefined : macs.get(keyId)
    if (mac === undefined) return null
    const message = new Uint8Array(prefix.length + payload.length)
    message.set(prefix)
    message.set(payload, prefix.length)
    return equalMacs(mac(message), bytes.subarray(-macBytes)) ? decodePayload(payload) : null
  }
}
