/** What the receiver reads of a request. A `Request` is one; `createNodeListener` makes one without the cost of a `Request`. */
export interface RequestHead {
  readonly method: string
  /** Absolute, as `Request.url` is. */
  readonly url: string
  readonly headers: {
    /** The header's value, of several all of them joined by `, `; `null` without. Names are given in lower case. */
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
