import { writeLatin1 } from '../latin1.ts'

/** How the bytes of a part become text, and how certain that is. */
export interface Charset {
  /** What a piece of the content says, if it is cut from ASCII at both ends. */
  readonly decode: (piece: string) => string
  /**
   * Whether a browser that follows the link in the mail asks for the same URL as one that is given this destination in
   * Unicode.
   */
  readonly isSure: (destination: string) => boolean
}

/** In these, ASCII bytes may mean something else: after an escape sequence, or as halves of code units. */
const otherEncodings = new Set(['iso-2022-jp', 'utf-16le', 'utf-16be'])
/** In these, the second byte of a character may be a `]`, which ends what HTML begins with `<![`. */
const bracketEncodings = new Set(['big5', 'gb18030', 'gbk', 'shift_jis'])
const bracketAfterByte = /[\x80-\xff]\]+>/

/** The labels that promise nothing but ASCII. What other bytes mean is then up to the reader. */
const asciiLabels = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso646-us'])
/**
 * UTF-16 and UTF-32 have NUL in all markup; ISO-2022 and its like have escapes. They are known by that, whatever the label
 * says.
 */
const foreignBytes: readonly string[] = ['\0', '\x1b']
const byteOrderMark = '\xef\xbb\xbf'
const nonAscii = /[^\0-\x7f]/

/**
 * U+FFFD stands for bytes that the charset does not have. C1 controls are what Node 20 makes of some bytes of windows-1252
 * (nodejs/node#56542; seen with 20.20.2), and nobody writes them on purpose.
 */
const doubtful = /[\ufffd\x80-\x9f]/

/** `null` where ASCII bytes may mean something else, or nobody knows. */
export function readCharset(label: string | null, content: string): Charset | null {
  if (foreignBytes.some((byte) => content.includes(byte))) return null
  if (label === null || asciiLabels.has(label.trim().toLowerCase())) return unknown
  const decoder = decoderOf(label)
  if (decoder === null || otherEncodings.has(decoder.encoding)) return null
  if (decoder.encoding === 'utf-8') return utf8
  if (bracketEncodings.has(decoder.encoding) && bracketAfterByte.test(content)) return null
  // The byte order mark contradicts the header. Some readers believe the mark, some the header.
  if (content.startsWith(byteOrderMark)) return unknown
  return {
    decode: decodeBy(decoder),
    isSure: (destination) => !doubtful.test(destination) && hasAsciiQuery(destination),
  }
}

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label, { ignoreBOM: true })
  } catch {
    return null
  }
}

const decodeBy =
  (decoder: TextDecoder) =>
  (piece: string): string =>
    nonAscii.test(piece) ? decoder.decode(toBytes(piece)) : piece

const decodeUtf8 = decodeBy(new TextDecoder('utf-8', { ignoreBOM: true }))
const utf8: Charset = { decode: decodeUtf8, isSure: () => true }
const unknown: Charset = { decode: decodeUtf8, isSure: (destination) => !nonAscii.test(destination) }

function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  writeLatin1(bytes, 0, text)
  return bytes
}

/**
 * Outside UTF-8, browsers write a query in the document's encoding, and everything else of a URL in UTF-8.
 * https://url.spec.whatwg.org/#query-state
 */
function hasAsciiQuery(destination: string): boolean {
  const [beforeFragment = ''] = destination.split('#', 1)
  const query = beforeFragment.indexOf('?')
  return query === -1 || !nonAscii.test(beforeFragment.slice(query))
}
