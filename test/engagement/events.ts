// Events as the receiver gives them, in few words.

import type { EngagementEvent } from '../../src/engagement/index.ts'

/** When the message of the tests was sent. */
export const sentAt = Date.UTC(2026, 8, 7, 9)

export const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36'
export const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15'

export const hour = 3_600_000

let made = 0

function event(type: 'click' | 'open', afterMs: number, fields: Partial<EngagementEvent>): EngagementEvent {
  return {
    type,
    id: `${type}-${made++}`,
    mode: 'full',
    messageRef: 'm1',
    domain: 'example.com',
    time: sentAt + afterMs,
    issuedAt: sentAt,
    userAgent: chrome,
    clientAddress: '192.0.2.1',
    signals: [],
    ...fields,
  }
}

/** A click on link `index`, so long after sending. */
export const click = (index: number, afterMs: number, fields: Partial<EngagementEvent> = {}): EngagementEvent =>
  event('click', afterMs, { part: 'html', index, destination: `https://example.com/${index}`, ...fields })

export const open = (afterMs: number, fields: Partial<EngagementEvent> = {}): EngagementEvent =>
  event('open', afterMs, fields)
