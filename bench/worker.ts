// Owns talking to a worker-child under some runtime.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { summarise, type Timing } from './clock.ts'
import type { TimeAnswer, TimeRequest } from './worker-child.ts'

export interface Worker {
  readonly runtime: string
  time(request: TimeRequest): Promise<number>
  stop(): void
}

/** Starts this bundle again under another runtime. */
export function startWorker(runtime: string, executable: string): Worker {
  const script = process.argv[1]!
  const child: ChildProcess = spawn(executable, [script, 'worker-child'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    runtime,
    async time(request) {
      child.stdin!.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`${runtime} ended before it answered`)
      const answer = JSON.parse(value) as TimeAnswer
      if ('error' in answer) throw new Error(`${request.contender} under ${runtime}: ${answer.error}`)
      return answer.ms
    },
    stop: () => child.kill(),
  }
}

/** One contender under one runtime. */
export interface Lane {
  readonly label: string
  readonly worker: Worker
  readonly contender: string
}

/** Times all lanes at one size in turns, only one process at work at any time. */
export async function timeLanes(
  lanes: readonly Lane[],
  at: Omit<TimeRequest, 'contender'>,
  rounds: number,
): Promise<ReadonlyMap<string, Timing>> {
  const times = new Map<string, number[]>(lanes.map(({ label }) => [label, []]))
  // The first round prepares and warms up; it does not count.
  for (let round = -1; round < rounds; round++) {
    for (const { label, worker, contender } of lanes) {
      const ms = await worker.time({ contender, ...at })
      if (round >= 0) times.get(label)!.push(ms)
    }
  }
  return new Map([...times].map(([label, list]) => [label, summarise(list)] as const))
}
