// Bytes and text, by the platform's Buffer where there is one. Both ways of each function give the same, by test.

import { decodeBase64Url, encodeBase64Url } from './base64url.ts'

// The part of Node's Buffer that is used. Structural, as the published package knows web types only.
interface NativeBytes extends Uint8Array<ArrayBuffer> {
  utf8Write(text: string, at: number): number
  base64urlWrite(text: string, at: number): number
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
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Writes UTF-8, which must fit; gives the number of bytes. */
  writeUtf8(text: string, at: number): number
  toBase64Url(from: number, to: number): string
  /**
   * Writes the bytes that base64url stands for. They must fit. Gives their number, or -1 for a text that toBase64Url never
   * gives.
   */
  writeBase64Url(text: string, at: number): number
}

/** Portable: what platforms without Buffer get. */
export function allocatePortable(length: number): TextBytes {
  const bytes = new Uint8Array(length)
  return {
    bytes,
    writeUtf8: (text, at) => encoder.encodeInto(text, bytes.subarray(at)).written,
    toBase64Url: (from, to) => encodeBase64Url(bytes.subarray(from, to)),
    writeBase64Url: (text, at) => {
      const decoded = decodeBase64Url(text)
      if (decoded === null) return -1
      bytes.set(decoded, at)
      return decoded.length
    },
  }
}

function allocateNative(length: number): TextBytes {
  const bytes = native!.alloc(length)
  return {
    bytes,
    writeUtf8: (text, at) => bytes.utf8Write(text, at),
    toBase64Url: (from, to) => bytes.base64urlSlice(from, to),
    // Node decodes almost anything. Only a text that the bytes give again is taken, so that each has one spelling.
    writeBase64Url: (text, at) => {
      const length = bytes.base64urlWrite(text, at)
      return bytes.base64urlSlice(at, at + length) === text ? length : -1
    },
  }
}

/** These methods are Node's own, and undocumented; other platforms' Buffer may lack them. */
const isComplete = (['utf8Write', 'base64urlWrite', 'base64urlSlice'] as const).every(
  (method) => native?.prototype[method] !== undefined,
)

export const allocateBytes: (length: number) => TextBytes = isComplete ? allocateNative : allocatePortable
