import type { ClickMode, OpenMode } from '../config/tracking-modes.ts'
import type { Count } from '../engagement/count.ts'
import type { EngagementSummary, TrackedMessages } from '../engagement/summarize-engagement.ts'
import type { StoredEvent } from './events.ts'
import type { MessageLink } from './message-link.ts'
import type { Page, PageOptions } from './page.ts'

/** Whose numbers. */
export interface OwnerOption {
  /** Default: 'default' */
  readonly owner?: string | undefined
}

export interface ActorCounts {
  readonly opens: Count
  readonly clicks: Count
}

/** People and machines apart. */
export interface Counts {
  readonly people: ActorCounts
  readonly machines: ActorCounts
  readonly proxies: ActorCounts
}

export interface CampaignRow extends Counts {
  readonly campaign: string
  readonly domain: string
  readonly subject: string | null
  /** Saved messages, tracked or not. */
  readonly messages: number
  /** The denominators. */
  readonly tracked: TrackedMessages & { readonly either: number }
  /** In ms since the epoch; `null` where no saved message says it. */
  readonly firstSentAt: number | null
  /** The latest time of an event that ever came, in ms since the epoch. */
  readonly lastEventAt: number | null
}

export interface DayRow extends Counts {
  /** UTC, `2026-11-24`. */
  readonly day: string
}

export interface CampaignDetail extends CampaignRow {
  readonly summary: EngagementSummary
  /** Days with events, oldest first. */
  readonly days: readonly DayRow[]
  /** As it was before it was instrumented; `null` if it was not saved. */
  readonly html: string | null
  readonly links: readonly MessageLink[]
}

export interface MessageRow extends Counts {
  readonly messageRef: string
  readonly domain: string
  readonly campaign: string | null
  /** `null` if it was not saved, or was erased. */
  readonly recipient: string | null
  readonly subject: string | null
  readonly sentAt: number | null
  readonly issuedAt: number | null
  /** `null`: events came, but the message was not saved. */
  readonly modes: { readonly open: OpenMode | false; readonly click: ClickMode | false } | null
  /** Whether `forget` erased it: it counts no further events. */
  readonly forgotten: boolean
}

export interface MessageDetail extends MessageRow {
  readonly summary: EngagementSummary
  /** The first 500 events, as they came; `events` gives all. */
  readonly timeline: readonly StoredEvent[]
  readonly html: string | null
  readonly links: readonly MessageLink[]
}

export interface ListCampaignsOptions extends OwnerOption, PageOptions {
  readonly domain?: string | undefined
}

export interface FindCampaignOptions extends OwnerOption {
  readonly campaign: string
  /** Where several of the owner's domains have a campaign of this name. Default: the newest */
  readonly domain?: string | undefined
}

export interface ListMessagesOptions extends OwnerOption, PageOptions {
  readonly campaign?: string | undefined
  readonly domain?: string | undefined
}

export interface FindMessageOptions extends OwnerOption {
  readonly messageRef: string
  /** Where several of the owner's domains have a message of this reference. Default: the newest */
  readonly domain?: string | undefined
}

export interface NumbersPart {
  /** Newest first. */
  readonly campaigns: (options?: ListCampaignsOptions) => Promise<Page<CampaignRow>>
  readonly campaign: (options: FindCampaignOptions) => Promise<CampaignDetail | null>
  /** Newest first. */
  readonly messages: (options?: ListMessagesOptions) => Promise<Page<MessageRow>>
  readonly message: (options: FindMessageOptions) => Promise<MessageDetail | null>
  /** Counts all numbers from scratch: what is stored of each message, its events and what is kept of erased ones. */
  readonly rebuild: () => Promise<void>
}
