// No text of a user ever becomes SQL: what is sent as a statement is made of constants.

import { describe, expect, it } from 'vitest'
import { filesIn, type Node, nodesOf, sourceFiles } from '../package/source-files.ts'

const files = filesIn('src/store/')

const isSql = (text: string): boolean => /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DO \$)\b/.test(text)

/** Names that a file gives to constants at its top, and those that it imports. */
function constantsOf(body: readonly Node[]): Set<string> {
  const names = new Set<string>()
  for (const statement of body) {
    const declaration = (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement) as Node | null
    if (declaration?.type === 'VariableDeclaration' && declaration.kind === 'const') {
      for (const { id } of declaration.declarations as { id: { name: string } }[]) names.add(id.name)
    }
    if (statement.type === 'ImportDeclaration') {
      for (const { local } of statement.specifiers as { local: { name: string } }[]) names.add(local.name)
    }
  }
  return names
}

const textOf = (node: Node): string =>
  (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('?')

const templates = files.flatMap((path) => {
  const { body } = sourceFiles.get(path)!
  return [...nodesOf(body)]
    .filter((node) => node.type === 'TemplateLiteral' && isSql(textOf(node)))
    .map((node) => ({ path, node, constants: constantsOf(body) }))
})

describe('statements', () => {
  it('are found', () => {
    expect(templates.length).toBeGreaterThan(20)
  })

  it('are put together of constants alone', () => {
    const others = templates.flatMap(({ path, node, constants }) =>
      (node.expressions as Node[])
        .filter(({ type, name }) => type !== 'Identifier' || !constants.has(name as string))
        .map(({ name, type }) => `${path}: ${name ?? type}`),
    )
    // A word of two, and what the table of migrations has, which is made of constants.
    expect(others).toEqual([
      'src/store/domain-statements.ts: removed',
      'src/store/migrate.ts: number',
      'src/store/migrate.ts: sql',
      'src/store/migrate.ts: number',
    ])
  })

  it('are never put together by a plus', () => {
    const sums = files.flatMap((path) =>
      [...nodesOf(sourceFiles.get(path)!.body)].filter(
        ({ type, operator, left, right }) =>
          type === 'BinaryExpression' &&
          operator === '+' &&
          [left, right].some((side) => {
            const { type: kind, value } = side as { type: string; value?: unknown }
            return kind === 'TemplateLiteral' || (kind === 'Literal' && typeof value === 'string')
          }),
      ),
    )
    expect(sums).toEqual([])
  })
})
