import type { DayRow } from '../../../store/numbers.ts'

/** A bar of a chart: one day, or several where there are many. */
export interface Bucket {
  /** The start of its first UTC day, in ms since the epoch. */
  readonly start: number
  readonly days: number
  readonly counts: Readonly<Record<Group, { readonly opens: number; readonly clicks: number }>>
}

/** Who is behind a part of a bar, from its bottom up. */
export const groups = ['people', 'proxies', 'machines'] as const
export type Group = (typeof groups)[number]

/** In ms. */
const dayMs = 86_400_000

/** More bars than these cannot be told apart on a phone. */
const mostBuckets = 60

/** Fewer bars than these look like something is missing. */
const leastDays = 14

/** Every day from the first to the last that has events, those without any too; weeks or longer where they would be too many. */
export function chartBuckets(rows: readonly DayRow[]): readonly Bucket[] {
  if (rows.length === 0) return []
  const byDay = new Map(rows.map((row) => [new Date(row.day).getTime(), row]))
  const first = Math.min(...byDay.keys())
  const last = Math.max(...byDay.keys(), first + (leastDays - 1) * dayMs)
  const days = Math.round((last - first) / dayMs) + 1
  const width = days <= mostBuckets ? 1 : Math.ceil(days / mostBuckets / 7) * 7
  return Array.from({ length: Math.ceil(days / width) }, (_, index): Bucket => {
    const start = first + index * width * dayMs
    const inside = Array.from({ length: width }, (_, day) => byDay.get(start + day * dayMs)).filter(
      (row) => row !== undefined,
    )
    const sum = (group: Group, kind: 'opens' | 'clicks') =>
      inside.reduce((total, row) => total + row[group][kind].total, 0)
    const both = (group: Group) => ({ opens: sum(group, 'opens'), clicks: sum(group, 'clicks') })
    return {
      start,
      days: width,
      counts: { people: both('people'), proxies: both('proxies'), machines: both('machines') },
    }
  })
}

/** A round number that is at least this high, so that half of it is round too. */
export function roundUp(most: number): number {
  if (most <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= most)!
  return step * power
}
