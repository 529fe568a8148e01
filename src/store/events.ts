import type { Actor } from '../engagement/engagement-event.ts'
import type { Reason } from '../engagement/rules.ts'
import type { TrackingEvent } from '../receiver/events.ts'
import type { OwnerOption } from './numbers.ts'
import type { Page, PageOptions } from './page.ts'

export interface StoredEvent {
  readonly event: TrackingEvent
  readonly actor: Actor
  readonly reasons: readonly Reason[]
  /** What to give as `after` to go on behind this event. */
  readonly cursor: string
}

export interface EventsOptions extends OwnerOption, PageOptions {
  readonly domain?: string | undefined
  readonly campaign?: string | undefined
  readonly messageRef?: string | undefined
  /** Default: 'oldest', first; whoever goes on behind the last cursor misses none, however many processes write */
  readonly order?: 'oldest' | 'newest' | undefined
}

/** Which messages. */
export type JudgeSelection =
  | { readonly messageRef: string; readonly domain?: string | undefined }
  | { readonly campaign: string; readonly domain?: string | undefined }
  | { readonly all: true }

export interface EventsPart {
  /**
   * Keeps events, judges the messages they belong to, and counts them: `write` of `createBatchingSink`. When it has settled, all
   * of it is stored. The same event again changes nothing, also at the same time and from another process.
   */
  readonly write: (events: readonly TrackingEvent[]) => Promise<void>
  /** Judges anew what is stored, as when the rules have improved. */
  readonly judge: (selection: JudgeSelection) => Promise<void>
  readonly events: (options?: EventsOptions) => Promise<Page<StoredEvent>>
}
