// Owns the receiver's options: what they mean, and their check at the border. Inside, only CheckedOptions is used.

import { optionChecks } from '../checks.ts'
import type { DomainConfig } from '../config/domain-config.ts'
import type { ClickEvent, ReceiverFailure, TrackingEvent } from './events.ts'
import type { RequestHead } from './request-head.ts'
import type { DomainLookup } from './tracking-hosts.ts'

/** Which stored reference a request names. Anybody can ask for any. */
export type ReferenceQuery =
  | {
      readonly kind: 'click'
      /** The sending domain. One customer's reference must not be found through the host of another. */
      readonly domain: string
      readonly messageRef: string
      readonly part: 'html' | 'text'
      /** The `index` of the tracked link in `InstrumentedEmail.links`. */
      readonly index: number
    }
  | { readonly kind: 'open'; readonly domain: string; readonly messageRef: string }

/** What the application has stored of a reference. */
export interface StoredReference {
  /** The `destination` of the tracked link. A click needs it; an open does not. */
  readonly destination?: string
  /** When the message was instrumented, in seconds since the epoch. Default: unknown */
  readonly issuedAt?: number | null
}

export interface ReceiverOptions {
  /**
   * The sending domains whose tracking hosts are served, each with every host it ever had. One or a list is read once;
   * a lookup is asked for each request, and gives `null` for a host that nobody has.
   */
  readonly domains: DomainConfig | readonly DomainConfig[] | DomainLookup
  /** Takes each click and open. Runs after the answer unless `awaitEvents` is set. */
  readonly onEvent: (event: TrackingEvent) => unknown
  /**
   * Takes what went wrong, with the events that may be lost by it. What it throws itself goes to `console.error`, and so does
   * a promise that takes longer than 20 s.
   * Default: `console.error`, without the events, which are personal data.
   */
  readonly onError?: (failure: ReceiverFailure) => unknown
  /** Resolves stored references; `null` for those that are unknown. Default: none is known */
  readonly findReference?: (
    query: ReferenceQuery,
  ) => StoredReference | null | undefined | PromiseLike<StoredReference | null | undefined>
  /** `false` for a click that must lead nowhere, as its sender or link was shut down. Default: all may */
  readonly mayRedirect?: (click: ClickEvent) => boolean | PromiseLike<boolean>
  /**
   * `false` for an event that must not be recorded, as the recipient withdrew consent: the reader is served all the same.
   * If it fails, the event goes to `onError` instead of `onEvent`. Default: all are recorded
   */
  readonly recordEvent?: (event: TrackingEvent) => boolean | PromiseLike<boolean>
  /** The host that the reader asked for, where a proxy changes it. Default: the host of the request's URL */
  readonly host?: (request: RequestHead) => string | null | PromiseLike<string | null>
  /**
   * The reader's address, cut or whole, from the request or from what the server passes beside it. See `headerAddress`,
   * `forwardedAddress` and `truncateAddress`. Default: none is read
   */
  readonly clientAddress?: (
    request: RequestHead,
    ...contexts: readonly unknown[]
  ) => string | null | PromiseLike<string | null>
  /**
   * Holds the answer until `recordEvent` and `onEvent` have settled: for platforms that stop after the answer, and for sinks
   * that must not lose an answered click. `timeoutMs` (1 to 60,000) is for both together: after it the reader is answered and
   * `onError` called. Default: off
   */
  readonly awaitEvents?: { readonly timeoutMs: number }
  /** For each of `domains`, `host`, `findReference`, `mayRedirect`, `recordEvent` and `clientAddress`, in ms, 1 to 60,000. Default: 3000 */
  readonly lookupTimeoutMs?: number
  /**
   * Below this age of its message an event is `too-fast`, in seconds, 0 to 86,400; 0 marks none but those from the future.
   * Default: 15, as scanners were seen 12 s after sending (resend-node#901)
   */
  readonly tooFastSeconds?: number
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: () => number
}

type Optional = 'findReference' | 'mayRedirect' | 'recordEvent' | 'host' | 'clientAddress'
export interface CheckedOptions
  extends Required<Omit<ReceiverOptions, Optional | 'awaitEvents'>>,
    Pick<ReceiverOptions, Optional> {
  readonly awaitTimeoutMs: number | null
}

const hooks = ['findReference', 'mayRedirect', 'recordEvent', 'host', 'clientAddress'] as const
const known = ['domains', 'onEvent', 'onError', ...hooks, 'awaitEvents', 'lookupTimeoutMs', 'tooFastSeconds', 'now']

export function checkReceiverOptions(options: ReceiverOptions): CheckedOptions {
  optionChecks.object(options, 'options', known)
  const { awaitEvents, ...rest } = options
  for (const hook of hooks) if (rest[hook] !== undefined) optionChecks.function(rest[hook], hook)
  if (awaitEvents !== undefined) optionChecks.object(awaitEvents, 'awaitEvents', ['timeoutMs'])
  return {
    ...rest,
    onEvent: optionChecks.function(rest.onEvent, 'onEvent'),
    onError: optionChecks.function(rest.onError ?? printFailure, 'onError'),
    now: optionChecks.function(rest.now ?? Date.now, 'now'),
    lookupTimeoutMs: optionChecks.integer(rest.lookupTimeoutMs ?? 3000, 'lookupTimeoutMs', 1, 60_000),
    tooFastSeconds: optionChecks.integer(rest.tooFastSeconds ?? 15, 'tooFastSeconds', 0, 86_400),
    awaitTimeoutMs: awaitEvents
      ? optionChecks.integer(awaitEvents.timeoutMs, 'awaitEvents.timeoutMs', 1, 60_000)
      : null,
  }
}

function printFailure({ source, cause, events }: ReceiverFailure): void {
  console.error(`mailtrace: ${source} failed, events not recorded: ${events.length}`, cause)
}
