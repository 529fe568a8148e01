// The one place where the platform's timers are used.

import { MailtraceError } from './errors.ts'

/** Runs something later; the answer cancels it. */
export type Schedule = (run: () => void, afterMs: number) => () => void

export const schedule: Schedule = (run, afterMs) => {
  const timer = setTimeout(run, afterMs)
  return () => clearTimeout(timer)
}

/** Node's, which costs half of a timer. Other platforms lack it. */
declare const setImmediate: ((run: () => void) => unknown) | undefined

/** Does something in the next turn of the event loop, when a server has handed its answer on. Settles when that is done. */
export const nextTurn = <T>(run: () => T | PromiseLike<T>): Promise<T> =>
  new Promise((resolve) => {
    const later = () => resolve(run())
    // Looked up at each call: tests put clocks of their own in their place.
    if (typeof setImmediate === 'function') setImmediate(later)
    else setTimeout(later)
  })

/** A time that several waits share: what the first takes, the second lacks. */
export interface Limit {
  /**
   * The same value, or a `timed-out` error if it is a promise that does not settle before the limit. What settles too late
   * is ignored, so that a late rejection ends no process.
   *
   * @param what names it in the error
   */
  wait<T>(value: T | PromiseLike<T>, what: string): T | Promise<T>
  /** Stops the clock. */
  end(): void
}

/** The clock starts with the first promise that is waited for. */
export function createLimit(timeoutMs: number, later: Schedule = schedule): Limit {
  let cancel: (() => void) | null = null
  let expire = (): void => {}
  return {
    wait<T>(value: T | PromiseLike<T>, what: string): T | Promise<T> {
      if (!isThenable(value)) return value
      // Before the clock starts: a `then` that throws must leave no timer behind.
      const promise = Promise.resolve(value)
      return new Promise<T>((resolve, reject) => {
        const advice = 'make it faster, or allow it more time'
        expire = () =>
          reject(new MailtraceError('timed-out', `"${what}" did not settle within ${timeoutMs} ms: ${advice}`))
        cancel ??= later(() => expire(), timeoutMs)
        promise.then(resolve, reject)
      })
    },
    end: () => cancel?.(),
  }
}

/** A limit that each wait has for itself. */
export function limitEach(timeoutMs: number): Pick<Limit, 'wait'> {
  return { wait: (value, what) => withTimeout(value, timeoutMs, what) }
}

/** {@link Limit.wait} with a limit of its own. */
export function withTimeout<T>(
  value: T | PromiseLike<T>,
  timeoutMs: number,
  what: string,
  later: Schedule = schedule,
): T | Promise<T> {
  if (!isThenable(value)) return value
  const limit = createLimit(timeoutMs, later)
  return (limit.wait(value, what) as Promise<T>).finally(limit.end)
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function'
}

/** A time for work that can be aborted. The wait is over when the time is up, whether or not the work heeds its signal. */
export interface Deadline {
  readonly signal: AbortSignal
  /** What comes of some work, or a `TimeoutError` when the time is up. */
  race<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  /** Must be called: a timer keeps its process alive. */
  end(): void
}

/** @param timeoutMs at most what a timer takes: 2,147,483,647 */
export function startDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  let end = (): void => {}
  // Not AbortSignal.timeout: its timer does not keep a process from ending in the midst of the wait.
  const timeUp = new Promise<never>((_, reject) => {
    end = schedule(() => {
      const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
      reject(reason)
      controller.abort(reason)
    }, timeoutMs)
  })
  timeUp.catch(() => {}) // it may end while nobody waits
  return {
    signal,
    async race(work) {
      signal.throwIfAborted()
      return await Promise.race([(async () => work(signal))(), timeUp])
    },
    end,
  }
}

/** What comes of some work, or a `TimeoutError` when the time is up. */
export async function inTime<Result>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = startDeadline(timeoutMs)
  try {
    return await deadline.race(work)
  } finally {
    deadline.end()
  }
}
