import type { Edit } from '../instrument/splice.ts'
import { readLatin1 } from '../latin1.ts'
import { createLineWriter } from './line-writer.ts'

/*
 *     body   = *( escape / soft / eol / other )     ; RFC 2045 section 6.7
 *     escape = "=" hex hex
 *     soft   = "=" ( eol / end of body )
 *     eol    = [ CR ] LF
 *     other  = any byte but "=", as it is
 *
 * White space before a line end is content here: some decoders drop it, others do not.
 */

/** A body that was decoded. */
export interface QuotedPrintable {
  /** One code unit is one byte. */
  readonly content: string
  /** Ways into the middle of a long body: a place in the raw body, and the same in the content, by turns and in order. */
  readonly places: readonly number[]
}

/** In bytes of the content: so far apart are places at least. */
const placeDistance = 512

/** `null` if decoders may differ about it. */
export function decodeQuotedPrintable(raw: Uint8Array): QuotedPrintable | null {
  const content = new Uint8Array(raw.length)
  const source = new DataView(raw.buffer, raw.byteOffset, raw.length)
  const target = new DataView(content.buffer)
  const places: number[] = []
  let length = 0
  let next = placeDistance
  for (let at = 0; at < raw.length; ) {
    // HTML has an `=` in every attribute, so runs are short: byte by byte they took 1.6 ns a byte, by words 0.55, and a slice for each
    // four times as long.
    while (at + 4 <= raw.length) {
      const word = source.getInt32(at, true)
      target.setInt32(length, word, true)
      const run = bytesBefore(word)
      at += run
      length += run
      if (run < 4) break
    }
    const byte = raw[at++]
    if (byte === undefined) break
    if (byte !== equalsSign) {
      content[length++] = byte
      continue
    }
    if (at === raw.length) break
    if (length >= next) {
      places.push(at - 1, length)
      next = length + placeDistance
    }
    const eol = raw[at] === 0x0a ? 1 : raw[at] === 0x0d && raw[at + 1] === 0x0a ? 2 : 0
    if (eol > 0) {
      at += eol
      continue
    }
    const value = at + 1 < raw.length ? (hexDigits[raw[at]!]! << 4) | hexDigits[raw[at + 1]!]! : -1
    if (value < 0) return null
    content[length++] = value
    at += 2
  }
  return { content: readLatin1(content.subarray(0, length)), places }
}

const equalsSign = 0x3d

/** How many bytes of a little-endian word stand before its first `=`; 4 without one. */
function bytesBefore(word: number): number {
  const difference = word ^ (equalsSign * 0x01010101)
  // The high bit of each byte that is zero, and maybe of some above the first of them: Henry S. Warren, Hacker's Delight, 6-1.
  const zeros = (difference - 0x01010101) & ~difference & 0x80808080
  return zeros === 0 ? 4 : (31 - Math.clz32(zeros & -zeros)) >> 3
}

/** The value of each byte that is a digit, -1 for others. */
const hexDigits = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(digit) ? -1 : digit
})

/** A piece of a raw body that must not be broken. `content`: how many bytes of the content it stands for. */
interface Token {
  readonly length: number
  readonly content: number
  readonly endsLine: boolean
}

function tokenAt(raw: string, at: number): Token {
  if (raw.charAt(at) !== '=') {
    const eol = eolLength(raw, at)
    return { length: eol || 1, content: eol || 1, endsLine: eol > 0 }
  }
  const isSoft = at + 1 === raw.length || eolLength(raw, at + 1) > 0
  return isSoft
    ? { length: 1 + eolLength(raw, at + 1), content: 0, endsLine: true }
    : { length: 3, content: 1, endsLine: false }
}

/** The length of the line end at a place; 0 if there is none. */
function eolLength(text: string, at: number): number {
  if (text.charAt(at) === '\n') return 1
  return text.startsWith('\r\n', at) ? 2 : 0
}

/** What stands for itself, within a line. */
const otherRun = /[^=\r\n]+/y

