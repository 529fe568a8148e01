// Owns waiting: a limit on what may take for ever, and the one place where the platform's timers are used.

import { MailtraceError } from '../errors.ts'

/** Runs something later; the answer cancels it. */
export type Schedule = (run: () => void, afterMs: number) => () => void

export const schedule: Schedule = (run, afterMs) => {
  const timer = setTimeout(run, afterMs)
  return () => clearTimeout(timer)
}

/** Settles in the next turn of the event loop, when a server has handed its answer on. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/**
 * The same value, or a `timed-out` error if it is a promise that does not settle in time. What settles too late is
 * ignored, so that a late rejection ends no process.
 *
 * @param what names it in the error; a function is asked when the time is over
 */
export function withTimeout<T>(
  value: T | PromiseLike<T>,
  timeoutMs: number,
  what: string | (() => string),
  later: Schedule = schedule,
): T | Promise<T> {
  if (!isThenable(value)) return value
  return new Promise((resolve, reject) => {
    const cancel = later(() => {
      const advice = 'make it faster, or allow it more time'
      const name = typeof what === 'string' ? what : what()
      reject(new MailtraceError('timed-out', `"${name}" did not settle within ${timeoutMs} ms: ${advice}`))
    }, timeoutMs)
    value.then(
      (result) => {
        cancel()
        resolve(result)
      },
      (error) => {
        cancel()
        reject(error)
      },
    )
  })
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function'
}
