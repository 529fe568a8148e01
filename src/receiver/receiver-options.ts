import { maxTimeoutMs, optionChecks } from '../checks.ts'
import type { DomainConfig } from '../config/domain-config.ts'
import type { OpenMode } from '../config/tracking-modes.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import type { ClickEvent, TrackingEvent } from './events.ts'
import { printFailure, type ReceiverFailure } from './failures.ts'
import type { DomainLookup } from './host-finder.ts'
import { createMissPrinter, type Miss } from './misses.ts'
import type { RequestHead } from './request-head.ts'

/**
 * What the server passes beside the request, whatever that is: Cloudflare Workers pass `env` and `ctx`, others one object or
 * none. Each hook gets them after its own argument, and declares their types itself: `(event, env: Env) =>
 * env.QUEUE.send(event)`.
 */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, no hook could say what its platform passes
export type Contexts = readonly any[]

/** Which stored reference a request names. Anybody can ask for any. */
export type ReferenceQuery = {
  /** The sending domain. One customer's reference must not be found through the host of another. */
  readonly domain: string
  /** The `messageRef` that the message was instrumented with; in mode `anonymous` the `campaignRef`. */
  readonly ref: string
} & (
  | {
      readonly kind: 'click'
      readonly part: 'html' | 'text'
      /** The `index` of the tracked link in `InstrumentedEmail.links`. */
      readonly index: number
    }
  | {
      readonly kind: 'open'
      /** Where in the message the pixel stands. */
      readonly pixel: 'start' | 'end'
    }
)

/** What the application has stored of a reference. */
export interface StoredReference {
  /** The `destination` of the tracked link. A click needs it; an open does not. */
  readonly destination?: string | null | undefined
  /** When the message was instrumented, in ms since the epoch. Default: unknown */
  readonly issuedAt?: number | null | undefined
  /**
   * How far the recipient may be tracked. Anything but a mode counts as `anonymous`, and `onError` hears of it. Default:
   * `full`
   */
  readonly mode?: OpenMode | undefined
  /** The campaign, for the event. Default: in mode `anonymous` the `ref` that was asked for, else unknown */
  readonly campaignRef?: string | null | undefined
}

type MaybePromise<T> = T | PromiseLike<T>

