/*
 * What an unresolved merge tag looks like. Encoding one would break it for the renderer that runs later; taking a URL for one
 * loses a single click. So it rather sees one too many.
 *
 *     word = letter *( letter / digit / "_" / "." / "-" )
 */
const word = '[A-Za-z][\\w.-]*'
const hexDigits = '[0-9A-Fa-f]'
const guid = `\\{${hexDigits}{8}(?:-${hexDigits}{4}){3}-${hexDigits}{12}\\}`

interface MergeTag {
  readonly example: string
  /** What every such tag begins with. Its first character stands in no href that common-href.ts takes. */
  readonly open: string
  /** Anything may stand between `open` and this. */
  readonly close?: string
  /** The whole tag as a regular expression; linear, as what repeats cannot hold the character that `open` begins with. */
  readonly pattern?: string
}

/** Every form that is understood. */
export const mergeTags: readonly MergeTag[] = [
  { example: '{{name}}', open: '{{', close: '}}' },
  { example: '{%name%}', open: '{%', close: '%}' },
  { example: '*|NAME|*', open: '*|', close: '|*' },
  { example: '%%name%%', open: '%%', close: '%%' },
  { example: '<%name%>', open: '<%', close: '%>' },
  { example: '<<name>>', open: '<<', close: '>>' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the tag looks like this
  { example: '${name}', open: '${', close: '}' },
  { example: '[[name]]', open: '[[', close: ']]' },
  { example: '@@name@@', open: '@@', pattern: `@@${word}@@` },
  { example: '{!name}', open: '{', pattern: `\\{!${word}\\}` },
  { example: '{$name}', open: '{', pattern: `\\{\\$${word}\\}` },
  // Documents have such ids in their queries: `?sourcedoc={B3F0…}` (SharePoint).
  { example: '{name}', open: '{', pattern: `(?!${guid})\\{[A-Za-z][\\w.\\- :=|]*\\}` },
  { example: '##name##', open: '##', pattern: '##[\\w.-]+##' },
  { example: '#name#', open: '#', pattern: `#${word}#` },
  // One of the two signs must start no percent-encoded byte: `%address%` begins like the byte `%ad`, but its second sign
  // starts none.
  { example: '%name%', open: '%', pattern: `%(?!${hexDigits}{2})${word}%|%${word}%(?!${hexDigits}{2})` },
  // Not after `//`, where an IPv6 address stands, and not before `=` or `[`, as in the key of a query.
  { example: '[Two Words]', open: '[', pattern: `(?<!//)\\[${word}(?::[\\w.-]+|(?: ${word})+)?\\](?![=[])` },
]

/** The first characters of all tags: what holds none of them holds no tag. */
export const mergeTagCharacters: readonly string[] = [...new Set(mergeTags.map(({ open }) => open[0]!))]

const escapeClass = (characters: readonly string[]): string => characters.join('').replace(/[\]\\^-]/g, '\\$&')
const mayHoldTag = new RegExp(`[${escapeClass(mergeTagCharacters)}]`)
const pairs = mergeTags.flatMap(({ open, close }) => (close === undefined ? [] : [{ open, close }]))
const allPatterns = mergeTags.flatMap(({ pattern }) => pattern ?? []).join('|')
const patterns = new RegExp(allPatterns)
const patternAtStart = new RegExp(`^(?:${allPatterns})`)

/** `{`, `{%`, `%}`, `}`, `|` and `*` as editors percent-encode them: `%7B%7Bname%7D%7D`, `*%7CNAME%7C*`. */
const encodedDelimiters = /%7B(?:%25)?|%25%7D|%7[CD]|%2A/gi

/** Whether a destination still has a merge tag in it. */
export function hasMergeTag(destination: string): boolean {
  if (!mayHoldTag.test(destination)) return false
  if (hasTag(destination)) return true
  const decoded = destination.replace(encodedDelimiters, (encoded) => decodeURIComponent(encoded))
  return decoded !== destination && hasTag(decoded)
}

/** In UTF-16 code units, for a tag in a text: a stray `{{` must not cost a look through all of it. */
const maxTagLength = 256

/** Whether a merge tag begins at `at`. */
export function startsMergeTag(text: string, at: number): boolean {
  if (!mergeTagCharacters.includes(text.charAt(at))) return false
  const start = text.slice(at, at + maxTagLength)
  return (
    pairs.some(({ open, close }) => start.startsWith(open) && hasPair(start, open, close)) || patternAtStart.test(start)
  )
}

function hasTag(text: string): boolean {
  return pairs.some(({ open, close }) => hasPair(text, open, close)) || patterns.test(text)
}

function hasPair(text: string, open: string, close: string): boolean {
  const at = text.indexOf(open)
  return at !== -1 && text.includes(close, at + open.length)
}
