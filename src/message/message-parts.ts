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
      open.push({ path, boundary: head.boundary, count: 0, isClosed: false })
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
  // Some readers take a carriage return for a line end, so a delimiter may follow one.
  if (open.length > 0 && source.includes('\r--', at)) return 'malformed'

  while (open.length > 0) {
    const start: number = source.startsWith('--', at) ? at : source.indexOf('\n--', at) + 1
    if (start === 0) break
    at = source.indexOf('\n', start) + 1 || source.length
    const line = source.slice(start + 2, Math.min(withoutPadding(source, start, at), start + maxDelimiterLength))
    // Some readers compare only the beginning of a line, as RFC 2046 allows. So no other delimiter may begin like this one.
    const [container, other] = open.filter(({ boundary }) => line.startsWith(boundary))
    if (container === undefined) continue
    const isLast = line === `${container.boundary}--`
    if (other !== undefined || container.isClosed || (!isLast && line !== container.boundary)) return 'malformed'
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
