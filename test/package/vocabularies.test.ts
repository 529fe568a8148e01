// A word that the library answers with, or is called with, stands in what people read: README.md, the guides, the table of
// error codes. What is added to one of the tables of src/ and told nowhere is found here, and so is a table that is new.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { guides, readGuide } from '../kit/examples.ts'
import { entries, type Node, nodesOf, repository, sourceFiles } from './source-files.ts'

/** Every table whose words people meet, by its file. */
const vocabularies: Readonly<Record<string, readonly string[]>> = {
  'src/cli/commands.ts': ['commands'],
  'src/cli/dns-report.ts': ['uncheckableReasons'],
  'src/cli/relay/upstream.ts': ['upstreamTlsModes'],
  'src/config/activation.ts': ['inactiveReasons'],
  'src/config/domain-config.ts': ['recordStatuses'],
  'src/config/tracking-modes.ts': ['openModes', 'clickModes'],
  'src/dns/finding.ts': ['findingKinds'],
  'src/domains/apply-verification.ts': ['verificationOutcomes'],
  'src/engagement/engagement-event.ts': ['actors'],
  'src/engagement/judge-options.ts': ['networks'],
  'src/engagement/rules.ts': ['rules', 'numbers'],
  'src/errors.ts': ['errorCodes'],
  'src/inspection/warnings.ts': ['warningTable'],
  'src/instrument/links/link-attributes.ts': ['linkNames'],
  'src/instrument/links/merge-tags.ts': ['mergeTags'],
  'src/instrument/links/opt-outs.ts': ['optOuts'],
  'src/instrument/links/skip-reasons.ts': ['skipReasons'],
  'src/instrument/options.ts': ['pixelPlacements'],
  'src/instrument/outcomes.ts': ['noPixelReasons'],
  'src/message/message-options.ts': ['signedChoices'],
  'src/message/part-reasons.ts': ['partReasons'],
  'src/nodemailer/mail-outcome.ts': ['untouchedReasons'],
  'src/nodemailer/plugin-failure.ts': ['failureSources'],
  'src/receiver/failures.ts': ['failureSources'],
  'src/receiver/misses.ts': ['missReasons'],
  'src/receiver/signals.ts': ['signals'],
  'src/receiver/webhook-body.ts': ['webhookFormats'],
  'src/service/api/refuse.ts': ['apiErrorKinds'],
  'src/service/service-options.ts': ['accessModes'],
  'src/testing/violation.ts': ['violationKinds'],
}

/** Every other table that a file exports or takes a type from. Its words are the source's own, or another test holds them. */
const others: Readonly<Record<string, readonly string[]>> = {
  'src/cli/domain-schema.ts': ['domainSchema'],
  'src/cli/instrument-options.ts': ['instrumentOptions'],
  'src/cli/local-pages.ts': ['ownNames'],
  'src/cli/relay.ts': ['options'],
  'src/cli/relay/steering.ts': ['names'],
  'src/cli/relay/timeouts.ts': ['defaultTimeouts'],
  'src/cli/serve.ts': ['belongsTo'],
  'src/config/activation.ts': ['switchFields'],
  'src/dns/dns-message.ts': ['recordType'],
  'src/html/fast-path.ts': ['commonLinkAttributes'],
  'src/instrument/links/link-attributes.ts': ['silentAttributes', 'vocabulary'],
  'src/instrument/links/merge-tags.ts': ['mergeTagCharacters'],
  'src/instrument/options.ts': ['instrumentFields'],
  'src/receiver/batching-sink.ts': ['ranges', 'batchingOptions'],
  'src/receiver/events.ts': ['disclosures'],
  'src/receiver/receiver-options.ts': ['hooks'],
  'src/service/console/assets.ts': ['assets'],
  'src/service/console/pages/domain-page.tsx': ['doneTexts'],
  'src/service/console/parts/chart-buckets.ts': ['groups'],
  'src/service/console/parts/icons.tsx': ['paths'],
  'src/service/console/parts/small.tsx': ['actorTexts', 'writers'],
  'src/service/console/security-headers.ts': ['pageHeaders'],
  'src/service/console/text/mode-texts.ts': ['modeTexts', 'offText'],
  'src/service/console/text/status-texts.ts': ['inactiveTexts', 'statusTexts'],
  'src/store/counted.ts': ['countedNothing'],
  'src/store/migrations/migrations.ts': ['migrations'],
  'src/store/page.ts': ['pageFields'],
  'src/testing/judge.ts': ['parserOptions'],
  'src/tracking-url/tracking-url.ts': ['trackingFolders'],
}

