// Owns whether a byte costs the same in a large mail as in a small one.

import { type BenchArguments, statisticName } from '../arguments.ts'
import { type Job, type Timing, timeInterleaved } from '../clock.ts'
import { oursSigned, oursStored, oursTrivial } from '../contenders/ours.ts'
import type { Measurement } from '../goals.ts'
import { byteLength, rewritingJob } from '../jobs.ts'
import { buildMail, type TextWidth, textWidths } from '../mails.ts'
import { type Report, significant } from '../report.ts'

const contenders = { 'ours, trivial URLs': oursTrivial, 'ours, stored': oursStored, 'ours, signed': oursSigned }

/** In code units. */
const lengths = { '10 KB': 10_000, '140 KB': 140_000, '1 MB': 1_000_000, '10 MB': 10_000_000, '100 MB': 100_000_000 }

/** Small mails come as several, a million code units in all, or the branch predictor would know the one by heart. */
function mailsOf(length: number, width: TextWidth): readonly string[] {
  const count = Math.max(1, Math.round(1_000_000 / length))
  return Array.from({ length: count }, (_, index) => buildMail({ length, width, seed: index + 1 }))
}

export async function run(args: BenchArguments): Promise<Report> {
  const rows: string[][] = []
  const measurements: Measurement[] = []
  const data: unknown[] = []
  for (const width of textWidths) {
    const jobs: Job[] = []
    const bytes = new Map<string, number>()
    for (const [label, length] of Object.entries(lengths)) {
      const mails = mailsOf(length, width)
      for (const [name, contender] of Object.entries(contenders)) {
        const job = rewritingJob({ ...contender, name: `${name} ${label}` }, mails)
        bytes.set(job.name, byteLength(mails))
        jobs.push(job)
      }
    }
    // All sizes take turns: what is compared is one size with another.
    const timings = await timeInterleaved(jobs, { rounds: args.rounds ?? 7 })
    const nsPerByte = (name: string, label: string): number =>
      ((timings.get(`${name} ${label}`) as Timing)[args.statistic] * 1e6) / bytes.get(`${name} ${label}`)!
    for (const label of Object.keys(lengths)) {
      const cells = Object.keys(contenders).map((name) => nsPerByte(name, label))
      rows.push([`${label} ${width}`, ...cells.map((ns) => `${significant(ns)} ns`)])
      data.push({ label, width, nsPerByte: cells })
    }
    for (const name of Object.keys(contenders)) {
      const value = nsPerByte(name, '10 MB') / nsPerByte(name, '140 KB')
      measurements.push({ goal: 'growth', at: `${name.slice('ours, '.length)}, ${width}`, value })
    }
  }
  const columns = ['', ...Object.keys(contenders)]
  return {
    tables: [{ title: `Time for a byte of mail (${statisticName(args)})`, columns, rows }],
    measurements,
    notes: [],
    data,
  }
}
