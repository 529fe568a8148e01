import { readLatin1, writeLatin1 } from '../latin1.ts'

/**
 * An email as it is read. The bytes of UTF-8 become a text of one code unit each: all that HTML's grammar needs is ASCII, so the
 * same code reads both forms, and offsets count what was passed in. Only what leaves the scanner is decoded.
 */
export interface Markup {
  readonly text: string
  /** What a piece of the text says, if it is cut from ASCII at both ends. */
  readonly decode: (piece: string) => string
  /** The inverse, for well-formed text: how it stands in the markup. */
  readonly encode: (meaning: string) => string
  /** As it stands at the start of a text that has one. */
  readonly byteOrderMark: string
  /** `null` where the text is there, or costs little. */
  readonly long: LongMarkup | null
}

/** Markup whose text is read when it is asked for, as all of it at once is dear. Until then the bytes must stay as they are. */
export interface LongMarkup {
  readonly length: number
  /** The markup from `start` to `end`. */
  slice(start: number, end: number): Markup
}

/** In bytes. V8 keeps a longer text in memory of its own, fresh for each: 0.5 ns a byte instead of 0.02. */
export const maxShortLength = 128_000
/** In bytes. Node keeps a longer text outside of V8's heap. Read at once, a mail of 1.5 to 10 MB takes a fifth less. */
const maxLongLength = 1_031_912

export function readMarkup(html: string | Uint8Array): Markup {
  if (typeof html === 'string') {
    return { text: html, decode: asItIs, encode: asItIs, byteOrderMark: '\ufeff', long: null }
  }
  const shared = { decode: decodeUtf8, encode: encodeUtf8, byteOrderMark: '\xef\xbb\xbf' }
  const isLong = html.length > maxShortLength && html.length <= maxLongLength
  if (!isLong) return { text: readLatin1(html), ...shared, long: null }
  let text: string | null = null
  return {
    get text() {
      text ??= readLatin1(html)
      return text
    },
    ...shared,
    long: { length: html.length, slice: (start, end) => readMarkup(html.subarray(start, end)) },
  }
}

/** Whether a short text stands in the markup. Long markup is not read at once for that. */
export function includesText(markup: Markup, searched: string): boolean {
  const { long } = markup
  if (long === null) return markup.text.includes(searched)
  const step = maxShortLength - searched.length + 1
  for (let start = 0; start < long.length; start += step) {
    if (long.slice(start, start + maxShortLength).text.includes(searched)) return true
  }
  return false
}

const asItIs = (text: string): string => text

const nonAscii = /[^\0-\x7f]/

// As a browser does: what is ill-formed becomes U+FFFD, and a U+FEFF within the text stays.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function decodeUtf8(piece: string): string {
  if (!nonAscii.test(piece)) return piece
  const bytes = new Uint8Array(piece.length)
  writeLatin1(bytes, 0, piece)
  return utf8.decode(bytes)
}

const encoder = new TextEncoder()
const encodeUtf8 = (text: string): string => (nonAscii.test(text) ? readLatin1(encoder.encode(text)) : text)
