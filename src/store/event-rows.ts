// Events as rows, and back. What is no event must not keep the others of its batch from being written.

import { type ClickMode, clickModes, type OpenMode, openModes } from '../config/tracking-modes.ts'
import type { Actor, EngagementEvent } from '../engagement/engagement-event.ts'
import type { Reason } from '../engagement/rules.ts'
import type { TrackingEvent } from '../receiver/events.ts'
import type { Signal } from '../receiver/signals.ts'
import { maxNameLength } from './check-options.ts'
import { type Row, toNullableNumber, toNumber } from './database.ts'
import { storableText } from './storable-text.ts'

/** An event, as the columns have it. */
export interface EventRow {
  readonly domain: string
  /** `''` for an anonymous one. */
  readonly message_ref: string
  readonly id: string
  readonly campaign_ref: string | null
  readonly type: 'click' | 'open'
  readonly mode: OpenMode
  readonly host: string
  readonly time: number
  readonly issued_at: number | null
  readonly user_agent: string | null
  readonly client_address: string | null
  readonly signals: readonly string[]
  readonly part: 'html' | 'text' | null
  readonly link_index: number | null
  readonly destination: string | null
  readonly pixel: 'start' | 'end' | null
}

export type ReadEvent =
  | { readonly kind: 'event'; readonly row: EventRow }
  | { readonly kind: 'unreadable'; readonly flaw: string; readonly content: string }

/** The field that makes it no event. */
type Flaw = { readonly flaw: string }

export function readEvent(event: unknown): ReadEvent {
  const unreadable = (flaw: string): ReadEvent => ({ kind: 'unreadable', flaw, content: print(event) })
  if (typeof event !== 'object' || event === null) return unreadable('event')
  try {
    const row = toRow(event as Readonly<Record<string, unknown>>)
    return 'flaw' in row ? unreadable(row.flaw) : { kind: 'event', row }
  } catch {
    // A getter, or a proxy.
    return unreadable('event')
  }
}

function toRow(event: Readonly<Record<string, unknown>>): EventRow | Flaw {
  const { type, mode, messageRef, time, part, index, destination } = event
  const isClick = type === 'click'
  if (!isClick && type !== 'open') return { flaw: 'type' }
  if (!(isClick ? clickModes : openModes).some((known) => known === mode)) return { flaw: 'mode' }
  if (!isName(event.id)) return { flaw: 'id' }
  if (!isName(event.domain)) return { flaw: 'domain' }
  if (messageRef !== null && !isName(messageRef)) return { flaw: 'messageRef' }
  if (!isTime(time)) return { flaw: 'time' }
  if (isClick) {
    if (part !== 'html' && part !== 'text') return { flaw: 'part' }
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) > maxIndex) return { flaw: 'index' }
    if (typeof destination !== 'string') return { flaw: 'destination' }
  }
  const { signals, issuedAt } = event
  return {
    domain: storableText(event.domain).toLowerCase(),
    message_ref: messageRef === null ? '' : storableText(messageRef),
    id: storableText(event.id),
    campaign_ref: isName(event.campaignRef) ? storableText(event.campaignRef) : null,
    type: isClick ? 'click' : 'open',
    mode: mode as OpenMode,
    host: textOf(event.host) ?? '',
    time: Math.floor(time),
    issued_at: isTime(issuedAt) ? Math.floor(issuedAt) : null,
    user_agent: textOf(event.userAgent),
    client_address: textOf(event.clientAddress),
    signals: Array.isArray(signals) ? signals.flatMap((signal) => textOf(signal) ?? []) : [],
    part: isClick ? (part as 'html' | 'text') : null,
    link_index: isClick ? (index as number) : null,
    destination: isClick ? storableText(destination as string) : null,
    pixel: isClick ? null : event.pixel === 'start' ? 'start' : 'end',
  }
}

/** The largest integer of PostgreSQL. */
const maxIndex = 2_147_483_647
/** In ms: the last moment that a Date can tell. */
const maxTime = 8_640_000_000_000_000

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxNameLength

const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= maxTime

const textOf = (value: unknown): string | null => (typeof value === 'string' ? storableText(value) : null)

function print(event: unknown): string {
  try {
    return storableText(JSON.stringify(event) ?? String(event))
  } catch {
    return 'something that JSON cannot write'
  }
}

/** What the judge reads of a row. */
export function toJudged(row: EventRow): EngagementEvent {
  const { type, id, mode, message_ref, domain, time, issued_at, user_agent, client_address, signals } = row
  return {
    type,
    id,
    mode,
    messageRef: message_ref === '' ? null : message_ref,
    domain,
    time,
    issuedAt: issued_at,
    userAgent: user_agent,
    clientAddress: client_address,
    signals,
    ...(row.part === null ? {} : { part: row.part, index: row.link_index!, destination: row.destination ?? '' }),
  }
}

export interface Verdict {
  readonly actor: Actor
  readonly reasons: readonly Reason[]
}

/** The event as it was written. */
export function toEvent(row: Row): TrackingEvent {
  const fields = {
    id: row.id as string,
    messageRef: row.message_ref === '' ? null : (row.message_ref as string),
    campaignRef: row.campaign_ref as string | null,
    domain: row.domain as string,
    host: row.host as string,
    time: toNumber(row.time),
    issuedAt: toNullableNumber(row.issued_at),
    userAgent: row.user_agent as string | null,
    clientAddress: row.client_address as string | null,
    signals: row.signals as Signal[],
  }
  if (row.type === 'open')
    return { type: 'open', mode: row.mode as OpenMode, pixel: row.pixel as 'start' | 'end', ...fields }
  return {
    type: 'click',
    mode: row.mode as ClickMode,
    part: row.part as 'html' | 'text',
    index: row.link_index as number,
    destination: row.destination as string,
    ...fields,
  }
}
