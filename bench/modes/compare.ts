// Owns the big table: everyone on the same job, at all sizes, beside the floors.

import { type BenchArguments, statisticName } from '../arguments.ts'
import { type Statistic, type Timing, timeInterleaved, warmUp } from '../clock.ts'
import { nodeContenders } from '../contenders/index.ts'
import type { GoalId, Measurement } from '../goals.ts'
import { admitContenders, byteLength, chooseNames, type NamedContender, rewritingJob } from '../jobs.ts'
import { buildMails, type MailSize, type TextWidth, textWidths } from '../mails.ts'
import { heapGrowthOfReading } from '../read.ts'
import { duration, type Report, significant, type Table } from '../report.ts'

interface Cell {
  readonly size: MailSize
  readonly width: TextWidth
  readonly mails: number
  readonly bytes: number
  readonly timings: ReadonlyMap<string, Timing>
  readonly statistic: Statistic
}

/** What everyone else is measured by: the same trivial URLs on both sides. */
const reference = 'ours, trivial URLs'

export async function run(args: BenchArguments): Promise<Report> {
  const sizes = args.sizes ?? ['7K', '46K', '140K']
  const names = chooseNames(nodeContenders, args)
  const { admitted, leftOut } = await admitContenders(names, buildMails('46K', 'two-byte')[0]!)
  await warmUpAll(admitted, sizes)
  const cells: Cell[] = []
  for (const size of sizes) {
    for (const width of textWidths) {
      const mails = buildMails(size, width)
      const timings = await timeInterleaved(
        admitted.map((contender) => rewritingJob(contender, mails)),
        { rounds: args.rounds ?? (size === '10M' ? 3 : 15), warmupMs: size === '10M' ? 0 : 50 },
      )
      cells.push({ size, width, mails: mails.length, bytes: byteLength(mails), timings, statistic: args.statistic })
    }
  }
  const shown = admitted.map(({ name }) => name)
  return {
    tables: [
      throughputTable(cells, shown),
      timeTable(cells, shown),
      ...(shown.includes(reference) ? [ratioTable(cells, shown)] : []),
    ],
    measurements: cells.flatMap(measure),
    notes: [
      ...leftOut,
      ...admitted.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`])),
      `reading a rope took ${significant(heapGrowthOfReading())} bytes of heap a code unit, so it is built`,
      `figures are ${statisticName(args)} of interleaved rounds`,
    ],
    data: cells.map(({ timings, ...cell }) => ({ ...cell, timings: Object.fromEntries(timings) })),
  }
}

/** On mails of all kinds first: the slow ones take a second until they are compiled, and the first cell would pay it. */
async function warmUpAll(contenders: readonly NamedContender[], sizes: readonly MailSize[]): Promise<void> {
  const kinds = sizes.flatMap((size) => textWidths.map((width) => buildMails(size, width)[0]!))
  const mails = kinds.filter((mail) => mail.length < 1_000_000)
  for (const contender of contenders) await warmUp(rewritingJob(contender, mails), 800, 0)
}

const heading = ({ size, width }: Cell): string => `${size} ${width}`
const timeOf = (cell: Cell, name: string): number => cell.timings.get(name)?.[cell.statistic] ?? Number.NaN

function throughputTable(cells: readonly Cell[], names: readonly string[]): Table {
  return {
    title: 'Million bytes of mail a second',
    columns: ['', ...cells.map(heading)],
    rows: names.map((name) => [name, ...cells.map((cell) => significant(cell.bytes / timeOf(cell, name) / 1000))]),
  }
}

function timeTable(cells: readonly Cell[], names: readonly string[]): Table {
  return {
    title: 'Time for one mail',
    columns: ['', ...cells.map(heading)],
    rows: names.map((name) => [name, ...cells.map((cell) => duration(timeOf(cell, name) / cell.mails))]),
  }
}

function ratioTable(cells: readonly Cell[], names: readonly string[]): Table {
  return {
    title: `Time over that of "${reference}"`,
    columns: ['', ...cells.map(heading)],
    rows: names.map((name) => [
      name,
      ...cells.map((cell) => `${significant(timeOf(cell, name) / timeOf(cell, reference))} x`),
    ]),
  }
}

function measure(cell: Cell): readonly Measurement[] {
  const at = heading(cell)
  const ratio = (goal: GoalId, slower: string, faster: string): readonly Measurement[] => {
    const value = timeOf(cell, slower) / timeOf(cell, faster)
    return Number.isNaN(value) ? [] : [{ goal, at, value }]
  }
  const small = cell.size === '7K' || cell.size === '46K'
  const large = cell.size === '140K'
  return [
    ...(small ? ratio('vs-regex', 'regex, careful', reference) : []),
    ...(small ? ratio('vs-htmlparser2', 'htmlparser2 Tokenizer', reference) : []),
    ...(large ? ratio('vs-htmlparser2-large', 'htmlparser2 Tokenizer', reference) : []),
    ...(small ? ratio('vs-parse5', 'parse5 rewriting stream', reference) : []),
    ...(small ? ratio('vs-cheerio', 'cheerio', reference) : []),
    ...ratio('signed-over-stored', 'ours, signed', 'ours, stored'),
    ...ratio('prepared-stored', 'ours, stored', 'ours, prepared, stored'),
    ...ratio('prepared-signed', 'ours, signed', 'ours, prepared, signed'),
  ]
}
