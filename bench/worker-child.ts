// A process under another runtime, that times contenders when told to. It speaks JSON, a line a message.

import { createInterface } from 'node:readline'
import { timeBatch, warmUp } from './clock.ts'
import { loadContender } from './contenders/index.ts'
import { rewritingJob } from './jobs.ts'
import { type MailSet, readMails } from './mail-sets.ts'

export interface TimeRequest {
  readonly contender: string
  readonly set: MailSet
}

export type TimeAnswer = { readonly ms: number } | { readonly error: string }

export async function serve(): Promise<void> {
  const lanes = new Map<string, () => Promise<number>>()
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: TimeAnswer
    try {
      const { contender, set } = JSON.parse(line) as TimeRequest
      let time = lanes.get(line)
      if (time === undefined) {
        const job = rewritingJob({ ...(await loadContender(contender)), name: contender }, readMails(set))
        const batch = await warmUp(job, 400, 8)
        time = () => timeBatch(job, batch)
        lanes.set(line, time)
      }
      answer = { ms: await time() }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : `${error}` }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}
