// Owns the comparison with native lol-html, as Bun's HTMLRewriter: two processes that take turns.

import { type BenchArguments, statisticName } from '../arguments.ts'
import { findBun, versionOf } from '../binaries.ts'
import type { Measurement } from '../goals.ts'
import { byteLength } from '../jobs.ts'
import { buildMails, textWidths } from '../mails.ts'
import { duration, type Report, significant } from '../report.ts'
import { type Lane, startWorker, timeLanes } from '../worker.ts'

export async function run(args: BenchArguments): Promise<Report> {
  const bun = findBun(args.fetch)
  if (bun === null) throw new Error('no Bun: set BUN to its path, or pass --fetch to get it from the registry')
  const node = startWorker(`Node ${process.version}`, process.execPath)
  const other = startWorker(`Bun ${versionOf(bun)}`, bun)
  const native: Lane = { label: `HTMLRewriter, ${other.runtime}`, worker: other, contender: 'Bun HTMLRewriter' }
  const lanes: readonly Lane[] = [
    native,
    ...['ours, trivial URLs', 'ours, stored', 'ours, signed'].map((contender) => ({
      label: `${contender}, ${node.runtime}`,
      worker: node,
      contender,
    })),
    // What a reader who runs Bun gets.
    { label: `ours, trivial URLs, ${other.runtime}`, worker: other, contender: 'ours, trivial URLs' },
    { label: `ours, signed, ${other.runtime}`, worker: other, contender: 'ours, signed' },
  ]
  const ours = lanes[1]!

  const columns: string[] = []
  const rows = lanes.map(({ label }) => [label])
  const measurements: Measurement[] = []
  const data: unknown[] = []
  try {
    for (const size of args.sizes ?? (['7K', '46K', '140K'] as const)) {
      for (const width of textWidths) {
        const times = await timeLanes(lanes, { size, width }, args.rounds ?? 15)
        const mails = buildMails(size, width)
        const bytes = byteLength(mails)
        const speedup = times.get(native.label)![args.statistic] / times.get(ours.label)![args.statistic]
        columns.push(`${size} ${width}`)
        for (const row of rows) {
          const ms = times.get(row[0]!)![args.statistic]
          row.push(`${significant(bytes / ms / 1000)} MB/s, ${duration(ms / mails.length)}`)
        }
        if (size !== '10M') {
          measurements.push({
            goal: size === '140K' ? 'vs-bun-large' : 'vs-bun',
            at: `${size} ${width}`,
            value: speedup,
          })
        }
        data.push({ size, width, mails: mails.length, bytes, timings: Object.fromEntries(times) })
      }
    }
  } finally {
    node.stop()
    other.stop()
  }
  return {
    tables: [{ title: `The same job, in turns (${statisticName(args)})`, columns: ['', ...columns], rows }],
    measurements,
    notes: ['Bun gets the string and gives a string, as everyone; conditional comments are passed over by it'],
    data,
  }
}
