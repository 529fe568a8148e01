// One measurement of memory, in a process of its own: a peak is only seen once.

import { readFileSync, writeFileSync } from 'node:fs'
import { instrumentEmail } from '../../src/index.ts'
import { loadContender } from '../contenders/index.ts'
import { stored } from '../contenders/ours.ts'
import { readMails } from '../mail-sets.ts'
import { buildMail } from '../mails.ts'
import { toBytes } from '../read.ts'

/** In bytes: what was taken, and what it is held against. */
export interface MemoryAnswer {
  readonly bytes: number
  readonly base: number
}

export async function serve(): Promise<void> {
  const what = process.argv[3]!
  const form = /^kept: (.*)/.exec(what)?.[1]
  console.log(JSON.stringify(form === undefined ? await measurePeak(what) : measureKept(form === 'bytes')))
}

async function measurePeak(contender: string): Promise<MemoryAnswer> {
  const { prepare } = await loadContender(contender)
  // A small mail first: what the engine takes to compile is not what the mail takes.
  toBytes(await prepare(readMails('140K')[0]!)())
  // From a file: what building it left behind would be taken again unseen.
  const run = prepare(readFileSync(process.argv[4]!, 'utf8'))
  globalThis.gc?.()
  // A thread of its own gives back what was collected.
  await new Promise((resolve) => setTimeout(resolve, 300))
  // The reading left a higher peak than what is held now.
  writeFileSync('/proc/self/clear_refs', '5')
  const before = readStatus('VmRSS')
  const base = toBytes(await run()).length
  return { bytes: readStatus('VmHWM') - before, base }
}

function measureKept(isBytes: boolean): MemoryAnswer {
  const kept: unknown[] = []
  const held = (): number => {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const keep = (seed: number): unknown => {
    const html = buildMail({ length: 1_000_000, width: 'one-byte', seed })
    return (isBytes ? instrumentEmail(Buffer.from(html), stored) : instrumentEmail(html, stored)).links
  }
  keep(0)
  const before = held()
  for (let seed = 1; seed <= 200; seed++) kept.push(keep(seed))
  return { bytes: held() - before, base: JSON.stringify(kept).length }
}

/** Of the process, in bytes. Linux only: nothing else tells a peak that can be set back. */
function readStatus(field: 'VmHWM' | 'VmRSS'): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'latin1'))
  if (match === null) throw new Error(`/proc/self/status has no ${field}: this mode needs Linux`)
  return Number(match[1]) * 1024
}
