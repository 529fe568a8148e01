import { type ClickMode, type OpenMode, startOfDay } from '../config/tracking-modes.ts'
import type { TrackingHost } from './host-finder.ts'
import type { RequestHead } from './request-head.ts'
import type { ResolvedReference } from './resolve-reference.ts'
import { type ClassifyRequest, readUserAgent, type Signal } from './signals.ts'

interface EventFields {
  /**
   * Unguessable, and made when the request comes. A sink may deliver an event twice; both have the same id.
   *
   */
  readonly id: string
  /** The reference that the message was instrumented with; `null` in mode `anonymous`. */
  readonly messageRef: string | null
  /** The campaign: in mode `anonymous`, and where `findReference` names it. */
  readonly campaignRef: string | null
  /** The sending domain, in lower-case A-labels. */
  readonly domain: string
  /** The tracking host that was asked. */
  readonly host: string
  /** When the request came, in ms since the epoch; in mode `day` the start of that UTC day. */
  readonly time: number
  /**
   * When the message was instrumented, in ms since the epoch; in mode `anonymous` the start of that UTC day; `null` if a stored
   * reference does not say.
   */
  readonly issuedAt: number | null
  /** The first 512 characters of the request's `User-Agent`; only in mode `full`. */
  readonly userAgent: string | null
  /** What the `clientAddress` hook gave; only in mode `full`. No address is read without a hook. */
  readonly clientAddress: string | null
  /**
   * What speaks against a person being behind the request, or explains how it came. Nothing is filtered by it. None in mode
   * `day`.
   */
  readonly signals: readonly Signal[]
}

/** A reader, or a machine, followed a link. */
export interface ClickEvent extends EventFields {
  readonly type: 'click'
  /** How far this recipient is tracked; what it leaves out is `null`. */
  readonly mode: ClickMode
  readonly part: 'html' | 'text'
  /** Position of the link among all link sites of its part. */
  readonly index: number
  /** Where the link led when the mail was sent, as it was written. */
  readonly destination: string
}

/** A mail client, or a machine, loaded the pixel. */
export interface OpenEvent extends EventFields {
  readonly type: 'open'
  /** How far this recipient is tracked; what it leaves out is `null`. */
  readonly mode: OpenMode
  /** Where in the message the pixel stands that was loaded. */
  readonly pixel: 'start' | 'end'
}

/** Plain data: it survives JSON. */
export type TrackingEvent = ClickEvent | OpenEvent

interface Disclosure {
  /** User agent and address. */
  readonly reader: boolean
  /** The time, finer than its day. */
  readonly moment: boolean
  readonly signals: boolean
}

/** What an event of each mode says of a request, beside what its reference says. */
export const disclosures: Readonly<Record<OpenMode, Disclosure>> = {
  full: { reader: true, moment: true, signals: true },
  identified: { reader: false, moment: true, signals: true },
  day: { reader: false, moment: false, signals: false },
  anonymous: { reader: false, moment: true, signals: true },
}

/** The mode is that of the signed or stored reference, whatever the receiver's configuration says now. */
export function makeEvent(
  reference: ResolvedReference,
  { host, domain }: TrackingHost,
  headers: RequestHead['headers'],
  { id, time, clientAddress }: { readonly id: string; readonly time: number; readonly clientAddress: string | null },
  classify: ClassifyRequest,
): TrackingEvent {
  const { mode, messageRef, campaignRef, issuedAt } = reference
  const shown = disclosures[mode]
  const userAgent = readUserAgent(headers)
  // An `issuedAt` that is cut to the day does not tell an age in seconds.
  const ageMs = issuedAt === null || mode === 'anonymous' ? null : time - issuedAt
  const moment = shown.moment ? time : startOfDay(time)
  const agent = shown.reader ? userAgent : null
  const address = shown.reader ? clientAddress : null
  const signals = shown.signals ? classify(headers, userAgent, ageMs) : []
  // Field by field, in one literal each: what both share took longer to spread than to find out.
  if (reference.kind === 'open') {
    return {
      type: 'open',
      id,
      mode,
      pixel: reference.pixel,
      messageRef,
      campaignRef,
      domain,
      host,
      time: moment,
      issuedAt,
      userAgent: agent,
      clientAddress: address,
      signals,
    }
  }
  return {
    type: 'click',
    id,
    mode: reference.mode,
    part: reference.part,
    index: reference.index,
    destination: reference.destination,
    messageRef,
    campaignRef,
    domain,
    host,
    time: moment,
    issuedAt,
    userAgent: agent,
    clientAddress: address,
    signals,
  }
}

/** For a hook that must change nothing: a change to the copy is not recorded. */
export function copyEvent<Event extends TrackingEvent>(event: Event): Event {
  return { ...event, signals: [...event.signals] }
}

/** In ms. */
