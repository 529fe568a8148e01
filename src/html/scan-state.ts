// Owns what a scan knows while it goes through a document: what of the tree changes how later text is read, and where an
// element could be added. It reads no text.

import { type AttributeCursor, createCursor } from './attributes.ts'
import type { ForeignContent } from './foreign-content.ts'
import type { Site } from './site.ts'

/** What is looked for; in a conditional comment's text, no further conditional comments. */
export type Target = 'links' | 'links-in-comment' | 'images'

/** One document's scan under way. */
export interface ScanState {
  readonly html: string
  readonly target: Target
  readonly attribute: 'href' | 'src'
  readonly cursor: AttributeCursor
  readonly sites: Site[]

  // What of the tree has to be known.
  /** Something that ends the head has been seen. Under-approximated: an element added here moves nothing. */
  hasBodyBegun: boolean
  /** The frameset-ok flag is "not ok": something visible, or a `<body>` tag, came before. Under-approximated. */
  ignoresFrameset: boolean
  isInHeadNoscript: boolean
  /** Over-approximated: an added element would end the colgroup. */
  isInColgroup: boolean
  /** The last safe point before the colgroup. */
  beforeColgroup: number
  foreign: ForeignContent | null
  templateDepth: number
  /** The template depth at which the open select began; -1 while none is open. */
  selectDepth: number
  hasTemplate: boolean
  hasCol: boolean

  // Where an element can be added.
  afterBodyStart: number
  beforeBodyEnd: number
  beforeHtmlEnd: number
  /** The last safe point before what is open now. */
  lastSafePoint: number
  /** What is left of the document holds no further token that is known for certain. */
  isClosed: boolean
  certainUntil: number
}

export function createScanState(html: string, target: Target): ScanState {
  return {
    html,
    target,
    attribute: target === 'images' ? 'src' : 'href',
    cursor: createCursor(),
    sites: [],
    // A comment gets no pixel, so there is nothing to find out.
    hasBodyBegun: target === 'links-in-comment',
    ignoresFrameset: false,
    isInHeadNoscript: false,
    isInColgroup: false,
    beforeColgroup: -1,
    foreign: null,
    templateDepth: 0,
    selectDepth: -1,
    hasTemplate: false,
    hasCol: false,
    afterBodyStart: -1,
    beforeBodyEnd: -1,
    beforeHtmlEnd: -1,
    lastSafePoint: -1,
    isClosed: false,
    certainUntil: html.length,
  }
}

/**
 * Whether it takes the whole tree to know if this tag switches the tokenizer: "in select" ignores all of them but
 * script and textarea (which closes the select), "in column group" of a template ignores all.
 */
export function dependsOnTree(state: ScanState, name: string): boolean {
  if (state.hasTemplate && state.hasCol) return true
  return state.selectDepth !== -1 && name !== 'script' && name !== 'textarea'
}

export function isSafe(state: ScanState): boolean {
  return state.templateDepth === 0 && state.selectDepth === -1 && state.foreign === null
}

/** Whether plain tags change nothing that has to be known. */
export function isPlainContent(state: ScanState): boolean {
  const isBody = state.ignoresFrameset || state.target === 'links-in-comment'
  return isBody && !state.isInColgroup && state.target !== 'images' && isSafe(state)
}

/** Whether tags that may stand in the head change nothing that has to be known. */
export function isPlainHead(state: ScanState): boolean {
  return !state.hasBodyBegun && state.target !== 'images' && isSafe(state)
}

/** `</body>` and `</html>` begin the body where it has not begun, but for a noscript in the head, which ignores them. */
export function canEndBody(state: ScanState): boolean {
  return isSafe(state) && (state.hasBodyBegun || !state.isInHeadNoscript)
}

export function beginBody(state: ScanState): void {
  if (state.templateDepth === 0) state.hasBodyBegun = true
}

/** Notes something in the body that a reader sees: from here on, a frameset is ignored. */
export function showContent(state: ScanState): void {
  if (state.templateDepth > 0) return
  state.hasBodyBegun = true
  state.ignoresFrameset = true
}

/** Notes a `<col>` or `<colgroup>` at `at`. */
export function enterColgroup(state: ScanState, at: number): void {
  if (!state.isInColgroup) state.beforeColgroup = isSafe(state) ? at : state.lastSafePoint
  state.isInColgroup = true
}

/** Notes the last safe point before something opens in which there is none. */
export function leaveSafety(state: ScanState, at: number): void {
  if (!isSafe(state)) return
  // Before the body begins, an added element would move what belongs to the head; likewise in a colgroup.
  if (!state.hasBodyBegun) state.lastSafePoint = -1
  else state.lastSafePoint = state.isInColgroup ? state.beforeColgroup : at
}

/** A frameset may take the place of the body, and an added element would prevent that. */
export function giveUpPlaces(state: ScanState): void {
  state.afterBodyStart = state.beforeBodyEnd = state.beforeHtmlEnd = state.lastSafePoint = -1
}

/** The rest of the document is inside what begins at `at`. */
export function swallow(state: ScanState, at: number): number {
  leaveSafety(state, at)
  state.isClosed = true
  return state.html.length
}

/** The text ends inside a tag, which is dropped: as if it ended at `at`. */
export function cutOff(state: ScanState, at: number): number {
  if (isSafe(state)) state.lastSafePoint = at
  state.isClosed = true
  return state.html.length
}
