// Contenders take turns in rounds, so that whatever else the machine does hits all alike. What is counted is processor time, of all
// threads of the process: garbage collection and compilers are in it, and what others do on the machine is not. A wait for
// somebody else's turn made native lol-html look half as fast as it is.

import { createRandom } from './random.ts'

/** Something to time: by itself, or by calling it again and again. A result is awaited only if it is a promise. */
export type Job = { readonly name: string } & (
  | { readonly run: () => unknown }
  | { readonly time: () => Promise<number> }
)
export type Runnable = Extract<Job, { readonly run: unknown }>

export interface Timing {
  /** Of all rounds, for one run. */
  readonly medianMs: number
  readonly bestMs: number
}

export type Statistic = keyof Timing

export interface RoundOptions {
  readonly rounds: number
  /** Runs are repeated within a round until it lasts this long. Default: 8 */
  readonly minimumMs?: number
  /** How long each job runs beforehand, for the compilers of the engine. Default: 100 */
  readonly warmupMs?: number
}

/** Times the jobs in interleaved rounds. */
export async function timeInterleaved(
  jobs: readonly Job[],
  { rounds, minimumMs = 8, warmupMs = 100 }: RoundOptions,
): Promise<ReadonlyMap<string, Timing>> {
  const lanes = []
  for (const job of jobs) {
    const batch = 'run' in job ? await warmUp(job, warmupMs, minimumMs) : await job.time()
    lanes.push({ job, batch, times: [] as number[] })
  }
  for (let round = 0; round < rounds; round++) {
    // In another order each round, so that no job always comes after the most wasteful one.
    for (const lane of shuffled(lanes, round)) {
      // The garbage of the job before must not be collected at this job's cost. Its own garbage counts.
      globalThis.gc?.({ type: 'minor', execution: 'sync' })
      const { job, batch, times } = lane
      times.push('run' in job ? await timeBatch(job, batch) : await job.time())
    }
  }
  return new Map(lanes.map(({ job, times }) => [job.name, summarise(times)] as const))
}

/** Runs a job until it is compiled; gives how many runs fill a round. */
export async function warmUp(job: Runnable, warmupMs: number, minimumMs: number): Promise<number> {
  const start = readClock()
  let runs = 0
  do {
    const result = job.run()
    if (result instanceof Promise) await result
    runs++
  } while (readClock() - start < warmupMs)
  // The second half of the warm-up is closer to what comes than the whole.
  const half = await timeBatch(job, Math.ceil(runs / 2))
  return Math.max(1, Math.ceil(minimumMs / half))
}

/** In ms: the processor time of this process so far. */
function readClock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds a run, over one batch. */
export async function timeBatch(job: Runnable, batch: number): Promise<number> {
  const start = readClock()
  for (let i = 0; i < batch; i++) {
    const result = job.run()
    if (result instanceof Promise) await result
  }
  return (readClock() - start) / batch
}

/** The same order for the same round in every run. */
function shuffled<Item>(items: readonly Item[], round: number): readonly Item[] {
  const random = createRandom(round + 1)
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

export function summarise(times: readonly number[]): Timing {
  return { medianMs: median(times), bestMs: Math.min(...times) }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
