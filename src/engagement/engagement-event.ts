import type { OpenMode } from '../config/tracking-modes.ts'

/** What is read of an event: the receiver's `TrackingEvent` fits, and so does a row of your own table with these fields. */
export interface EngagementEvent {
  readonly type: 'click' | 'open'
  /** Events are delivered at least once: the same id twice is one event. */
  readonly id: string
  readonly mode: OpenMode
  /** `null` in mode `anonymous`: nobody knows which message it was. */
  readonly messageRef: string | null
  readonly domain: string
  /** When the request came, in ms since the epoch. */
  readonly time: number
  /** When the message was instrumented, in ms since the epoch. */
  readonly issuedAt: number | null
  readonly userAgent: string | null
  readonly clientAddress: string | null
  /** What the request said of itself. Default: nothing */
  readonly signals?: readonly string[] | undefined
  /** Of a click: the part it was in. */
  readonly part?: 'html' | 'text' | undefined
  /** Of a click: the position of the link among all link sites of its part. */
  readonly index?: number | undefined
  /** Of a click: where the link leads. */
  readonly destination?: string | undefined
}

/** Who was behind an event. */
export const actors = {
  person: 'somebody read the mail, or followed a link',
  machine: 'software did: a gateway that checks mail, a crawler',
  proxy: 'the mail was shown or delivered; nobody can tell by whom, or whether it was read',
} as const
export type Actor = keyof typeof actors
