import { type Header, readHeader } from './header.ts'
import { readPartHead } from './part-head.ts'
import type { PartReason } from './part-reasons.ts'

/** A part that holds no others, or one that is left closed. */
export interface MessagePart {
  /** As IMAP numbers parts (RFC 3501 section 6.4.5). `''` is the whole message where it is a multipart that is left closed. */
  readonly path: string
  /** In lower case, without parameters. */
  readonly type: string
  readonly charset: string | null
  readonly header: Header
  /** The body, as it is in the message. */
  readonly start: number
  readonly end: number
  /** Why the body is not looked into; `null` if it is. */
  readonly reason: PartReason | null
}

/** A multipart whose parts are being read. */
interface Container {
  readonly path: string
  readonly boundary: string
  count: number
  isClosed: boolean
  /** Where its next delimiter begins, as far as it has been looked for. */
  next: number
}

/** Nobody sends more, or more within each other, and mail readers fail on it. */
const maxDepth = 32
const maxParts = 1000

/** In bytes: no boundary is longer. */
const maxDelimiterLength = 300

/**
 * Every part of a message in order, or the reason for which all of it is left alone. The message is a text of one code unit for
 * each byte. Linear, whatever it holds.
 *
 *     multipart = preamble 1*( delimiter part ) [ delimiter "--" epilogue ]     ; RFC 2046 section 5.1.1
 *     delimiter = eol "--" boundary *( SP / HT ) eol
 *
 * Where the last delimiter is missing, the part ends at the delimiter around it or at the end of the message. All readers
 * read a message that was cut off like this.
 */
export function readMessageParts(source: string): readonly MessagePart[] | PartReason {
  const parts: MessagePart[] = []
  const open: Container[] = []
  let leaf: Omit<MessagePart, 'end'> | null = null

  /** Begins the part at `start`; `null` if nobody knows where its header ends. */
  function begin(path: string, start: number): number | null {
    const header = readHeader(source, start)
    if (header === null) return null
    const head = readPartHead(source, header)
    if (head.kind === 'container') {
      open.push({ path, boundary: head.boundary, count: 0, isClosed: false, next: -1 })
    } else {
      const { type, charset, reason } = head
      const number = path === '' && !type.startsWith('multipart/') ? '1' : path
      leaf = { path: number, type, charset, reason, header, start: header.bodyStart }
    }
    return header.bodyStart
  }

  /** Ends the part that is being read, and all containers but the outermost `depth`. */
  function finish(end: number, depth: number): boolean {
    if (leaf !== null) parts.push({ ...leaf, end: Math.max(leaf.start, end) })
    leaf = null
    // Some readers take a multipart without a delimiter for text.
    const isSound = open.slice(depth).every(({ count }) => count > 0)
    open.length = Math.min(open.length, depth)
    return isSound
  }

  let at = begin('', 0)
  if (at === null) return 'malformed'

  while (open.length > 0) {
    const start = findDelimiter(source, open, at)
    if (start === null) return 'malformed'
    if (start === source.length) break
    at = source.indexOf('\n', start) + 1 || source.length
    const line = source.slice(start + 2, Math.min(withoutPadding(source, start, at), start + maxDelimiterLength))
    // Some readers compare only the beginning of a line, as RFC 2046 allows. So no other delimiter may begin like this one.
    const named = open.filter(({ boundary }) => line.startsWith(boundary))
    const container = named[0]!
    const isLast = line === `${container.boundary}--`
    if (named.length > 1 || container.isClosed || (!isLast && line !== container.boundary)) return 'malformed'
    if (!finish(beforeLineEnd(source, start), open.indexOf(container) + 1)) return 'malformed'
    container.isClosed = isLast
    if (isLast) continue
    container.count++
    if (parts.length === maxParts || open.length === maxDepth) return 'too-complex'
    at = begin(`${container.path}${container.path === '' ? '' : '.'}${container.count}`, at)
    if (at === null) return 'malformed'
  }
  // Some readers take the last line end for a part of a delimiter that was cut off.
  return finish(open.length === 0 ? source.length : beforeLineEnd(source, source.length), 0) ? parts : 'malformed'
}

/**
 * The next line at `at` or behind it that begins like a delimiter of an open multipart; the end of the source without one. `null`
 * where a carriage return alone stands before one: some readers take it for a line end.
 *
 * From the outermost to the innermost, each only up to what the ones around it found: that ends the inner ones. So siblings
 * never look through the same text.
 */
function findDelimiter(source: string, open: readonly Container[], at: number): number | null {
  let limit = source.length
  for (const container of open) {
    if (container.next < at) {
      const found = findDelimiterOf(container, source.slice(0, limit), at)
      if (found === null) return null
      container.next = found
    }
    limit = Math.min(limit, container.next)
  }
  return limit
}

function findDelimiterOf({ boundary }: Container, source: string, at: number): number | null {
  // A long text is found by leaps; the line ends before it would be a stop in each line.
  const text = `--${boundary}`
  for (let start = source.indexOf(text, at); start !== -1; start = source.indexOf(text, start + 1)) {
    const before = source.charAt(start - 1)
    if (before === '\n') return start
    if (before === '\r') return null
  }
  return source.length
}

/** Where the line end before a place begins; the place itself if there is none. */
function beforeLineEnd(source: string, at: number): number {
  if (source.charAt(at - 1) !== '\n') return at
  return at - (source.charAt(at - 2) === '\r' ? 2 : 1)
}

/** Where a line ends, without white space and line end. */
function withoutPadding(source: string, start: number, end: number): number {
  let at = beforeLineEnd(source, end)
  while (at > start && (source.charAt(at - 1) === ' ' || source.charAt(at - 1) === '\t')) at--
  return at
}
