/** A field in the bytes of a message. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string
  /** Unfolded and trimmed. */
  readonly value: string
  /** The whole field: half-open, in bytes, its line ends included. */
  readonly start: number
  readonly end: number
}

/**
 * In bytes, as Exim has it (header_maxsize). All fields are in memory at once, each as an object: 40 MB of empty ones would be ten
 * million.
 */
export const longestHeader = 1_048_576

/** In bytes. Without an empty line all of a message is its header. */
export function headerLength(message: Buffer): number {
  if (message.indexOf('\r\n') === 0) return 0
  const emptyLine = message.indexOf('\r\n\r\n')
  return emptyLine === -1 ? message.length : emptyLine + 2
}

/**
 * The fields that stand before the first empty line, whatever stands between them: what steers the relay must be found, and taken out,
 * in every message. `src/message/header.ts` reads only what all parsers read alike.
 *
 * @param message its lines end with CRLF
 */
export function readHeaderFields(message: Buffer): readonly HeaderField[] {
  const text = message.toString('latin1', 0, headerLength(message))
  const fields: { name: string; value: string; start: number; end: number }[] = []
  let isField = false
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = text.indexOf('\n', start) + 1 || text.length
    const first = text[start]
    if (first === ' ' || first === '\t') {
      if (isField) fields.at(-1)!.end = end
      continue
    }
    const name = fieldName.exec(text.slice(start, end))?.[1]
    isField = name !== undefined
    if (name !== undefined) fields.push({ name: name.toLowerCase(), value: '', start, end })
  }
  return fields.map((field) => ({ ...field, value: readValue(message, field) }))
}

/** White space before the colon is obsolete (RFC 5322 section 4.5), and must not hide a field. */
const fieldName = /^([!-9;-~]{1,200})[ \t]*:/

const readValue = (message: Buffer, { start, end }: { readonly start: number; readonly end: number }): string => {
  const text = message.toString('utf8', start, end)
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .trim()
}
