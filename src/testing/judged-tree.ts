import { isLinkName, type JudgedHtml, type JudgeParser, parserOptions } from './judge.ts'
import { type DefaultTreeAdapterMap, loadParse5 } from './load-parse5.ts'

type Node = DefaultTreeAdapterMap['node']

/** A tree as a list, in document order: `<` begins an element, `</` ends it, `#` is anything else. */
export type FlatTree = readonly string[]

/** An element's end, on the stack of what is still to be visited. */
const end = Symbol('end')

/**
 * The tree without the images of these `src`, with link hrefs and conditional comments blanked: what instrumenting may change.
 * Without recursion, as mail may nest deeper than a stack.
 */
export function flattenTree({ document }: JudgedHtml, pixelUrls: ReadonlySet<string>): FlatTree {
  const { defaultTreeAdapter: is } = loadParse5()
  const flat: string[] = []
  let isText = false
  const stack: (Node | typeof end)[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === end) flat.push('</')
    else if (is.isTextNode(node)) {
      // A pixel cuts a text in two.
      if (isText) flat[flat.length - 1] += node.value
      else flat.push(`#text ${node.value}`)
      isText = true
      continue
    } else if (is.isCommentNode(node)) flat.push(`#comment ${node.data.startsWith('[if') ? '[if' : node.data}`)
    else if (is.isDocumentTypeNode(node)) flat.push(`#doctype ${node.name} ${node.publicId} ${node.systemId}`)
    else {
      if ('tagName' in node) {
        const { tagName, namespaceURI, attrs } = node
        if (tagName === 'img' && attrs.some(({ name, value }) => name === 'src' && pixelUrls.has(value))) continue
        const attributes = attrs.map(
          ({ name, value }) => `${name}=${name === 'href' && isLinkName(tagName) ? '*' : value}`,
        )
        flat.push(`<${namespaceURI} ${tagName} ${attributes.join(' ')}`)
        stack.push(end)
      }
      const { childNodes } = 'content' in node ? node.content : (node as { childNodes: Node[] })
      for (let at = childNodes.length - 1; at >= 0; at--) stack.push(childNodes[at]!)
    }
    isText = false
  }
  return flat
}

const formatting = /^<\S+ (?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u) /

/** What is in a tree, wherever it stands: all but formatting elements, of which browsers make copies. */
export function contentsOf(tree: FlatTree): readonly string[] {
  const nodes = tree.filter((item) => item !== '</' && !item.startsWith('#text ') && !formatting.test(item)).sort()
  const texts = tree.filter((item) => item.startsWith('#text ')).map((item) => item.slice('#text '.length))
  return [...nodes, `#text of ${texts.join('').length}`]
}

/** Where in the source the images stand that the document shows in its body. */
export function imagesInBody({ document }: JudgedHtml): ReadonlySet<number> {
  const shown = new Set<number>()
  const stack: { readonly node: Node; readonly inBody: boolean }[] = [{ node: document, inBody: false }]
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node, inBody } = item
    const name = 'tagName' in node ? node.tagName : ''
    if (inBody && name === 'img') shown.add((node as DefaultTreeAdapterMap['element']).sourceCodeLocation!.startOffset)
    // A template's content is not shown, and is not among childNodes.
    if ('childNodes' in node) {
      for (const child of node.childNodes) stack.push({ node: child, inBody: inBody || name === 'body' })
    }
  }
  return shown
}

/**
 * Whether an element added at `offset` makes the parser re-open formatting elements that were closed around it without their
 * end tags (`<p><b>x</p>|`). It then stands in a new `<b>`, which is not there without it.
 * https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements
 */
export function reopensFormatting(html: string, offset: number): boolean {
  const { Parser } = loadParse5()
  const parser: JudgeParser = new Parser(parserOptions)
  // The comment makes parse5 hand over the text before it, and changes nothing.
  parser.tokenizer.write(`${html.slice(0, offset)}<!---->`, false)
  const { newest } = parser.activeFormattingElements
  return newest !== null && 'element' in newest && !parser.openElements.contains(newest.element)
}
