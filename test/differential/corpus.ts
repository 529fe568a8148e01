// Where real mail and the conformance suites are read from. They are no part of the project: `../shared/corpus` beside
// it, or the folder that MAILTRACE_CORPUS names. Where there is none, the tests that need it are skipped and say so.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.env.MAILTRACE_CORPUS ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url))

export const hasCorpus: boolean = existsSync(join(folder, 'emails'))

/** Stands in a skipped test's name. */
export const corpusHint: string = hasCorpus ? '' : ' (skipped: no corpus; name its folder in MAILTRACE_CORPUS)'

export interface CorpusFile {
  /** Relative to the corpus, with `/`. */
  readonly name: string
  readonly text: string
}

function listFiles(path: string, extension: string): readonly string[] {
  if (!hasCorpus) return []
  return readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

const toName = (file: string): string => file.slice(folder.length + 1).replaceAll(sep, '/')

const readFolder = (path: string, extension: string): readonly CorpusFile[] =>
  listFiles(path, extension).map((file) => ({ name: toName(file), text: readFileSync(file, 'utf8') }))

/** Real messages, as bytes. */
export const readMessages = (): readonly { readonly name: string; readonly bytes: Uint8Array }[] =>
  listFiles('messages', '.eml').map((file) => ({ name: toName(file), bytes: new Uint8Array(readFileSync(file)) }))

/** Real HTML emails. */
export const readEmails = (): readonly CorpusFile[] => readFolder('emails', '.html')

/** Inputs of html5lib's tokenizer suite: JSON, in which some are escaped a second time. */
export function readTokenizerInputs(): readonly string[] {
  return readFolder('html5lib/tokenizer', '.test').flatMap(({ text }) => {
    const suite: TokenizerSuite = JSON.parse(text)
    return [...(suite.tests ?? []), ...(suite.xmlViolationTests ?? [])].map(({ input, doubleEscaped }) =>
      doubleEscaped ? unescapeUnits(input) : input,
    )
  })
}

interface TokenizerSuite {
  readonly tests?: readonly TokenizerTest[]
  readonly xmlViolationTests?: readonly TokenizerTest[]
}

interface TokenizerTest {
  readonly input: string
  readonly doubleEscaped?: boolean
}

const unescapeUnits = (text: string): string =>
  text.replace(/\\u([0-9A-Fa-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

/** Inputs of html5lib's tree construction suite: what stands between `#data` and `#errors`. */
export function readTreeInputs(): readonly string[] {
  return readFolder('html5lib/tree-construction', '.dat').flatMap(({ text }) =>
    [...text.matchAll(/(?:^|\n\n)#data\n(.*?)\n#errors\n/gs)].map((match) => match[1]!),
  )
}

interface UrlTest {
  readonly input: string
  readonly base: string | null
  readonly failure?: boolean
}

/** Inputs of the URL standard's parser tests. */
export function readUrlInputs(): readonly string[] {
  const cases: readonly (UrlTest | string)[] = readFolder('wpt', 'urltestdata.json').flatMap(({ text }) =>
    JSON.parse(text),
  )
  return cases.flatMap((entry) => (typeof entry === 'string' ? [] : [entry.input]))
}
