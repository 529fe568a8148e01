import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartBuckets, roundUp } from '../../../src/service/console/parts/chart-buckets.ts'
import type { DayRow } from '../../../src/store/numbers.ts'

const count = (total: number) => ({ total, unique: total, anonymous: 0 })
const both = (opens: number, clicks: number) => ({ opens: count(opens), clicks: count(clicks) })
const row = (day: string, people = 1): DayRow => ({
  day,
  people: both(people, 2),
  proxies: both(3, 0),
  machines: both(4, 5),
})
const dayMs = 86_400_000

describe('the bars of a chart', () => {
  it('are none without a day', () => {
    expect(chartBuckets([])).toEqual([])
  })

  it('are a fortnight at least, each day with what came on it', () => {
    const buckets = chartBuckets([row('2026-11-24')])
    expect(buckets.length).toBe(14)
    expect(buckets[0]).toEqual({
      start: Date.UTC(2026, 10, 24),
      days: 1,
      counts: {
        people: { opens: 1, clicks: 2 },
        proxies: { opens: 3, clicks: 0 },
        machines: { opens: 4, clicks: 5 },
      },
    })
    expect(buckets[1]?.counts.people).toEqual({ opens: 0, clicks: 0 })
    expect(buckets[13]?.start).toBe(Date.UTC(2026, 11, 7))
  })

  it('are those without events between, too', () => {
    const buckets = chartBuckets([row('2026-10-20'), row('2026-11-24')])
    expect(buckets.length).toBe(36)
    expect(buckets.map(({ counts }) => counts.people.opens).filter((opens) => opens > 0)).toEqual([1, 1])
  })

  it.each([
    ['2026-01-01', '2026-03-01', 60, 1],
    ['2026-01-01', '2026-03-02', 9, 7],
    ['2024-01-01', '2026-11-24', 51, 21],
  ])('from %s to %s are %i, of %i days each', (first, last, bars, days) => {
    const buckets = chartBuckets([row(first), row(last)])
    expect([buckets.length, buckets[0]?.days]).toEqual([bars, days])
    expect(buckets.at(-1)?.counts.machines.clicks).toBe(5)
  })

  it('lose no event', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(days, (offsets) => {
        const rows = offsets.map((offset) => row(new Date(offset * dayMs).toISOString().slice(0, 10), offset))
        const buckets = chartBuckets(rows)
        const sum = buckets.reduce((total, { counts }) => total + counts.people.opens, 0)
        expect(sum).toBe(offsets.reduce((total, offset) => total + offset, 0))
        expect(buckets.length).toBeLessThanOrEqual(60)
      }),
    )
  })
})

it.each([
  [0, 2],
  [1, 2],
  [2, 2],
  [3, 4],
  [5, 6],
  [7, 8],
  [9, 10],
  [11, 20],
  [61, 80],
  [100, 100],
  [448, 600],
  [1_100_000, 2_000_000],
])('the axis for %i ends at %i', (most, top) => {
  expect(roundUp(most)).toBe(top)
})
