import type { ClickEvent, OpenEvent, SavedOutcome } from '../../src/store/index.ts'

/** Noon of a Tuesday. */
export const sentAt: number = Date.UTC(2026, 10, 24, 12)

const common = {
  campaignRef: null,
  domain: 'example.com',
  host: 'links.example.com',
  issuedAt: sentAt,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0',
  clientAddress: null,
  signals: [],
} as const

let made = 0
const nextId = (): string => `event-${made++}`

export function click(messageRef: string | null, index: number, fields: Partial<ClickEvent> = {}): ClickEvent {
  const destination = `https://example.com/${index}`
  const own = { type: 'click', id: nextId(), mode: 'full', part: 'html', index, destination, messageRef } as const
  return { ...common, ...own, time: sentAt + 3_600_000, ...fields }
}

export function open(messageRef: string | null, fields: Partial<OpenEvent> = {}): OpenEvent {
  const own = { type: 'open', id: nextId(), mode: 'full', pixel: 'end', messageRef } as const
  return { ...common, ...own, time: sentAt + 3_600_000, ...fields }
}

type Modes = Partial<Omit<Extract<SavedOutcome['activation'], { active: true }>, 'active' | 'host'>>

/** Of a mail with two tracked links and one that is none. */
export function outcome(messageRef: string | null, modes: Modes = {}): SavedOutcome {
  return {
    messageRef,
    activation: { active: true, host: 'links.example.com', open: 'full', click: 'full', ...modes },
    links: [
      { kind: 'tracked', index: 0, element: 'a', name: 'shop', destination: 'https://example.com/shop' },
      { kind: 'tracked', index: 1, element: 'a', name: null, destination: 'https://example.com/blog' },
      { kind: 'skipped' },
    ],
    issuedAt: sentAt,
  }
}