const isLiteral = (node: Node | null | undefined): boolean => {
  if (node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression')
    return isLiteral(node.expression as Node)
  return node?.type === 'ArrayExpression' || node?.type === 'ObjectExpression'
}

/** The lists and records of a file that it exports, or from which a type follows. */
function tablesOf(path: string): string[] {
  const { body } = sourceFiles.get(path)!
  const typed = new Set(
    [...nodesOf(body)]
      .filter(({ type }) => type === 'TSTypeQuery')
      .map(({ exprName }) => (exprName as { name?: string }).name),
  )
  return body.flatMap((statement) => {
    const isExport = statement.type === 'ExportNamedDeclaration'
    const declaration = (isExport ? statement.declaration : statement) as Node | null
    if (declaration?.type !== 'VariableDeclaration') return []
    const declared = declaration.declarations as readonly { readonly id: { readonly name: string }; init: Node }[]
    return declared
      .filter(({ id, init }) => isLiteral(init) && (isExport || typed.has(id.name)))
      .map(({ id }) => id.name)
  })
}

/** Of a list of words, of things with a name, or of a record by word. */
function wordsOf(table: unknown): readonly string[] {
  if (!Array.isArray(table)) return Object.keys(table as object)
  return table.map((item) => (typeof item === 'string' ? item : (item.name ?? item.example ?? item.kind)))
}

const text = [...guides, 'src/errors.md'].map(readGuide).join('\n')

/** As code, or in an example. */
const isTold = (word: string): boolean =>
  [`\`${word}\``, `\`${word}=`, `'${word}'`, `"${word}"`, `\`'${word}'\``, `\`mailtrace ${word}`].some((form) =>
    text.includes(form),
  )

/** Tables of which a test takes every row. */
const takenRowByRow = ['mergeTags']

/** The tests of the folders that mirror src/, as one text. */
const tests = readdirSync(`${repository}test`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !/^(?:kit|package)\//.test(name))
  .map((name) => readFileSync(`${repository}test/${name}`, 'utf8'))
  .join('\n')

/** As a text, or as the key of a table. */
const isTested = (word: string): boolean =>
  [`'${word}'`, `"${word}"`, `'${word}=`, ` ${word}: `, `'${word} `, ` ${word}'`].some((form) => tests.includes(form))

describe.each(Object.entries(vocabularies))('%s', (path, names) => {
  describe.each(names)('every word of %s', async (name) => {
    const module: Record<string, unknown> = await import(/* @vite-ignore */ `../../${path}`)
    const words = wordsOf(module[name])

    it('is told', () => {
      expect(words.length).toBeGreaterThan(0)
      const missing = words.filter((word) => !isTold(word))
      expect(missing, 'words that neither README.md nor a guide (src/*/README.md) tells').toEqual([])
    })

    it.skipIf(takenRowByRow.includes(name))('stands in a test', () => {
      const missing = words.filter((word) => !isTested(word))
      expect(missing, 'words that no test of test/ has').toEqual([])
    })
  })
})

it('every table is listed here, as one whose words people meet or as another', () => {
  const found = Object.fromEntries([...sourceFiles.keys()].map((path) => [path, tablesOf(path).sort()]))
  const listed = Object.fromEntries(
    [...sourceFiles.keys()].map((path) => [path, [...(vocabularies[path] ?? []), ...(others[path] ?? [])].sort()]),
  )
  expect(found).toEqual(listed)
  const gone = [vocabularies, others].flatMap(Object.keys).filter((path) => !sourceFiles.has(path))
  expect(gone).toEqual([])
})

it('no public type spells its words where a table would tell them', () => {
  const spelled = entries.flatMap(([, entry]) =>
    sourceFiles.get(entry)!.body.flatMap((statement) => {
      const names = ((statement.specifiers ?? []) as readonly { local: { name: string } }[]).map(
        ({ local }) => local.name,
      )
      const path = new URL((statement.source as { value: string }).value, `file:///${entry}`).pathname.slice(1)
      return [...nodesOf(sourceFiles.get(path)!.body)]
        .filter(({ type, id }) => type === 'TSTypeAliasDeclaration' && names.includes((id as { name: string }).name))
        .filter(({ typeAnnotation }) => {
          const { type, types } = typeAnnotation as Node
          return type === 'TSUnionType' && (types as readonly Node[]).every((each) => each.type === 'TSLiteralType')
        })
        .map(({ id }) => `${path}: ${(id as { name: string }).name}`)
    }),
  )
  expect(spelled).toEqual([])
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
