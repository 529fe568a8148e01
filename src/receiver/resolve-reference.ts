// Owns what a path leads to: what a signature vouches for, or what the application has stored. It must never give a
// destination that may not be followed.

import type { TrackingReference } from '../tracking-url/read-tracking-url.ts'
import { isTrackingUrl } from '../tracking-url/tracking-url.ts'
import { isAbsoluteWebUrl, parseUrl } from '../url.ts'
import type { CheckedOptions, ReferenceQuery } from './receiver-options.ts'
import type { TrackingHost } from './tracking-hosts.ts'

/** A good reference. */
export type ResolvedReference = {
  readonly messageRef: string
  /** In seconds since the epoch. */
  readonly issuedAt: number | null
} & (
  | { readonly kind: 'open' }
  | {
      readonly kind: 'click'
      readonly part: 'html' | 'text'
      readonly index: number
      readonly destination: string
      /** The destination in ASCII, as a header can carry it and the reader's browser would have made it. */
      readonly location: string
    }
)

/** `null` for a bad reference. */
export type ResolveReference = (
  host: TrackingHost,
  pathname: string,
) => ResolvedReference | null | Promise<ResolvedReference | null>

export function createResolver(findReference: CheckedOptions['findReference']): ResolveReference {
  async function findStored(reference: TrackingReference, host: TrackingHost): Promise<ResolvedReference | null> {
    const stored = await findReference?.(toQuery(reference, host.domain))
    if (stored === null || stored === undefined) return null
    const { destination = null, issuedAt = null } = stored
    return check(
      reference.kind === 'click' ? { ...reference, destination, issuedAt } : { ...reference, issuedAt },
      host,
    )
  }
  return (host, pathname) => {
    const reference = host.readPath(pathname)
    if (reference === null) return null
    if (!reference.authenticated) return findStored(reference, host)
    const issuedAt = reference.issuedAt === null ? null : reference.issuedAt / 1000
    return check({ ...reference, issuedAt }, host)
  }
}

function toQuery(reference: TrackingReference, domain: string): ReferenceQuery {
  const { kind } = reference
  const messageRef = reference.messageRef!
  if (kind === 'open') return { kind, domain, messageRef }
  const { part, index } = reference
  return { kind, domain, messageRef, part, index }
}

// A good signature is no reason to follow: keys leak, and stores are written to.
function check(reference: TrackingReference, host: TrackingHost): ResolvedReference | null {
  const { messageRef, issuedAt } = reference
  if (messageRef === null) return null
  if (reference.kind === 'open') return { kind: 'open', messageRef, issuedAt }
  const { kind, part, index, destination } = reference
  // A store may give anything: URL would read an object or a list by its text.
  const location = typeof destination === 'string' ? toLocation(destination, host) : null
  if (destination === null || location === null) return null
  return { kind, messageRef, issuedAt, part, index, destination, location }
}

function toLocation(destination: string, ownHost: { readonly host: string }): string | null {
  const url = isAbsoluteWebUrl(destination) ? parseUrl(destination) : null
  // On the own host it would come back here for ever.
  return url === null || isTrackingUrl(url, [ownHost]) ? null : url.href
}
