// Owns the way of an event to the application's sink. No event may be lost without `onError` getting it, and no reader may
// wait for longer than `awaitEvents` says.

import type { ReceiverFailure, TrackingEvent } from './events.ts'
import type { CheckedOptions } from './receiver-options.ts'
import { nextTurn, withTimeout } from './timers.ts'

/** What the receiver looks for in all that a server passes beside the request. */
export interface ReceiverContext {
  /** Keeps the platform running until the promise settles, as Cloudflare Workers, Vercel and Netlify need it. */
  waitUntil?(promise: Promise<unknown>): void
}

/** All that the server passed beside the request, of whatever kind. */
type Contexts = readonly unknown[]

/**
 * In ms: when a sink that nobody waits for, or an `onError`, counts as hanging. Below the 30 s that Cloudflare grants after
 * an answer.
 */
const sinkTimeoutMs = 20_000

export interface Recorder {
  /** Records an event; settles when the reader may be answered, and never rejects. */
  record(event: TrackingEvent, contexts: Contexts): Promise<void> | undefined
  /** Gives a failure to `onError`; never throws. */
  report(failure: ReceiverFailure, contexts: Contexts): void
  /** Settles when nothing is being recorded or reported; never rejects. */
  drain(): Promise<void>
}

export function createRecorder(options: CheckedOptions): Recorder {
  const { recordEvent, onEvent, onError, lookupTimeoutMs, awaitTimeoutMs } = options
  const pending = new Set<Promise<void>>()

  async function deliver(event: TrackingEvent, contexts: Contexts): Promise<void> {
    let source: 'recordEvent' | 'onEvent' = 'recordEvent'
    let isGivenUp = false
    async function hand(): Promise<void> {
      if (recordEvent && (await withTimeout(recordEvent(event), lookupTimeoutMs, source)) === false) return
      // onError has the event: consent that comes now would record it twice.
      if (isGivenUp) return
      source = 'onEvent'
      const recorded = onEvent(event)
      // A sink that takes too long goes on beyond the answer, and may still succeed.
      if (awaitTimeoutMs !== null) keepAlive(recorded, contexts)
      await (awaitTimeoutMs === null ? withTimeout(recorded, sinkTimeoutMs, source) : recorded)
    }
    try {
      // The reader waits for both hooks, so that both have one limit.
      await (awaitTimeoutMs === null ? hand() : withTimeout(hand(), awaitTimeoutMs, () => source))
    } catch (cause) {
      isGivenUp = true
      report({ source, cause, events: [event] }, contexts)
    }
  }

  function report(failure: ReceiverFailure, contexts: Contexts): void {
    const told = async () => void (await withTimeout(onError(failure), sinkTimeoutMs, 'onError'))
    const reported = told().catch((cause) => {
      console.error('mailtrace: onError failed', cause)
    })
    track(reported)
    // Not for waitUntil's own failure, which would come round again.
    if (failure.source !== 'waitUntil') keepAlive(reported, contexts)
  }

  // Cloudflare passes `env` before the context, Hono's mount does so too and may pass no context; Netlify and the Service
  // Worker standard pass one object.
  function keepAlive(work: unknown, contexts: Contexts): void {
    for (const context of contexts) {
      try {
        const waitUntil = (context as ReceiverContext | null | undefined)?.waitUntil
        if (typeof waitUntil !== 'function') continue
        // Called on its context: platforms refuse it elsewhere.
        waitUntil.call(
          context,
          Promise.resolve(work).catch(() => {}),
        )
        return
      } catch (cause) {
        report({ source: 'waitUntil', cause, events: [] }, contexts)
      }
    }
  }

  function record(event: TrackingEvent, contexts: Contexts): Promise<void> | undefined {
    const recorded =
      awaitTimeoutMs === null ? nextTurn().then(() => deliver(event, contexts)) : deliver(event, contexts)
    track(recorded)
    if (awaitTimeoutMs !== null) return recorded
    keepAlive(recorded, contexts)
    return undefined
  }

  /** @param work never rejects */
  function track(work: Promise<void>): void {
    pending.add(work)
    work.then(() => pending.delete(work))
  }

  async function drain(): Promise<void> {
    while (pending.size > 0) await Promise.all(pending)
  }

  return { record, report, drain }
}
