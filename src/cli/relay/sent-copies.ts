import { createHash } from 'node:crypto'

/**
 * The copies that were sent of messages whose other copies were not. SMTP has one answer for all recipients: the client hears that
 * it failed, and sends all of it again. Without this, whoever got the first copy would get a second.
 *
 * It is kept in memory alone: after a restart, such a second attempt sends all copies.
 */
export interface SentCopies {
  readonly has: (key: string) => boolean
  readonly add: (key: string) => void
  readonly remove: (key: string) => void
}

/** In all. The oldest is forgotten first. */
const mostCopies = 100_000

export function createSentCopies(most: number = mostCopies): SentCopies {
  const sent = new Set<string>()
  return {
    has: (key) => sent.has(key),
    add: (key) => {
      sent.add(key)
      for (const oldest of sent) {
        if (sent.size <= most) break
        sent.delete(oldest)
      }
    },
    remove: (key) => void sent.delete(key),
  }
}

/** Names the copies of a message by recipient. A second attempt brings the same bytes; what merely looks alike does not. */
export function nameCopies(raw: Uint8Array, sender: string): (recipient: string) => string {
  const message = createHash('sha256').update(`${sender}\0`).update(raw).digest('base64')
  return (recipient) => `${message} ${recipient}`
}