export interface ReceiverOptions {
  /**
   * The sending domains whose tracking hosts are served, each with every host it ever had. One or a list is read once;
   * a lookup is asked for each request, and gives `null` for a host that nobody has.
   */
  readonly domains: DomainConfig | readonly DomainConfig[] | DomainLookup
  /** Takes each click and open. Runs after the answer unless `awaitEvents` is set. */
  readonly onEvent: (event: TrackingEvent, ...contexts: Contexts) => unknown
  /**
   * Takes what went wrong, with the events that may be lost by it. What it throws itself goes to `console.error`, and so does
   * a promise that takes longer than 20 s.
   * Default: `console.error`, without the events, which are personal data.
   */
  readonly onError?: ((failure: ReceiverFailure, ...contexts: Contexts) => unknown) | undefined
  /**
   * Hears of each request that was refused, and why. Strangers make most of them, and can make any number: count them.
   * Default: the first of each reason is printed by `console.warn`, with what to look at.
   *
   */
  readonly onMiss?: ((miss: Miss, ...contexts: Contexts) => unknown) | undefined
  /** Resolves stored references; `null` for those that are unknown. Default: none is known */
  readonly findReference?:
    | ((query: ReferenceQuery, ...contexts: Contexts) => MaybePromise<StoredReference | null | undefined>)
    | undefined
  /**
   * `false` for a click that must lead nowhere, as its sender or link was shut down. It gets a copy of the event. Default:
   * all clicks may
   */
  readonly mayRedirect?: ((click: ClickEvent, ...contexts: Contexts) => MaybePromise<boolean>) | undefined
  /**
   * `false` for an event that must not be recorded, as the recipient withdrew consent: the reader is served all the same. If
   * it fails, the event goes to `onError` instead of `onEvent`. It gets a copy of the event. Default: all are recorded
   *
   */
  readonly shouldRecord?: ((event: TrackingEvent, ...contexts: Contexts) => MaybePromise<boolean>) | undefined
  /**
   * The host that the reader asked for, where a proxy changes it: see `forwardedHost`. Default: the host of the request's URL
   */
  readonly host?: ((request: RequestHead, ...contexts: Contexts) => MaybePromise<string | null>) | undefined
  /**
   * The reader's address, cut or whole, from the request or from what the server passes beside it. Called in mode `full` alone.
   * See `headerAddress`, `forwardedAddress` and `truncateAddress`. Default: none is read
   */
  readonly clientAddress?: ((request: RequestHead, ...contexts: Contexts) => MaybePromise<string | null>) | undefined
  /**
   * Holds the answer until `shouldRecord` and `onEvent` have settled: for platforms that stop after the answer, and for sinks
   * that must not lose an answered click. Both together may take `timeoutMs` (1 to 60,000); then the reader is answered and
   * `onError` is called. Default: off
   *
   */
  readonly awaitEvents?: { readonly timeoutMs: number } | undefined
  /**
   * Most events that wait for `shouldRecord`, `onEvent` and, where these fail, `onError`, 1 to 1,000,000. Further ones go to
   * `onError` at once, so that a sink that hangs cannot fill the memory. It is also the most calls of `onError`, and of
   * `onMiss`, that are waited for. Default: 10,000
   *
   */
  readonly maxPending?: number | undefined
  /**
   * The longest wait for each of `domains`, `host`, `findReference`, `mayRedirect`, `shouldRecord` and `clientAddress`, in
   * ms, 1 to 60,000. Default: 3000
   */
  readonly lookupTimeoutMs?: number | undefined
  /**
   * Below this age of its message an event is `too-fast`, in seconds, 0 to 86,400; 0 marks none but those from the future.
   * Default: 15, as scanners were seen 12 s after sending (resend-node#901)
   */
  readonly tooFastSeconds?: number | undefined
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
  /** Makes the `id` of an event, which must be unguessable. Default: 128 random bits, as 22 characters */
  readonly createId?: (() => string) | undefined
}

const hooks = ['findReference', 'mayRedirect', 'shouldRecord', 'host', 'clientAddress'] as const
type Hook = (typeof hooks)[number]
type Option = keyof Omit<ReceiverOptions, Hook | 'awaitEvents'>

export type CheckedOptions = { readonly [Name in Option]-?: NonNullable<ReceiverOptions[Name]> } & {
  readonly [Name in Hook]?: ReceiverOptions[Name]
} & { readonly awaitTimeoutMs: number | null }

const known = [
  'domains',
  'onEvent',
  'onError',
  'onMiss',
  ...hooks,
  'awaitEvents',
  'maxPending',
  'lookupTimeoutMs',
  'tooFastSeconds',
  'now',
  'createId',
]

export function checkReceiverOptions(options: ReceiverOptions): CheckedOptions {
  optionChecks.object(options, 'options', known)
  const { awaitEvents, ...rest } = options
  for (const hook of hooks) if (rest[hook] !== undefined) optionChecks.function(rest[hook], hook)
  if (awaitEvents !== undefined) optionChecks.object(awaitEvents, 'awaitEvents', ['timeoutMs'])
  const { integer } = optionChecks
  return {
    ...rest,
    onEvent: optionChecks.function(rest.onEvent, 'onEvent'),
    onError: optionChecks.function(rest.onError ?? printFailure, 'onError'),
    onMiss: optionChecks.function(rest.onMiss ?? createMissPrinter(), 'onMiss'),
    now: optionChecks.function(rest.now ?? Date.now, 'now'),
    createId: optionChecks.function(rest.createId ?? randomRef, 'createId'),
    maxPending: integer(rest.maxPending ?? 10_000, 'maxPending', 1, 1_000_000),
    lookupTimeoutMs: integer(rest.lookupTimeoutMs ?? 3000, 'lookupTimeoutMs', 1, maxTimeoutMs),
    tooFastSeconds: integer(rest.tooFastSeconds ?? 15, 'tooFastSeconds', 0, 86_400),
    awaitTimeoutMs: awaitEvents ? integer(awaitEvents.timeoutMs, 'awaitEvents.timeoutMs', 1, maxTimeoutMs) : null,
  }
}
