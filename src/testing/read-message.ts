import { readLatin1 } from '../latin1.ts'

/** A part that holds no others, as mail readers see it. */
export interface ReadPart {
  /** As IMAP numbers parts (RFC 3501 section 6.4.5). */
  readonly path: string
  /** In lower case, without parameters. */
  readonly type: string
  readonly charset: string
  readonly isAttachment: boolean
  /** All between the body before and this body, as it is, but for the field that says how the body is encoded. */
  readonly frame: string
  /** As it is. */
  readonly raw: string
  /** Decoded. */
  readonly content: string
}

export interface ReadMessage {
  readonly parts: readonly ReadPart[]
  /** All behind the last body. */
  readonly rest: string
}

/** Nobody sends more parts within each other. */
const maxDepth = 32

/**
 * A message in parts. One code unit is one byte. It is no more than a judge needs, and shares no code with what it judges: where a message
 * is not plain MIME it may see fewer parts, but it sees the same in both messages, and nothing of them is left out.
 */
export function readMessage(message: Uint8Array): ReadMessage {
  const source = readLatin1(message)
  const parts: ReadPart[] = []
  let done = 0

  function readPart(start: number, end: number, path: string, depth: number): void {
    const text = source.slice(start, end)
    const empty = /^\r?\n|\r?\n\r?\n/.exec(text)
    const bodyStart = empty === null ? end : start + empty.index + empty[0].length
    const header = source.slice(start, bodyStart)
    const value = (name: string): string => fieldOf(header, name)
    const type = /^[^\s;]+/.exec(value('content-type'))?.[0].toLowerCase() ?? 'text/plain'
    const boundary = parameterOf(value('content-type'), 'boundary')
    if (type.startsWith('multipart/') && boundary !== '' && depth < maxDepth) {
      const bodies = splitBodies(source, bodyStart, end, boundary)
      for (const [at, [from, to]] of bodies.entries()) readPart(from, to, `${path}${path && '.'}${at + 1}`, depth + 1)
      if (bodies.length > 0) return
    }
    const raw = source.slice(bodyStart, end)
    parts.push({
      path: path || '1',
      type,
      charset: parameterOf(value('content-type'), 'charset') || 'utf-8',
      isAttachment: /^attachment/i.test(value('content-disposition')),
      frame: source.slice(done, start) + withoutField(header, 'content-transfer-encoding'),
      raw,
      content: decode(raw, value('content-transfer-encoding').toLowerCase()),
    })
    done = end
  }

  readPart(0, source.length, '', 0)
  return { parts, rest: source.slice(done) }
}

/** Where the parts of a multipart begin and end: the line end before a delimiter belongs to it (RFC 2046 section 5.1.1). */
function splitBodies(source: string, start: number, end: number, boundary: string): [from: number, to: number][] {
  const escaped = boundary.replace(/[^\w]/g, '\\$&')
  const delimiter = new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?:\\r?\\n|$)`, 'g')
  const text = source.slice(start, end)
  const bodies: [from: number, to: number][] = []
  let from: number | null = null
  for (let match = delimiter.exec(text); match !== null; match = delimiter.exec(text)) {
    if (from !== null) bodies.push([start + from, start + Math.max(from, match.index)])
    from = match[1] === undefined ? match.index + match[0].length : null
    // The line end of a delimiter may be the one before the next.
    if (/\n$/.test(match[0])) delimiter.lastIndex -= /\r\n$/.test(match[0]) ? 2 : 1
  }
  // Cut off: mailtrace, as some readers, takes the last line end for a part of the delimiter that is missing.
  if (from !== null)
    bodies.push([start + from, start + Math.max(from, text.length - (/\r?\n$/.exec(text)?.[0].length ?? 0))])
  return bodies
}

const fieldPattern = (name: string): RegExp => new RegExp(`^${name}[ \\t]*:((?:[^\\n]|\\n[ \\t])*)\\n`, 'im')

const fieldOf = (header: string, name: string): string =>
  fieldPattern(name).exec(header)?.[1]?.replace(/\r?\n/g, '').trim() ?? ''

const withoutField = (header: string, name: string): string => header.replace(fieldPattern(name), '')

function parameterOf(value: string, name: string): string {
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(value) ?? []
  return quoted ?? plain ?? ''
}

function decode(raw: string, encoding: string): string {
  if (encoding === 'quoted-printable') {
    return raw
      .replace(/=[ \t]*\r?\n/g, '')
      .replace(/=([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  }
  if (encoding !== 'base64') return raw
  try {
    return atob(raw.replace(/\s/g, ''))
  } catch {
    return raw
  }
}
