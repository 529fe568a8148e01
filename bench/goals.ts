// What the project promises of its speed. What is measured is held against it in every run.

export interface Goal {
  readonly what: string
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  readonly unit: 'x' | 'KB' | '/s' | 'ms'
}

export const goals = {
  'vs-lol-html': { what: 'string in, bytes out, as fast as native lol-html', bound: 'at least', limit: 2, unit: 'x' },
  'vs-regex': { what: 'the same, as fast as a careful regex', bound: 'at least', limit: 2, unit: 'x' },
  'vs-htmlparser2': { what: "the same, as fast as htmlparser2's Tokenizer", bound: 'at least', limit: 5, unit: 'x' },
  'vs-parse5': { what: 'the same, as fast as the parse5 rewriting stream', bound: 'at least', limit: 50, unit: 'x' },
  'vs-cheerio': { what: 'the same, as fast as cheerio', bound: 'at least', limit: 80, unit: 'x' },
  'bytes-in': { what: 'bytes in as fast as a string in and encoded', bound: 'at least', limit: 1.3, unit: 'x' },
  'slowest-tenth': {
    what: 'time per byte of the slowest tenth over the median mail',
    bound: 'at most',
    limit: 3,
    unit: 'x',
  },
  'prepared-stored': {
    what: 'prepared, stored, as fast as copying the bytes',
    bound: 'at least',
    limit: 0.6,
    unit: 'x',
  },
  'prepared-signed': { what: 'prepared, signed as fast as stored', bound: 'at least', limit: 0.5, unit: 'x' },
  'no-cliff': { what: 'time per byte over that at 46 KB', bound: 'at most', limit: 1.2, unit: 'x' },
  growth: { what: 'time per byte at 10 MB over that at 140 KB', bound: 'at most', limit: 1.3, unit: 'x' },
  hostile: { what: 'time at four times the size', bound: 'at most', limit: 5, unit: 'x' },
  'peak-memory': { what: 'peak extra memory over the output', bound: 'at most', limit: 2, unit: 'x' },
  'kept-memory': {
    what: 'memory kept by the links of mails of 1 MB, over their JSON',
    bound: 'at most',
    limit: 2,
    unit: 'x',
  },
  'receiver-in-process': {
    what: 'clicks a second in one process, of a bare handler',
    bound: 'at least',
    limit: 0.6,
    unit: 'x',
  },
  'receiver-socket': {
    what: 'clicks a second over a socket, of a bare handler',
    bound: 'at least',
    limit: 0.8,
    unit: 'x',
  },
  message: { what: 'a message over its HTML alone', bound: 'at most', limit: 2.5, unit: 'x' },
  'message-vs-mailsplit': {
    what: 'a message, as fast as a mailsplit pipeline',
    bound: 'at least',
    limit: 3,
    unit: 'x',
  },
  relay: { what: 'messages a second, of the relay that tracks nothing', bound: 'at least', limit: 0.8, unit: 'x' },
  'store-postgresql': { what: 'events into PostgreSQL', bound: 'at least', limit: 10_000, unit: '/s' },
  'store-pglite': { what: 'events into PGlite', bound: 'at least', limit: 5000, unit: '/s' },
  'store-page': {
    what: "a page's queries, PostgreSQL over 1,000,000 events",
    bound: 'at most',
    limit: 200,
    unit: 'ms',
  },
  'size-mailtrace': { what: 'instrumentEmail alone, minified and gzipped', bound: 'at most', limit: 28, unit: 'KB' },
  'size-receiver': { what: 'mailtrace/receiver, minified and gzipped', bound: 'at most', limit: 13, unit: 'KB' },
} as const satisfies Record<string, Goal>

export type GoalId = keyof typeof goals

/** One figure that a goal speaks of. */
export interface Measurement {
  readonly goal: GoalId
  /** Under which circumstances: `46K one-byte`. */
  readonly at: string
  readonly value: number
}

export interface Verdict extends Measurement, Goal {
  readonly met: boolean
  /** How far beyond the limit on the good side (positive) or short of it (negative), as a part of the limit. */
  readonly margin: number
}

export function judge(measurement: Measurement): Verdict {
  const goal: Goal = goals[measurement.goal]
  const distance = (measurement.value - goal.limit) / goal.limit
  const margin = goal.bound === 'at least' ? distance : -distance
  return { ...measurement, ...goal, met: margin >= 0, margin }
}
