import type { InstrumentedEmail } from '../instrument/outcomes.ts'
import { printable } from '../printable.ts'
import type { InspectedLink } from './inspect-email.ts'
import { formatNumber } from './outcome-text.ts'
import { isSameAddress, shownAddress } from './shown-address.ts'

/** Everything that is warned of, in the order of telling. Those about the input are told by `mailtrace instrument` too. */
export const warningTable = [
  { kind: 'empty', about: 'input', text: 'the input is empty' },
  {
    kind: 'message-source',
    about: 'input',
    text: 'the input begins with header fields: the source of a message, not its HTML part',
  },
  { kind: 'base64', about: 'input', text: 'the input is still in base64' },
  { kind: 'quoted-printable', about: 'input', text: 'the input is still quoted-printable' },
  { kind: 'gmail-clip', about: 'email', text: 'near or over the 102,400 bytes after which Gmail clips a message' },
  {
    kind: 'blocked-host',
    about: 'email',
    text: 'filter lists block pixels of a tracking host that begins with `email.`',
  },
  { kind: 'merge-tags', about: 'email', text: 'links with merge tags that are not filled in' },
  { kind: 'shown-address', about: 'email', text: 'the text of a link is another address than where it will lead' },
] as const

export type WarningKind = (typeof warningTable)[number]['kind']

/** What a sender should know before sending. */
export interface Warning {
  readonly kind: WarningKind
  readonly message: string
  /** The index of the link that it is about. */
  readonly link?: number
}

/** What warnings are found in. */
export interface Inspected {
  /** As it was handed over. */
  readonly html: string
  readonly email: InstrumentedEmail
  readonly links: readonly InspectedLink[]
  readonly bytes: { readonly before: number; readonly after: number }
}

type Found = Omit<Warning, 'kind'>
type InputKind = Extract<(typeof warningTable)[number], { about: 'input' }>['kind']

/** HTML whose attributes are still in the transfer encoding of a message's source (RFC 2045 section 6.7). */
const quotedPrintable = /\s(?:href|src|style|class|width|content)=3D["']/i

/** Lines of nothing but base64's alphabet (RFC 2045 section 6.8), the first a long one. */
const base64 = /^[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\r\n]*$/

/** A field that the header of a message begins with, behind the separator line of a mailbox file if there is one. */
const headerField =
  /^(?:From [^\n]*\n)?(?:ARC-[\w-]+|Authentication-Results|Content-[\w-]+|DKIM-Signature|Date|Delivered-To|From|Message-ID|MIME-Version|Received|Reply-To|Return-Path|Subject|To|X-[\w-]+):/i

/** What can be told from the input alone. */
const inputFinders: Readonly<Record<InputKind, (html: string) => string | null>> = {
  empty: (html) => (html.trim() === '' ? 'the input is empty: hand over the HTML of an email' : null),
  'message-source': (html) =>
    headerField.test(html.trimStart())
      ? 'the input looks like the source of a message: use --message or instrumentMessage, or hand over its HTML part, decoded'
      : null,
  base64: (html) =>
    base64.test(html.trim())
      ? 'the input looks base64: hand over the decoded HTML part, not the source of the message'
      : null,
  'quoted-printable': (html) =>
    quotedPrintable.test(html)
      ? 'the input looks quoted-printable (`=3D"`): hand over the decoded HTML part, not the source of the message'
      : null,
}

/** In UTF-8 bytes: beyond this Gmail shows "[Message clipped]" and leaves out the rest, a pixel at the end included. */
export const gmailClipBytes = 102_400

/** Personal names and merge tags differ in length from one recipient to the next: a tenth is left for them. */
const gmailNearBytes = gmailClipBytes * 0.9

const emailFinders: Readonly<Record<Exclude<WarningKind, InputKind>, (inspected: Inspected) => readonly Found[]>> = {
  'gmail-clip': ({ email, bytes: { after } }) => {
    if (after < gmailNearBytes) return []
    const size = `${formatNumber(after)} bytes: Gmail clips a message after ${formatNumber(gmailClipBytes)}`
    if (after <= gmailClipBytes) return [{ message: `${size}, which is near` }]
    return [{ message: isPixelClipped(email) ? `${size}, and the pixel with it` : size }]
  },
  'blocked-host': ({ email: { activation } }) => {
    const message = activation.active && activation.open ? findBlockedHost(activation.host) : null
    return message === null ? [] : [{ message }]
  },
  'merge-tags': ({ links }) => {
    const count = links.filter((link) => link.kind === 'skipped' && link.reason === 'merge-tag').length
    if (count === 0) return []
    return [
      { message: `merge tags in ${count} ${count === 1 ? 'link' : 'links'}: fill them in first, then instrument` },
    ]
  },
  'shown-address': ({ links }) => links.flatMap(findShownAddress),
}

/** What is wrong with a tracking host whose name filter lists know; `null` if nothing is. */
export const findBlockedHost = (host: string): string | null =>
  host.startsWith('email.')
    ? `${host} begins with "email.": filter lists block pixels of such hosts (EasyPrivacy has ://email.*/o/$image); use another label, like links`
    : null

/** Whether the pixel stands behind what Gmail shows. */
function isPixelClipped({ html, pixel }: InstrumentedEmail): boolean {
  const isClipped = (url: string): boolean => utf8Length(html.slice(0, html.indexOf(url))) > gmailClipBytes
  return pixel.kind === 'placed' && pixel.urls.every(isClipped)
}

function findShownAddress(link: InspectedLink): readonly Found[] {
  const address = link.element === 'a' ? shownAddress(link.text) : null
  const destination = link.kind === 'tracked' ? link.destination : link.href
  if (address === null || !/^https?:/i.test(destination.trim())) return []
  const shown = `link ${link.index} shows "${printable(address)}"`
  if (!isSameAddress(address, destination)) {
    const message = `${shown} but leads to ${printable(destination)}: phishing filters look for that`
    return [{ message, link: link.index }]
  }
  if (link.kind === 'skipped') return []
  const message = `${shown} but will lead through ${new URL(link.url).host}: phishing filters look for that; use words, or data-no-track`
  return [{ message, link: link.index }]
}

/** What is wrong with the HTML that was handed over. */
export function findInputWarnings(html: string): readonly Warning[] {
  return warningTable.flatMap((row) => {
    const message = row.about === 'input' ? inputFinders[row.kind](html) : null
    return message === null ? [] : [{ kind: row.kind, message }]
  })
}

export function findWarnings(inspected: Inspected): readonly Warning[] {
  const aboutEmail = warningTable.flatMap((row) =>
    row.about === 'email' ? emailFinders[row.kind](inspected).map((found) => ({ kind: row.kind, ...found })) : [],
  )
  return [...findInputWarnings(inspected.html), ...aboutEmail]
}

export const utf8Length = (text: string): number => new TextEncoder().encode(text).length
