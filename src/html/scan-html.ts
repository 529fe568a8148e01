// The one pass over an email: text in, link sites and safe points out. It must never report a site that parse5 would not see. Where
// it would take the whole tree to know what is a tag, it stops and says so.

import { findCandidates } from './after-stop.ts'
import { isAttributeNamed, nextAttribute, startWalk } from './attributes.ts'
import { isWhitespace, normalizeName, smallA } from './characters.ts'
import { conditionalContent } from './comments.ts'
import { readCommonLink, skipBodyRun, skipHeadRun } from './fast-path.ts'
import type { Markup } from './markup.ts'
import { createSafePoints, giveUp, noteLastBefore, passEndTag, passStartTag, type SafePoints } from './safe-points.ts'
import type { Site } from './site.ts'
import { createToken, readToken, skipRawText, type Token } from './tokenizer.ts'
import {
  awaitsContent,
  cdataRule,
  createTree,
  isOutermost,
  isPlainBody,
  isPlainHead,
  seeContent,
  seeEndTag,
  seeStartTag,
  type Tree,
} from './tree-feedback.ts'

/** What one pass found. -1 stands for "none". */
export interface Scan {
  readonly sites: readonly Site[]
  /** After the first `<body>` tag at a safe point. */
  readonly afterBodyStart: number
  /** Before the last `</body>` at a safe point. */
  readonly beforeBodyEnd: number
  /** Before the last `</html>` at a safe point. */
  readonly beforeHtmlEnd: number
  /** The last safe point, at which an element can be added without moving anything that is there. */
  readonly lastSafePoint: number
  /** Up to where every token is known for certain; the length of the text if nothing stopped the scan. */
  readonly certainUntil: number
  /** Where a stretch ended; -1 if the rest of the text was read. */
  readonly endedAt: number
  /** How many code units the fast paths passed over, before the body and in it; links are not among them. */
  readonly fastInHead: number
  readonly fastInBody: number
}

/** Finds every link site. Never throws, never recurses on depth, linear in the length of the text. */
export function scanLinks(markup: Markup): Scan {
  return scan(markup, 'links', 0)
}

/** The same from where a tree stands, up to the first place at `until` or behind it where tags change nothing. */
export function scanStretch(markup: Markup, tree: Tree, until: number): Scan {
  return scan(markup, 'links', 0, tree, until)
}

/** Finds every image with a `src`, in what a browser sees. */
export function scanImages(markup: Markup): readonly Site[] {
  return scan(markup, 'images', 0).sites
}

type Target = 'links' | 'links-in-comment' | 'images'

/** A scan under way. */
interface Scanner {
  readonly markup: Markup
  readonly html: string
  readonly target: Target
  /** Where the text stands in the document. */
  readonly base: number
  readonly token: Token
  readonly tree: Tree
  readonly points: SafePoints
  readonly sites: Site[]
  certainUntil: number
}

function scan(
  markup: Markup,
  target: Target,
  base: number,
  tree: Tree = createTree(target === 'links-in-comment'),
  until: number = Number.POSITIVE_INFINITY,
): Scan {
  const html = markup.text
  const token = createToken()
  const points = createSafePoints()
  const sites: Site[] = []
  const scanner: Scanner = { markup, html, target, base, token, tree, points, sites, certainUntil: html.length }
  const attribute = target === 'images' ? 'src' : 'href'
  let fastInHead = 0
  let fastInBody = 0
  let endedAt = -1
  // A browser takes it away before it reads.
  let position = base === 0 && html.startsWith(markup.byteOrderMark) ? markup.byteOrderMark.length : 0
  while (position !== -1) {
    const from = position
    const isBody = target !== 'images' && isPlainBody(tree)
    if (isBody) {
      position = skipBodyRun(html, from)
      fastInBody += position - from
      if (position >= until) {
        endedAt = position
        break
      }
    } else if (target !== 'images' && isPlainHead(tree)) {
      position = skipHeadRun(html, from)
      fastInHead += position - from
    }
    const start = html.indexOf('<', position)
    if (start === -1) {
      if (isOutermost(tree)) points.last = html.length
      break
    }
    if (awaitsContent(tree) && hasText(html, position, start)) seeContent(tree)
    if (isBody && html.charCodeAt(start + 1) === smallA && readCommonLink(html, token, start)) {
      sites.push(siteOf(scanner, true))
      position = token.end
    } else {
      readToken(html, token, start, attribute, cdataRule(tree))
      position = pass(scanner)
    }
  }
  const { afterBodyStart, beforeBodyEnd, beforeHtmlEnd, last: lastSafePoint } = points
  const { certainUntil } = scanner
  return {
    sites,
    afterBodyStart,
    beforeBodyEnd,
    beforeHtmlEnd,
    lastSafePoint,
    certainUntil,
    endedAt,
    fastInHead,
    fastInBody,
  }
}

