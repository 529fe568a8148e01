// Owns the URLs that stand in sent mail: how they are written and how they are read. They must stay readable for ever,
// as the mail they stand in is never taken back.

import type { CheckedDomain } from '../config/domain-config.ts'
import { createTokenOpener, type TokenOpener } from './token.ts'

/** What a tracking URL refers to. */
export type TrackingReference =
  | {
      readonly kind: 'click'
      readonly part: 'html' | 'text'
      /** Position of the link among all link sites of its part. */
      readonly index: number
      /** Where the link led when the mail was sent; `null` for a stored reference, which only its keeper can resolve. */
      readonly destination: string | null
      readonly messageRef: string
      /** Seconds since the epoch; `null` for a stored reference. */
      readonly issuedAt: number | null
      /** Whether a signature vouches for all of this. A stored reference proves nothing until it is looked up. */
      readonly authenticated: boolean
    }
  | {
      readonly kind: 'open'
      readonly messageRef: string
      readonly issuedAt: number | null
      readonly authenticated: boolean
    }

/** What a stored `messageRef` must look like to be unguessable and to stand in a path. */
export const storedRefPattern: RegExp = /^[A-Za-z0-9_-]{16,128}$/

/** In characters: the longest tracking URL that is read. */
export const maxTrackingUrlLength = 8192

/** `https://HOST/c/TOKEN` */
export const signedClickUrl = (origin: string, token: string): string => `${origin}/c/${token}`
/** `https://HOST/o/TOKEN.gif` */
export const signedOpenUrl = (origin: string, token: string): string => `${origin}/o/${token}.gif`
/** `https://HOST/c/REF/3`, or `/c/REF/t3` from the text part. */
export const storedClickUrl = (origin: string, part: 'html' | 'text', messageRef: string, index: number): string =>
  `${origin}/c/${messageRef}/${part === 'text' ? 't' : ''}${index}`
/** `https://HOST/o/REF/0.gif` */
export const storedOpenUrl = (origin: string, messageRef: string): string => `${origin}/o/${messageRef}/0.gif`

const signedClickPath = /^\/c\/([A-Za-z0-9_-]+)$/
const signedOpenPath = /^\/o\/([A-Za-z0-9_-]+)\.gif$/
const storedClickPath = /^\/c\/([A-Za-z0-9_-]{16,128})\/(t?)(0|[1-9][0-9]{0,9})$/
const storedOpenPath = /^\/o\/([A-Za-z0-9_-]{16,128})\/0\.gif$/
/** The index is 32 bits wide in signed payloads, and so here. */
const maxIndex = 0xffff_ffff

/** Reads the path of a tracking URL (without query); `null` for what this domain never wrote. */
export type PathReader = (pathname: string) => TrackingReference | null

/** Prepares a domain's keys for reading many paths. */
export function createPathReader(domain: CheckedDomain): PathReader {
  const openToken = createTokenOpener(domain.name, domain.keys)
  return (pathname) =>
    pathname.length > maxTrackingUrlLength ? null : (readSigned(pathname, openToken) ?? readStored(pathname))
}

function readSigned(pathname: string, openToken: TokenOpener): TrackingReference | null {
  const click = signedClickPath.exec(pathname)
  const token = (click ?? signedOpenPath.exec(pathname))?.[1]
  const payload = token === undefined ? null : openToken(token)
  if (payload === null || (payload.kind === 'click') !== (click !== null)) return null
  // Field by field: a rest and a spread took 2 of the 7 us that reading a path took on Node 20.
  const { messageRef, issuedAt } = payload
  if (payload.kind === 'open') return { kind: 'open', messageRef, issuedAt, authenticated: true }
  const { part, index, destination } = payload
  return { kind: 'click', part, index, destination, messageRef, issuedAt, authenticated: true }
}

function readStored(pathname: string): TrackingReference | null {
  const open = storedOpenPath.exec(pathname)
  if (open) return { kind: 'open', messageRef: open[1]!, issuedAt: null, authenticated: false }
  const [, messageRef, text, digits] = storedClickPath.exec(pathname) ?? []
  if (messageRef === undefined || Number(digits) > maxIndex) return null
  return {
    kind: 'click',
    part: text === 't' ? 'text' : 'html',
    index: Number(digits),
    destination: null,
    messageRef,
    issuedAt: null,
    authenticated: false,
  }
}
