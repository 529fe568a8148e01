// Runs a program of this folder in a process of its own, to be killed.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { repository } from '../package/source-files.ts'

/** Bundles it, as Node 20 cannot strip types; below node_modules, so that it finds the drivers. */
export async function bundleProgram(path: string): Promise<string> {
  const folder = `${repository}node_modules/.cache/mailtrace-store`
  mkdirSync(folder, { recursive: true })
  const outfile = `${folder}/${process.pid}-${path.replace(/\W+/g, '-')}.mjs`
  await build({
    entryPoints: [repository + path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  return outfile
}

export interface Running {
  readonly child: ChildProcess
  /** Every line that it has printed. */
  readonly lines: string[]
  readonly firstLine: Promise<void>
  readonly ended: Promise<void>
  /** What it has said on standard error. */
  readonly errors: () => string
}

export function run(program: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(() => {})
  const firstLine = Promise.race([once(reader, 'line').then(() => {}), ended])
  return { child, lines, firstLine, ended, errors: () => said }
}
