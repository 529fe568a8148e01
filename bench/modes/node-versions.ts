// Owns how ours fares in other versions of V8: one process for each version of Node, in turns.

import { type BenchArguments, statisticName } from '../arguments.ts'
import { findNode } from '../binaries.ts'
import { byteLength, chooseNames } from '../jobs.ts'
import { buildMails, textWidths } from '../mails.ts'
import { type Report, significant } from '../report.ts'
import { type Lane, startWorker, timeLanes, type Worker } from '../worker.ts'

const majors = [20, 22, 24, 26]
const contenders = [
  'floor: hop over `<`',
  'floor: copy the text',
  'ours, trivial URLs',
  'ours, stored',
  'ours, signed',
  'ours, prepared, signed',
  'regex, careful',
  'htmlparser2 Tokenizer',
]

export async function run(args: BenchArguments): Promise<Report> {
  const found = majors.map((major) => ({ major, path: findNode(major, args.fetch) }))
  const missing = found.filter(({ path }) => path === null).map(({ major }) => `Node ${major}`)
  const workers: Worker[] = found.flatMap(({ major, path }) => (path ? [startWorker(`Node ${major}`, path)] : []))
  const lanes: readonly Lane[] = chooseNames(contenders, args).flatMap((contender) =>
    workers.map((worker) => ({ label: `${contender}, ${worker.runtime}`, worker, contender })),
  )
  const columns: string[] = []
  const rows = lanes.map(({ label }) => [label])
  const data: unknown[] = []
  try {
    for (const size of args.sizes ?? (['7K', '46K', '140K'] as const)) {
      for (const width of textWidths) {
        const bytes = byteLength(buildMails(size, width))
        const times = await timeLanes(lanes, { size, width }, args.rounds ?? 9)
        columns.push(`${size} ${width}`)
        for (const row of rows) row.push(significant(bytes / times.get(row[0]!)![args.statistic] / 1000))
        data.push({ size, width, bytes, timings: Object.fromEntries(times) })
      }
    }
  } finally {
    for (const worker of workers) worker.stop()
  }
  return {
    tables: [{ title: `Million bytes of mail a second (${statisticName(args)})`, columns: ['', ...columns], rows }],
    measurements: [],
    notes: missing.length === 0 ? [] : [`not here: ${missing.join(', ')}; --fetch gets them from the registry`],
    data,
  }
}
