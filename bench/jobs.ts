// Owns turning contenders into jobs for the stop-watch: one run is all mails of a size, rewritten and read.

import type { BenchArguments } from './arguments.ts'
import type { Job } from './clock.ts'
import { type Contender, findFault } from './contenders/contender.ts'
import { loadContender } from './contenders/index.ts'
import { read } from './read.ts'

export interface NamedContender extends Contender {
  readonly name: string
}

/** The chosen contenders that do the job right, and why the others are left out. */
export async function admitContenders(
  names: readonly string[],
  mail: string,
): Promise<{ readonly admitted: readonly NamedContender[]; readonly leftOut: readonly string[] }> {
  const admitted: NamedContender[] = []
  const leftOut: string[] = []
  for (const name of names) {
    try {
      const contender = await loadContender(name)
      const result = await contender.prepare(mail)()
      const fault = contender.isFloor ? null : findFault(mail, result)
      if (fault === null) admitted.push({ ...contender, name })
      else leftOut.push(`${name} is left out: it ${fault}`)
    } catch (error) {
      leftOut.push(`${name} is left out: it fails with "${error instanceof Error ? error.message : error}"`)
    }
  }
  return { admitted, leftOut }
}

export function chooseNames(names: readonly string[], { only }: BenchArguments): readonly string[] {
  return only.length === 0 ? names : names.filter((name) => only.some((part) => name.includes(part)))
}

export function rewritingJob(contender: NamedContender, mails: readonly string[]): Job {
  const runs = mails.map((mail) => contender.prepare(mail))
  const isAsync = runs.some((run) => run() instanceof Promise)
  return {
    name: contender.name,
    // Nobody pays for an `await` that it does not need.
    run: isAsync
      ? async () => {
          for (const run of runs) read(await run())
        }
      : () => {
          for (const run of runs) read(run() as string)
        },
  }
}

/** Bytes of UTF-8: what a mail's size means to everyone, and the same for all engines. */
export function byteLength(mails: readonly string[]): number {
  return mails.reduce((sum, mail) => sum + Buffer.byteLength(mail), 0)
}