/**
 * The raw body after edits of its content. Only the lines that an edit touches are written anew; what is not edited in them
 * keeps its spelling.
 *
 * @param edits of the content: in order, of printable ASCII
 * @param eol for the line breaks that are added
 */
export function editQuotedPrintable(
  raw: string,
  { places }: Pick<QuotedPrintable, 'places'>,
  edits: readonly Edit[],
  eol: string,
): readonly Edit[] {
  const result: Edit[] = []
  const writer = createLineWriter(eol)
  /** Where the reading is, in the raw body and in its content. */
  let at = 0
  let content = 0
  let nextPlace = 0
  /** Where the lines begin that are being written. */
  let from: number | null = null

  function pass({ length, content: bytes }: Token): void {
    at += length
    content += bytes
  }

  function passTo(place: number): void {
    for (; places[nextPlace + 1]! < place; nextPlace += 2) {
      if (places[nextPlace]! <= at) continue
      at = places[nextPlace]!
      content = places[nextPlace + 1]!
    }
    while (content < place) {
      const mark = raw.indexOf('=', at)
      const unescaped = Math.min((mark === -1 ? raw.length : mark) - at, place - content)
      at += unescaped
      content += unescaped
      if (content < place) pass(tokenAt(raw, at))
    }
  }

  /** Keeps what stands in this line, up to a place in the content. */
  function keepTo(place: number): void {
    while (content < place) {
      otherRun.lastIndex = at
      const run = otherRun.test(raw) ? Math.min(otherRun.lastIndex - at, place - content) : 0
      if (run > 0) {
        writer.addUnescaped(raw.slice(at, at + run))
        at += run
        content += run
        continue
      }
      const token = at < raw.length ? tokenAt(raw, at) : null
      if (token === null || token.endsLine) return
      writeToken(raw.slice(at, at + token.length))
      pass(token)
    }
  }

  function writeToken(token: string): void {
    if (token.startsWith('=')) writer.addEscape(token)
    else writer.addUnescaped(token)
  }

  function finish(start: number): void {
    keepTo(Number.POSITIVE_INFINITY)
    result.push({ start, end: at, text: writer.take() })
    from = null
  }

  for (const { start, end, text } of edits) {
    keepTo(from === null ? content : start)
    if (from !== null && content < start) finish(from)
    if (from === null) {
      passTo(start)
      // A soft break right before the edit ends its line: the edit stands in the next one.
      for (let next = tokenAt(raw, at); next.content === 0 && at + next.length < raw.length; next = tokenAt(raw, at)) {
        pass(next)
      }
      from = at === 0 ? 0 : raw.lastIndexOf('\n', at - 1) + 1
      for (let place = from; place < at; ) {
        const { length } = tokenAt(raw, place)
        writeToken(raw.slice(place, place + length))
        place += length
      }
    }
    for (const [index, piece] of text.split('=').entries()) {
      if (index > 0) writer.addEscape('=3D')
      writer.addUnescaped(piece)
    }
    passTo(end)
  }
  if (from !== null) finish(from)
  return result
}

/** What stands for itself wherever it stands. */
const literalRun = /[!-<>-~]+/y

/** A whole body in quoted-printable. Its line ends stay. */
export function encodeQuotedPrintable(content: string, eol: string): string {
  const writer = createLineWriter(eol)
  let at = 0
  while (at < content.length) {
    literalRun.lastIndex = at
    if (literalRun.test(content)) {
      writer.addUnescaped(content.slice(at, literalRun.lastIndex))
      at = literalRun.lastIndex
      continue
    }
    const end = eolLength(content, at)
    if (end > 0) {
      writer.addLineEnd(content.slice(at, at + end))
      at += end
      continue
    }
    const character = content.charAt(at++)
    // White space at the end of a line would be taken for padding, so it is escaped.
    const isPadding = at === content.length || eolLength(content, at) > 0
    if (blanks.includes(character) && !isPadding) writer.addUnescaped(character)
    else writer.addEscape(toEscape(character))
  }
  return writer.take()
}

const blanks: readonly string[] = [' ', '\t']

const toEscape = (character: string): string =>
  `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
