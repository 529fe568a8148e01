import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { MailSet } from './mail-sets.ts'
import type { TimeAnswer } from './worker-child.ts'

export interface Bun {
  readonly version: string
  /** Milliseconds for one run of a contender over a set of mails. */
  time(contender: string, set: MailSet): Promise<number>
  stop(): void
}

/** Starts this bundle under Bun: from the variable BUN, the PATH, or (with `mayFetch`) the registry. `null` without one. */
export function startBun(mayFetch: boolean): Bun | null {
  const executable = [process.env.BUN, 'bun'].find((path) => path !== undefined && versionOf(path) !== null)
  const bun = executable ?? fetchBun(mayFetch)
  if (bun === null) return null
  const child: ChildProcess = spawn(bun, [process.argv[1]!, 'worker-child'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    version: versionOf(bun)!,
    async time(contender, set) {
      child.stdin!.write(`${JSON.stringify({ contender, set })}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error('Bun ended before it answered')
      const answer = JSON.parse(value) as TimeAnswer
      if ('error' in answer) throw new Error(`${contender} under Bun: ${answer.error}`)
      return answer.ms
    },
    stop: () => child.kill(),
  }
}

function versionOf(executable: string): string | null {
  try {
    return execFileSync(executable, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

function fetchBun(mayFetch: boolean): string | null {
  // The binary is kept between runs, as it has a hundred megabytes.
  const folder = join(tmpdir(), 'mailtrace-bench-runtimes', 'bun')
  const find = (): string | null =>
    [
      '.bin/bun',
      '@oven/bun-linux-x64/bin/bun',
      '@oven/bun-linux-x64-baseline/bin/bun',
      '@oven/bun-darwin-aarch64/bin/bun',
    ]
      .map((place) => join(folder, 'node_modules', place))
      .find((path) => existsSync(path) && versionOf(path) !== null) ?? null
  const present = find()
  if (present !== null || !mayFetch) return present
  mkdirSync(folder, { recursive: true })
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', 'bun'], { stdio: 'ignore' })
  return find()
}
