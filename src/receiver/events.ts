// Owns what a click and an open look like to the application. Plain data: it survives JSON.

import type { Signal } from './signals.ts'

interface EventFields {
  /** The reference that the message was instrumented with. */
  readonly messageRef: string
  /** The sending domain, in lower-case A-labels. */
  readonly domain: string
  /** The tracking host that was asked. */
  readonly host: string
  /** When the request came, in ms since the epoch. */
  readonly time: number
  /** When the message was instrumented, in seconds since the epoch; `null` if a stored reference does not say. */
  readonly issuedAt: number | null
  /** The first 512 characters of the request's `User-Agent`. */
  readonly userAgent: string | null
  /** What the `clientAddress` hook gave. No address is read without one. */
  readonly clientAddress: string | null
  /** What speaks against a person being behind the request, or explains how it came. Nothing is filtered by it. */
  readonly signals: readonly Signal[]
}

/** A reader, or a machine, followed a link. */
export interface ClickEvent extends EventFields {
  readonly type: 'click'
  readonly part: 'html' | 'text'
  /** Position of the link among all link sites of its part. */
  readonly index: number
  /** Where the link led when the mail was sent, as it was written. */
  readonly destination: string
}

/** A mail client, or a machine, loaded the pixel. */
export interface OpenEvent extends EventFields {
  readonly type: 'open'
}

export type TrackingEvent = ClickEvent | OpenEvent

/** Something that went wrong beside the answer, or instead of a good one. */
export interface ReceiverFailure {
  /** The option that failed; `receiver` and `sink` for failures of their own. */
  readonly source:
    | 'domains'
    | 'host'
    | 'findReference'
    | 'mayRedirect'
    | 'clientAddress'
    | 'recordEvent'
    | 'onEvent'
    | 'waitUntil'
    | 'receiver'
    | 'sink'
  /** What was thrown; a `MailtraceError` with code `timed-out` if nothing came in time. */
  readonly cause: unknown
  /** The events that may not have been recorded: keep them elsewhere, or they are lost. */
  readonly events: readonly TrackingEvent[]
}
