// Where an element could be added so that a browser shows it, once, and nothing that is there moves.

import type { Token } from './tokenizer.ts'
import { canEndBody, isOutermost, type Tree } from './tree-feedback.ts'

/** Offsets; -1 stands for "none". */
export interface SafePoints {
  /** After the first `<body>` tag at a safe point. */
  afterBodyStart: number
  /** Before the last `</body>` at a safe point. */
  beforeBodyEnd: number
  /** Before the last `</html>` at a safe point. */
  beforeHtmlEnd: number
  /** The last one before what is open now. */
  last: number
  /** The last one before the colgroup that may be open. */
  beforeColgroup: number
}

export function createSafePoints(): SafePoints {
  return { afterBodyStart: -1, beforeBodyEnd: -1, beforeHtmlEnd: -1, last: -1, beforeColgroup: -1 }
}

/** The point before a tag or comment, after which the tree is as given. */
export function noteLastBefore(points: SafePoints, tree: Tree, start: number): void {
  // Before the body begins, an added element would move what belongs to the head. In a colgroup, it would end the colgroup.
  if (!tree.hasBodyBegun) points.last = -1
  else points.last = tree.isInColgroup ? points.beforeColgroup : start
}

/** A start tag: what held before it, and the tree after it. */
export function passStartTag(
  points: SafePoints,
  wasOutermost: boolean,
  wasInColgroup: boolean,
  tree: Tree,
  { tagKind, start, end }: Token,
): void {
  if (tree.isInColgroup && !wasInColgroup) points.beforeColgroup = wasOutermost ? start : points.last
  if (!isOutermost(tree)) {
    if (wasOutermost) noteLastBefore(points, tree, start)
  } else if (tagKind === 'body' && points.afterBodyStart === -1) points.afterBodyStart = end
}

export function passEndTag(points: SafePoints, tree: Tree, { tagKind, start }: Token): void {
  if (tagKind === 'body' && canEndBody(tree)) points.beforeBodyEnd = start
  else if (tagKind === 'html' && canEndBody(tree)) points.beforeHtmlEnd = start
}

/** A frameset may take the place of the body, and an added element would prevent that. */
export function giveUp(points: SafePoints): void {
  points.afterBodyStart = points.beforeBodyEnd = points.beforeHtmlEnd = points.last = -1
}
