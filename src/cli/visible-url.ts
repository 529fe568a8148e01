// Owns the search for links whose visible text is an address: phishing filters compare it with where the link leads. A
// rough reading of the text is enough, as nothing is changed by it.

import { parseUrl } from '../url.ts'

/** In UTF-16 code units: how far behind an href its text is looked for. */
const longestText = 4_000

/** The rest of a start tag behind an attribute's value. */
const tagRest = /^(?:"[^"]*"|'[^']*'|[^>"'])*>/
const textEnd = /<\/a\b|<a\b/i
/** What may follow a `<` that begins a tag or a comment (HTML standard, tag open state). */
const tagOpen = /[a-z/!?]/i
/** Invisible characters with which senders keep clients from turning text into links. */
const invisible = /&shy;|&zwnj;|[\u00ad\u200b-\u200d\u2060\ufeff]/g

/**
 * An address as readers know it: with a scheme, with `www.`, with a path, or a bare name under a top-level name that is
 * no file type (`node.js` and `notes.md` are none).
 */
const address =
  /(?:^|[\s("'<])((?:https?:\/\/|www\.)[^\s"'<>]+|(?:[\p{L}\p{N}-]+\.)+(?:[\p{L}]{2,}\/[^\s"'<>]*|(?:com|org|net|info|biz|edu|gov|io|app|dev)(?![\p{L}\p{N}-])))/iu

/** The address that the text of an `a` element shows, if any. `start` and `end`: its href's value in the HTML. */
export function visibleAddress(html: string, start: number, end: number): string | null {
  const quote = html[end] === html[start - 1] && /["']/.test(html[end] ?? '') ? 1 : 0
  const behind = html.slice(end + quote, end + quote + longestText)
  const rest = tagRest.exec(behind)
  if (rest === null) return null
  const content = behind.slice(rest[0].length).split(textEnd, 1)[0]!
  const text = decodeBasics(textOf(content)).replace(invisible, '')
  const found = address.exec(text)?.[1]
  return found === undefined ? null : withoutPunctuation(found)
}

/** Leaves out tags and comments, in one pass: a mail may have any number of them that never end. */
function textOf(content: string): string {
  let text = ''
  let at = 0
  for (let open = content.indexOf('<'); open !== -1; open = content.indexOf('<', Math.max(at, open + 1))) {
    if (!tagOpen.test(content[open + 1] ?? '')) continue
    text += content.slice(at, open)
    // `<!-->` is a whole comment.
    const isComment = content.startsWith('<!--', open)
    const end = isComment ? content.indexOf('-->', open + 2) : content.indexOf('>', open)
    if (end === -1) return text
    at = end + (isComment ? 3 : 1)
  }
  return text + content.slice(at)
}

/** What ends a sentence or closes a bracket around an address is no part of it. */
function withoutPunctuation(found: string): string {
  let end = found.length
  while (end > 0 && '.,;:!?)]'.includes(found[end - 1]!)) end--
  return found.slice(0, end)
}

/** Whether somebody who reads the address would expect to land where the link leads. */
export function isSameAddress(shown: string, destination: string): boolean {
  const url = /^https?:\/\//i.test(shown) ? shown : `https://${shown}`
  const [a, b] = [parseUrl(url), parseUrl(destination)]
  if (a === null || b === null) return false
  return (
    bareHost(a) === bareHost(b) &&
    (a.pathname === '/' || barePath(a) === barePath(b)) &&
    (a.search === '' || a.search === b.search)
  )
}

const bareHost = (url: URL): string => url.host.replace(/^www\./, '')
const barePath = (url: URL): string => url.pathname.replace(/\/$/, '')

/** The references that occur in addresses; the full table would weigh more than the rest of the command line. */
function decodeBasics(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(amp|nbsp));/gi, (_reference, decimal, hex, name) => {
    if (name) return name.toLowerCase() === 'amp' ? '&' : ' '
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16))
  })
}
