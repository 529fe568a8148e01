// parse5 as independent judge: as mailtrace/testing asks it, and whether the scanner had a cause to stop.

import { html as h } from 'parse5'
import { type JudgedHtml, type JudgedSite, type JudgeParser, judgeHtml } from '../../src/testing/judge.ts'
import type { DefaultTreeAdapterMap, Token } from '../../src/testing/load-parse5.ts'

export type { JudgedSite }

type Element = DefaultTreeAdapterMap['element']

interface TagInTree {
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

function noteTag(
  { openElements, tmplInsertionModeStack }: JudgeParser,
  token: Token.TagToken,
  isEnd: boolean,
): TagInTree {
  const { items, stackTop } = openElements // what has been closed stays in `items`, beyond the top
  const open = items.slice(0, stackTop + 1).filter((node): node is Element => 'namespaceURI' in node)
  const foreign = open.filter(({ namespaceURI }) => namespaceURI !== h.NS.HTML)
  return {
    name: token.tagName,
    isEnd,
    isInSelect: open.some((element) => element.tagName === 'select'),
    isInTemplate: tmplInsertionModeStack.length > 0,
    end: token.location?.endOffset ?? -1,
    openForeign: foreign.map((element) => element.tagName.toLowerCase()),
    mayBeHtml:
      openElements.current !== foreign.at(-1) || integrationPoints.has(foreign.at(-1)?.tagName.toLowerCase() ?? ''),
  }
}

type Judged = JudgedHtml & { readonly tags: readonly TagInTree[] }

/** The last texts judged: a check asks several things about one text before and one after. */
const recent: Judged[] = []

export function judgeDocument(html: string): Judged {
  const known = recent.find(({ source }) => source === html)
  if (known !== undefined) return known
  const tags: TagInTree[] = []
  const judged = { ...judgeHtml(html, (parser, token, isEnd) => tags.push(noteTag(parser, token, isEnd))), tags }
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
