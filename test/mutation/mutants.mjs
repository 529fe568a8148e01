// The small changes that a mutation run makes to a source file, one at a time: each should fail a test.

import { parseSync } from 'oxc-parser'

const swaps = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>>'],
  '>>>': ['<<'],
  '>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '++': ['--'],
  '--': ['++'],
  '+=': ['-='],
  '-=': ['+='],
  '||=': ['&&='],
  '??=': ['&&='],
}

const methods = {
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  findLast: 'find',
  findLastIndex: 'findIndex',
}

/**
 * Every mutant of a file, in document order: what stands in `[start, end)` becomes `after`. `host` is the smallest part of the source
 * around it that can be given as a choice between two: an expression, a statement or a block.
 *
 * @typedef {{ start: number, end: number, kind: 'expression' | 'statement' | 'block' }} Host
 * @returns {{ path: string, start: number, end: number, line: number, before: string, after: string, host: Host }[]}
 */
export function mutantsOf(path, text) {
  const mutants = []
  const add = (start, end, after, node) => {
    const before = text.slice(start, end)
    if (before === after) return
    const kind =
      node.type === 'BlockStatement' ? 'block' : node.type === 'ExpressionStatement' ? 'statement' : 'expression'
    const host = { start: node.start, end: node.end, kind }
    mutants.push({ path, start, end, line: text.slice(0, start).split('\n').length, before, after, host })
  }
  const replace = (node, after, host = node) => add(node.start, node.end, after, host)

  /** `chain` is the whole of `a?.b.c` for each of its links, as a part of it in parentheses would no longer stop where `a` is missing. */
  function visit(node, parent, chain) {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, parent)
      return
    }
    if (typeof node !== 'object' || node === null) return
    if (typeof node.type === 'string') {
      // Types, and where names come from, change nothing that runs.
      if (
        /^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/.test(node.type) ||
        node.type === 'ImportDeclaration' ||
        node.type === 'ImportExpression'
      )
        return
      if (node.type === 'ExportNamedDeclaration' && node.source) return
      mutate(node, parent, chain ?? node)
    }
    for (const [field, value] of Object.entries(node)) {
      const isKey = field === 'key' && !node.computed
      if (isKey || field === 'typeAnnotation' || field === 'type') continue
      if (node.type === 'ChainExpression') visit(value, node, node)
      else visit(value, node, ['object', 'callee', 'expression'].includes(field) ? chain : undefined)
    }
  }

  function mutate(node, parent, host) {
    const test = node.test
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression': {
        const from = node.left.end
        const at = from + text.slice(from, node.right.start).indexOf(node.operator)
        for (const other of swaps[node.operator] ?? []) add(at, at + node.operator.length, other, node)
        break
      }
      case 'UpdateExpression': {
        const at = node.prefix ? node.start : node.end - 2
        add(at, at + 2, swaps[node.operator][0], node)
        break
      }
      case 'UnaryExpression':
        if (node.operator === '!' || node.operator === '-') add(node.start, node.start + 1, '', node)
        break
      case 'IfStatement':
      case 'ConditionalExpression':
        replace(test, 'true')
        replace(test, 'false')
        break
      case 'WhileStatement':
      case 'ForStatement':
        if (test) replace(test, 'false')
        break
      case 'BlockStatement':
        if (node.body.length > 0) replace(node, '{}')
        break
      case 'Literal':
        if (typeof node.value === 'boolean') replace(node, String(!node.value))
        else if (typeof node.value === 'string' && parent.type !== 'ExpressionStatement')
          replace(node, node.value === '' ? "'mutated'" : "''")
        else if (typeof node.value === 'number') replace(node, String(node.value + 1))
        break
      case 'TemplateLiteral':
        replace(node, "''")
        break
      case 'ArrayExpression':
        if (node.elements.length > 0) replace(node, '[]')
        break
      case 'CallExpression': {
        const { callee } = node
        if (callee.type !== 'MemberExpression' || callee.computed) break
        const { name } = callee.property
        const other = Object.hasOwn(methods, name) && methods[name]
        if (other) replace(callee.property, other, host)
        if (['trim', 'toLowerCase', 'slice', 'filter', 'toWellFormed', 'sort', 'replace', 'replaceAll'].includes(name))
          replace(node, text.slice(callee.object.start, callee.object.end), host)
        break
      }
      case 'ExpressionStatement':
        if (node.expression.type === 'CallExpression') replace(node, ';')
        break
    }
  }

  visit(parseSync(path, text).program.body, null)
  // `a ?? b && c` is no JavaScript: a test that fails by that finds nothing out.
  return mutants.filter(
    ({ start, end, after }) => parseSync(path, text.slice(0, start) + after + text.slice(end)).errors.length === 0,
  )
}
