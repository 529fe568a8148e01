import { quote } from '../errors.ts'
import type { Limit } from '../timers.ts'
import type { TrackingEvent } from './events.ts'

/** Where something can go wrong. All but the last three are the option of that name. */
export const failureSources = [
  'domains',
  'host',
  'findReference',
  'mayRedirect',
  'clientAddress',
  'now',
  'createId',
  'shouldRecord',
  'onEvent',
  'onMiss',
  /** The server's `waitUntil`, which keeps it running after an answer. */
  'waitUntil',
  /** The receiver itself: a bug, or a request that is no request. */
  'receiver',
  /** A batching sink. */
  'sink',
] as const

export type FailureSource = (typeof failureSources)[number]

/** Something that went wrong beside the answer, or instead of a good one. */
export interface ReceiverFailure {
  /** The option that failed, or one of `waitUntil`, `receiver` and `sink`. */
  readonly source: FailureSource
  /** What was thrown; a `MailtraceError` with code `timed-out` if nothing came in time. */
  readonly cause: unknown
  /** The events that may not have been recorded: keep them elsewhere, or they are lost. */
  readonly events: readonly TrackingEvent[]
}

/** What {@link askHook} and {@link callHook} throw: plain data, which never leaves the receiver. */
interface HookFailure {
  readonly kind: 'hook-failure'
  readonly source: FailureSource
  readonly cause: unknown
}

/** Calls an option within a limit. What it throws carries its name. Without a promise where the option gives none. */
export function askHook<T>(
  source: FailureSource,
  limit: Pick<Limit, 'wait'>,
  call: () => T | PromiseLike<T>,
): T | Promise<T> {
  const answer = callHook(source, () => limit.wait(call(), source))
  if (!(answer instanceof Promise)) return answer
  return answer.catch((cause: unknown) => {
    throw { kind: 'hook-failure', source, cause } satisfies HookFailure
  })
}

/** The same for an option that decides. Only a boolean decides: a database's `0` must not pass for consent. */
export async function askDecision(
  source: FailureSource,
  limit: Pick<Limit, 'wait'>,
  call: () => boolean | PromiseLike<boolean>,
): Promise<boolean> {
  const decision: unknown = await askHook(source, limit, call)
  if (typeof decision === 'boolean') return decision
  const cause = new TypeError(`${source} gives ${quote(decision)}: give true or false`)
  throw { kind: 'hook-failure', source, cause } satisfies HookFailure
}

/** The same for an option that answers at once. */
export function callHook<T>(source: FailureSource, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw { kind: 'hook-failure', source, cause } satisfies HookFailure
  }
}

/** What was caught around {@link askHook} and {@link callHook}; anything else is a failure of the receiver's own. */
export function toFailure(caught: unknown, events: readonly TrackingEvent[] = []): ReceiverFailure {
  return isHookFailure(caught)
    ? { source: caught.source, cause: caught.cause, events }
    : { source: 'receiver', cause: caught, events }
}

function isHookFailure(caught: unknown): caught is HookFailure {
  return (caught as Partial<HookFailure> | null | undefined)?.kind === 'hook-failure'
}

/** The default `onError`. Without the events, which are personal data. */
export function printFailure({ source, cause, events }: ReceiverFailure): void {
  printError(`mailtrace: ${source} failed, events not recorded: ${events.length}`, cause)
}

/** The console may have been replaced by something that throws. There is no other place to tell it. */
export function printError(...what: readonly unknown[]): void {
  try {
    console.error(...what)
  } catch {}
}
