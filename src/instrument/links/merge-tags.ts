// Owns what an unresolved merge tag looks like. Encoding one would break it for the renderer that runs later; taking a URL
// for one loses a single click. So it errs on the side of seeing one.

/** `{{ name }}`, `{% if %}`, `*|NAME|*`, `%%name%%`, `<% name %>`, `${name}`, `[[name]]` */
const delimiters = [
  ['{{', '}}'],
  ['{%', '%}'],
  ['*|', '|*'],
  ['%%', '%%'],
  ['<%', '%>'],
  ['${', '}'],
  ['[[', ']]'],
] as const

/**
 *     word-tag  = "{" letter *( word / " " / ":" / "=" / "|" ) "}"
 *               / "##" 1*word "##"
 *               / "%" letter *word "%"                    ; where the first "%" starts no percent-encoded byte
 *               / "[" letter *word [ ":" 1*word ] "]"     ; not after "//" (an IPv6 host), not before "=" or "[" (a query key)
 *     word      = letter / digit / "_" / "." / "-"
 *
 * Linear: in each branch, what repeats cannot hold the character that starts the branch.
 */
const wordTag =
  /\{[A-Za-z][\w.\- :=|]*\}|##[\w.-]+##|%(?![0-9A-Fa-f]{2})[A-Za-z][\w.-]*%|(?<!\/\/)\[[A-Za-z][\w.-]*(?::[\w.-]+)?\](?![=[])/

/** Every merge tag has one of these; most URLs have none. */
const firstCharacters = /[{*%<$[]|##/

/** Whether a destination still has a merge tag in it. */
export function hasMergeTag(destination: string): boolean {
  if (!firstCharacters.test(destination)) return false
  return delimiters.some(([open, close]) => hasPair(destination, open, close)) || wordTag.test(destination)
}

function hasPair(text: string, open: string, close: string): boolean {
  const at = text.indexOf(open)
  return at !== -1 && text.includes(close, at + open.length)
}
