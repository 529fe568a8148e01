// The URLs that stand in sent mail: how they are spelled, and which URLs are spelled so. They must stay readable for ever, as
// mail that was sent cannot be called back. No key is needed here: the decision about a link only asks whether its URL is one
// of these.

/** The path under which each kind lies. */
export const trackingFolders = { click: '/c/', open: '/o/' } as const

/** In characters: the longest tracking URL that is read, without query and fragment. */
export const maxTrackingUrlLength = 8192

/** What a stored `messageRef` must look like to be unguessable and to stand in a path. */
export const storedRefPattern: RegExp = /^[A-Za-z0-9_-]{16,128}$/

/** A stored reference: whoever keeps it knows what it means. */
export type StoredPath =
  | { readonly kind: 'click'; readonly ref: string; readonly part: 'html' | 'text'; readonly index: number }
  | { readonly kind: 'open'; readonly ref: string; readonly pixel: 'start' | 'end' }

/** What the path of a tracking URL is made of. */
export type TrackingPath = { readonly kind: 'click' | 'open'; readonly token: string } | StoredPath

const { click: clickFolder, open: openFolder } = trackingFolders
const pixelNumbers = { end: 0, start: 1 } as const

/** Writes `/c/TOKEN`, `/o/TOKEN.gif`, `/c/REF/3` (`/c/REF/t3` from the text part) or `/o/REF/0.gif` (`1` at the start). */
export function writeTrackingPath(path: TrackingPath): string {
  if ('token' in path) return path.kind === 'click' ? clickFolder + path.token : `${openFolder}${path.token}.gif`
  if (path.kind === 'open') return `${openFolder}${path.ref}/${pixelNumbers[path.pixel]}.gif`
  return `${clickFolder}${path.ref}/${path.part === 'text' ? 't' : ''}${path.index}`
}

const tokenPattern = /^[A-Za-z0-9_-]+$/
const storedClickPattern = /^([A-Za-z0-9_-]{16,128})\/(t?)(0|[1-9][0-9]{0,9})$/
const storedOpenPattern = /^([A-Za-z0-9_-]{16,128})\/([01])$/
const pixelEnding = '.gif'
/** The index is 32 bits wide in signed payloads, and so here. */
const maxIndex = 0xffff_ffff

/** The inverse of {@link writeTrackingPath}; `null` for what that never writes. */
export function parseTrackingPath(pathname: string): TrackingPath | null {
  const kind = trackingKind(pathname)
  if (kind === null || pathname.length > maxTrackingUrlLength) return null
  const start = trackingFolders[kind].length
  if (kind === 'click') {
    const rest = pathname.slice(start)
    if (tokenPattern.test(rest)) return { kind, token: rest }
    const stored = storedClickPattern.exec(rest)
    const index = Number(stored?.[3])
    if (stored === null || index > maxIndex) return null
    return { kind, ref: stored[1]!, part: stored[2] === 't' ? 'text' : 'html', index }
  }
  if (!pathname.endsWith(pixelEnding)) return null
  const rest = pathname.slice(start, -pixelEnding.length)
  if (tokenPattern.test(rest)) return { kind, token: rest }
  const stored = storedOpenPattern.exec(rest)
  return stored && { kind, ref: stored[1]!, pixel: stored[2] === '0' ? 'end' : 'start' }
}

/** Under which of {@link trackingFolders} a path lies; `null` for none. */
export function trackingKind(pathname: string): 'click' | 'open' | null {
  if (pathname.startsWith(clickFolder)) return 'click'
  return pathname.startsWith(openFolder) ? 'open' : null
}

/** Whether a URL is on one of the given hosts, where tracking URLs lie. */
export function isTrackingUrl(url: URL, hosts: readonly { readonly host: string }[]): boolean {
  if (trackingKind(url.pathname) === null) return false
  // Otherwise, URL writes a host as configurations have it.
  const host = url.host.replace(/\.(?=:|$)/, '')
  return hosts.some((known) => known.host === host)
}
