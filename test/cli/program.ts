// The program as it is in the source now, bundled once per test file, as a real
// child process in a folder of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll } from 'vitest'
import type { DomainConfig } from '../../src/index.ts'
import { signedDomain } from '../kit/domains.ts'

export const repository: string = fileURLToPath(new URL('../..', import.meta.url))
export const demo: string = join(repository, 'test/demo')

const peers = Object.keys(JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).peerDependencies)

/** Laid out like the package, as the program looks for package.json where the package has it. */
export const packageFolder: string = mkdtempSync(join(tmpdir(), 'mailtrace-cli-'))
/** Where the program runs, and where {@link writeFixture} writes. */
export const workFolder: string = join(packageFolder, 'work')

const program = join(packageFolder, 'dist/cli/main.js')
buildSync({
  entryPoints: [join(repository, 'src/cli/main.ts')],
  outdir: join(packageFolder, 'dist/cli'),
  bundle: true,
  // As the package has it: what a command loads when it is run is a file of its own.
  splitting: true,
  external: peers,
  platform: 'node',
  format: 'esm',
  target: 'es2023',
})
copyFileSync(join(repository, 'package.json'), join(packageFolder, 'package.json'))
symlinkSync(join(repository, 'node_modules'), join(packageFolder, 'node_modules'))
mkdirSync(workFolder)
afterAll(() => rmSync(packageFolder, { recursive: true, force: true }))

/** Keeps colours that the outer terminal asks for out of expectations. */
const { FORCE_COLOR: _force, NO_COLOR: _no, ...plainEnvironment } = process.env

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args], { cwd: workFolder, env: { ...plainEnvironment, ...env } })
}

export function run(args: readonly string[], { input = '', env = {} }: RunOptions = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = startProgram(args, env)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    // A program that refuses its arguments does not read its input.
    child.stdin.on('error', () => {}).end(input)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** @returns the name to hand to the program */
export function writeFixture(name: string, content: string | Uint8Array): string {
  writeFileSync(join(workFolder, name), content)
  return name
}

export const exampleDomain: DomainConfig = {
  ...signedDomain,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
}

export const writeDomain = (name: string, changes: object = {}): string =>
  writeFixture(name, JSON.stringify({ ...exampleDomain, ...changes }))
