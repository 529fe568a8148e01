// A process of its own for one contender, that times it when told to: it reads the name of a set, and writes a line of JSON.

import { createInterface } from 'node:readline'
import { timeBatch, warmUp } from './clock.ts'
import { loadContender } from './contenders/index.ts'
import { rewritingJob } from './jobs.ts'
import { type MailSet, readMails } from './mail-sets.ts'

export type TimeAnswer = { readonly ms: number } | { readonly error: string }

export async function serve(): Promise<void> {
  const name = process.argv[3]!
  const lanes = new Map<string, () => Promise<number>>()
  for await (const set of createInterface({ input: process.stdin })) {
    let answer: TimeAnswer
    try {
      const time = lanes.get(set) ?? (await createLane(name, set as MailSet))
      lanes.set(set, time)
      answer = { ms: await time() }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : `${error}` }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}

async function createLane(name: string, set: MailSet): Promise<() => Promise<number>> {
  const job = rewritingJob({ ...(await loadContender(name)), name }, readMails(set))
  const batch = set === '10M' ? 1 : await warmUp(job, 400, 8)
  return async () => {
    // Untimed: while the others had their turns, the caches of the processor went cold.
    await timeBatch(job, batch)
    globalThis.gc?.({ type: 'minor', execution: 'sync' })
    return timeBatch(job, batch)
  }
}
