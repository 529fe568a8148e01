import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Bun {
  readonly version: string
  readonly executable: string
}

/** From the variable BUN, the PATH, or (with `mayFetch`) the registry. `null` without one. */
export function findBun(mayFetch: boolean): Bun | null {
  const executable = [process.env.BUN, 'bun'].find((path) => path !== undefined && versionOf(path) !== null)
  const bun = executable ?? fetchBun(mayFetch)
  return bun === null ? null : { version: versionOf(bun)!, executable: bun }
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
