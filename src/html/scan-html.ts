// Owns the one pass over an email: text in, link sites and safe points out. It knows nothing of tracking, and it must
// never report a site that parse5 would not see. It follows the standard's tokenizer, and of tree construction only what
// changes how later text is tokenized; where that would take the whole tree, it stops and says so.
// https://html.spec.whatwg.org/multipage/parsing.html#tokenization

import { findCandidates } from './after-stop.ts'
import { type AttributeCursor, isAttributeNamed, nextAttribute, startWalk } from './attributes.ts'
import {
  ampersand,
  exclamationMark,
  findNameEnd,
  greaterThan,
  isLetter,
  isWhitespace,
  normalizeName,
  questionMark,
  smallA,
  solidus,
} from './characters.ts'
import { conditionalContent, findCommentEnd } from './comments.ts'
import {
  endTagInForeignContent,
  enterForeignContent,
  isAtIntegrationPoint,
  startTagInForeignContent,
} from './foreign-content.ts'
import { type PlainLink, readPlainLink, skipHeadRun, skipPlainRun } from './plain-run.ts'
import { findRawTextEnd } from './raw-text.ts'
import {
  beginBody,
  canEndBody,
  createScanState,
  cutOff,
  dependsOnTree,
  enterColgroup,
  giveUpPlaces,
  isPlainContent,
  isPlainHead,
  isSafe,
  leaveSafety,
  type ScanState,
  showContent,
  swallow,
  type Target,
} from './scan-state.ts'
import type { Site } from './site.ts'
import { headRawText, isVisible, isVmlName, knownTagName, tagKind } from './tag-names.ts'

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
}

/** Finds every link site. Never throws, never recurses on depth, linear in the length of the text. */
export function scanLinks(html: string): Scan {
  return scanDocument(html, 'links')
}

/** Finds every image with a `src`, in what a browser sees. */
export function scanImages(html: string): readonly Site[] {
  return scanDocument(html, 'images').sites
}

function scanDocument(html: string, target: Target): Scan {
  const state = createScanState(html, target)
  scanData(state)
  if (!state.isClosed && isSafe(state)) state.lastSafePoint = html.length
  return state
}

/** "Data" and "tag open" state. */
function scanData(state: ScanState): void {
  const { html } = state
  let position = 0
  while (!state.isClosed) {
    const isPlain = isPlainContent(state)
    if (isPlain) position = skipPlainRun(html, position)
    else if (isPlainHead(state)) position = skipHeadRun(html, position)
    const tagStart = html.indexOf('<', position)
    if (!state.ignoresFrameset && hasText(html, position, tagStart)) showContent(state)
    if (tagStart === -1) return
    const code = html.charCodeAt(tagStart + 1)
    if (isPlain && code === smallA && readPlainLink(html, tagStart, plainLink)) position = addPlainLink(state, tagStart)
    else if (isLetter(code)) position = scanStartTag(state, tagStart)
    else if (code === solidus) position = scanEndTag(state, tagStart)
    else if (code === exclamationMark) position = scanMarkupDeclaration(state, tagStart)
    else if (code === questionMark) position = scanBogusComment(state, tagStart)
    else {
      // No tag: the `<` is text.
      showContent(state)
      position = tagStart + 1
    }
  }
}

const plainLink: PlainLink = { start: 0, end: 0, tagEnd: 0 }

function addPlainLink(state: ScanState, tagStart: number): number {
  state.sites.push({
    element: 'a',
    nameEnd: tagStart + 2,
    start: plainLink.start,
    end: plainLink.end,
    quoted: true,
    hasPlainAttributes: true,
    inComment: state.target === 'links-in-comment',
    ambiguous: false,
  })
  return plainLink.tagEnd
}

