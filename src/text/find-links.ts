import { LinkifyIt } from 'linkify-it'

/** A URL in a text, `http:` or `https:`: half-open, in UTF-16 code units. */
export interface TextLink {
  readonly start: number
  readonly end: number
}

/*
 * User information is taken along: without it, `https://ada:pw@example.org/` would be cut to `https://ada`. URLs are cut at
 * 10,000 characters; no redirect can carry so many.
 */
const linkify: LinkifyIt = new LinkifyIt({ fuzzyEmail: false, fuzzyLink: false, urlAuth: true, maxLength: 10_000 })
  .add('ftp:', null)
  .add('mailto:', null)
  .add('//', null)

/** The web URLs of a plain text that are written with their scheme, in order. */
export function findLinks(text: string): readonly TextLink[] {
  return (linkify.match(text) ?? []).map(({ index, lastIndex }) => ({ start: index, end: lastIndex }))
}
