// Owns what `inspect` finds out: the outcome of instrumenting, the sizes, and what a sender should know before sending.

import type { InstrumentedEmail, LinkOutcome } from '../index.ts'
import { formatNumber, printable } from './text.ts'
import { isSameAddress, visibleAddress } from './visible-url.ts'

export interface Warning {
  readonly kind: 'gmail-clip' | 'visible-url' | 'quoted-printable'
  readonly message: string
}

export interface Inspection extends Omit<InstrumentedEmail, 'html'> {
  /** In UTF-8 bytes. */
  readonly bytes: { readonly before: number; readonly after: number }
  readonly warnings: readonly Warning[]
}

/** In UTF-8 bytes: beyond this Gmail shows "[Message clipped]" and leaves out the rest, a pixel at the end included. */
const gmailClipBytes = 102_400

/** Personal names and merge tags differ in length from one recipient to the next: a tenth is left for them. */
const gmailNearBytes = gmailClipBytes * 0.9

/** HTML whose attributes are still in the transfer encoding of a message's source (RFC 2045 section 6.7). */
const quotedPrintable = /\s(?:href|src|style|class|width|content)=3D["']/i

export function inspectEmail(html: string, { html: after, ...outcome }: InstrumentedEmail): Inspection {
  const bytes = { before: Buffer.byteLength(html), after: Buffer.byteLength(after) }
  const warnings = [
    ...quotedPrintableWarning(html),
    ...clipWarning(bytes.after),
    ...outcome.links.flatMap((link) => visibleUrlWarning(html, link)),
  ]
  return { ...outcome, bytes, warnings }
}

export function quotedPrintableWarning(html: string): readonly Warning[] {
  if (!quotedPrintable.test(html)) return []
  const message =
    'the input looks quoted-printable (`=3D"`): hand over the decoded HTML part, not the source of the message'
  return [{ kind: 'quoted-printable', message }]
}

function clipWarning(bytes: number): readonly Warning[] {
  if (bytes < gmailNearBytes) return []
  const message =
    bytes > gmailClipBytes
      ? `${formatNumber(bytes)} bytes: Gmail clips a message after ${formatNumber(gmailClipBytes)}, and a pixel at the end with it`
      : `${formatNumber(bytes)} bytes: Gmail clips a message after ${formatNumber(gmailClipBytes)}, which is near`
  return [{ kind: 'gmail-clip', message }]
}

function visibleUrlWarning(html: string, link: LinkOutcome): readonly Warning[] {
  const address = link.element === 'a' ? visibleAddress(html, link.start, link.end) : null
  const destination = link.kind === 'tracked' ? link.destination : link.href
  if (address === null || !/^https?:/i.test(destination.trim())) return []
  const shown = `link ${link.index} shows "${printable(address)}"`
  if (!isSameAddress(address, destination)) {
    const message = `${shown} but leads to ${printable(destination)}: phishing filters look for that`
    return [{ kind: 'visible-url', message }]
  }
  if (link.kind === 'skipped') return []
  const message = `${shown} but will lead through ${new URL(link.url).host}: phishing filters look for that; use words, or data-no-track`
  return [{ kind: 'visible-url', message }]
}