/** "Tag name" state of a start tag, up to its end, and what the tag means for later text. */
function scanStartTag(state: ScanState, tagStart: number): number {
  const { html, cursor } = state
  const nameEnd = findNameEnd(html, tagStart + 1)
  const name = knownTagName(html, tagStart + 1, nameEnd)
  const kind = tagKind(name)
  const isTarget =
    state.target === 'images' ? kind === 'image' : kind === 'link' || isVmlName(html, tagStart + 1, nameEnd)

  let site: Site | null = null
  let hasFontAttribute = false
  startWalk(cursor, nameEnd)
  while (nextAttribute(html, cursor)) {
    if (isTarget && site === null && isAttributeNamed(html, cursor, state.attribute)) {
      site = toSite(state, name, tagStart, nameEnd)
    }
    if (state.foreign !== null) hasFontAttribute ||= isFontAttribute(html, cursor)
  }
  const { end, selfClosing } = cursor
  if (end === -1) return cutOff(state, tagStart)
  if (site !== null) state.sites.push(site)

  if (state.foreign !== null) {
    const openName = normalizeName(html.slice(tagStart + 1, nameEnd))
    const step = startTagInForeignContent(state.foreign, openName, selfClosing, hasFontAttribute)
    if (step === 'unknown') return stop(state, tagStart, end)
    if (step === 'open') return end
    state.foreign = null
  }

  if (kind !== 'template' && kind !== 'html' && kind !== 'colgroup') state.isInColgroup = false
  if (!state.ignoresFrameset && isVisible(html, tagStart + 1, nameEnd)) showContent(state)
  switch (kind) {
    case 'head':
    case 'html':
      return end
    case 'noscript':
      state.isInHeadNoscript = !state.hasBodyBegun
      return end
    case 'template':
      leaveSafety(state, tagStart)
      state.templateDepth++
      state.hasTemplate = true
      return end
    case 'frameset':
      if (state.ignoresFrameset) return end
      stop(state, tagStart, end)
      giveUpPlaces(state)
      return html.length
    case 'raw-text':
      if (dependsOnTree(state, name)) return stop(state, tagStart, end)
      if (!headRawText.has(name)) beginBody(state)
      return scanRawText(state, tagStart, end, name)
    case 'plaintext':
      if (dependsOnTree(state, name)) return stop(state, tagStart, end)
      beginBody(state)
      return swallow(state, tagStart)
    case 'foreign':
      if (dependsOnTree(state, name)) return stop(state, tagStart, end)
      beginBody(state)
      if (selfClosing) return end
      leaveSafety(state, tagStart)
      state.foreign = enterForeignContent(name)
      return end
    case 'select':
      beginBody(state)
      if (state.selectDepth !== -1) return end
      leaveSafety(state, tagStart)
      state.selectDepth = state.templateDepth
      return end
    case 'body':
      if (state.templateDepth > 0) return end
      showContent(state)
      if (state.afterBodyStart === -1 && isSafe(state)) state.afterBodyStart = end
      return end
    case 'colgroup':
      state.hasCol ||= name === 'col'
      beginBody(state)
      enterColgroup(state, tagStart)
      return end
    default:
      beginBody(state)
      return end
  }
}

/** "End tag open" state. */
function scanEndTag(state: ScanState, tagStart: number): number {
  const { html, cursor } = state
  const code = html.charCodeAt(tagStart + 2)
  if (!isLetter(code)) {
    if (tagStart + 2 >= html.length) return cutOff(state, tagStart)
    return code === greaterThan ? tagStart + 3 : scanBogusComment(state, tagStart)
  }
  const nameEnd = findNameEnd(html, tagStart + 2)
  const end = findTagEnd(html, cursor, nameEnd)
  if (end === -1) return cutOff(state, tagStart)

  if (state.foreign !== null) {
    const step = endTagInForeignContent(state.foreign, normalizeName(html.slice(tagStart + 2, nameEnd)))
    if (step === 'unknown') return stop(state, tagStart, end)
    if (step === 'left') state.foreign = null
    return end
  }

  const name = knownTagName(html, tagStart + 2, nameEnd)
  if (name !== 'template' && name !== 'col') state.isInColgroup = false
  switch (tagKind(name)) {
    case 'body':
      if (canEndBody(state)) state.beforeBodyEnd = tagStart
      break
    case 'html':
      if (canEndBody(state)) state.beforeHtmlEnd = tagStart
      break
    case 'noscript':
      state.isInHeadNoscript = false
      break
    case 'select':
      if (state.selectDepth === state.templateDepth) state.selectDepth = -1
      break
    case 'template':
      if (state.templateDepth > 0) state.templateDepth--
      if (state.selectDepth > state.templateDepth) state.selectDepth = -1
      break
  }
  return end
}

