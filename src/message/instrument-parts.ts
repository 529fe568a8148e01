import type { CheckedDomain } from '../config/domain-config.ts'
import type { Active, PartMint, Referent } from '../instrument/copies.ts'
import { toDestination } from '../instrument/links/destination.ts'
import type { CheckedPrepareOptions } from '../instrument/options.ts'
import type { LinkOutcome } from '../instrument/outcomes.ts'
import { prepareMarkup } from '../instrument/prepare.ts'
import type { Edit } from '../instrument/splice.ts'
import { readLatin1 } from '../latin1.ts'
import { prepareTextLinks } from '../text/instrument-text.ts'
import { parseUrl } from '../url.ts'
import { type Body, readBody } from './body.ts'
import { type Charset, readCharset } from './charset.ts'
import { readHeader } from './header.ts'
import type { PartOutcome } from './message-outcomes.ts'
import { type MessagePart, readMessageParts } from './message-parts.ts'
import { readPartHead } from './part-head.ts'
import type { PartReason } from './part-reasons.ts'
import { createOffsetMap } from './text-offsets.ts'
import { readUnsubscribeUrls } from './unsubscribe-urls.ts'

/** What holds for all parts of a message. */
export interface MessageRules {
  readonly domain: CheckedDomain
  readonly email: CheckedPrepareOptions
  readonly withText: boolean
  readonly breaksDkim: boolean
}

export interface InstrumentedParts {
  readonly edits: readonly Edit[]
  /** Whether a URL in it carries the recipient's reference. */
  readonly namesRecipient: boolean
  readonly parts: readonly PartOutcome[]
}

/** Fields of signatures that cover the body: DKIM, its predecessor, and the one that forwarders add. */
const bodySignatures: readonly string[] = ['dkim-signature', 'domainkey-signature', 'arc-message-signature']

/** Signed or encrypted in the text itself (RFC 9580 section 7). */
const armor = /-----BEGIN PGP (SIGNED )?MESSAGE-----/

/** One copy of a message. */
export function instrumentParts(
  bytes: Uint8Array,
  { domain, email, withText, breaksDkim }: MessageRules,
  activation: Active,
  recipient: Referent,
  mintFor: (part: 'html' | 'text') => PartMint,
): InstrumentedParts {
  /** One code unit is one byte. */
  const source = readLatin1(bytes)
  const header = readHeader(source, 0)
  if (header === null) return leaveAlone(source, '', 'malformed')
  const { type } = readPartHead(source, header)
  if (!breaksDkim && header.fields.some(({ name }) => bodySignatures.includes(name))) {
    return leaveAlone(source, type, 'dkim-signed')
  }
  const parts = readMessageParts(source)
  if (typeof parts === 'string') return leaveAlone(source, type, parts)

  const skipUrls = new Set([...email.skipUrls, ...readUnsubscribeUrls(source, header)])
  const mints = { html: mintFor('html'), text: mintFor('text') }
  const counts = { html: 0, text: 0 }
  const edits: Edit[] = []
  let namesRecipient = false

  /** A body without edits is not encoded again. */
  function addEdits(body: Body, added: readonly Edit[]): void {
    if (added.length === 0) return
    // One by one: a call takes some 100,000 arguments at most.
    for (const edit of body.edit(added)) edits.push(edit)
  }

  function instrumentPart(part: MessagePart): PartOutcome {
    const { path, type, start, end } = part
    const place = { path, type, start, end }
    const opened = openPart(source, bytes, part, withText)
    if (typeof opened === 'string') return { ...place, kind: 'skipped', reason: opened }
    const { body, charset } = opened

    if (type === 'text/html') {
      const markup = { text: body.content, decode: charset.decode, encode: charset.decode, byteOrderMark, long: null }
      const around = { firstIndex: counts.html, isSure: charset.isSure }
      const editsFor = prepareMarkup(markup, domain, { ...email, skipUrls }, activation, mints.html, around)
      const marked = editsFor(activation, recipient)
      addEdits(body, marked.edits)
      namesRecipient ||= marked.namesRecipient
      counts.html += marked.links.length
      for (const url of marked.links.flatMap(privateUrls)) skipUrls.add(url)
      return { ...place, type, kind: 'instrumented', links: marked.links, pixel: marked.pixel }
    }

    const text = charset.decode(body.content)
    const toByte = createOffsetMap(text, body.content)
    if (toByte === null) return { ...place, kind: 'skipped', reason: 'charset' }
    const rules = { hosts: domain.hosts, skipUrls, isSure: charset.isSure }
    const marked = prepareTextLinks(text, rules, mints.text, counts.text)(activation, recipient)
    const inBytes = marked.edits.map(({ start, end, text }) => ({ start: toByte(start), end: toByte(end), text }))
    addEdits(body, inBytes)
    namesRecipient ||= marked.namesRecipient
    counts.text += marked.links.length
    return { ...place, type: 'text/plain', kind: 'instrumented', links: marked.links, pixel: noPixel }
  }

  // HTML comes before text: a link that is private in the HTML is private in the text.
  const isText = (part: MessagePart): number => (part.type === 'text/html' ? 0 : 1)
  const outcomes = new Map<MessagePart, PartOutcome>()
  for (const part of parts.toSorted((one, other) => isText(one) - isText(other)))
    outcomes.set(part, instrumentPart(part))
  edits.sort((one, other) => one.start - other.start)
  return { edits, namesRecipient, parts: parts.map((part) => outcomes.get(part)!) }
}

const byteOrderMark = '\xef\xbb\xbf'
const noPixel = { kind: 'skipped', reason: 'no-place' } as const

function leaveAlone(source: string, type: string, reason: PartReason): InstrumentedParts {
  const whole: PartOutcome = { path: '', type, start: 0, end: source.length, kind: 'skipped', reason }
  return { edits: [], namesRecipient: false, parts: [whole] }
}

/** A part's content, or why it is left alone. */
function openPart(
  source: string,
  bytes: Uint8Array,
  part: MessagePart,
  withText: boolean,
): { readonly body: Body; readonly charset: Charset } | PartReason {
  if (part.reason !== null) return part.reason
  if (part.type === 'text/plain' && !withText) return 'other-type'
  if (part.start === part.end) return 'empty'
  const body = readBody(source, bytes, part)
  if (body === null) return 'encoding'
  const armored = armor.exec(body.content)
  if (armored !== null) return armored[1] === undefined ? 'encrypted' : 'signed'
  const charset = readCharset(part.charset, body.content)
  return charset === null ? 'charset' : { body, charset }
}

/** What the HTML wants left alone, as `URL` serialises it. */
function privateUrls(link: LinkOutcome): readonly string[] {
  if (link.kind !== 'skipped' || (link.reason !== 'opt-out' && link.reason !== 'caller')) return []
  const url = parseUrl(toDestination(link.href))
  return url === null ? [] : [url.href]
}
