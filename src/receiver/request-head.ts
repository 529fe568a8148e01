import { parseUrl } from '../url.ts'

/** What the receiver reads of a request. A `Request` is one; `createNodeListener` makes one without the cost of a `Request`. */
export interface RequestHead {
  readonly method: string
  /** Absolute, as `Request.url` is. */
  readonly url: string
  readonly headers: {
    /** The header's value; several are joined by `, `. `null` without one. Names are given in lower case. */
    get(name: string): string | null
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * The first `length` code units, as a text of their own. A slice keeps all that it was cut from in memory: 10,000 events that
 * wait with 512 characters of a header of 16 KB each would keep 160 MB.
 */
export function copyText(text: string, length: number = text.length): string {
  return decoder.decode(encoder.encode(text.slice(0, length)))
}

/**
 * As minted URLs are spelled: scheme, host and path of a tracking URL. The URL parser would say the same, but takes a tenth
 * of a click's time; all other spellings are left to it. So are a last label with digits, which may make an address, and
 * A-labels, which may be invalid.
 */
const mintedUrl = /^(https?):\/\/((?:(?!xn--)[a-z0-9-]+\.)+[a-z]+)((?:\/[\w-]+){2,3}(?:\.gif)?)(?:[?#]|$)/

/** All empty for what is no URL. */
export function readUrl(url: string): { readonly isHttp: boolean; readonly host: string; readonly pathname: string } {
  const minted = mintedUrl.exec(url)
  if (minted !== null) return { isHttp: minted[1] === 'http', host: minted[2]!, pathname: minted[3]! }
  const { protocol = '', host = '', pathname = '' } = parseUrl(url) ?? {}
  return { isHttp: protocol === 'http:', host, pathname }
}
