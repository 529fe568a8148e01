/** A field of a header, by offsets in the message. */
export interface Field {
  /** In lower case. */
  readonly name: string
  /** After the colon. */
  readonly valueStart: number
  /** After the last of its lines, the line end included. */
  readonly end: number
}

export interface Header {
  readonly fields: readonly Field[]
  /** Where the empty line begins that ends the header. */
  readonly end: number
  readonly bodyStart: number
}

/*
 *     header = [ "From " line ] *field eol
 *     field  = name ":" line *( ( SP / HT ) line )           ; RFC 5322 section 2.2
 *     name   = 1*( "!" to "9" / ";" to "~" )           ; but not "--", with which a delimiter begins
 *     line   = *( any but NUL, LF, bare CR ) eol              ; a continuation is not all white space
 *     eol    = [ CR ] LF
 *
 * Parsers differ about a header that does not fit this: some end it there, some pass over the line, and with it over a field
 * that says what the body is. Such a message is not changed.
 */
const fieldStart = /(?!--)[!-9;-~]+:/y
const blankLine = /[ \t\r]*\n/y
const mailboxLine = /From [^\n]*\n/y
const oddCharacter = /\0|\r(?!\n)/

/** The header that begins at `start`; `null` if parsers may differ about it, or no empty line ends it. */
export function readHeader(source: string, start: number): Header | null {
  const fields: { name: string; valueStart: number; end: number }[] = []
  let at = start === 0 ? (endOf(mailboxLine, source, 0) ?? 0) : start
  for (;;) {
    const lineEnd = source.indexOf('\n', at) + 1
    if (lineEnd === 0) return null
    const first = source.charAt(at)
    const last = fields.at(-1)
    const nameEnd = endOf(fieldStart, source, at)
    if (lineEnd - at === 1 || (lineEnd - at === 2 && first === '\r')) {
      return oddCharacter.test(source.slice(start, at)) ? null : { fields, end: at, bodyStart: lineEnd }
    }
    if (first === ' ' || first === '\t') {
      if (last === undefined || endOf(blankLine, source, at) !== null) return null
      last.end = lineEnd
    } else if (nameEnd !== null) {
      fields.push({ name: source.slice(at, nameEnd - 1).toLowerCase(), valueStart: nameEnd, end: lineEnd })
    } else {
      return null
    }
    at = lineEnd
  }
}

function endOf(pattern: RegExp, source: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(source) ? pattern.lastIndex : null
}

/** A field's value, unfolded and trimmed. */
export function fieldValue(source: string, { valueStart, end }: Field): string {
  return source.slice(valueStart, end).replace(/\r?\n/g, '').trim()
}

/**
 * The value of the field of this name. `null` if there is none; `undefined` if there are several, as nobody knows which
 * counts.
 */
export function onlyValue(source: string, header: Header, name: string): string | null | undefined {
  const found = header.fields.filter((field) => field.name === name)
  if (found.length > 1) return undefined
  return found.length === 0 ? null : fieldValue(source, found[0]!)
}
