// The big table: everyone on the same job, bytes to send at the end, real mails first.

import { type BenchArguments, statisticName } from '../arguments.ts'
import { findBun } from '../bun.ts'
import { type Job, median, type Statistic, type Timing, timeBatch, timeInterleaved, warmUp } from '../clock.ts'
import { bunContender, nodeContenders } from '../contenders/index.ts'
import type { GoalId, Measurement } from '../goals.ts'
import { admitContenders, type NamedContender, rewritingJob } from '../jobs.ts'
import { byteLength, type MailSet, readMails } from '../mail-sets.ts'
import { type Report, significant, type Table } from '../report.ts'
import { startWorker, type Worker } from '../worker.ts'

interface Cell {
  readonly set: MailSet
  readonly mails: number
  readonly bytes: number
  readonly timings: ReadonlyMap<string, Timing>
  readonly statistic: Statistic
}

const reference = 'ours, bytes, stored'

export async function run(args: BenchArguments): Promise<Report> {
  const isChosen = (name: string): boolean => args.only.length === 0 || args.only.some((part) => name.includes(part))
  const { admitted, leftOut } = await admitContenders(nodeContenders.filter(isChosen), readMails('46K')[0]!)
  const bun = isChosen(bunContender) ? findBun(args.fetch) : null
  const workers = new Map(admitted.map(({ name }) => [name, startWorker(name)]))
  if (bun !== null) workers.set(bunContender, startWorker(bunContender, bun.executable, []))
  const cells: Cell[] = []
  try {
    for (const set of args.sets ?? (['real', '46K', '140K', '1M', '10M'] as const)) {
      cells.push(await timeSet(set, workers, args))
    }
  } finally {
    for (const worker of workers.values()) worker.stop()
  }
  const names = [...workers.keys()]
  const ratios = names.includes(reference) ? [ratioTable(cells, names)] : []
  const slowest = cells.some(({ set }) => set === 'real') ? await timeEachMail(admitted) : null
  return {
    tables: [throughputTable(cells, names), ...ratios],
    measurements: [...cells.flatMap(measure), ...measureGrowth(cells), ...(slowest?.measurements ?? [])],
    notes: [
      ...cells.map(({ set, mails, bytes }) => `${set}: ${mails} mails, ${significant(bytes / 1e6)} MB`),
      ...(slowest?.notes ?? []),
      ...leftOut,
      ...(bun === null
        ? [`${bunContender} is left out: set BUN to a binary, or pass --fetch`]
        : [`${bunContender}: Bun ${bun.version}`]),
      ...admitted.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`])),
      `figures are ${statisticName(args)} of interleaved rounds`,
    ],
    data: cells.map(({ timings, ...cell }) => ({ ...cell, timings: Object.fromEntries(timings) })),
  }
}

async function timeSet(set: MailSet, workers: ReadonlyMap<string, Worker>, args: BenchArguments): Promise<Cell> {
  const mails = readMails(set)
  const jobs = [...workers].map(([name, worker]): Job => ({ name, time: () => worker.time(set) }))
  const timings = await timeInterleaved(jobs, { rounds: args.rounds ?? (set === '10M' ? 5 : 15) })
  return { set, mails: mails.length, bytes: byteLength(mails), timings, statistic: args.statistic }
}

const timeOf = (cell: Cell, name: string): number => cell.timings.get(name)?.[cell.statistic] ?? Number.NaN

function throughputTable(cells: readonly Cell[], names: readonly string[]): Table {
  return {
    title: 'Million bytes of mail a second',
    columns: ['', ...cells.map(({ set }) => set)],
    rows: names.map((name) => [name, ...cells.map((cell) => significant(cell.bytes / timeOf(cell, name) / 1000))]),
  }
}

function ratioTable(cells: readonly Cell[], names: readonly string[]): Table {
  return {
    title: `Time over that of "${reference}"`,
    columns: ['', ...cells.map(({ set }) => set)],
    rows: names.map((name) => [
      name,
      ...cells.map((cell) => `${significant(timeOf(cell, name) / timeOf(cell, reference))} x`),
    ]),
  }
}

function measure(cell: Cell): readonly Measurement[] {
  const ratio = (goal: GoalId, slower: string, faster: string): readonly Measurement[] => {
    const value = timeOf(cell, slower) / timeOf(cell, faster)
    return Number.isNaN(value) ? [] : [{ goal, at: cell.set, value }]
  }
  if (cell.set === '10M') return []
  // Encoded first or at the end: whoever has a string takes the faster way.
  const ways = ['ours, string to bytes, stored', 'ours, string, stored'] as const
  const stringIn = timeOf(cell, ways[0]) > timeOf(cell, ways[1]) ? ways[1] : ways[0]
  return [
    ...ratio('vs-lol-html', bunContender, stringIn),
    ...ratio('vs-regex', 'regex, careful', stringIn),
    ...ratio('vs-htmlparser2', 'htmlparser2 Tokenizer', stringIn),
    ...ratio('vs-parse5', 'parse5 rewriting stream', stringIn),
    ...ratio('vs-cheerio', 'cheerio', stringIn),
    ...ratio('bytes-in', stringIn, reference),
    ...ratio('prepared-stored', 'floor: copy the bytes', 'ours, prepared, stored'),
    ...ratio('prepared-signed', 'ours, prepared, stored', 'ours, prepared, signed'),
  ]
}

function measureGrowth(cells: readonly Cell[]): readonly Measurement[] {
  const perByte = (set: MailSet): number => {
    const cell = cells.find((each) => each.set === set)
    return cell === undefined ? Number.NaN : timeOf(cell, reference) / cell.bytes
  }
  const growth = (goal: GoalId, small: MailSet, large: MailSet): Measurement => ({
    goal,
    at: `${large} over ${small}`,
    value: perByte(large) / perByte(small),
  })
  const all = [growth('no-cliff', '46K', '140K'), growth('no-cliff', '46K', '1M'), growth('growth', '140K', '10M')]
  return all.filter(({ value }) => !Number.isNaN(value))
}

/** Each real mail by itself: how much slower than the median one, per byte, the slowest tenth is. */
async function timeEachMail(admitted: readonly NamedContender[]): Promise<Pick<Report, 'measurements' | 'notes'>> {
  const contender = admitted.find(({ name }) => name === reference)
  if (contender === undefined) return { measurements: [], notes: [] }
  const speeds: { bytes: number; ms: number }[] = []
  // The compilers have seen all of them before the first is timed.
  await warmUp(rewritingJob(contender, readMails('real')), 1000, 0)
  for (const mail of readMails('real')) {
    const job = rewritingJob(contender, [mail])
    const batch = await warmUp(job, 2, 0.5)
    const times: number[] = []
    for (let round = 0; round < 7; round++) times.push(await timeBatch(job, batch))
    speeds.push({ bytes: byteLength([mail]), ms: Math.min(...times) })
  }
  speeds.sort((one, other) => one.bytes / one.ms - other.bytes / other.ms)
  const tenth = speeds.slice(0, Math.ceil(speeds.length / 10))
  const slowest = tenth.reduce((sum, { bytes }) => sum + bytes, 0) / tenth.reduce((sum, { ms }) => sum + ms, 0)
  const middle = median(speeds.map(({ bytes, ms }) => bytes / ms))
  return {
    measurements: [{ goal: 'slowest-tenth', at: 'real', value: middle / slowest }],
    notes: [
      `real, one by one: the median mail ${significant(middle / 1000)} MB/s, the slowest tenth ${significant(slowest / 1000)} MB/s`,
    ],
  }
}
