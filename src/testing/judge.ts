// parse5 as independent judge: which links, images and tags a document has, and what tree it makes.

import { type DefaultTreeAdapterMap, loadParse5, type Parser, type Token } from './load-parse5.ts'

export interface JudgedSite {
  readonly element: string
  readonly href: string
  /** The range of the whole attribute, name included. */
  readonly attribute: readonly [number, number]
  readonly inComment: boolean
  /** All of the element's; of duplicates the first. */
  readonly attributes: Readonly<Record<string, string>>
}

/** A tag by its range. */
export interface JudgedTag {
  readonly name: string
  readonly isEnd: boolean
  readonly start: number
  readonly end: number
}

export interface JudgedImage {
  readonly src: string
  readonly start: number
  readonly end: number
}

export interface JudgedHtml {
  readonly source: string
  /** Every link site in document order, in conditional comments too. */
  readonly sites: readonly JudgedSite[]
  readonly images: readonly JudgedImage[]
  /** Of body and html. */
  readonly ends: readonly JudgedTag[]
  readonly bodyStarts: readonly JudgedTag[]
  readonly document: DefaultTreeAdapterMap['document']
}

export type JudgeParser = Parser<DefaultTreeAdapterMap>

export const parserOptions = { scriptingEnabled: false, sourceCodeLocationInfo: true } as const

export const isLinkName = (name: string): boolean => name === 'a' || name === 'area' || name.startsWith('v:')

/**
 * Judges a document. `onTag` sees each tag before the tree takes it.
 */
export function judgeHtml(
  html: string,
  onTag?: (parser: JudgeParser, token: Token.TagToken, isEnd: boolean) => void,
): JudgedHtml {
  const { sites, images, ends, bodyStarts, parser } = judge(html, 0, true, onTag)
  return { source: html, sites, images, ends, bodyStarts, document: parser.document }
}

/*
 * Only Outlook reads conditional comments: no parser knows them, and no standard describes them. So the judge reads them by
 * itself, and could share a mistake with the scanner. A property therefore builds such comments around documents whose links
 * are known (test/properties/conditional-comments.test.ts).
 * https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537512(v=vs.85)
 */
const conditionalComment = /^<!--(?<data>\[if.*?)--!?>$/s

function judge(html: string, base: number, withConditionals: boolean, onTag?: Parameters<typeof judgeHtml>[1]) {
  const parse5 = loadParse5()
  const parser: JudgeParser = new parse5.Parser(parserOptions)
  const sites: JudgedSite[] = []
  const images: JudgedImage[] = []
  const ends: JudgedTag[] = []
  const bodyStarts: JudgedTag[] = []
  let lastComment = -1

  // From the tokens, not from the tree: who reads the text also sees what the tree drops.
  const { onStartTag, onEndTag, onComment } = parser
  parser.onStartTag = (token) => {
    const { tagName: name, attrs, location } = token
    const attribute = (wanted: string) => attrs.find(({ name }) => name === wanted)?.value
    const href = attribute('href')
    const range = location?.attrs?.href
    if (isLinkName(name) && href !== undefined && range) {
      sites.push({
        element: name,
        href,
        attribute: [range.startOffset + base, range.endOffset + base],
        inComment: !withConditionals,
        attributes: Object.fromEntries(attrs.map(({ name, value }) => [name, value])),
      })
    }
    const tag = { name, isEnd: false, start: location!.startOffset, end: location!.endOffset }
    if (name === 'img') images.push({ src: attribute('src') ?? '', start: tag.start, end: tag.end })
    if (name === 'body') bodyStarts.push(tag)
    onTag?.(parser, token, false)
    onStartTag.call(parser, token)
  }
  parser.onEndTag = (token) => {
    const { tagName: name, location } = token
    if (name === 'body' || name === 'html') {
      ends.push({ name, isEnd: true, start: location!.startOffset, end: location!.endOffset })
    }
    onTag?.(parser, token, true)
    onEndTag.call(parser, token)
  }
  parser.onComment = (token) => {
    const start = token.location!.startOffset
    // parse5 hands over a comment a second time if it ends a table's text.
    if (withConditionals && start > lastComment) {
      lastComment = start
      // From the source: the token's data has its line ends normalized, which would shift the offsets.
      const data = conditionalComment.exec(html.slice(start, token.location!.endOffset))?.groups?.data
      const close = data?.indexOf(']>') ?? -1
      if (data !== undefined && close !== -1) {
        const content = data.slice(close + 2).split('<![endif]', 1)[0]!
        sites.push(...judge(content, start + '<!--'.length + close + 2, false).sites)
      }
    }
    onComment.call(parser, token)
  }
  parser.tokenizer.write(html, true)
  return { sites, images, ends, bodyStarts, parser }
}
