/** An element with the attribute that was looked for. All offsets are of the document that was passed in. */
export interface Site {
  /** `a`, `area` or `v:…`; `img` when images are looked for. */
  readonly element: string
  /** Where its start tag's `<` stands. */
  readonly tagStart: number
  /** Where the tag's name ends and its attributes begin. */
  readonly nameEnd: number
  /** The value, without quotes. */
  readonly start: number
  readonly end: number
  /** After the start tag's `>`. */
  readonly tagEnd: number
  readonly quoted: boolean
  /** Whether the other attributes are known to be none but `commonLinkAttributes`. */
  readonly hasCommonAttributes: boolean
  /** In a conditional comment, which only Outlook reads. */
  readonly inComment: boolean
  /** After a stop: it looks like a site, and may be none. */
  readonly ambiguous: boolean
}

/** The same site in a text that stands `by` code units further down. */
export function moveSite(site: Site, by: number): Site {
  const { tagStart, nameEnd, start, end, tagEnd } = site
  return {
    ...site,
    tagStart: tagStart + by,
    nameEnd: nameEnd + by,
    start: start + by,
    end: end + by,
    tagEnd: tagEnd + by,
  }
}
