// Owns one measurement of peak memory, in a process of its own: a peak is only seen once.

import { readFileSync, writeFileSync } from 'node:fs'
import { loadContender } from '../contenders/index.ts'
import type { TextWidth } from '../mails.ts'
import { read } from '../read.ts'

export interface MemoryRequest {
  readonly contender: string
  readonly file: string
  readonly width: TextWidth
}

/** All in bytes. */
export interface MemoryAnswer {
  readonly input: number
  readonly output: number
  /** The process's resident set at its highest, over what it was before the call. */
  readonly peakExtra: number
}

/** Of the process, in bytes. Linux only: nothing else tells a peak that can be set back. */
function readStatus(field: 'VmHWM' | 'VmRSS'): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'latin1'))
  if (match === null) throw new Error(`/proc/self/status has no ${field}: this mode needs Linux`)
  return Number(match[1]) * 1024
}

export async function serve(): Promise<void> {
  const { contender, file, width } = JSON.parse(process.argv[3]!) as MemoryRequest
  const { prepare } = await loadContender(contender)
  // A small mail first: what the engine takes to compile is not what the mail takes.
  read(await prepare(readFileSync(`${file}.small`, 'utf8'))())
  const html = readFileSync(file, 'utf8')
  const run = prepare(html)
  globalThis.gc?.()
  // The reading left a higher peak than what is held now.
  writeFileSync('/proc/self/clear_refs', '5')
  const before = readStatus('VmRSS')
  const result = await run()
  read(result)
  const bytesPerUnit = width === 'one-byte' ? 1 : 2
  const answer: MemoryAnswer = {
    input: html.length * bytesPerUnit,
    output: result.length * bytesPerUnit,
    peakExtra: readStatus('VmHWM') - before,
  }
  console.log(JSON.stringify(answer))
}
