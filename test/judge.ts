// parse5 as independent judge: which link sites a document has, and what tree it makes.

import { type DefaultTreeAdapterMap, defaultTreeAdapter, html, Parser, type Token } from 'parse5'

export interface JudgedSite {
  readonly element: string
  readonly href: string
  /** The range of the whole attribute, name included. */
  readonly attribute: readonly [number, number]
  readonly inComment: boolean
  /** All of the element's; of duplicates the first. */
  readonly attributes: Readonly<Record<string, string>>
}

const options = { scriptingEnabled: false, sourceCodeLocationInfo: true } as const
const isLinkName = (name: string): boolean => name === 'a' || name === 'area' || name.startsWith('v:')

type Element = DefaultTreeAdapterMap['element']

interface JudgedTag {
  readonly name: string
  readonly isEnd: boolean
  readonly isInTemplate: boolean
  readonly isInSelect: boolean
  readonly end: number
  /** What is open in svg or math, outermost first. */
  readonly openForeign: readonly string[]
  /** In svg or math: whether HTML may begin again here. */
  readonly mayBeHtml: boolean
}

const integrationPoints = new Set('desc foreignobject title annotation-xml mi mn mo ms mtext'.split(' '))

/** Tags after which text is read in another way, unless the tree ignores them. */
const switchesTokenizer = new Set(
  'iframe math noembed noframes plaintext script style svg textarea title xmp'.split(' '),
)

/*
 * What stands in a conditional comment is Outlook's business: no parser knows of it, and no standard says it. So the judge needs
 * a reading of its own, and could share a mistake with the scanner's. A property therefore builds such comments around
 * documents whose links are known (test/properties/conditional-comments.test.ts).
 * https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537512(v=vs.85)
 */

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
        attributes: Object.fromEntries(token.attrs.map(({ name, value }) => [name, value])),
      })
    }
    this.noteTag(token, false)
    super.onStartTag(token)
  }

  override onEndTag(token: Token.TagToken): void {
    this.noteTag(token, true)
    super.onEndTag(token)
  }

  /** Every tag as it comes, before it changes what is open. */
  readonly tags: JudgedTag[] = []

  private noteTag({ tagName, location }: Token.TagToken, isEnd: boolean): void {
    const { items, stackTop } = this.openElements // what has been closed stays in `items`, beyond the top
    const open = items.slice(0, stackTop + 1).filter((node): node is Element => 'namespaceURI' in node)
    const foreign = open.filter(({ namespaceURI }) => namespaceURI !== html.NS.HTML)
    const current = this.openElements.current
    this.tags.push({
      name: tagName,
      isEnd,
      isInSelect: open.some((element) => element.tagName === 'select'),
      isInTemplate: this.tmplInsertionModeStack.length > 0,
      end: location?.endOffset ?? -1,
      openForeign: foreign.map((element) => element.tagName.toLowerCase()),
      mayBeHtml: current !== foreign.at(-1) || integrationPoints.has(foreign.at(-1)?.tagName.toLowerCase() ?? ''),
    })
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

/**
 * Whether the meaning of the text after `stop` hangs on the whole tree, which a flat scan does not have: asked of the tag that
 * ends there and of the elements that parse5 has open before it. Without such a cause, to stop there was needless.
 */
export function isStopNeeded(html: string, stop: number): boolean {
  const { tags } = judgeDocument(html)
  const at = tags.findIndex(({ end }) => end === stop)
  const tag = tags[at]
  // A CDATA section: text to some, where HTML may begin again inside svg or math.
  if (tag === undefined) return html.slice(stop - 9, stop) === '<![CDATA['
  const before = tags.slice(0, at)
  if (tag.openForeign.length > 0) return tag.isEnd ? !tag.openForeign.includes(tag.name) : tag.mayBeHtml
  if (tag.name === 'frameset') {
    return !tag.isEnd && !before.some(({ name, isEnd, isInTemplate }) => name === 'body' && !isEnd && !isInTemplate)
  }
  if (!switchesTokenizer.has(tag.name) || tag.isEnd) return false
  const hasSelect = tag.isInSelect || before.findLast(({ name }) => name === 'select')?.isEnd === false
  return hasSelect || ['template', 'col'].every((wanted) => before.some(({ name }) => name === wanted))
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
