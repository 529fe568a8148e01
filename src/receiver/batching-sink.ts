// Owns the way of many events into few writes. It is bounded, and what it cannot write reaches `onError`: never silence.

import { optionChecks } from '../checks.ts'
import { MailtraceError } from '../errors.ts'
import type { ReceiverFailure, TrackingEvent } from './events.ts'
import { schedule as scheduleByPlatform, withTimeout } from './timers.ts'

export interface BatchingSinkOptions {
  /**
   * Writes some events, in the order they came; not called again before it has settled or timed out. A batch is written again
   * if this failed or timed out, and a write that timed out may still be going on then: an event can be written twice, even
   * at the same time.
   */
  readonly write: (events: readonly TrackingEvent[]) => unknown
  /** Takes the events that were given up, and why. */
  readonly onError: (failure: ReceiverFailure) => unknown
  /** Most events in one write, 1 to 10,000. Default: 100 */
  readonly maxBatchSize?: number
  /** Longest wait of an event for others, in ms, 1 to 60,000. Default: 1000 */
  readonly maxAgeMs?: number
  /** Most events held, those being written included, 1 to 1,000,000. Further ones are given up. Default: 10,000 */
  readonly maxHeld?: number
  /** Tries for each batch, 1 to 100. Default: 5 */
  readonly maxAttempts?: number
  /** Wait before the second try, in ms, 1 to 60,000. It doubles with each further one, up to 30 s. Default: 500 */
  readonly retryDelayMs?: number
  /** Longest wait for one write, in ms, 1 to 60,000. Default: 10,000 */
  readonly writeTimeoutMs?: number
  /** Longest wait of `close`, in ms, 1 to 600,000. Default: 10,000 */
  readonly closeTimeoutMs?: number
  /** Runs something later and answers how to cancel it; for tests. Default: `setTimeout` */
  readonly schedule?: (run: () => void, afterMs: number) => () => void
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

/** In ms. */
const maxRetryDelayMs = 30_000

/**
 * Collects events and writes them in batches: when `maxBatchSize` are held, when the oldest is `maxAgeMs` old, and all that
 * came meanwhile after each write. What is held is lost when the process dies: for a sink that must not lose an answered
 * event, write each one and set `awaitEvents`. For processes that live on (Node, Bun, Deno), not for edge workers, where
 * timers end with the request.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option.
 */
export function createBatchingSink(options: BatchingSinkOptions): BatchingSink {
  const { write, onError, maxBatchSize, maxAgeMs, maxHeld, maxAttempts, ...times } = checkSinkOptions(options)
  const { retryDelayMs, writeTimeoutMs, closeTimeoutMs, schedule } = times
  // So that a try follows the wait before close gives up.
  const maxClosingDelayMs = Math.min(closeTimeoutMs / 4, maxRetryDelayMs)
  const held: TrackingEvent[] = []
  let cancelTimer: (() => void) | null = null
  let endDelay: (() => void) | null = null
  let draining: Promise<void> | null = null
  let closed: Promise<void> | null = null
  let hasGivenUp = false

  function add(event: TrackingEvent): void {
    const refusal = refuse()
    if (refusal) giveUp([event], refusal)
    else held.push(event)
    if (draining || held.length === 0) return
    if (held.length >= maxBatchSize) drain()
    else cancelTimer ??= schedule(drain, maxAgeMs)
  }

  function refuse(): MailtraceError | null {
    if (closed) return new MailtraceError('sink-closed', 'an event came after close: stop serving before you close')
    if (held.length < maxHeld) return null
    const advice = 'make write faster, or raise maxBatchSize or maxHeld'
    return new MailtraceError('sink-full', `the sink holds ${held.length} events: ${advice}`)
  }

  async function drain(): Promise<void> {
    if (draining === null && held.length > 0) {
      cancelTimer?.()
      // Later, as `write` may add events.
      draining = Promise.resolve().then(writeAll)
    }
    await draining
  }

  // What is being written stays in `held`, so that it counts, and so that close can still hand it to onError.
  async function writeAll(): Promise<void> {
    while (held.length > 0) {
      const batch = held.slice(0, maxBatchSize)
      const failure = await writeBatch(batch)
      if (hasGivenUp) return
      held.splice(0, batch.length)
      if (failure) giveUp(batch, failure.cause)
    }
    draining = null
    cancelTimer = null
  }

  async function writeBatch(batch: readonly TrackingEvent[]): Promise<{ readonly cause: unknown } | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        await withTimeout(write(batch), writeTimeoutMs, 'write', schedule)
        return null
      } catch (cause) {
        if (attempt === maxAttempts || hasGivenUp) return { cause }
        await delay(Math.min(retryDelayMs * 2 ** (attempt - 1), closed ? maxClosingDelayMs : maxRetryDelayMs))
        if (hasGivenUp) return { cause }
      }
    }
  }

  async function delay(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = schedule(resolve, ms)
      endDelay = () => {
        cancel()
        resolve()
      }
    })
    endDelay = null
  }

  async function drainOrGiveUp(): Promise<void> {
    endDelay?.()
    try {
      await withTimeout(drain(), closeTimeoutMs, 'close', schedule)
    } catch (cause) {
      hasGivenUp = true
      endDelay?.()
      giveUp(held.splice(0), cause)
    }
  }

  function giveUp(events: readonly TrackingEvent[], cause: unknown): void {
    const told = async () => onError({ source: 'sink', cause, events })
    told().catch((error) => console.error('mailtrace: onError failed', error))
  }

  return {
    add,
    close: () => {
      closed ??= drainOrGiveUp()
      return closed
    },
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
const known = ['write', 'onError', ...Object.keys(ranges), 'schedule']

function checkSinkOptions(options: BatchingSinkOptions): Required<BatchingSinkOptions> {
  optionChecks.object(options, 'options', known)
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
