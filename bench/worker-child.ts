// Owns a process that times contenders when told to, so that several runtimes can take turns. It speaks JSON, a line a
// message, and prepares a job when it is first asked for.

import { createInterface } from 'node:readline'
import { type Job, timeBatch, warmUp } from './clock.ts'
import { loadContender } from './contenders/index.ts'
import { rewritingJob } from './jobs.ts'
import { buildMails, type MailSize, type TextWidth } from './mails.ts'

export interface TimeRequest {
  readonly contender: string
  readonly size: MailSize
  readonly width: TextWidth
}

export type TimeAnswer = { readonly ms: number } | { readonly error: string }

export async function serve(): Promise<void> {
  const prepared = new Map<string, { readonly job: Job; readonly batch: number }>()
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: TimeAnswer
    try {
      const request = JSON.parse(line) as TimeRequest
      const key = JSON.stringify(request)
      let entry = prepared.get(key)
      if (entry === undefined) {
        const contender = { ...(await loadContender(request.contender)), name: request.contender }
        const job = rewritingJob(contender, buildMails(request.size, request.width))
        entry = { job, batch: await warmUp(job, 400, 10) }
        prepared.set(key, entry)
      }
      answer = { ms: await timeBatch(entry.job, entry.batch) }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : `${error}` }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
}
