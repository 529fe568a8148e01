import { type Edit, spliceEdits } from '../instrument/splice.ts'

/*
 *     body = *blank [ line *( eol line ) ] *blank     ; RFC 2045 section 6.8
 *     line = 1*( letter / digit / "+" / "/" / "=" )
 *
 * "=" stands only at the end of the body, so that all groups have four characters. In any other body, some decoders read on
 * where others stop.
 */
const outside = /[^A-Za-z0-9+/=\r\n]|\r(?!\n)|\n\r?\n/
const paddings: readonly string[] = ['=', '==']
const defaultLineLength = 76

interface Lines {
  readonly start: number
  readonly end: number
  readonly text: string
}

function linesOf(raw: string): Lines {
  const start = /[^ \t\r\n]/.exec(raw)?.index ?? raw.length
  let end = raw.length
  while (end > start && ' \t\r\n'.includes(raw.charAt(end - 1))) end--
  return { start, end, text: raw.slice(start, end) }
}

/** The content, `null` if decoders may differ about it. One code unit is one byte, of the body and of the content. */
export function decodeBase64(raw: string): string | null {
  const { text } = linesOf(raw)
  if (outside.test(text)) return null
  const groups = text.replace(/\r?\n/g, '')
  const padding = groups.indexOf('=')
  const isPadded = padding === -1 || paddings.includes(groups.slice(padding))
  return groups.length % 4 === 0 && isPadded ? atob(groups) : null
}

/** The raw body after edits of its content. It is encoded again, in lines as long as they were. */
export function editBase64(raw: string, content: string, edits: readonly Edit[], eol: string): readonly Edit[] {
  const { start, end, text } = linesOf(raw)
  const first = text.indexOf('\n')
  const ownEol = first === -1 ? eol : text.charAt(first - 1) === '\r' ? '\r\n' : '\n'
  const lineLength = first === -1 ? Math.max(text.length, defaultLineLength) : first + 1 - ownEol.length
  const encoded = btoa(spliceEdits(content, edits))
  const lines: string[] = []
  for (let at = 0; at < encoded.length; at += lineLength) lines.push(encoded.slice(at, at + lineLength))
  return [{ start, end, text: lines.join(ownEol) }]
}
