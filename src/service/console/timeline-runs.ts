import type { StoredEvent } from '../../store/events.ts'

/** Events that follow one another and that one verdict is about, the first one first. */
export type Run = readonly [StoredEvent, ...StoredEvent[]]

/**
 * Joins what machines did in one go: a scanner that follows twenty links is one thing to read, with its reasons told once. What
 * people did is told one by one.
 */
export function joinRuns(timeline: readonly StoredEvent[]): readonly Run[] {
  const runs: [StoredEvent, ...StoredEvent[]][] = []
  for (const stored of timeline) {
    const last = runs.at(-1)
    if (last !== undefined && isSameVerdict(last[0], stored)) last.push(stored)
    else runs.push([stored])
  }
  return runs
}

const isSameVerdict = (a: StoredEvent, b: StoredEvent): boolean =>
  a.actor === 'machine' &&
  b.actor === 'machine' &&
  a.event.type === b.event.type &&
  a.event.mode === b.event.mode &&
  a.reasons.join() === b.reasons.join()
