// What an entry weighs and how long its import takes, as its users get it: bundled, and with its dependencies.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { BenchArguments } from '../arguments.ts'
import { median } from '../clock.ts'
import type { GoalId, Measurement } from '../goals.ts'
import { duration, type Report, significant } from '../report.ts'

interface Entry {
  readonly name: string
  readonly source: string
  readonly goal?: GoalId
}

const entries: readonly Entry[] = [
  { name: 'mailtrace', source: 'src/index.ts', goal: 'size-mailtrace' },
  { name: 'mailtrace/receiver', source: 'src/receiver/index.ts', goal: 'size-receiver' },
  { name: 'mailtrace/domains', source: 'src/domains/index.ts' },
  { name: 'mailtrace/dns', source: 'src/dns/index.ts' },
  { name: 'mailtrace/text', source: 'src/text/index.ts' },
  { name: 'mailtrace/nodemailer', source: 'src/nodemailer/index.ts' },
  { name: 'mailtrace/testing', source: 'src/testing/index.ts' },
]

export async function run(args: BenchArguments): Promise<Report> {
  const rows: string[][] = []
  const measurements: Measurement[] = []
  const data: unknown[] = []
  // Beside this bundle, so that an import finds the dependencies.
  const folder = mkdtempSync(join(dirname(process.argv[1]!), 'startup-'))
  try {
    for (const { name, source, goal } of entries.filter((entry) => existsSync(entry.source))) {
      const minified = await bundle(source, { minify: true, packages: 'bundle' })
      const own = await bundle(source, { minify: true, packages: 'external' })
      const file = join(folder, `${name.replace('/', '-')}.mjs`)
      await bundle(source, { minify: false, packages: 'external', outfile: file })
      const times = Array.from({ length: args.rounds ?? 11 }, () => timeImport(file))
      const gzippedKB = gzipSync(minified, { level: 9 }).length / 1000
      const ownKB = gzipSync(own, { level: 9 }).length / 1000
      rows.push([
        name,
        `${significant(minified.length / 1000)} KB`,
        `${significant(gzippedKB)} KB`,
        `${significant(ownKB)} KB`,
        duration(median(times)),
      ])
      if (goal !== undefined) measurements.push({ goal, at: name, value: gzippedKB })
      data.push({ name, minified: minified.length, gzippedKB, ownKB, importMs: median(times) })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    tables: [
      {
        title: 'Weight with dependencies, and time to import',
        columns: ['', 'minified', 'and gzipped', 'of it ours', 'import'],
        rows,
      },
    ],
    measurements,
    notes: [
      'import: in a new process, from the first statement to the namespace, dependencies from node_modules (median)',
      'KB: 1,000 bytes',
    ],
    data,
  }
}

interface BundleOptions {
  readonly minify: boolean
  readonly packages: 'bundle' | 'external'
  readonly outfile?: string
}

async function bundle(source: string, { outfile, ...options }: BundleOptions): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [source],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    target: 'es2023',
    logLevel: 'error',
    write: outfile !== undefined,
    external: ['node:*', 'parse5'],
    ...options,
    ...(outfile === undefined ? {} : { outfile }),
  })
  return result.outputFiles?.[0]?.contents ?? new Uint8Array()
}

function timeImport(file: string): number {
  const script = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - start)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
}
