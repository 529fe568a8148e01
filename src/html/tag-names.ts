import { hasNameAt, smallA } from './characters.ts'

/** What a tag's name means to the scanner. */
export type TagKind =
  | 'ordinary'
  /** Ordinary, but it sets the frameset-ok flag to "not ok": a frameset after it is ignored. */
  | 'visible'
  /** Ordinary, and at home in the head: does not begin the body. */
  | 'head'
  /** `area` is visible too. */
  | 'link'
  /** Visible. */
  | 'image'
  /** Switches the tokenizer to RCDATA, RAWTEXT or script data. */
  | 'raw-text'
  | 'plaintext'
  /** Opens foreign content. */
  | 'foreign'
  | 'select'
  | 'template'
  /** `col` too, which implies it. */
  | 'colgroup'
  | 'frameset'
  | 'noscript'
  | 'body'
  | 'html'

const kinds: Readonly<Record<string, TagKind>> = {
  a: 'link',
  applet: 'visible',
  area: 'link',
  base: 'head',
  basefont: 'head',
  bgsound: 'head',
  body: 'body',
  br: 'visible',
  button: 'visible',
  col: 'colgroup',
  colgroup: 'colgroup',
  dd: 'visible',
  dt: 'visible',
  embed: 'visible',
  frameset: 'frameset',
  head: 'head',
  hr: 'visible',
  html: 'html',
  iframe: 'raw-text',
  image: 'visible',
  img: 'image',
  keygen: 'visible',
  li: 'visible',
  link: 'head',
  listing: 'visible',
  marquee: 'visible',
  math: 'foreign',
  meta: 'head',
  noembed: 'raw-text',
  noframes: 'raw-text',
  noscript: 'noscript',
  object: 'visible',
  plaintext: 'plaintext',
  pre: 'visible',
  script: 'raw-text',
  select: 'select',
  style: 'raw-text',
  svg: 'foreign',
  table: 'visible',
  template: 'template',
  textarea: 'raw-text',
  title: 'raw-text',
  wbr: 'visible',
  xmp: 'raw-text',
}

/** Raw text that may stand in the head, and so does not begin the body. */
export const headRawText: ReadonlySet<string> = new Set(['noframes', 'script', 'style', 'title'])

/** More than the length of any name, `basefont` included. */
const row = 16

export interface TagName {
  /** `''` for a name that changes nothing. */
  readonly name: string
  readonly kind: TagKind
}

/** The known names by their first letter and their length: there are two at most to compare with. */
const namesByShape: readonly (readonly TagName[])[] = Array.from({ length: 26 * row }, (_, shape) =>
  Object.entries(kinds)
    .filter(([name]) => (name.charCodeAt(0) - smallA) * row + name.length === shape)
    .map(([name, kind]) => ({ name, kind })),
)
const unknownName: TagName = { name: '', kind: 'ordinary' }

/** What is known of the name that stands in `[start, end)` in any case. No string is made of it. */
export function findTagName(html: string, start: number, end: number): TagName {
  if (end - start >= row) return unknownName
  const names = namesByShape[((html.charCodeAt(start) | 0x20) - smallA) * row + end - start]
  if (names !== undefined) for (const known of names) if (hasNameAt(html, start, known.name)) return known
  return unknownName
}

/** Whether `v:` stands at the start of a name: Outlook's VML, whose shapes carry `href`. */
export function isVmlName(html: string, start: number): boolean {
  return hasNameAt(html, start, 'v:')
}
