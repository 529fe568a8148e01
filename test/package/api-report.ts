// What each entry declares, as one text: every exported name with its declaration, and what these declarations refer to.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { entries, type Node, nodesOf, repository } from './source-files.ts'

interface Declarations {
  /** The text of each declaration by its name, `export` and `declare` taken away; of overloads all. */
  readonly texts: ReadonlyMap<string, { readonly text: string; readonly refersTo: ReadonlySet<string> }>
  /** Where a name comes from that is declared elsewhere; a package's is left alone. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>
}

/** The report of each entry, by its subpath. */
export function reportApi(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-api-'))
  try {
    const tsc = join(repository, 'node_modules/.bin/tsc')
    const emit = ['--emitDeclarationOnly', '--removeComments', '--outDir', folder]
    const { status, stdout } = spawnSync(tsc, ['-p', repository, ...emit], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout)
    const files = new Map(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.d.ts'))
        .map((name) => [name, readDeclarations(name, readFileSync(join(folder, name), 'utf8'))]),
    )
    return new Map(
      entries.map(([subpath, path]) => [subpath, report(files, path.replace(/^src\/|\.ts$/g, '').concat('.d.ts'))]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readDeclarations(file: string, text: string): Declarations {
  const texts = new Map<string, { text: string; refersTo: Set<string> }>()
  const imports = new Map<string, { file: string; name: string }>()
  for (const statement of parseSync(file, text).program.body as unknown as readonly Node[]) {
    const source = (statement.source as { value: string } | null | undefined)?.value
    if (source?.startsWith('.')) {
      const target = join(dirname(file), source).replace(/(?:\.d)?\.[jt]s$/, '.d.ts')
      for (const specifier of statement.specifiers as readonly Record<string, { name: string }>[]) {
        // Under the name by which this file knows it, or hands it on.
        const known = (specifier.exported ?? specifier.local)!.name
        const name = (specifier.exported ? specifier.local : specifier.imported)!.name
        imports.set(known, { file: target, name })
      }
      continue
    }
    const declaration = (statement.declaration ?? statement) as Node & { start: number; end: number }
    const declared = (declaration.declarations as readonly { id: Node }[] | undefined)?.[0]?.id ?? declaration.id
    const name = (declared as { name?: string } | null | undefined)?.name
    if (name === undefined) continue
    const own = text.slice(declaration.start, declaration.end).replace(/^declare /, '')
    const known = texts.get(name)
    const refersTo = new Set(known?.refersTo)
    for (const { type, name: word } of nodesOf(declaration)) if (type === 'Identifier') refersTo.add(word as string)
    texts.set(name, { text: known ? `${known.text}\n${own}` : own, refersTo })
  }
  return { texts, imports }
}

function report(files: ReadonlyMap<string, Declarations>, entry: string): string {
  const exported = [...files.get(entry)!.imports.keys()].sort()
  const shown = new Map<string, string>()
  const pending = exported.map((name) => ({ file: entry, name }))
  for (let item = pending.shift(); item !== undefined; item = pending.shift()) {
    const { texts, imports } = files.get(item.file)!
    const elsewhere = imports.get(item.name)
    const own = texts.get(item.name)
    if (elsewhere) pending.push(elsewhere)
    else if (own && !shown.has(item.name)) {
      shown.set(item.name, own.text)
      pending.push(...[...own.refersTo].map((name) => ({ file: item!.file, name })))
    }
  }
  const block = (names: readonly string[]): string =>
    ['```ts', names.map((name) => shown.get(name) ?? `// ${name}: of another package`).join('\n\n'), '```'].join('\n')
  const inner = [...shown.keys()].filter((name) => !exported.includes(name)).sort()
  const parts = [
    block(exported),
    ...(inner.length > 0 ? ['What these refer to, without exporting it:', block(inner)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}
