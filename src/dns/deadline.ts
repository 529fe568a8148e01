/** A time that is up at some point, whether or not what is waited for heeds its signal. */
export interface Deadline {
  readonly signal: AbortSignal
  /** What comes of some work, or a rejection when the time is up. */
  race<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  /** Must be called: a timer keeps its process alive. */
  end(): void
}

/** @param timeoutMs at most what a timer takes: 2,147,483,647 */
export function startDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  let timer: ReturnType<typeof setTimeout> | undefined
  // A timer of its own, as that of AbortSignal.timeout does not keep a process from ending in the midst of the wait.
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
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
    end: () => clearTimeout(timer),
  }
}

/** What comes of some work, or a rejection when the time is up. */
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
