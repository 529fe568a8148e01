import type { Runnable } from './clock.ts'
import { type Contender, findFault } from './contenders/contender.ts'
import { loadContender } from './contenders/index.ts'
import { toBytes } from './read.ts'

export interface NamedContender extends Contender {
  readonly name: string
}

/** The contenders that do the job right on a made-up mail, and why the others are left out. */
export async function admitContenders(
  names: readonly string[],
  mail: string,
): Promise<{ readonly admitted: readonly NamedContender[]; readonly leftOut: readonly string[] }> {
  const admitted: NamedContender[] = []
  const leftOut: string[] = []
  for (const name of names) {
    try {
      const contender = await loadContender(name)
      const result = Buffer.from(toBytes(await contender.prepare(mail)())).toString()
      const fault = contender.isFloor ? null : findFault(mail, result)
      if (fault === null) admitted.push({ ...contender, name })
      else leftOut.push(`${name} is left out: it ${fault}`)
    } catch (error) {
      leftOut.push(`${name} is left out: it fails with "${error instanceof Error ? error.message : error}"`)
    }
  }
  return { admitted, leftOut }
}

/** One run is all mails of a set, rewritten and encoded. */
export function rewritingJob(contender: NamedContender, mails: readonly string[]): Runnable {
  const runs = mails.map((mail) => contender.prepare(mail))
  const isAsync = runs.some((run) => run() instanceof Promise)
  return {
    name: contender.name,
    // Nobody pays for an `await` that it does not need.
    run: isAsync
      ? async () => {
          for (const run of runs) toBytes(await run())
        }
      : () => {
          for (const run of runs) toBytes(run() as string | Uint8Array)
        },
  }
}
