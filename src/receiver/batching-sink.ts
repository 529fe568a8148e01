// It is bounded. Every event that it cannot write reaches `onError`.

import { optionChecks } from '../checks.ts'
import { MailtraceError } from '../errors.ts'
import { createLimit, type Schedule, schedule as scheduleByPlatform, withTimeout } from '../timers.ts'
import type { TrackingEvent } from './events.ts'
import { printError, type ReceiverFailure } from './failures.ts'

export interface BatchingSinkOptions {
  /**
   * Writes some events, in the order they came; not called again before it has settled or timed out. A batch is written again
   * if this failed or timed out. A write that timed out may still be going on then, so an event can be written twice, even at
   * the same time: its `id` tells. The call may keep the array and change it.
   *
   */
  readonly write: (events: readonly TrackingEvent[]) => unknown
  /** Takes the events that were given up, and why. */
  readonly onError: (failure: ReceiverFailure) => unknown
  /** Most events in one write, 1 to 10,000. Default: 100 */
  readonly maxBatchSize?: number | undefined
  /** Longest wait of an event for others, in ms, 1 to 60,000. Default: 1000 */
  readonly maxAgeMs?: number | undefined
  /** Most events held, those being written included, 1 to 1,000,000. Further ones are given up. Default: 10,000 */
  readonly maxHeld?: number | undefined
  /** Tries for each batch, 1 to 100. Default: 5 */
  readonly maxAttempts?: number | undefined
  /** Wait before the second try, in ms, 1 to 60,000. It doubles with each further one, up to 30 s. Default: 500 */
  readonly retryDelayMs?: number | undefined
  /** Longest wait for one write, in ms, 1 to 60,000. Default: 10,000 */
  readonly writeTimeoutMs?: number | undefined
  /** Longest wait of `close`, in ms, 1 to 600,000. Default: 10,000 */
  readonly closeTimeoutMs?: number | undefined
  /** Runs something later and answers how to cancel it; for tests. Default: `setTimeout` */
  readonly schedule?: ((run: () => void, afterMs: number) => () => void) | undefined
}

export interface BatchingSink {
  /** Holds an event for the next write: the receiver's `onEvent`. Never throws. */
  readonly add: (event: TrackingEvent) => void
  /**
   * Writes all that is held and takes no more; what waits for another try is tried at once. Settles when that is done, or
   * at `closeTimeoutMs` when the rest has been given up; never rejects. Await it before the process ends.
   */
  readonly close: () => Promise<void>
}

/** What the sink does now. Each wait can be ended, so that close leaves no timer. */
type Phase =
  /** Nothing is held. */
  | { readonly kind: 'idle' }
  /** Until the oldest event is `maxAgeMs` old. */
  | { readonly kind: 'gathering'; readonly cancel: () => void }
  | { readonly kind: 'writing'; readonly endLimit: () => void }
  /** A write failed; the next try comes later. */
  | { readonly kind: 'retrying'; readonly tryNow: () => void }
  /** The time of `close` was over. */
  | { readonly kind: 'given-up' }

interface Failed {
  readonly cause: unknown
}

/** In ms. */
const maxRetryDelayMs = 30_000

/**
 * Collects events and writes them in batches: when `maxBatchSize` are held, when the oldest is `maxAgeMs` old, and all that
 * came meanwhile after each write. What is held is lost when the process dies: for a sink that must not lose an answered
 * event, write each one and set `awaitEvents`. For processes that live on (Node, Bun, Deno), not for edge workers, where
 * timers end with the request.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option.
 *
 * @example
 * import { createBatchingSink, createReceiver, type TrackingEvent } from 'mailtrace/receiver'
 *
 * const table: TrackingEvent[] = [] // your database
 * const sink = createBatchingSink({
 *   write: async (events) => void table.push(...events),
 *   onError: ({ cause, events }) => console.error(cause, events),
 * })
 * const receiver = createReceiver({
 *   domains: {
 *     name: 'example.com',
 *     openTracking: true,
 *     clickTracking: true,
 *     trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *     signingKeys: [{ id: '2026-11', secret: 'use 32 random bytes here, kept secret' }],
 *   },
 *   onEvent: sink.add,
 * })
 * // when the process is told to stop
 * await receiver.drain()
 * await sink.close()
 */
