// How tests look at the source: every file with its imports, and walks over them.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export const repository: string = fileURLToPath(new URL('../..', import.meta.url))

/** An import, a re-export or an `import()`. */
export interface Import {
  /** A path in the repository (`src/config.ts`) or a specifier as written (`entities`). */
  readonly target: string
  /** Gone once types are stripped. */
  readonly isType: boolean
}

/** A node of the syntax tree, as loosely as a walk needs it. */
export interface Node {
  readonly type: string
  readonly [field: string]: unknown
}

export interface SourceFile {
  /** `src/config.ts` */
  readonly path: string
  readonly body: readonly Node[]
  readonly imports: readonly Import[]
}

export const sourceFiles: ReadonlyMap<string, SourceFile> = new Map(
  readdirSync(`${repository}src`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
    .map((name) => [`src/${name}`, readSource(`src/${name}`)]),
)

function readSource(path: string): SourceFile {
  const { program, errors } = parseSync(path, readFileSync(repository + path, 'utf8'))
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const body = program.body as unknown as readonly Node[]
  const imports: Import[] = []
  for (const node of nodesOf(body)) {
    const source = node.source as { readonly value?: string } | null | undefined
    if (!source) continue
    const isImport = [
      'ImportDeclaration',
      'ExportNamedDeclaration',
      'ExportAllDeclaration',
      'ImportExpression',
      'TSImportType',
    ]
    if (!isImport.includes(node.type)) continue
    if (source.value === undefined) throw new Error(`${path}: an import() of something that is not a literal`)
    const specifiers = (node.specifiers ?? []) as readonly Node[]
    const kind = node.importKind ?? node.exportKind
    const areTypes =
      specifiers.length > 0 && specifiers.every((each) => (each.importKind ?? each.exportKind) === 'type')
    imports.push({
      target: resolve(path, source.value),
      isType: kind === 'type' || areTypes || node.type === 'TSImportType',
    })
  }
  return { path, body, imports }
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? new URL(specifier, `file:///${from}`).pathname.slice(1) : specifier
}

/** Every node below some, in document order. */
export function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item)
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') yield value as Node
    for (const field of Object.values(value)) yield* nodesOf(field)
  }
}

/** Paths of the source files in a folder, or of one file. */
export const filesIn = (folder: string): string[] => [...sourceFiles.keys()].filter((path) => path.startsWith(folder))

/** All that some files import, and what that imports, and so on; with types or as it is when it runs. */
export function reachableFrom(paths: readonly string[], { withTypes }: { readonly withTypes: boolean }): Set<string> {
  const reached = new Set<string>()
  const pending = [...paths]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const { target, isType } of sourceFiles.get(path)?.imports ?? [])
      if (withTypes || !isType) pending.push(target)
  }
  return reached
}

/** `@noble/hashes/hmac.js` belongs to `@noble/hashes`. */
export const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]

/** The public entries: subpath and the source of each. */
export const entries: readonly [subpath: string, path: string][] = Object.entries(
  JSON.parse(readFileSync(`${repository}package.json`, 'utf8')).exports as Record<string, string | { default: string }>,
).flatMap(([subpath, target]): [string, string][] =>
  typeof target === 'string' ? [] : [[subpath, target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')]],
)
