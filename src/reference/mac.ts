// Owns HMAC-SHA256 (RFC 2104), synchronously, by the platform where it offers that and by @noble/hashes elsewhere.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** In bytes. Half of SHA-256's output, as RFC 2104 section 5 allows: 128 bits against online guessing. */
export const macBytes = 16

/** HMAC-SHA256 of a message under a key, cut to {@link macBytes}. */
export type Mac = (message: Uint8Array) => Uint8Array

// The part of node:crypto that is used. Structural, as the published package knows web types only.
interface NativeCrypto {
  createSecretKey(key: Uint8Array): object
  createHmac(algorithm: 'sha256', key: object): { update(data: Uint8Array): { digest(): Uint8Array } }
}
declare const process: { getBuiltinModule?: (id: string) => unknown } | undefined

// Bundlers for browsers see no import; Node, Bun and Deno answer; other platforms have no `process` or no such method.
const native =
  typeof process === 'object' ? (process?.getBuiltinModule?.('node:crypto') as NativeCrypto | undefined) : undefined

/** Prepares a key once for many messages. */
export const createMac: (key: Uint8Array) => Mac = native ? nativeMac(native) : portableMac

/** The same by @noble/hashes: what platforms without a synchronous native HMAC get. */
export function portableMac(key: Uint8Array): Mac {
  const keyed = hmac.create(sha256, key)
  return (message) => keyed.clone().update(message).digest().subarray(0, macBytes)
}

function nativeMac(crypto: NativeCrypto): (key: Uint8Array) => Mac {
  return (key) => {
    // A KeyObject: with raw bytes, createHmac was measured at six times the cost on Node 24.
    const keyObject = crypto.createSecretKey(key)
    return (message) => crypto.createHmac('sha256', keyObject).update(message).digest().subarray(0, macBytes)
  }
}

/** Compares two MACs in time that depends on nothing but their length. */
export function equalMacs(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}