export function createBatchingSink(options: BatchingSinkOptions): BatchingSink {
  const { write, onError, maxBatchSize, maxAgeMs, maxHeld, maxAttempts, ...times } = checkSinkOptions(options)
  const { retryDelayMs, writeTimeoutMs, closeTimeoutMs } = times
  const schedule = withFallback(times.schedule)
  // A quarter of the time that close has, so that a batch which fails during close is tried again before it is given up.
  const maxClosingDelayMs = Math.min(closeTimeoutMs / 4, maxRetryDelayMs)
  const held: TrackingEvent[] = []
  let phase: Phase = { kind: 'idle' }
  let written: Promise<void> = Promise.resolve()
  let closed: Promise<void> | null = null

  function add(event: TrackingEvent): void {
    const refusal = refuse()
    if (refusal) giveUp([event], refusal)
    else {
      held.push(event)
      if (phase.kind === 'idle') gather()
      if (phase.kind === 'gathering' && held.length >= maxBatchSize) startWriting()
    }
  }

  function refuse(): MailtraceError | null {
    if (closed) return new MailtraceError('sink-closed', 'an event came after close: stop serving before you close')
    if (held.length < maxHeld) return null
    const advice = 'make write faster, or raise maxBatchSize or maxHeld'
    return new MailtraceError('sink-full', `the sink holds ${held.length} events: ${advice}`)
  }

  function gather(): void {
    let cancel = (): void => {}
    phase = { kind: 'gathering', cancel: () => cancel() }
    cancel = schedule(startWriting, maxAgeMs)
  }

  function startWriting(): void {
    if (phase.kind === 'gathering') phase.cancel()
    phase = { kind: 'writing', endLimit: () => {} }
    // Later, as `write` may add events.
    written = Promise.resolve().then(writeAll)
  }

  // What is being written stays in `held`, so that it counts, and so that close can still hand it to onError.
  async function writeAll(): Promise<void> {
    while (held.length > 0) {
      const count = Math.min(held.length, maxBatchSize)
      const failed = await writeBatch(count)
      if (hasGivenUp()) return
      const batch = held.splice(0, count)
      if (failed) giveUp(batch, failed.cause)
    }
    phase = { kind: 'idle' }
  }

  async function writeBatch(count: number): Promise<Failed | null> {
    for (let attempt = 1; ; attempt++) {
      const failed = await tryWrite(count)
      if (failed === null || attempt === maxAttempts || hasGivenUp()) return failed
      await delay(retryDelay(attempt, retryDelayMs, closed ? maxClosingDelayMs : maxRetryDelayMs))
      if (hasGivenUp()) return failed
    }
  }

  async function tryWrite(count: number): Promise<Failed | null> {
    const limit = createLimit(writeTimeoutMs, schedule)
    phase = { kind: 'writing', endLimit: limit.end }
    try {
      // A copy for each try: `write` may take its array apart.
      await limit.wait(write(held.slice(0, count)), 'write')
      return null
    } catch (cause) {
      return { cause }
    } finally {
      limit.end()
    }
  }

  function delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = schedule(resolve, ms)
      const tryNow = () => {
        cancel()
        resolve()
      }
      phase = { kind: 'retrying', tryNow }
    })
  }

  // A function, because TypeScript assumes that the phase does not change during an `await`.
  function hasGivenUp(): boolean {
    return phase.kind === 'given-up'
  }

  async function finish(): Promise<void> {
    if (phase.kind === 'gathering') startWriting()
    if (phase.kind === 'retrying') phase.tryNow()
    try {
      await withTimeout(written, closeTimeoutMs, 'close', schedule)
    } catch (cause) {
      const last = phase
      phase = { kind: 'given-up' }
      if (last.kind === 'writing') last.endLimit()
      if (last.kind === 'retrying') last.tryNow()
      giveUp(held.splice(0), cause)
    }
  }

  function giveUp(events: readonly TrackingEvent[], cause: unknown): void {
    const told = async () => onError({ source: 'sink', cause, events })
    told().catch((error) => printError('mailtrace: onError failed', error))
  }

  return {
    add,
    close: () => {
      closed ??= finish()
      return closed
    },
  }
}

/** Doubles from try to try. */
function retryDelay(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), longestMs)
}

/** Timers that fail must neither end a process nor keep events from being written. The platform's timers take their place. */
function withFallback(schedule: Schedule): Schedule {
  const failed = (cause: unknown) => printError('mailtrace: schedule failed', cause)
  return (run, afterMs) => {
    try {
      const cancel = schedule(run, afterMs)
      return () => {
        try {
          cancel()
        } catch (cause) {
          failed(cause)
        }
      }
    } catch (cause) {
      failed(cause)
      return scheduleByPlatform(run, afterMs)
    }
  }
}

// Default, least, most.
const ranges = {
  maxBatchSize: [100, 1, 10_000],
  maxAgeMs: [1000, 1, 60_000],
  maxHeld: [10_000, 1, 1_000_000],
  maxAttempts: [5, 1, 100],
  retryDelayMs: [500, 1, 60_000],
  writeTimeoutMs: [10_000, 1, 60_000],
  closeTimeoutMs: [10_000, 1, 600_000],
} as const
/** The options that every sink shares. */
export const batchingOptions: readonly string[] = ['onError', ...Object.keys(ranges), 'schedule']

type CheckedSinkOptions = { readonly [Field in keyof BatchingSinkOptions]-?: NonNullable<BatchingSinkOptions[Field]> }

function checkSinkOptions(options: BatchingSinkOptions): CheckedSinkOptions {
  optionChecks.object(options, 'options', ['write', ...batchingOptions])
  const read = (field: keyof typeof ranges): number => {
    const [byDefault, min, max] = ranges[field]
    return optionChecks.integer(options[field] ?? byDefault, field, min, max)
  }
  return {
    write: optionChecks.function(options.write, 'write'),
    onError: optionChecks.function(options.onError, 'onError'),
    maxBatchSize: read('maxBatchSize'),
    maxAgeMs: read('maxAgeMs'),
    maxHeld: read('maxHeld'),
    maxAttempts: read('maxAttempts'),
    retryDelayMs: read('retryDelayMs'),
    writeTimeoutMs: read('writeTimeoutMs'),
    closeTimeoutMs: read('closeTimeoutMs'),
    schedule: optionChecks.function(options.schedule ?? scheduleByPlatform, 'schedule'),
  }
}
