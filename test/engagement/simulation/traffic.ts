// What both traffic generators share: how a request becomes an event. What they make of people and machines they share nothing of.

import { createClassifier } from '../../../src/receiver/signals.ts'

export type Truth = 'person' | 'machine' | 'proxy'

/** An event as the receiver gives it. */
export interface SimulatedEvent {
  readonly type: 'click' | 'open'
  readonly id: string
  readonly mode: 'full' | 'identified'
  readonly messageRef: string
  readonly campaignRef: null
  readonly domain: 'example.com'
  readonly host: 'links.example.com'
  readonly time: number
  readonly issuedAt: number
  readonly userAgent: string | null
  readonly clientAddress: string | null
  readonly signals: readonly string[]
  readonly part: 'html' | 'text'
  readonly pixel: 'end'
  readonly index: number
  readonly destination: string
}

export interface LabelledEvent {
  readonly event: SimulatedEvent
  readonly truth: Truth
  /** What made it, for the report: `people: tabs`, `gateway: slow`. */
  readonly kind: string
}

export interface SimulatedMessage {
  readonly sentAt: number
  readonly issuedAt: number
  /** How many links the message has. */
  readonly links: number
  readonly events: readonly LabelledEvent[]
}

/** Who asks: what the receiver can see of it. */
export interface Client {
  readonly userAgent: string | null
  readonly address: string
}

export interface Request {
  readonly truth: Truth
  readonly kind: string
  readonly client: Client
  /** Ms since the epoch. */
  readonly at: number
  /** `null`: the pixel. */
  readonly link: { readonly part: 'html' | 'text'; readonly index: number } | null
}

/** What the receiver keeps: the mode of the message, and whether the application lets addresses through. */
export interface Recording {
  readonly mode: 'full' | 'identified'
  readonly addresses: boolean
}

/** By the receiver's default of two seconds. */
const classify = createClassifier(2)
const headers = new Headers()

export function recordRequests(
  messageRef: string,
  issuedAt: number,
  requests: readonly Request[],
  { mode, addresses }: Recording,
): LabelledEvent[] {
  return requests.map(({ truth, kind, client: { userAgent, address }, at, link }, number) => {
    const time = Math.round(at)
    const common = {
      id: `${messageRef}-${number}`,
      mode,
      messageRef,
      campaignRef: null,
      domain: 'example.com',
      host: 'links.example.com',
      time,
      issuedAt,
      userAgent: mode === 'full' ? userAgent : null,
      clientAddress: mode === 'full' && addresses ? address : null,
      signals: classify(headers, userAgent, time - issuedAt),
      pixel: 'end',
    } as const
    const { part, index } = link ?? { part: 'html', index: -1 }
    const destination = link === null ? '' : `https://example.com/${part}/${index}`
    return { truth, kind, event: { ...common, type: link === null ? 'open' : 'click', part, index, destination } }
  })
}
