// Owns bytes and text, by the platform's Buffer where there is one. Both ways of each function give the same, by test.

import { encodeBase64Url } from './base64url.ts'

// The part of Node's Buffer that is used. Structural, as the published package knows web types only.
interface NativeBytes extends Uint8Array {
  utf8Write(text: string, at: number): number
  base64urlSlice(from: number, to: number): string
}
interface NativeBuffer {
  alloc(length: number): NativeBytes
  prototype: Partial<NativeBytes>
}

const native = (globalThis as unknown as { Buffer?: NativeBuffer }).Buffer
const encoder = new TextEncoder()

/** A buffer to write text into and read base64url from. */
export interface TextBytes {
  readonly bytes: Uint8Array
  /** Writes UTF-8, which must fit; gives the number of bytes. */
  writeUtf8(text: string, at: number): number
  toBase64Url(from: number, to: number): string
}

/** Portable: what platforms without Buffer get. */
export function allocatePortable(length: number): TextBytes {
  const bytes = new Uint8Array(length)
  return {
    bytes,
    writeUtf8: (text, at) => encoder.encodeInto(text, bytes.subarray(at)).written,
    toBase64Url: (from, to) => encodeBase64Url(bytes.subarray(from, to)),
  }
}

function allocateNative(length: number): TextBytes {
  const bytes = native!.alloc(length)
  return {
    bytes,
    writeUtf8: (text, at) => bytes.utf8Write(text, at),
    toBase64Url: (from, to) => bytes.base64urlSlice(from, to),
  }
}

/** Both methods are Node's own, and undocumented; other platforms' Buffer may lack them. */
const isComplete = native?.prototype.utf8Write !== undefined && native.prototype.base64urlSlice !== undefined

export const allocateBytes: (length: number) => TextBytes = isComplete ? allocateNative : allocatePortable
