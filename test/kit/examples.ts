/*
 * The examples of the documentation as programs: the code blocks of README.md and of each guide (src/ENTRY/README.md), and the
 * `@example` of each docstring. What their authors can rely on:
 *
 * - A block of `js` or `ts` is compiled as TypeScript under `strict`. A block that begins with an import begins a program;
 *   one that does not goes on with the program before it.
 * - A program runs, unless it says `declare`: then it leaves something to the reader, and is only compiled.
 * - What it prints is the `text` block after it; in a docstring, the comment after each `console.log(…)`: `// 302`.
 * - In a docstring, what the entries export need not be imported.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { entries, repository, sourceFiles } from '../package/source-files.ts'

export interface Example {
  /** Where it stands, for a test's title: `README.md: Sending`, `src/errors.ts: MailtraceError`. */
  readonly title: string
  /** The file it stands in. */
  readonly path: string
  readonly code: string
  /** What it prints; `null` if it says nothing of that. */
  readonly output: string | null
  readonly runs: boolean
}

/** README.md, and the guides that are there. */
export const guides: readonly string[] = [
  'README.md',
  ...readdirSync(`${repository}src`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|\/)README\.md$/.test(name))
    .map((name) => `src/${name}`)
    .sort(),
]

export const readGuide = (path: string): string => readFileSync(repository + path, 'utf8')

/** A heading, or a block of code with its language. */
const piece = /^(?:#+ (?<heading>[^\n]*)|```(?<language>\w+)[^\n]*\n(?<content>.*?)^```)$/gms

/** The programs in a Markdown file, in order. */
export function examplesInGuide(path: string): readonly Example[] {
  const examples: { title: string; code: string; output: string | null }[] = []
  const text = readGuide(path)
  let title = path
  /** Where the last block of code ends; -1 where a heading stands between. */
  let end = -1
  for (const match of text.matchAll(piece)) {
    const { heading, language, content = '' } = match.groups!
    const last = examples.at(-1)
    const isNext = language === 'text' && end !== -1 && text.slice(end, match.index).trim() === ''
    end = match.index + match[0].length
    if (heading !== undefined) {
      end = -1
      title = `${path}: ${heading.replaceAll('`', '')}`
    } else if (isNext && last) last.output = (last.output ?? '') + content
    else if (language === 'js' || language === 'ts') {
      if (last && !/^(?:\s*\/\/[^\n]*\n)*\s*import\b/.test(content)) last.code += `\n${content}`
      else examples.push({ title, code: content, output: null })
    }
  }
  return examples.map((example) => ({ ...example, path, runs: isComplete(example.code) }))
}

/** The `@example` of every docstring in the source. */
export function examplesInSource(): readonly Example[] {
  return [...sourceFiles.keys()].flatMap((path) =>
    [
      ...readFileSync(repository + path, 'utf8').matchAll(/\/\*\*(?<comment>.*?)\*\/\s*(?<declaration>[^\n]*)/gs),
    ].flatMap(({ groups }) => {
      const lines = groups!.comment!.split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
      const name =
        /^(?:export )?(?:async )?(?:(?:function|const|class|interface|type) )?(?:readonly )?(?<name>\w+)/.exec(
          groups!.declaration!,
        )
      return [...lines.join('\n').matchAll(/^@example\b[^\n]*\n(?<code>.*?)(?=^@\w|$(?![\s\S]))/gms)].map((match) => {
        const code = match.groups!.code!.replace(/^```\w*$/gm, '').trim()
        return {
          title: `${path}: ${name?.groups?.name}`,
          path,
          code: importsFor(code) + code,
          output: printedBy(code),
          runs: isComplete(code),
        }
      })
    }),
  )
}

const isComplete = (code: string): boolean => !/^\s*declare\b/m.test(code)

/** `console.log(status) // 302` prints 302. */
function printedBy(code: string): string | null {
  const lines = [...code.matchAll(/console\.log\(.*\)[^/\n]*\/\/ (?<printed>.*)$/gm)].map(
    (match) => match.groups!.printed,
  )
  return lines.length === 0 ? null : `${lines.join('\n')}\n`
}

/** Imports of what the code uses of the entries without importing or making it. */
function importsFor(code: string): string {
  const words = new Set(code.match(/(?<!\.)\b[A-Za-z]\w*/g))
  const own = new Set(
    [...code.matchAll(/import (?:type )?\{([^}]*)\}|(?:const|let|function|type|interface) (\w+)/g)].flatMap(
      ([, imported, made]) => imported?.split(/[\s,]+/) ?? [made!],
    ),
  )
  const imports = new Map<string, string>()
  for (const [subpath, path] of entries) {
    for (const { specifiers = [] } of sourceFiles.get(path)!.body) {
      for (const { exported } of specifiers as readonly { exported: { name: string } }[]) {
        if (words.has(exported.name) && !own.has(exported.name))
          imports.set(exported.name, subpath.replace('.', 'mailtrace'))
      }
    }
  }
  return [...imports].map(([name, from]) => `import { ${name} } from '${from}'\n`).join('')
}
