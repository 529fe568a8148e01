import { apostrophe, equals, greaterThan, isWhitespace, quotationMark, solidus } from './characters.ts'

/**
 * Walks the attributes of one tag. `nextAttribute` moves to the next one and fills the fields; once it returns false, `end`
 * is the offset after the tag's `>`, or -1 if the text ends inside the tag (which then is no tag at all).
 */
export interface AttributeCursor {
  /** Where to go on reading; after the last attribute, see `end`. */
  position: number
  nameStart: number
  nameEnd: number
  /** The value without its quotes. Both are the end of the name or of the `=` where there is no value; of no account once there is no attribute. */
  valueStart: number
  valueEnd: number
  quoted: boolean
  end: number
  selfClosing: boolean
}

/** Made once, and used for one tag after another. */
export function createCursor(): AttributeCursor {
  return {
    position: 0,
    nameStart: 0,
    nameEnd: 0,
    valueStart: 0,
    valueEnd: 0,
    quoted: false,
    end: -1,
    selfClosing: false,
  }
}

/** Starts a walk at the end of a tag's name. */
export function startWalk(cursor: AttributeCursor, nameEnd: number): void {
  cursor.position = nameEnd
  cursor.end = -1
}

/** Moves to the next attribute; false at the end of the tag. No code unit is read twice in a walk. */
export function nextAttribute(html: string, cursor: AttributeCursor): boolean {
  const length = html.length
  let at = cursor.position

  // "Before attribute name", "self-closing start tag" and "after attribute value (quoted)" state: a solidus counts only
  // right before the `>`.
  let code = html.charCodeAt(at)
  let afterSolidus = false
  while (isWhitespace(code) || code === solidus) {
    afterSolidus = code === solidus
    code = html.charCodeAt(++at)
  }
  if (code === greaterThan) {
    cursor.end = at + 1
    cursor.selfClosing = afterSolidus
    return false
  }
  if (at >= length) return false

  // "Attribute name" state. The first code unit belongs to the name whatever it is, `=` and quotes included.
  cursor.nameStart = at
  // Most of it is letters, which one comparison passes; past the end charCodeAt gives NaN, which no comparison passes.
  do code = html.charCodeAt(++at)
  while (
    code > greaterThan ||
    (code !== equals && code !== greaterThan && code !== solidus && !isWhitespace(code) && at < length)
  )
  cursor.nameEnd = cursor.valueStart = cursor.valueEnd = at
  cursor.quoted = false

  // "After attribute name" state.
  while (isWhitespace(code)) code = html.charCodeAt(++at)
  if (code !== equals) {
    cursor.position = at
    return true
  }

  // "Before attribute value" state.
  cursor.valueStart = cursor.valueEnd = at + 1
  do code = html.charCodeAt(++at)
  while (isWhitespace(code))
  if (code === quotationMark || code === apostrophe) {
    const close = html.indexOf(code === quotationMark ? '"' : "'", at + 1)
    cursor.quoted = true
    cursor.valueStart = at + 1
    cursor.valueEnd = close
    // Without an end quote the text ends in the tag, and what it has for a value is of no account.
    cursor.position = close === -1 ? length : close + 1
    return true
  }
  // "Attribute value (unquoted)" state; a `>` at once means a missing value.
  if (code !== greaterThan) {
    cursor.valueStart = at
    while (code !== greaterThan && !isWhitespace(code) && at < length) code = html.charCodeAt(++at)
    cursor.valueEnd = at
  }
  cursor.position = at
  return true
}

/** Whether the cursor's attribute has this name. */
export function isAttributeNamed(html: string, cursor: AttributeCursor, lowerCaseName: string): boolean {
  if (cursor.nameEnd - cursor.nameStart !== lowerCaseName.length) return false
  for (let i = 0; i < lowerCaseName.length; i++) {
    const code = html.charCodeAt(cursor.nameStart + i)
    const folded = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
    if (folded !== lowerCaseName.charCodeAt(i)) return false
  }
  return true
}