/** "Markup declaration open" state. */
function scanMarkupDeclaration(state: ScanState, tagStart: number): number {
  const { html } = state
  if (html.startsWith('--', tagStart + 2)) {
    const end = findCommentEnd(html, tagStart + 4)
    if (end === -1) return swallow(state, tagStart)
    if (state.target === 'links') scanComment(state, tagStart + 4, end)
    return end
  }
  if (state.foreign !== null && html.startsWith('[CDATA[', tagStart + 2)) {
    // In an integration point, parse5 and the standard disagree on whether this is a CDATA section.
    if (isAtIntegrationPoint(state.foreign)) return stop(state, tagStart, tagStart + 9)
    const end = html.indexOf(']]>', tagStart + 9)
    return end === -1 ? swallow(state, tagStart) : end + 3
  }
  return scanBogusComment(state, tagStart)
}

/** Also doctypes: in each of their states a `>` ends them, in quotes too. */
function scanBogusComment(state: ScanState, tagStart: number): number {
  const end = state.html.indexOf('>', tagStart + 2)
  return end === -1 ? swallow(state, tagStart) : end + 1
}

/** Outlook reads the text of a conditional comment; its sites are a document's of its own. */
function scanComment(state: ScanState, dataStart: number, end: number): void {
  const content = conditionalContent(state.html, dataStart, end)
  if (content === null) return
  const base = content.start
  for (const site of scanDocument(content.text, 'links-in-comment').sites) {
    state.sites.push({ ...site, nameEnd: site.nameEnd + base, start: site.start + base, end: site.end + base })
  }
}

function scanRawText(state: ScanState, tagStart: number, contentStart: number, name: string): number {
  const endTag = findRawTextEnd(state.html, contentStart, name)
  const end = endTag === -1 ? -1 : findTagEnd(state.html, state.cursor, endTag + 2 + name.length)
  return end === -1 ? swallow(state, tagStart) : end
}

const framesetTag = /<frameset/i

/** What follows `end` cannot be known without the tree: candidates are reported, nothing is trusted. */
function stop(state: ScanState, at: number, end: number): number {
  const { html } = state
  swallow(state, at)
  state.certainUntil = end
  // Only behind `end`, where nothing is changed: what the tag's own href holds must not decide.
  if (!state.ignoresFrameset && framesetTag.test(html.slice(end))) giveUpPlaces(state)
  if (state.target !== 'images') {
    for (const site of findCandidates(html, end, state.target === 'links-in-comment')) state.sites.push(site)
  }
  return html.length
}

function toSite(state: ScanState, name: string, tagStart: number, nameEnd: number): Site {
  const { html, cursor } = state
  return {
    element: name === '' ? normalizeName(html.slice(tagStart + 1, nameEnd)) : name,
    nameEnd,
    start: cursor.valueStart,
    end: cursor.valueEnd,
    quoted: cursor.quoted,
    hasPlainAttributes: false,
    inComment: state.target === 'links-in-comment',
    ambiguous: false,
  }
}

function findTagEnd(html: string, cursor: AttributeCursor, nameEnd: number): number {
  startWalk(cursor, nameEnd)
  while (nextAttribute(html, cursor));
  return cursor.end
}

function isFontAttribute(html: string, cursor: AttributeCursor): boolean {
  return ['color', 'face', 'size'].some((name) => isAttributeNamed(html, cursor, name))
}

/**
 * Whether `[start, end)` holds text that a reader sees, and that so begins the body. What may be dropped or be white space
 * does not count: NUL, a byte order mark, references by number, `&Tab;` and `&NewLine;`.
 */
function hasText(html: string, start: number, end: number): boolean {
  const stop = end === -1 ? html.length : end
  for (let at = start; at < stop; at++) {
    const code = html.charCodeAt(at)
    if (isWhitespace(code) || code === 0 || code === 0xfeff) continue
    if (code !== ampersand) return true
    blankReference.lastIndex = at
    if (!blankReference.test(html)) return true
    at = blankReference.lastIndex - 1
  }
  return false
}

const blankReference = /&(?:#[\dA-Fa-fXx]*;?|Tab;|NewLine;)/y
