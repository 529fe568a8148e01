/** A field's value with parameters, as Content-Type and Content-Disposition have it. */
export interface ParameterizedValue {
  /** In lower case. */
  readonly value: string
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

/*
 *     value     = token [ "/" token ] *( ows ";" ows parameter ) [ ows ";" ]          ; RFC 2045 section 5.1
 *     parameter = name ows "=" ows ( quoted / bare )
 *     quoted    = DQUOTE *( any but DQUOTE and "\" ) DQUOTE
 *     bare      = 1*( any but white space, control, ";" "," "(" ")" "<" ">" DQUOTE "\" )
 *
 * `bare` is more than a token: senders write `boundary=----=_Part_1`, and all readers read it alike. Comments, escapes and
 * whatever else does not fit are read in several ways, so they are refused.
 */
const start = /[\w!#$%&'*+.^`{|}~-]+(?:\/[\w!#$%&'*+.^`{|}~-]+)?/y
const parameter = /[ \t]*;[ \t]*([\w!#$%&'*+.^`{|}~-]+)[ \t]*=[ \t]*(?:"([^"\\]*)"|([^\s\0-\x1f\x7f;,()<>"\\]+))/y
const rest = /^[ \t;]*$/

/** `null` for a value that parsers may read in more than one way, such as one with a parameter twice. */
export function parseParameterized(text: string): ParameterizedValue | null {
  start.lastIndex = 0
  const value = start.exec(text)?.[0].toLowerCase()
  if (value === undefined) return null
  const parameters = new Map<string, string>()
  let at = value.length
  for (;;) {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (match === null) break
    const name = match[1]!.toLowerCase()
    if (parameters.has(name)) return null
    parameters.set(name, match[2] ?? match[3]!)
    at = parameter.lastIndex
  }
  const tail = text.slice(at)
  const isRead = rest.test(tail) && tail.indexOf(';') === tail.lastIndexOf(';')
  return isRead ? { value, parameters } : null
}

/** The type alone, however odd its parameters are; `null` without one. */
export function typeOf(text: string): string | null {
  start.lastIndex = 0
  const type = start.exec(text)?.[0].toLowerCase()
  return type?.includes('/') ? type : null
}
