// A word that the library answers with stands in what people read: README.md, the guides, the table of error codes. What is
// added to one of the tables of src/ and told nowhere is found here.

import { expect, it } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { guides, readGuide } from '../kit/examples.ts'
import { filesIn, nodesOf, sourceFiles } from './source-files.ts'

/** Tables of words, by the endings of their names. */
const isVocabulary =
  /(?:[mM]odes|Reasons|Statuses|[oO]utcomes|Kinds|Codes|[sS]ignals|[oO]ptOuts|[mM]ergeTags|[pP]roblems|Sources|Formats)$/

/** Every exported table in the source: its name, and its words. */
async function vocabularies(): Promise<readonly [name: string, words: readonly string[]][]> {
  const found: [string, readonly string[]][] = []
  for (const path of filesIn('src/').filter((path) => !path.startsWith('src/cli/'))) {
    const names = [...nodesOf(sourceFiles.get(path)!.body)]
      .filter(({ type, declaration }) => type === 'ExportNamedDeclaration' && declaration)
      .flatMap(({ declaration }) => (declaration as { declarations?: { id: { name: string } }[] }).declarations ?? [])
      .map(({ id }) => id.name)
      .filter((name) => isVocabulary.test(name))
    if (names.length === 0) continue
    const module: Record<string, unknown> = await import(/* @vite-ignore */ `../../${path}`)
    for (const name of names) found.push([name, wordsOf(module[name])])
  }
  return found
}

/** Of a list of words, of things with a name, or of a record by word. */
function wordsOf(table: unknown): readonly string[] {
  if (!Array.isArray(table)) return Object.keys(table as object)
  return table.map((item) => (typeof item === 'string' ? item : (item.name ?? item.example ?? item.code ?? item.kind)))
}

const text = [...guides, 'src/errors.md'].map(readGuide).join('\n')

/** As code, or in an example. */
const isTold = (word: string): boolean =>
  [`\`${word}\``, `\`${word}=`, `'${word}'`, `"${word}"`, `\`'${word}'\``].some((form) => text.includes(form))

const all = await vocabularies()

it.each(all)('every word of %s is told', (_, words) => {
  const missing = words.filter((word) => !isTold(word))
  expect(missing, 'words that neither README.md nor a guide (src/*/README.md) tells').toEqual([])
})

it('finds the tables', () => {
  const names = all.map(([name]) => name)
  expect(names).toEqual(
    expect.arrayContaining(['skipReasons', 'optOuts', 'mergeTags', 'openModes', 'signals', 'findingKinds']),
  )
})

it('src/errors.md is the table of error codes (npm run api renews it)', async () => {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  const table = [
    '# Error codes',
    '',
    'The `code` of a `MailtraceError`: stable, unlike its message, which names the field, says what is wrong and what to do.',
    '',
    '| code | when |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n')
  await expect(table).toMatchFileSnapshot('../../src/errors.md')
})
