import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { MailSet } from './mail-sets.ts'
import type { TimeAnswer } from './worker-child.ts'

/** A process that times one contender when told to. */
export interface Worker {
  /** Milliseconds of processor time for one run over a set of mails. */
  time(set: MailSet): Promise<number>
  stop(): void
}

/** Starts this bundle once more for one contender, under Node or another runtime. */
export function startWorker(contender: string, runtime = process.execPath, flags = process.execArgv): Worker {
  const child: ChildProcess = spawn(runtime, [...flags, process.argv[1]!, 'worker-child', contender], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    async time(set) {
      child.stdin!.write(`${set}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`${contender}: its process ended before it answered`)
      const answer = JSON.parse(value) as TimeAnswer
      if ('error' in answer) throw new Error(`${contender}: ${answer.error}`)
      return answer.ms
    },
    stop: () => child.kill(),
  }
}
