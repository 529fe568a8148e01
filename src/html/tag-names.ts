// Owns which tag names change how the text after them is read. Names in lower case; everything else is plain.

import { hasNameAt, normalizeName } from './characters.ts'

/** What a tag's name means to the scanner. */
export type TagKind =
  | 'plain'
  /** Plain, and at home in the head: does not begin the body. */
  | 'head'
  | 'link'
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
  area: 'link',
  base: 'head',
  basefont: 'head',
  bgsound: 'head',
  body: 'body',
  col: 'colgroup',
  colgroup: 'colgroup',
  frameset: 'frameset',
  head: 'head',
  html: 'html',
  iframe: 'raw-text',
  img: 'image',
  link: 'head',
  math: 'foreign',
  meta: 'head',
  noembed: 'raw-text',
  noframes: 'raw-text',
  noscript: 'noscript',
  plaintext: 'plaintext',
  script: 'raw-text',
  select: 'select',
  style: 'raw-text',
  svg: 'foreign',
  template: 'template',
  textarea: 'raw-text',
  title: 'raw-text',
  xmp: 'raw-text',
}

/** Raw text that may stand in the head, and so does not begin the body. */
export const headRawText: ReadonlySet<string> = new Set(['noframes', 'script', 'style', 'title'])

/** After any of these in the body, a frameset is ignored: they set the frameset-ok flag to "not ok". */
const visibleNames = new Set(
  (
    'applet area br button dd dt embed hr iframe image img keygen li listing marquee object pre select table textarea ' +
    'wbr xmp'
  ).split(' '),
)

export function isVisible(html: string, start: number, end: number): boolean {
  return visibleNames.has(normalizeName(html.slice(start, end)))
}

const noNames: readonly string[] = []
const namesByInitial: readonly (readonly string[])[] = Array.from({ length: 26 }, (_, letter) =>
  Object.keys(kinds).filter((name) => name.charCodeAt(0) === 0x61 + letter),
)

/** The known name that stands in `[start, end)` in any case, without making a string; `''` for an unknown one. */
export function knownTagName(html: string, start: number, end: number): string {
  for (const name of namesByInitial[(html.charCodeAt(start) | 0x20) - 0x61] ?? noNames) {
    if (name.length === end - start && hasNameAt(html, start, name)) return name
  }
  return ''
}

/** The kind of a name that {@link knownTagName} gave. */
export function tagKind(name: string): TagKind {
  return name === '' ? 'plain' : kinds[name]!
}

/** Whether `v:` stands at the start of a name: Outlook's VML, whose shapes carry `href`. */
export function isVmlName(html: string, start: number, end: number): boolean {
  return end - start >= 2 && hasNameAt(html, start, 'v:')
}
