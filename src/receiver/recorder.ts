// No event may be lost without `onError` getting it, and no reader may wait for longer than `awaitEvents` says.

import { MailtraceError } from '../errors.ts'
import { createLimit, type Limit, limitEach, nextTurn } from '../timers.ts'
import { copyEvent, type TrackingEvent } from './events.ts'
import { askDecision, askHook, printError, type ReceiverFailure, toFailure } from './failures.ts'
import type { Miss } from './misses.ts'
import type { CheckedOptions, Contexts } from './receiver-options.ts'

/** What the receiver looks for in all that a server passes beside the request. */
export interface ReceiverContext {
  /** Keeps the platform running until the promise settles, as Cloudflare Workers, Vercel and Netlify need it. */
  waitUntil?(promise: Promise<unknown>): void
}

/**
 * In ms: from then on, a sink that no answer waits for, an `onError` or an `onMiss` counts as hanging. It is less than the 30
 * s that Cloudflare grants after an answer.
 */
const sinkTimeoutMs = 20_000

export interface Recorder {
  /** Records an event; settles when the reader may be answered, and never rejects. */
  record(event: TrackingEvent, contexts: Contexts): Promise<void> | undefined
  /** Gives a failure to `onError`; settles when that is done, and never rejects. */
  report(failure: ReceiverFailure, contexts: Contexts): Promise<void>
  /** Gives a miss to `onMiss`; never throws. */
  missed(miss: Miss, contexts: Contexts): void
  /** Settles when all that is being recorded or reported by now is done; never rejects. */
  drain(): Promise<void>
}

export function createRecorder(options: CheckedOptions): Recorder {
  const { shouldRecord, onEvent, onError, onMiss, awaitTimeoutMs, maxPending } = options
  const lookups = limitEach(options.lookupTimeoutMs)
  const sinks = limitEach(sinkTimeoutMs)
  const recording = new Set<Promise<void>>()
  const pendingCalls = { onError: new Set<Promise<void>>(), onMiss: new Set<Promise<void>>() }

  const recordInTime = awaitTimeoutMs === null ? recordAfterAnswer : recordBeforeAnswer

  function record(event: TrackingEvent, contexts: Contexts): Promise<void> | undefined {
    if (recording.size < maxPending) return recordInTime(event, contexts)
    const advice = 'make onEvent faster, or raise maxPending'
    const cause = new MailtraceError('sink-full', `${recording.size} events wait for onEvent: ${advice}`)
    report({ source: 'onEvent', cause, events: [event] }, contexts)
    return undefined
  }

  function recordAfterAnswer(event: TrackingEvent, contexts: Contexts): undefined {
    const recorded = nextTurn(() => recordNow(event, contexts))
    track(recorded, recording)
    keepAlive(recorded, contexts)
  }

  async function recordNow(event: TrackingEvent, contexts: Contexts): Promise<void> {
    try {
      // Nobody waits for a hook that is not there, or that has answered: each wait is a tenth of a microsecond for every event.
      if (shouldRecord && !(await isWanted(event, contexts, lookups))) return
      const taken = askHook('onEvent', sinks, () => onEvent(event, ...contexts))
      if (taken instanceof Promise) await taken
    } catch (caught) {
      await report(toFailure(caught, [event]), contexts)
    }
  }

  function recordBeforeAnswer(event: TrackingEvent, contexts: Contexts): Promise<void> {
    // One limit for both hooks, as the reader waits for both.
    const limit = createLimit(awaitTimeoutMs!)
    const both: Pick<Limit, 'wait'> = { wait: (value, what) => limit.wait(lookups.wait(value, what), what) }
    const attempt = async (): Promise<void> => {
      try {
        if (await isWanted(event, contexts, both)) {
          await askHook('onEvent', limit, () => {
            const taken = onEvent(event, ...contexts)
            // A sink that takes too long goes on beyond the answer, and may still succeed.
            keepAlive(taken, contexts)
            return taken
          })
        }
      } catch (caught) {
        report(toFailure(caught, [event]), contexts)
      } finally {
        limit.end()
      }
    }
    const recorded = attempt()
    track(recorded, recording)
    return recorded
  }

  async function isWanted(event: TrackingEvent, contexts: Contexts, limit: Pick<Limit, 'wait'>): Promise<boolean> {
    if (!shouldRecord) return true
    return askDecision('shouldRecord', limit, () => shouldRecord(copyEvent(event), ...contexts))
  }

  function report(failure: ReceiverFailure, contexts: Contexts): Promise<void> {
    // A failure of waitUntil is not told under waitUntil, as it would come round again.
    const keeping = failure.source === 'waitUntil' ? [] : contexts
    return tell(
      'onError',
      () => onError(failure, ...contexts),
      keeping,
      (cause) => printError('mailtrace: onError failed', cause),
    )
  }

  function missed(miss: Miss, contexts: Contexts): void {
    tell(
      'onMiss',
      () => onMiss(miss, ...contexts),
      contexts,
      (cause) => report({ source: 'onMiss', cause, events: [] }, contexts),
    )
  }

  // The hook is always called, as there is no other place for what it is told. Only so many calls are waited for.
  function tell(
    hook: 'onError' | 'onMiss',
    call: () => unknown,
    contexts: Contexts,
    failed: (cause: unknown) => unknown,
  ): Promise<void> {
    const pending = pendingCalls[hook]
    const isWaitedFor = pending.size < maxPending
    const told = (async () => {
      try {
        await (isWaitedFor ? sinks.wait(call(), hook) : call())
      } catch (cause) {
        await failed(cause)
      }
    })()
    if (!isWaitedFor) return Promise.resolve()
    track(told, pending)
    keepAlive(told, contexts)
    return told
  }

  // Cloudflare passes `env` before the context, Hono's mount does so too and may pass no context; Netlify and the Service
  // Worker standard pass one object.
  function keepAlive(work: unknown, contexts: Contexts): void {
    for (const context of contexts) {
      try {
        const waitUntil = (context as ReceiverContext | null | undefined)?.waitUntil
        if (typeof waitUntil !== 'function') continue
        // It is called on its context, as platforms refuse it otherwise.
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

  async function drain(): Promise<void> {
    await Promise.all([...recording, ...pendingCalls.onError, ...pendingCalls.onMiss])
  }

  return { record, report, missed, drain }
}

/** @param work never rejects */
function track(work: Promise<void>, pending: Set<Promise<void>>): void {
  pending.add(work)
  work.then(() => pending.delete(work))
}
