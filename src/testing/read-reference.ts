import { activeHost } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { createUrlReader, type TrackingReference } from '../tracking-url/read-tracking-url.ts'

/** What new mail of a domain may carry: its own URLs, through the active host, signed if it has keys, with nothing behind. */
export interface ReferenceReader {
  read(url: string): TrackingReference | null
  /** Whether it belongs to the message that the others belong to. */
  isSameMessage(reference: TrackingReference): boolean
}

export function createReferenceReader(domain: CheckedDomain): ReferenceReader {
  const readUrl = createUrlReader(domain)
  const host = activeHost(domain)
  const known = new Map<string, string>()
  return {
    read(url) {
      const reference = readUrl(url)
      if (host === undefined || !url.startsWith(`${host.origin}/`) || /[?#]/.test(url)) return null
      return reference?.authenticated === domain.keys.length > 0 ? reference : null
    },
    isSameMessage({ kind, mode, messageRef, campaignRef }) {
      // A stored reference does not say whose it is: opens may be the campaign's and clicks the message's.
      const key = mode === null ? kind : messageRef === null ? 'campaign' : 'message'
      const ref = messageRef ?? campaignRef!
      if (!known.has(key)) known.set(key, ref)
      return known.get(key) === ref
    },
  }
}
