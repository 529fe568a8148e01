// Bundles bench/ (Node 20 cannot strip types) and runs it in a process of its own.
//
//   node bench/run.mjs [mode] [--json] [--sets real,46K] [--rounds 15] [--only ours,cheerio] [--best] [--fetch]

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
// Below node_modules, so that the bundle finds the peers, which stay outside of it.
const cache = join(here, '..', 'node_modules', '.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'mailtrace-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

await build({
  entryPoints: { main: join(here, 'main.ts') },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})

// Garbage collection in one thread: several that wait for each other on a busy machine would all be counted.
const flags = ['--expose-gc', '--single-threaded-gc']
const child = spawn(process.execPath, [...flags, join(folder, 'main.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: join(here, '..'),
})
child.on('exit', (code) => process.exit(code ?? 1))
