import type { Activation } from '../config/activation.ts'
import type { ReferenceQuery, StoredReference } from '../receiver/receiver-options.ts'

/** What is read of a link outcome: those of `instrumentEmail`, `instrumentText` and `instrumentMessage` fit. */
export type SavedLink =
  | {
      readonly kind: 'tracked'
      readonly index: number
      readonly destination: string
      readonly name?: string | null | undefined
      readonly element?: string | undefined
      /** Default: 'html' */
      readonly part?: 'html' | 'text' | undefined
    }
  | { readonly kind: 'skipped' }

/** What is read of an outcome: those of `instrumentEmail`, `instrumentMessage` and the nodemailer plugin fit. */
export interface SavedOutcome {
  /** `null` where nothing in the mail carries it. */
  readonly messageRef: string | null
  readonly activation: Activation
  /** In ms since the epoch. Default: `sentAt` */
  readonly issuedAt?: number | undefined
  /** When it was handed over for delivery, where the outcome knows, in ms since the epoch. Default: `issuedAt` */
  readonly sentAt?: number | undefined
  /** Of the HTML part. Default: those of `parts` */
  readonly links?: readonly SavedLink[] | undefined
  /** Of the text part. Default: none, or those of `parts` */
  readonly textLinks?: readonly SavedLink[] | undefined
  /** Default: none */
  readonly parts?: readonly SavedPart[] | undefined
}

/** What is read of a part's outcome. */
export interface SavedPart {
  readonly kind: 'instrumented' | 'skipped'
  /** `text/plain` is the text part. */
  readonly type: string
  readonly links?: readonly SavedLink[] | undefined
}

export interface SaveCampaignOptions {
  /** Whose the sending domain is. Default: its owner, else 'default' */
  readonly owner?: string | undefined
  /** The sending domain. */
  readonly domain: string
  /** What you call it, 1 to 128 characters; where mail has anonymous recipients, the `campaignRef` it is prepared with. */
  readonly campaign: string
  readonly subject?: string | undefined
  /** The mail before it is instrumented, for the click map. */
  readonly html?: string | undefined
  /** `links` of any copy. Default: those of the first message that is saved */
  readonly links?: readonly SavedLink[] | undefined
  /** In ms since the epoch. */
  readonly now: number
}

export interface MessageDetails {
  /** The sending domain. */
  readonly domain: string
  readonly campaign?: string | undefined
  /** Who gets it: the only personal field, and no other one needs it. Default: not kept */
  readonly recipient?: string | undefined
  /** When it was handed over for delivery, in ms since the epoch. Default: what the outcome says */
  readonly sentAt?: number | undefined
  readonly subject?: string | undefined
  /** The mail before it is instrumented, where it has no campaign that keeps it. */
  readonly html?: string | undefined
}

export interface MessagesPart {
  readonly saveCampaign: (options: SaveCampaignOptions) => Promise<void>
  /** Keeps a message's links, modes and time, so that its clicks lead somewhere and its numbers have a denominator. */
  readonly saveMessage: (outcome: SavedOutcome, details: MessageDetails) => Promise<void>
  /** The same for many, in one go. */
  readonly saveMessages: (
    messages: readonly { readonly outcome: SavedOutcome; readonly details: MessageDetails }[],
  ) => Promise<void>
  /** The receiver's `findReference`. */
  readonly findReference: (query: ReferenceQuery) => Promise<StoredReference | null>
  /**
   * Erases a person's traces, or a message's: recipient, subject, HTML and events. What they counted for stays counted, links go
   * on working, and no further event of these messages is kept.
   */
  readonly forget: (selection: ForgetSelection) => Promise<Erased>
  /**
   * Erases what is older than a time: events before it, and recipient, subject and HTML of messages sent before it. What they
   * counted for stays counted, and links go on working. What was written and is no event goes, too.
   */
  readonly purge: (options: PurgeOptions) => Promise<Erased>
}

/** Whom or what to forget. */
export type ForgetSelection = {
  /** Default: whosoever's */
  readonly owner?: string | undefined
  /** The sending domain. Default: all */
  readonly domain?: string | undefined
} & ({ readonly recipient: string } | { readonly messageRef: string })

export interface PurgeOptions {
  /** In ms since the epoch. */
  readonly before: number
}

export interface Erased {
  readonly messages: number
  readonly events: number
}
