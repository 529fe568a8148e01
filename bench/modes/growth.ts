// Owns whether a byte costs the same in a large mail as in a small one.

import type { BenchArguments } from '../arguments.ts'
import { timeInterleaved } from '../clock.ts'
import { oursSigned, oursStored, oursTrivial } from '../contenders/ours.ts'
import type { Measurement } from '../goals.ts'
import { byteLength, rewritingJob } from '../jobs.ts'
import { buildMail, textWidths } from '../mails.ts'
import { duration, type Report, significant } from '../report.ts'

const contenders = { 'ours, trivial URLs': oursTrivial, 'ours, stored': oursStored, 'ours, signed': oursSigned }

/** In code units. */
const lengths = { '10 KB': 10_000, '140 KB': 140_000, '1 MB': 1_000_000, '10 MB': 10_000_000, '100 MB': 100_000_000 }

export async function run(args: BenchArguments): Promise<Report> {
  const rows: string[][] = []
  const measurements: Measurement[] = []
  const data: unknown[] = []
  for (const width of textWidths) {
    const nsPerByte = new Map<string, number>()
    for (const [label, length] of Object.entries(lengths)) {
      const isHuge = length > 1_000_000
      const mails = [buildMail({ length, width })]
      const bytes = byteLength(mails)
      const timings = await timeInterleaved(
        Object.entries(contenders).map(([name, contender]) => rewritingJob({ ...contender, name }, mails)),
        {
          rounds: args.rounds ?? (isHuge ? 5 : 15),
          minimumMs: isHuge ? 0 : 8,
          warmupMs: isHuge ? 0 : 200,
        },
      )
      const cells = [...timings].map(([name, { medianMs }]) => {
        nsPerByte.set(`${name} ${label}`, (medianMs * 1e6) / bytes)
        return `${significant((medianMs * 1e6) / bytes)} ns`
      })
      rows.push([`${label} ${width}`, ...cells, duration(timings.get('ours, signed')!.medianMs)])
      data.push({ length, width, bytes, timings: Object.fromEntries(timings) })
    }
    for (const name of Object.keys(contenders)) {
      const value = nsPerByte.get(`${name} 10 MB`)! / nsPerByte.get(`${name} 140 KB`)!
      measurements.push({ goal: 'growth', at: `${name.slice('ours, '.length)}, ${width}`, value })
    }
  }
  return {
    tables: [
      {
        title: 'Time for a byte of mail (medians)',
        columns: ['', ...Object.keys(contenders), 'whole mail, signed'],
        rows,
      },
    ],
    measurements,
    notes: [],
    data,
  }
}
