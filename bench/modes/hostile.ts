// Whether hostile text stays linear: four times the text may take little more than four times the time.

import type { BenchArguments } from '../arguments.ts'
import { timeBatch } from '../clock.ts'
import { ours } from '../contenders/ours.ts'
import type { Measurement } from '../goals.ts'
import { hostileInputs } from '../hostile-inputs.ts'
import { rewritingJob } from '../jobs.ts'
import { duration, type Report, significant } from '../report.ts'

export async function run(args: BenchArguments): Promise<Report> {
  const chosen = hostileInputs.filter(
    ({ name }) => args.only.length === 0 || args.only.some((part) => name.includes(part)),
  )
  const rows: string[][] = []
  const measurements: Measurement[] = []
  const data: unknown[] = []
  for (const { name, count, build } of chosen) {
    // `repeat` gives a rope as well, which must not be flattened at the scanner's cost.
    const [small, large] = [build(count / 4), build(count)].map((html) => Buffer.from(html).toString())
    const jobs = [small!, large!].map((html) => rewritingJob({ ...ours['ours, bytes, stored']!, name }, [html]))
    const times: [number[], number[]] = [[], []]
    for (let round = 0; round < (args.rounds ?? 5); round++) {
      times[0].push(await timeBatch(jobs[0]!, 4))
      times[1].push(await timeBatch(jobs[1]!, 1))
    }
    // The best round, not the median: the question is how the time grows, and garbage collection hits single rounds.
    const smallMs = Math.min(...times[0])
    const largeMs = Math.min(...times[1])
    rows.push([
      name,
      `${significant(large!.length / 1e6)} M`,
      duration(smallMs),
      duration(largeMs),
      `${significant((largeMs * 1e6) / large!.length)} ns`,
      `${significant(largeMs / smallMs)} x`,
    ])
    // Below a tenth of a millisecond the ratio says nothing of the text.
    if (largeMs > 0.1) measurements.push({ goal: 'hostile', at: name, value: largeMs / smallMs })
    data.push({ name, length: large!.length, smallMs, largeMs })
  }
  return {
    tables: [
      {
        title: 'Hostile text (best of all rounds)',
        columns: ['', 'code units', 'a quarter', 'whole', 'a code unit', 'whole over quarter'],
        rows,
      },
    ],
    measurements,
    notes: [],
    data,
  }
}
