// The standard's tokenizer in its data state. What the tree says about later text comes in as a value; nothing here knows it.
// https://html.spec.whatwg.org/multipage/parsing.html#data-state

import { type AttributeCursor, createCursor, isAttributeNamed, nextAttribute, startWalk } from './attributes.ts'
import { exclamationMark, findNameEnd, isLetter, questionMark, solidus } from './characters.ts'
import { findCommentEnd } from './comments.ts'
import { findRawTextEnd } from './raw-text.ts'
import { findTagName, isVmlName, type TagKind } from './tag-names.ts'

/** What the tokenizer makes of `<![CDATA[`: a section only in svg and math. */
export type CdataRule = 'bogus-comment' | 'section' | 'unknown'

/** What elements are looked for, and their attribute. */
export type Target = 'href' | 'src'

/** What stands at a `<`. One record is filled again and again: making one for each tag took a sixth of a scan. */
export interface Token {
  /**
   * `skipped`: bogus comments, doctypes, CDATA sections. `unclosed`: the rest of the text is inside. `cut-off`: the text
   * ends inside a tag, which is dropped. `unknown`: only the tree knows how to read on.
   */
  kind: 'start-tag' | 'end-tag' | 'comment' | 'skipped' | 'text' | 'unclosed' | 'cut-off' | 'unknown'
  start: number
  end: number

  // Of a tag.
  nameEnd: number
  /** `''` for a name that changes nothing. */
  name: string
  tagKind: TagKind
  selfClosing: boolean

  // Of a start tag that is looked for.
  hasValue: boolean
  valueStart: number
  valueEnd: number
  quoted: boolean

  readonly cursor: AttributeCursor
}

export function createToken(): Token {
  return {
    kind: 'text',
    start: 0,
    end: 0,
    nameEnd: 0,
    name: '',
    tagKind: 'ordinary',
    selfClosing: false,
    hasValue: false,
    valueStart: 0,
    valueEnd: 0,
    quoted: false,
    cursor: createCursor(),
  }
}

/** "Tag open" state: reads what the `<` at `start` begins. */
export function readToken(html: string, token: Token, start: number, target: Target, cdata: CdataRule): void {
  const code = html.charCodeAt(start + 1)
  token.start = start
  if (isLetter(code)) readStartTag(html, token, target)
  else if (code === solidus) readEndTag(html, token)
  else if (code === exclamationMark) readMarkupDeclaration(html, token, cdata)
  else if (code === questionMark) readBogusComment(html, token)
  else {
    token.kind = 'text'
    token.end = start + 1
  }
}

/** "Tag name" state. */
function readStartTag(html: string, token: Token, target: Target): void {
  const { cursor } = token
  const nameStart = token.start + 1
  readName(html, token, nameStart)
  token.hasValue = false
  const isWanted = target === 'src' ? token.tagKind === 'image' : token.tagKind === 'link' || isVmlName(html, nameStart)
  startWalk(cursor, token.nameEnd)
  while (nextAttribute(html, cursor)) {
    if (!isWanted || token.hasValue || !isAttributeNamed(html, cursor, target)) continue
    token.hasValue = true
    token.valueStart = cursor.valueStart
    token.valueEnd = cursor.valueEnd
    token.quoted = cursor.quoted
  }
  token.kind = cursor.end === -1 ? 'cut-off' : 'start-tag'
  token.end = cursor.end
  token.selfClosing = cursor.selfClosing
}

/** "End tag open" state. */
function readEndTag(html: string, token: Token): void {
  const nameStart = token.start + 2
  const code = html.charCodeAt(nameStart)
  if (isLetter(code)) {
    readName(html, token, nameStart)
    token.end = findTagEnd(html, token.cursor, token.nameEnd)
    token.kind = token.end === -1 ? 'cut-off' : 'end-tag'
  } else if (nameStart >= html.length) token.kind = 'cut-off'
  else readBogusComment(html, token)
}

function readName(html: string, token: Token, nameStart: number): void {
  token.nameEnd = findNameEnd(html, nameStart)
  const { name, kind } = findTagName(html, nameStart, token.nameEnd)
  token.name = name
  token.tagKind = kind
}

/** "Markup declaration open" state. */
function readMarkupDeclaration(html: string, token: Token, cdata: CdataRule): void {
  if (html.startsWith('--', token.start + 2)) close(token, 'comment', findCommentEnd(html, token.start + 4))
  else if (cdata === 'bogus-comment' || !html.startsWith('[CDATA[', token.start + 2)) readBogusComment(html, token)
  else if (cdata === 'unknown') close(token, 'unknown', token.start + 9)
  else {
    const end = html.indexOf(']]>', token.start + 9)
    close(token, 'skipped', end === -1 ? -1 : end + 3)
  }
}

/** Also doctypes: in each of their states a `>` ends them, in quotes too. */
function readBogusComment(html: string, token: Token): void {
  const end = html.indexOf('>', token.start + 2)
  close(token, 'skipped', end === -1 ? -1 : end + 1)
}

function close(token: Token, kind: Token['kind'], end: number): void {
  token.kind = end === -1 ? 'unclosed' : kind
  token.end = end
}

/**
 * The offset after the end tag that closes raw text which begins at `from`; -1 if the rest of the text is inside it, or
 * in its end tag.
 */
export function skipRawText(html: string, cursor: AttributeCursor, from: number, name: string): number {
  const endTag = findRawTextEnd(html, from, name)
  return endTag === -1 ? -1 : findTagEnd(html, cursor, endTag + 2 + name.length)
}

function findTagEnd(html: string, cursor: AttributeCursor, nameEnd: number): number {
  startWalk(cursor, nameEnd)
  while (nextAttribute(html, cursor));
  return cursor.end
}
