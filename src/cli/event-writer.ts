import { createBatchingSink, type ReceiverFailure, type TrackingEvent } from '../receiver/index.ts'

export interface EventWriter {
  /** Settles when the event is stored, so that it can be answered for. */
  readonly add: (event: TrackingEvent) => Promise<void>
  /** Tries for the last time to store what could not be. */
  readonly close: () => Promise<void>
}

/**
 * Stores events before they are answered. Those that come while others are being written share the next write, so that many at
 * once wait little longer than one. What cannot be written is told of, and tried again: the reader is not kept waiting for it.
 */
export function createEventWriter(
  write: (events: readonly TrackingEvent[]) => Promise<void>,
  onError: (failure: ReceiverFailure) => void,
): EventWriter {
  const sink = createBatchingSink({ write, onError, maxAttempts: 10 })
  let running: Promise<void> = Promise.resolve()
  let next: { readonly events: TrackingEvent[]; readonly written: Promise<void> } | null = null

  async function writeNext(events: TrackingEvent[], before: Promise<void>): Promise<void> {
    await before
    next = null
    try {
      await write(events)
    } catch (cause) {
      onError({ source: 'onEvent', cause, events: [] })
      for (const event of events) sink.add(event)
    }
  }

  return {
    add: async (event) => {
      if (next === null) {
        const events: TrackingEvent[] = []
        const written = writeNext(events, running)
        next = { events, written }
        running = written
      }
      next.events.push(event)
      await next.written
    },
    close: async () => {
      await running
      await sink.close()
    },
  }
}
