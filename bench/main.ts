// Each mode is loaded by itself, so that none pays for the peers of another.

import { type BenchArguments, readArguments } from './arguments.ts'
import { printReport, type Report } from './report.ts'

const modes: Record<string, () => Promise<{ run: (args: BenchArguments) => Promise<Report> }>> = {
  compare: () => import('./modes/compare.ts'),
  hostile: () => import('./modes/hostile.ts'),
  memory: () => import('./modes/memory.ts'),
  startup: () => import('./modes/startup.ts'),
  receiver: () => import('./receiver.ts'),
  store: () => import('./store.ts'),
  message: () => import('./modes/message.ts'),
  relay: () => import('./modes/relay.ts'),
}

/** What benchmarks start of themselves in processes of their own. */
const children: Record<string, () => Promise<{ serve: () => Promise<void> }>> = {
  'worker-child': () => import('./worker-child.ts'),
  'memory-child': () => import('./modes/memory-child.ts'),
  'relay-child': () => import('./modes/relay-child.ts'),
}

async function main(): Promise<void> {
  const child = children[process.argv[2] ?? '']
  if (child !== undefined) return (await child()).serve()
  const args = readArguments(process.argv.slice(2))
  const mode = modes[args.mode]
  if (mode === undefined) throw new Error(`no mode "${args.mode}": use one of ${Object.keys(modes).join(', ')}`)
  printReport(args.mode, await (await mode()).run(args), args.json)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
