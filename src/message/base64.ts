import { type Edit, spliceEdits } from '../instrument/splice.ts'

/*
 *     body = *blank [ line *( eol line ) ] *blank     ; RFC 2045 section 6.8
 *     line = 1*( letter / digit / "+" / "/" / "=" )
 *
 * "=" only at the end of it all, so that there are groups of four. Of anything else some decoders read on where others stop.
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

/** The content, `null` if decoders may differ about it. One code unit is one byte, here and there. */
export function decodeBase64(raw: string): string | null {
  const { text } = linesOf(raw)
  if (outside.test(text)) return null
  const groups = text.replace(/\r?\n/g, '')
  const padding = groups.indexOf('=')
  const isPadded = padding === -1 || paddings.includes(groups.slice(padding))
  return groups.length % 4 === 0 && isPadded ? atob(groups) : null
}

/** What becomes of a raw body by edits of its content: it is encoded again, its lines as long as they were. */
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
