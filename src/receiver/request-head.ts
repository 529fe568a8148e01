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
