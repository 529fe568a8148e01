import type { Edit } from '../instrument/splice.ts'
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
const wrongEscape = /=(?![0-9A-Fa-f]{2}|\r?\n|$)/
const marks = /=(?:([0-9A-Fa-f]{2})|\r?\n|$)/g

/** The content, `null` if decoders may differ about it. One code unit is one byte, here and there. */
export function decodeQuotedPrintable(raw: string): string | null {
  if (wrongEscape.test(raw)) return null
  return raw.replace(marks, (_, digits?: string) =>
    digits === undefined ? '' : String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** What must not be broken, and where a line ends, of a raw body. `content`: how many bytes it stands for. */
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

const plainRun = /[^=\r\n]+/y

/**
 * What becomes of a raw body by edits of its content. Only the lines that an edit touches are written anew, and in these what
 * is not edited keeps its spelling.
 *
 * @param edits of the content: in order, of printable ASCII
 * @param eol for the line breaks that are added
 */
export function editQuotedPrintable(raw: string, edits: readonly Edit[], eol: string): readonly Edit[] {
  const result: Edit[] = []
  const writer = createLineWriter(eol)
  /** Where the reading is, in the raw body and in its content, and where its line began. */
  let at = 0
  let content = 0
  let lineStart = 0
  /** Where the lines begin that are being written. */
  let from: number | null = null

  function read(isKept: boolean): void {
    const { length, content: bytes, endsLine } = tokenAt(raw, at)
    const text = raw.slice(at, at + length)
    at += length
    content += bytes
    if (endsLine) lineStart = at
    if (!isKept) return
    if (endsLine) writer.addLineEnd(text)
    else writer.add(text)
  }

  function passTo(place: number): void {
    while (content < place) {
      plainRun.lastIndex = at
      const run = plainRun.test(raw) ? Math.min(plainRun.lastIndex - at, place - content) : 0
      at += run
      content += run
      if (content < place) read(false)
    }
  }

  /** Keeps what stands in this line, up to a place in the content. */
  function keepTo(place: number): void {
    while (content < place && at < raw.length && !tokenAt(raw, at).endsLine) read(true)
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
      // What follows a soft break stands in the next line.
      for (let next = tokenAt(raw, at); next.content === 0 && at + next.length < raw.length; next = tokenAt(raw, at)) {
        read(false)
      }
      from = lineStart
      for (let place = from; place < at; ) {
        const { length } = tokenAt(raw, place)
        writer.add(raw.slice(place, place + length))
        place += length
      }
    }
    for (const character of text) writer.add(character === '=' ? '=3D' : character)
    passTo(end)
  }
  if (from !== null) finish(from)
  return result
}

const literal = /[\t -<>-~]/

/** A whole body in quoted-printable. Its line ends stay. */
export function encodeQuotedPrintable(content: string, eol: string): string {
  const writer = createLineWriter(eol)
  let at = 0
  while (at < content.length) {
    const end = eolLength(content, at)
    const character = content.charAt(at)
    if (end > 0) {
      writer.addLineEnd(content.slice(at, at + end))
      at += end
      continue
    }
    at++
    // White space at the end of a line would be taken for padding.
    const isPadding = character <= ' ' && (at === content.length || eolLength(content, at) > 0)
    writer.add(literal.test(character) && !isPadding ? character : toEscape(character))
  }
  return writer.take()
}

const toEscape = (character: string): string =>
  `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
