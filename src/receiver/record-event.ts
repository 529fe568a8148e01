// Owns the way of an event to the application's sink. No event may be lost without `onError` getting it, and no reader may
// wait for longer than `awaitEvents` says.

import type { ReceiverFailure, TrackingEvent } from './events.ts'
import type { CheckedOptions } from './receiver-options.ts'
import { nextTurn, withTimeout } from './timers.ts'

/** What a server may pass beside the request. */
export interface ReceiverContext {
  /** Keeps the platform running until the promise settles, as Cloudflare Workers, Vercel and Netlify need it. */
  waitUntil?(promise: Promise<unknown>): void
}

/** In ms: when a sink that nobody waits for counts as hanging. Below the 30 s that Cloudflare grants after an answer. */
const sinkTimeoutMs = 20_000

export interface Recorder {
  /** Records an event; settles when the reader may be answered, and never rejects. */
  record(event: TrackingEvent, context: unknown): Promise<void> | undefined
  /** Gives a failure to `onError`; never throws. */
  report(failure: ReceiverFailure, context: unknown): void
}

export function createRecorder(options: CheckedOptions): Recorder {
  const { recordEvent, onEvent, onError, lookupTimeoutMs, awaitTimeoutMs } = options

  async function deliver(event: TrackingEvent, context: unknown): Promise<void> {
    let source: 'recordEvent' | 'onEvent' = 'recordEvent'
    try {
      if (recordEvent && (await withTimeout(recordEvent(event), lookupTimeoutMs, source)) === false) return
      source = 'onEvent'
      const recorded = onEvent(event)
      // A sink that takes too long goes on beyond the answer, and may still succeed.
      if (awaitTimeoutMs !== null) keepAlive(recorded, context)
      await withTimeout(recorded, awaitTimeoutMs ?? sinkTimeoutMs, source)
    } catch (cause) {
      report({ source, cause, events: [event] }, context)
    }
  }

  function report(failure: ReceiverFailure, context: unknown): void {
    const reported = (async () => onError(failure))().catch((cause) => {
      console.error('mailtrace: onError failed', cause)
    })
    // Not for waitUntil's own failure, which would come round again.
    if (failure.source !== 'waitUntil') keepAlive(reported, context)
  }

  function keepAlive(work: unknown, context: unknown): void {
    const { waitUntil } = (context ?? {}) as ReceiverContext
    if (typeof waitUntil !== 'function') return
    const done = Promise.resolve(work).catch(() => {})
    try {
      // Called on its context: platforms refuse it elsewhere.
      waitUntil.call(context, done)
    } catch (cause) {
      report({ source: 'waitUntil', cause, events: [] }, context)
    }
  }

  function record(event: TrackingEvent, context: unknown): Promise<void> | undefined {
    if (awaitTimeoutMs !== null) return deliver(event, context)
    const recorded = nextTurn().then(() => deliver(event, context))
    keepAlive(recorded, context)
    return undefined
  }

  return { record, report }
}
