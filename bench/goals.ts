// Owns what the project promises of its speed, as data. What is measured is held against it in every run.

export interface Goal {
  readonly what: string
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  readonly unit: 'x' | 'KB'
}

export const goals = {
  'vs-bun': { what: "as fast as Bun's HTMLRewriter (native lol-html)", bound: 'at least', limit: 2, unit: 'x' },
  'vs-bun-large': { what: "as fast as Bun's HTMLRewriter (native lol-html)", bound: 'at least', limit: 1.2, unit: 'x' },
  'vs-regex': { what: 'as fast as a careful regex', bound: 'at least', limit: 1, unit: 'x' },
  'vs-htmlparser2': { what: "as fast as htmlparser2's Tokenizer", bound: 'at least', limit: 4, unit: 'x' },
  'vs-htmlparser2-large': { what: "as fast as htmlparser2's Tokenizer", bound: 'at least', limit: 3, unit: 'x' },
  'vs-parse5': { what: 'as fast as the parse5 rewriting stream', bound: 'at least', limit: 30, unit: 'x' },
  'vs-cheerio': { what: 'as fast as cheerio', bound: 'at least', limit: 60, unit: 'x' },
  'signed-over-stored': { what: 'time of signed over stored references', bound: 'at most', limit: 1.8, unit: 'x' },
  'prepared-stored': { what: 'prepared as fast as instrumentEmail, stored', bound: 'at least', limit: 3, unit: 'x' },
  'prepared-signed': { what: 'prepared as fast as instrumentEmail, signed', bound: 'at least', limit: 2, unit: 'x' },
  growth: { what: 'time per byte at 10 MB over that at 140 KB', bound: 'at most', limit: 1.3, unit: 'x' },
  hostile: { what: 'time at four times the size', bound: 'at most', limit: 5, unit: 'x' },
  'peak-memory': { what: 'peak extra memory over the output', bound: 'at most', limit: 3, unit: 'x' },
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
  'size-mailtrace': { what: 'mailtrace, minified and gzipped', bound: 'at most', limit: 24, unit: 'KB' },
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
