// An answer is a stranger's text: a label may hold any byte, a line break too (RFC 2181 section 11). What a name says must
// neither pass for another name nor reach a terminal, a log or a zone file as it is.

/** Of a name's text, in characters: 255 octets (RFC 1035 section 2.3.4), each of them escaped. */
const maxTextLength = 1020

/**
 * A name from DNS as plain text: folded in case as ASCII, without the dot at its end, and whatever is not visible ASCII
 * written as `\DDD` (RFC 1035 section 5.1). Nothing else is made equal: `k²` is not `k2`, and a port makes another name.
 * `null` for what is too long to be a name.
 */
export function dnsName(text: string): string | null {
  if (text.length > maxTextLength) return null
  const escaped = text.replace(/[^\x21-\x7e]/gu, escapeCharacter)
  if (escaped.length > maxTextLength) return null
  const name = /[^\\]\.$/.test(escaped) ? escaped.slice(0, -1) : escaped
  return name === '' ? '.' : name.toLowerCase()
}

const escapeCharacter = (character: string): string =>
  Array.from(new TextEncoder().encode(character), escapeByte).join('')

/** `\DDD`, the octet in decimal. */
export const escapeByte = (byte: number): string => `\\${String(byte).padStart(3, '0')}`

const unescapedName = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/

/** Whether a name has nothing in it that would have to be escaped: only such names are asked for and written into zones. */
export const isUnescapedName = (name: string): boolean => name.length <= 253 && unescapedName.test(name)
