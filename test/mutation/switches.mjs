// All mutants of a file at once, each behind a switch: `(__mutant(17) ? a < b : a <= b)`. One build serves for every mutant, and
// what a test reaches is known after it ran once.

import { parseSync } from 'oxc-parser'

/**
 * The source with a switch for each of the mutants, which carry their number as `id`. With a `control` they change nothing (`noop`), or
 * throw (`deadly`), so that a run can be judged itself.
 */
export function withSwitches(path, text, mutants, control) {
  const hosts = new Map()
  const hostOf = ({ start, end, kind }) => {
    const key = `${start} ${end} ${kind}`
    if (!hosts.has(key)) hosts.set(key, { start, end, kind, mutants: [] })
    return hosts.get(key)
  }
  // In braces: without semicolons, a statement that begins with a parenthesis would be a call of what stands before it.
  for (const node of nodesOf(path, text))
    if (node.type === 'ExpressionStatement') hostOf({ start: node.start, end: node.end, kind: 'statement' })
  for (const mutant of mutants) hostOf(mutant.host).mutants.push(mutant)
  const rank = { statement: 0, block: 1, expression: 2 }
  const ordered = [...hosts.values()].sort((a, b) => a.start - b.start || b.end - a.end || rank[a.kind] - rank[b.kind])
  return render(0, text.length)

  function render(from, to) {
    let out = ''
    let at = from
    while (ordered.length > 0 && ordered[0].start < to) {
      const host = ordered.shift()
      out += text.slice(at, host.start) + wrap(host)
      at = host.end
    }
    return out + text.slice(at, to)
  }

  function wrap(host) {
    const inner = render(host.start, host.end)
    const anyOf = (list) => list.map(({ id }) => `__mutant(${id})`).join(' || ')
    if (host.kind === 'expression') {
      const choices = host.mutants.map((mutant) => {
        const changed = text.slice(host.start, mutant.start) + mutant.after + text.slice(mutant.end, host.end)
        const controls = { noop: text.slice(host.start, host.end), deadly: '__mutation.die()' }
        return `__mutant(${mutant.id}) ? (${controls[control] ?? changed}) : `
      })
      return `(${choices.join('')}(${inner}))`
    }
    // A statement or a block is taken out as a whole.
    const out = { noop: inner, deadly: '__mutation.die()' }[control] ?? ''
    return host.mutants.length === 0 ? `{${inner}}` : `{ if (${anyOf(host.mutants)}) {${out}} else {${inner}} }`
  }
}

/** The source with a call in each of its loops, so that a loop without an end comes to one. */
export function withSteps(path, text) {
  let out = ''
  let at = 0
  const insertions = nodesOf(path, text)
    .filter(({ type, body }) => /^(For|While|DoWhile)/.test(type) && body)
    .flatMap(({ body }) => [
      { at: body.start, text: '{ __step(); ', order: 1 },
      { at: body.end, text: ' }', order: 0 },
    ])
    .sort((a, b) => a.at - b.at || a.order - b.order)
  for (const each of insertions) {
    out += text.slice(at, each.at) + each.text
    at = each.at
  }
  return out + text.slice(at)
}

function nodesOf(path, text) {
  const nodes = []
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`)
  const visit = (node) => {
    if (typeof node !== 'object' || node === null) return
    if (typeof node.type === 'string') nodes.push(node)
    for (const value of Object.values(node)) visit(value)
  }
  visit(program)
  return nodes
}