/** Takes note of the token, and gives where to read on; -1 at the end. */
function pass(scanner: Scanner): number {
  const { token, tree, points } = scanner
  switch (token.kind) {
    case 'start-tag':
      return passStart(scanner)
    case 'end-tag': {
      const name = tree.foreign === null ? token.name : spelledName(scanner, '</')
      if (!seeEndTag(tree, name, token.tagKind)) return stop(scanner)
      passEndTag(points, tree, token)
      return token.end
    }
    case 'comment':
      passComment(scanner)
      return token.end
    case 'text':
      seeContent(tree)
      return token.end
    case 'skipped':
      return token.end
    case 'unclosed':
      return close(scanner)
    case 'cut-off':
      // It is dropped: as if the text ended before it.
      if (isOutermost(tree)) points.last = token.start
      return -1
    case 'unknown':
      return stop(scanner)
  }
}

function passStart(scanner: Scanner): number {
  const { html, token, tree, points, sites } = scanner
  if (token.hasValue) sites.push(siteOf(scanner, false))
  const wasOutermost = isOutermost(tree)
  const wasInColgroup = tree.isInColgroup
  const isForeign = tree.foreign !== null
  const name = isForeign ? spelledName(scanner, '<') : token.name
  const hasTextAttribute = isForeign && name === 'font' && hasFontAttribute(html, token)
  const feedback = seeStartTag(tree, name, token.tagKind, token.selfClosing, hasTextAttribute)
  if (feedback === 'unknown') return stop(scanner)
  passStartTag(points, wasOutermost, wasInColgroup, tree, token)
  if (feedback === 'data') return token.end
  const end = feedback === 'plaintext' ? -1 : skipRawText(html, token.cursor, token.end, name)
  return end === -1 ? close(scanner) : end
}

/** Outlook reads the text of a conditional comment as a document of its own. They do not nest. */
function passComment({ markup, html, target, base, token, sites }: Scanner): void {
  const content = target === 'links' ? conditionalContent(html, token.start + 4, token.end) : null
  if (content === null) return
  for (const site of scan({ ...markup, text: content.text }, 'links-in-comment', base + content.start).sites)
    sites.push(site)
}

/** The rest of the text is inside what the token begins. */
function close({ tree, points, token }: Scanner): number {
  if (isOutermost(tree)) noteLastBefore(points, tree, token.start)
  return -1
}

/** What follows the token cannot be known without the tree: candidates are reported, nothing is trusted. */
function stop(scanner: Scanner): number {
  const { markup, html, target, base, token, tree, points, sites } = scanner
  close(scanner)
  scanner.certainUntil = token.end
  // Whether the token, or one behind it, may be a frameset. The token's attributes do not count, as its href is about to
  // change.
  const isFrameset = token.kind === 'start-tag' && token.tagKind === 'frameset'
  if (!tree.ignoresFrameset && (isFrameset || framesetTag.test(html.slice(token.end)))) giveUp(points)
  if (target !== 'images') {
    for (const site of findCandidates(markup, token.end, base, target === 'links-in-comment')) sites.push(site)
  }
  return -1
}

function spelledName({ markup, html, token }: Scanner, mark: '<' | '</'): string {
  return normalizeName(markup.decode(html.slice(token.start + mark.length, token.nameEnd)))
}

const framesetTag = /<frameset/i

function siteOf(scanner: Scanner, hasCommonAttributes: boolean): Site {
  const { base, token } = scanner
  return {
    element: token.name === '' ? spelledName(scanner, '<') : token.name,
    tagStart: token.start + base,
    nameEnd: token.nameEnd + base,
    start: token.valueStart + base,
    end: token.valueEnd + base,
    tagEnd: token.end + base,
    quoted: token.quoted,
    hasCommonAttributes,
    inComment: scanner.target === 'links-in-comment',
    ambiguous: false,
  }
}

/** By one of these, `font` leaves svg and math. */
function hasFontAttribute(html: string, { cursor, nameEnd }: Token): boolean {
  startWalk(cursor, nameEnd)
  while (nextAttribute(html, cursor)) {
    if (['color', 'face', 'size'].some((name) => isAttributeNamed(html, cursor, name))) return true
  }
  return false
}

/**
 * Whether `[start, end)` holds text that a reader sees, and that so begins the body. What may be dropped or be white space
 * does not count: NUL, references by number, `&Tab;` and `&NewLine;`.
 */
function hasText(html: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = html.charCodeAt(at)
    if (isWhitespace(code) || code === 0) continue
    blankReference.lastIndex = at
    if (!blankReference.test(html)) return true
    at = blankReference.lastIndex - 1
  }
  return false
}

const blankReference = /&(?:#[\dA-Fa-fXx]*;?|Tab;|NewLine;)/y
