export type { Activation } from '../config/activation.ts'
export type { DomainConfig, RecordStatus, SigningKey, TrackingDomain } from '../config/domain-config.ts'
export type { ClickMode, OpenMode } from '../config/tracking-modes.ts'
export type { Finding } from '../dns/finding.ts'
export type { VerificationOutcome } from '../domains/apply-verification.ts'
export type { Count, PeopleCount, Rate } from '../engagement/count.ts'
export type { Actor } from '../engagement/engagement-event.ts'
export type { Reason } from '../engagement/rules.ts'
export type { EngagementSummary, TrackedMessages } from '../engagement/summarize-engagement.ts'
export type { LinkSummary } from '../engagement/summarize-links.ts'
export { MailtraceError, type MailtraceErrorCode } from '../errors.ts'
export type { ClickEvent, OpenEvent, TrackingEvent } from '../receiver/events.ts'
export type { ReferenceQuery, StoredReference } from '../receiver/receiver-options.ts'
export type { Signal } from '../receiver/signals.ts'
export { createStore, type Store, type StoreOptions } from './create-store.ts'
export type { Database, Row } from './database.ts'
export type { EventsOptions, EventsPart, JudgeSelection, StoredEvent } from './events.ts'
export type { MessageLink } from './message-link.ts'
export type {
  Erased,
  ForgetSelection,
  MessageDetails,
  MessagesPart,
  PurgeOptions,
  SaveCampaignOptions,
  SavedLink,
  SavedOutcome,
  SavedPart,
} from './messages.ts'
export type {
  ActorCounts,
  CampaignDetail,
  CampaignRow,
  Counts,
  DayRow,
  FindCampaignOptions,
  FindMessageOptions,
  ListCampaignsOptions,
  ListMessagesOptions,
  MessageDetail,
  MessageRow,
  NumbersPart,
  OwnerOption,
} from './numbers.ts'
export type { Page, PageOptions } from './page.ts'
export type { DomainStore, DueHost, HostCheck, StoredDomain } from './stored-domain.ts'
