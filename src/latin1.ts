// Bytes as text of one code unit a byte, by the platform's Buffer where there is one. Not by a TextDecoder: its latin1 is
// windows-1252, which moves 0x80 to 0x9F. Both ways give the same, by test.

// The part of Node's Buffer that is used. Structural, as the published package knows web types only.
interface NativeBuffer {
  readonly prototype: {
    latin1Slice?(this: Uint8Array, start: number, end: number): string
    latin1Write?(this: Uint8Array, text: string, at: number): number
  }
}

const native = (globalThis as { Buffer?: NativeBuffer }).Buffer?.prototype

/** In bytes: as many arguments as any engine takes. */
const chunk = 8192

/** Portable: what platforms without Buffer get. */
export function readPortable(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk))
  return text
}

/** Portable: what platforms without Buffer get. */
export function writePortable(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
}

const { latin1Slice, latin1Write } = native ?? {}

/** The text that has each byte as one code unit. */
export const readLatin1: (bytes: Uint8Array) => string = latin1Slice
  ? (bytes) => latin1Slice.call(bytes, 0, bytes.length)
  : readPortable

/** Writes such a text into bytes. It must fit. */
export const writeLatin1: (bytes: Uint8Array, at: number, text: string) => void = latin1Write
  ? (bytes, at, text) => void latin1Write.call(bytes, text, at)
  : writePortable
