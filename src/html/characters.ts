// All of HTML's grammar is ASCII, so the same code reads UTF-16 code units and the bytes of UTF-8.
// https://html.spec.whatwg.org/multipage/parsing.html#tokenization

export const exclamationMark = 0x21
export const quotationMark = 0x22
export const apostrophe = 0x27
export const hyphen = 0x2d
export const solidus = 0x2f
export const lessThan = 0x3c
export const equals = 0x3d
export const greaterThan = 0x3e
export const questionMark = 0x3f
export const smallA = 0x61

/** Tab, line feed, form feed, space; and carriage return, which the standard's preprocessing makes a line feed. */
export function isWhitespace(code: number): boolean {
  return code === 0x20 || (code <= 0x0d && (code === 0x0a || code === 0x09 || code === 0x0d || code === 0x0c))
}

export function isLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
}

/** Whether a name's spelling ends here: white space, `/` or `>`. Not NaN: a tag that the text's end cuts off is none. */
export function endsTagName(code: number): boolean {
  return code === greaterThan || code === solidus || isWhitespace(code)
}

/** Where the tag's name that begins at `start` ends; the end of the text if nothing ends it. */
export function findNameEnd(html: string, start: number): number {
  let at = start
  while (at < html.length && !endsTagName(html.charCodeAt(at))) at++
  return at
}

/** Whether `lowerCaseName` stands at `start`, in any ASCII case. */
export function hasNameAt(html: string, start: number, lowerCaseName: string): boolean {
  for (let i = 0; i < lowerCaseName.length; i++) {
    const code = html.charCodeAt(start + i)
    // Only letters are folded: `|0x20` would take U+0001 for `!` and `[` for `{`.
    if ((isLetter(code) ? code | 0x20 : code) !== lowerCaseName.charCodeAt(i)) return false
  }
  return true
}

/** A tag's or attribute's name as the tokenizer gives it: ASCII letters in lower case, NUL as U+FFFD. */
export function normalizeName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replaceAll('\0', '\ufffd')
}
