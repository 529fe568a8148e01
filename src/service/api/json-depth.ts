const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)]
/** `[` and `{` differ from `]` and `}` by two (ASCII); with 0x20 set, both kinds are one. */
const [opening, closing] = ['{'.charCodeAt(0), '}'.charCodeAt(0)]

/** Whether a JSON text has more arrays and objects within one another than `most`, without making any of them. */
export function isDeeper(text: string, most: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) at = stringEnd(text, at)
    else if ((unit | 0x20) === opening && ++depth > most) return true
    else if ((unit | 0x20) === closing) depth--
  }
  return false
}

/** Where the quote is that ends the string; the end of the text if none does. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1
  return at
}
