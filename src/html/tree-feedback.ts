// What tree construction feeds back to the tokenizer: raw text, plaintext, CDATA sections; and where it could be known only with
// the whole tree. It follows the names of tags and what is open; it reads no text and knows no offsets. lol-html divides it the
// same way (TreeBuilderFeedback).
// https://html.spec.whatwg.org/multipage/parsing.html#tree-construction

import {
  endTagInForeignContent,
  enterForeignContent,
  type ForeignContent,
  isAtIntegrationPoint,
  startTagInForeignContent,
} from './foreign-content.ts'
import { headRawText, type TagKind } from './tag-names.ts'
import type { CdataRule } from './tokenizer.ts'

/** How the tokenizer reads on after a tag. `unknown`: it takes the whole tree to know. */
export type Feedback = 'data' | 'raw-text' | 'plaintext' | 'unknown'

/** What of the tree has to be known. */
export interface Tree {
  /** Whether it is the text of a conditional comment. No element is added there, so it counts as body from the start. */
  readonly isComment: boolean
  /** Something that ends the head has been seen. Under-approximated: an element added here moves nothing. */
  hasBodyBegun: boolean
  /** The frameset-ok flag is "not ok": something visible, or a `<body>` tag, came before. Under-approximated. */
  ignoresFrameset: boolean
  isInHeadNoscript: boolean
  /** Over-approximated: an added element would end the colgroup. */
  isInColgroup: boolean
  foreign: ForeignContent | null
  templateDepth: number
  /** The template depth at which the open select began; -1 while none is open. */
  selectDepth: number
  hasTemplate: boolean
  hasCol: boolean
}

export function createTree(isComment: boolean): Tree {
  return {
    isComment,
    hasBodyBegun: isComment,
    ignoresFrameset: false,
    isInHeadNoscript: false,
    isInColgroup: false,
    foreign: null,
    templateDepth: 0,
    selectDepth: -1,
    hasTemplate: false,
    hasCol: false,
  }
}

/** Whether an added element would be one, and shown: no element is open that hides it or reads its tag as text. */
export function isOutermost(tree: Tree): boolean {
  return tree.templateDepth === 0 && tree.selectDepth === -1 && tree.foreign === null
}

/** `</body>` and `</html>` begin the body where it has not begun, but for a noscript in the head, which ignores them. */
export function canEndBody(tree: Tree): boolean {
  return isOutermost(tree) && (tree.hasBodyBegun || !tree.isInHeadNoscript)
}

export function cdataRule({ foreign }: Tree): CdataRule {
  if (foreign === null) return 'bogus-comment'
  // In an integration point, parse5 and the standard disagree.
  return isAtIntegrationPoint(foreign) ? 'unknown' : 'section'
}

/** Whether text still changes something. In a conditional comment text is not followed, as a frameset stops the scan there. */
export function awaitsContent(tree: Tree): boolean {
  return !tree.ignoresFrameset && !tree.isComment
}

/** Whether tags that are at home in the body, and none of the kinds, change nothing. */
export function isPlainBody(tree: Tree): boolean {
  return !awaitsContent(tree) && !tree.isInColgroup && isOutermost(tree)
}

/** Whether tags that may stand in the head change nothing. */
export function isPlainHead(tree: Tree): boolean {
  return !tree.hasBodyBegun && isOutermost(tree)
}

/** Something that a reader sees: the body begins, and a frameset is ignored from here on. */
export function seeContent(tree: Tree): void {
  if (tree.templateDepth > 0) return
  tree.hasBodyBegun = true
  tree.ignoresFrameset = true
}

/**
 * A start tag. `name` is in lower case; `''` stands for those without a kind where no foreign content is open.
 * `hasTextAttribute` counts for `font` in foreign content.
 */
export function seeStartTag(
  tree: Tree,
  name: string,
  kind: TagKind,
  selfClosing: boolean,
  hasTextAttribute: boolean,
): Feedback {
  if (tree.foreign !== null) {
    const step = startTagInForeignContent(tree.foreign, name, selfClosing, hasTextAttribute)
    if (step === 'unknown') return 'unknown'
    if (step === 'open') return 'data'
    tree.foreign = null
  }
  if (kind !== 'template' && kind !== 'html') tree.isInColgroup = false

  switch (kind) {
    case 'head':
    case 'html':
      return 'data'
    case 'noscript':
      tree.isInHeadNoscript = !tree.hasBodyBegun
      return 'data'
    case 'template':
      tree.templateDepth++
      tree.hasTemplate = true
      return 'data'
    case 'frameset':
      return tree.ignoresFrameset ? 'data' : 'unknown'
    case 'raw-text':
      if (dependsOnTree(tree, name)) return 'unknown'
      // Of those at home in the body, noembed alone is not visible.
      if (name === 'noembed') beginBody(tree)
      else if (!headRawText.has(name)) seeContent(tree)
      return 'raw-text'
    case 'plaintext':
      if (dependsOnTree(tree, name)) return 'unknown'
      beginBody(tree)
      return 'plaintext'
    case 'foreign':
      if (dependsOnTree(tree, name)) return 'unknown'
      beginBody(tree)
      if (!selfClosing) tree.foreign = enterForeignContent(name)
      return 'data'
    case 'select':
      seeContent(tree)
      if (tree.selectDepth === -1) tree.selectDepth = tree.templateDepth
      return 'data'
    case 'body':
    case 'image':
    case 'visible':
      seeContent(tree)
      return 'data'
    case 'link':
      if (name === 'area') seeContent(tree)
      else beginBody(tree)
      return 'data'
    case 'colgroup':
      tree.hasCol ||= name === 'col'
      tree.isInColgroup = true
      beginBody(tree)
      return 'data'
    default:
      beginBody(tree)
      return 'data'
  }
}

/** An end tag, with its name as for a start tag. False: it takes the whole tree to know how to read on. */
export function seeEndTag(tree: Tree, name: string, kind: TagKind): boolean {
  if (tree.foreign !== null) {
    const step = endTagInForeignContent(tree.foreign, name)
    if (step === 'left') tree.foreign = null
    return step !== 'unknown'
  }
  if (kind !== 'template' && name !== 'col') tree.isInColgroup = false
  switch (kind) {
    case 'noscript':
      tree.isInHeadNoscript = false
      break
    case 'select':
      if (tree.selectDepth === tree.templateDepth) tree.selectDepth = -1
      break
    case 'template':
      if (tree.templateDepth > 0) tree.templateDepth--
      if (tree.selectDepth > tree.templateDepth) tree.selectDepth = -1
      break
  }
  return true
}

/**
 * Whether it takes the whole tree to know if this tag switches the tokenizer: "in select" ignores all of them but
 * script and textarea (which closes the select), "in column group" of a template ignores all.
 */
function dependsOnTree(tree: Tree, name: string): boolean {
  if (tree.hasTemplate && tree.hasCol) return true
  return tree.selectDepth !== -1 && name !== 'script' && name !== 'textarea'
}

function beginBody(tree: Tree): void {
  if (tree.templateDepth === 0) tree.hasBodyBegun = true
}
