// parse5 as independent judge: which link sites a document has, and what tree it makes.

import { type DefaultTreeAdapterMap, defaultTreeAdapter, Parser, type Token } from 'parse5'

export interface JudgedSite {
  readonly element: string
  readonly href: string
  /** The range of the whole attribute, name included. */
  readonly attribute: readonly [number, number]
  readonly inComment: boolean
}

const options = { scriptingEnabled: false, sourceCodeLocationInfo: true } as const
const isLinkName = (name: string): boolean => name === 'a' || name === 'area' || name.startsWith('v:')

class Judge extends Parser<DefaultTreeAdapterMap> {
  readonly sites: JudgedSite[] = []
  base = 0
  withConditionals = true

  override onStartTag(token: Token.TagToken): void {
    const attribute = token.attrs.find(({ name }) => name === 'href')
    const range = token.location?.attrs?.href
    if (isLinkName(token.tagName) && attribute && range) {
      this.sites.push({
        element: token.tagName,
        href: attribute.value,
        attribute: [range.startOffset + this.base, range.endOffset + this.base],
        inComment: !this.withConditionals,
      })
    }
    super.onStartTag(token)
  }

  override onComment(token: Token.CommentToken): void {
    // parse5 hands a comment that ends a table's text over a second time.
    if (this.withConditionals && token.location!.startOffset > this.lastComment) this.judgeComment(token)
    super.onComment(token)
  }

  private lastComment = -1

  private judgeComment({ location }: Token.CommentToken): void {
    this.lastComment = location!.startOffset
    // From the source: the token's data has its line ends normalized, which would shift the offsets.
    const source = this.source.slice(location!.startOffset, location!.endOffset)
    const data = /^<!--(?<data>\[if.*?)--!?>$/s.exec(source)?.groups?.data
    const close = data?.indexOf(']>') ?? -1
    if (data === undefined || close === -1) return
    const content = data.slice(close + 2).split('<![endif]', 1)[0]!
    const inner = judge(content, location!.startOffset + 4 + close + 2, false)
    this.sites.push(...inner.sites)
  }

  source = ''
}

function judge(html: string, base: number, withConditionals: boolean): Judge {
  const parser = new Judge(options)
  parser.base = base
  parser.withConditionals = withConditionals
  parser.source = html
  parser.tokenizer.write(html, true)
  return parser
}

/** The last texts judged: a check asks several things about one text before and one after. */
const recent: Judge[] = []

function judgeDocument(html: string): Judge {
  const known = recent.find(({ source }) => source === html)
  if (known !== undefined) return known
  const judged = judge(html, 0, true)
  recent.unshift(judged)
  recent.length = Math.min(recent.length, 2)
  return judged
}

/** Every link site in document order. */
export function judgeSites(html: string): readonly JudgedSite[] {
  return judgeDocument(html).sites
}

/** A tree as plain data: a string for text, an array for everything else. */
export type PlainTree = string | readonly [name: string, attributes: string, children: readonly PlainTree[]]

type Node = DefaultTreeAdapterMap['node']
const formatting = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '))

/** The tree without the image of this `src`, with link hrefs and conditional comments blanked. */
export function judgeTree(html: string, pixelUrl: string | null): PlainTree {
  const toChildren = (node: Node): PlainTree[] => {
    const children: PlainTree[] = []
    const content = 'content' in node ? node.content : node
    for (const child of 'childNodes' in content ? content.childNodes : []) {
      if (defaultTreeAdapter.isTextNode(child)) {
        const last = children.at(-1)
        if (typeof last === 'string') children[children.length - 1] = last + child.value
        else children.push(child.value)
      } else if (defaultTreeAdapter.isCommentNode(child)) {
        children.push([`#comment ${child.data.startsWith('[if') ? '[if' : child.data}`, '', []])
      } else if (defaultTreeAdapter.isDocumentTypeNode(child)) {
        children.push([`#doctype ${child.name} ${child.publicId} ${child.systemId}`, '', []])
      } else if (defaultTreeAdapter.isElementNode(child)) {
        const isPixel = child.tagName === 'img' && child.attrs.some((a) => a.name === 'src' && a.value === pixelUrl)
        if (isPixel) continue
        const attributes = child.attrs
          .map(({ name, value }) => `${name}=${name === 'href' && isLinkName(child.tagName) ? '*' : value}`)
          .join(' ')
        children.push([`${child.namespaceURI} ${child.tagName}`, attributes, toChildren(child)])
      }
    }
    return children
  }
  return ['#document', '', toChildren(judgeDocument(html).document)]
}

/** What is in {@link judgeTree}, wherever it stands: all but formatting elements, of which browsers make copies. */
export function judgeContents(html: string, pixelUrl: string | null): { nodes: readonly string[]; textLength: number } {
  const nodes: string[] = []
  let textLength = 0
  const collect = (tree: PlainTree): void => {
    if (typeof tree === 'string') {
      textLength += tree.length
      return
    }
    const [name, attributes, children] = tree
    if (!formatting.has(name.slice(name.indexOf(' ') + 1))) nodes.push(`${name} ${attributes}`)
    children.forEach(collect)
  }
  collect(judgeTree(html, pixelUrl))
  return { nodes: nodes.sort(), textLength }
}

/** How many images with this `src` the document shows in its body. */
export function countImages(html: string, src: string): { inBody: number; elsewhere: number } {
  const counts = { inBody: 0, elsewhere: 0 }
  const stack: { node: Node; inBody: boolean }[] = [{ node: judgeDocument(html).document, inBody: false }]
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node } = item
    const name = 'tagName' in node ? node.tagName : ''
    if (name === 'img' && 'attrs' in node && node.attrs.some((a) => a.name === 'src' && a.value === src)) {
      counts[item.inBody ? 'inBody' : 'elsewhere']++
    }
    // A template's content is not shown: it is not among childNodes, so it counts as elsewhere.
    if ('content' in node) stack.push({ node: node.content, inBody: false })
    if ('childNodes' in node) {
      for (const child of node.childNodes) stack.push({ node: child, inBody: item.inBody || name === 'body' })
    }
  }
  return counts
}

/**
 * Whether an element added at `offset` makes the parser re-open formatting elements that were closed around it without
 * their end tags (`<p><b>x</p>|`). It then stands in a new `<b>`, which no text without it has.
 * https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements
 */
export function reopensFormatting(html: string, offset: number): boolean {
  const parser = new Parser<DefaultTreeAdapterMap>(options)
  // The comment has the text before it handed over, and changes nothing.
  parser.tokenizer.write(`${html.slice(0, offset)}<!---->`, false)
  const { newest } = parser.activeFormattingElements
  return newest !== null && 'element' in newest && !parser.openElements.contains(newest.element)
}
