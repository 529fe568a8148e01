// The code of README.md, of the guides and of the docstrings compiles as a reader's would, runs, and prints what it says.

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../src/cli/commands.ts'
import { examplesInGuide, examplesInSource, guides, readGuide } from './kit/examples.ts'
import { entries, repository, sourceFiles } from './package/source-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-examples-'))
const run = promisify(execFile)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sources = Object.fromEntries(
  entries.map(([subpath, path]) => [subpath.replace('.', 'mailtrace'), join(repository, path)]),
)
const examples = [...guides.flatMap(examplesInGuide), ...examplesInSource()].map((example, at) => ({
  ...example,
  file: `${at}-${example.path.replace(/\W+/g, '-')}.ts`,
}))

/** What the compiler says, by file. */
const complaints = new Map<string, string[]>()

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, code } of examples) writeFileSync(join(folder, file), `${code}\nexport {}\n`)
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023', 'ES2024.String', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    jsx: 'react-jsx',
    jsxImportSource: 'hono/jsx',
    // The entries as they are in the source.
    paths: Object.fromEntries(Object.entries(sources).map(([name, path]) => [name, [path]])),
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const { stdout } = await run(join(repository, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  )
  for (const line of stdout.split('\n')) {
    const file = /^[^(\s]+/.exec(line)?.[0]
    if (file !== undefined) complaints.set(file, [...(complaints.get(file) ?? []), line])
  }
}, 60_000)

async function outputOf({ file }: { readonly file: string }): Promise<string> {
  const outfile = join(folder, `${file}.mjs`)
  await build({
    entryPoints: [join(folder, file)],
    alias: sources,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What the entries import is found beside the folder; bundled, packages of the older kind would not run.
    packages: 'external',
    outfile,
    logLevel: 'silent',
  })
  return (await run(process.execPath, [outfile], { cwd: folder })).stdout
}

it.each(guides)('%s has examples', (path) => {
  expect(examplesInGuide(path)).not.toEqual([])
})

it.each([...guides, 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md', 'src/errors.md'])(
  '%s links what is there',
  (path) => {
    const targets = [...readGuide(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target!)
    const broken = targets.filter((target) => !existsSync(join(repository, dirname(path), target)))
    expect(broken).toEqual([])
  },
)

it.each([...guides, 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md'])('%s names scripts that are there', (path) => {
  const { scripts } = JSON.parse(readGuide('package.json'))
  const named = [...readGuide(path).matchAll(/\bnpm (?:run )?(?<script>[a-z][a-z:]*)/g)]
    .map(({ groups }) => groups!.script!)
    .filter((script) => !['ci', 'install', 'pack', 'i', 'registry', 'run'].includes(script))
  expect(named.filter((script) => !(script in scripts))).toEqual([])
})

it('README.md calls commands with options that they have', () => {
  const options = new Map(commands.map((command) => [command.name, Object.entries(command.options)]))
  const calls = [...readGuide('README.md').matchAll(/\bmailtrace (?<name>[a-z]+) (?<rest>[^\n`]* -[^\n`]*)/g)]
  expect(calls.map(({ groups }) => groups!.name)).toEqual(expect.arrayContaining(['init', 'dns', 'serve', 'inspect']))
  const wrong = calls.filter(({ groups }) =>
    [...` ${groups!.rest}`.matchAll(/ --?(?<option>[a-z-]+)/g)].some(
      ({ groups: given }) =>
        !options.get(groups!.name!)?.some(([name, { short }]) => given!.option === name || given!.option === short),
    ),
  )
  expect(wrong.map(([call]) => call)).toEqual([])
})

describe('examples', () => {
  it.each(examples)('$title compiles under strict', ({ file }) => {
    expect(complaints.get(file) ?? []).toEqual([])
  })

  it.each(examples.filter(({ runs }) => runs))('$title prints what it says', async (example) => {
    const printed = await outputOf(example)
    if (example.output !== null) expect(printed).toBe(example.output)
  })
})

it('every public function has an example that runs', () => {
  const shown = new Set(examplesInSource().map(({ title }) => title.slice(title.indexOf(': ') + 2)))
  const functions = entries.flatMap(([, path]) =>
    sourceFiles
      .get(path)!
      .body.filter(({ exportKind }) => exportKind !== 'type')
      .flatMap(({ specifiers = [] }) => specifiers as readonly { exported: { name: string }; exportKind: string }[])
      .filter(({ exportKind }) => exportKind !== 'type')
      .map(({ exported }) => exported.name)
      .filter((name) => name !== 'MailtraceError'),
  )
  const missing = [...new Set(functions)].filter((name) => !shown.has(name))
  expect(missing.sort()).toEqual([])
})
