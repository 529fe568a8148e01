import { parseUrl } from '../url.ts'

/** Invisible characters with which senders keep clients from turning text into links. */
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g

/**
 * An address as readers know it: with a scheme, with `www.`, with a path, or a bare name under a top-level name that is
 * no file type (`node.js` and `notes.md` are none).
 */
const address =
  /(?:^|[\s("'<])((?:https?:\/\/|www\.)[^\s"'<>]+|(?:[\p{L}\p{N}-]+\.)+(?:[\p{L}]{2,}\/[^\s"'<>]*|(?:com|org|net|info|biz|edu|gov|io|app|dev)(?![\p{L}\p{N}-])))/iu

/** In UTF-16 code units: an address stands at the front of a link's text, or is not looked for. */
const longestText = 4_000

/**
 * The address that a link's text shows, if any. Phishing filters compare it with where the link leads.
 *
 * @param text the visible text of a link
 */
export function shownAddress(text: string): string | null {
  const found = address.exec(text.slice(0, longestText).replace(invisible, ''))?.[1]
  return found === undefined ? null : withoutPunctuation(found)
}

/** A mark that ends a sentence or closes a bracket around an address is no part of the address. */
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
