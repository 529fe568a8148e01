import { check } from 'recheck'
import { describe, expect, it } from 'vitest'
import { filesIn, nodesOf, sourceFiles } from './source-files.ts'

interface Expression {
  readonly path: string
  readonly source: string
  readonly flags: string
}

const literals: Expression[] = [...sourceFiles.values()].flatMap(({ path, body }) =>
  [...nodesOf(body)].flatMap((node) => {
    const regex = node.regex as { pattern: string; flags: string } | undefined
    return regex ? [{ path, source: regex.pattern, flags: regex.flags }] : []
  }),
)

/** Those that are put together when their module loads. */
async function collectBuilt(): Promise<Expression[]> {
  const built: Expression[] = []
  const Original = globalThis.RegExp
  const files = filesIn('src/').filter((path) =>
    [...nodesOf(sourceFiles.get(path)!.body)].some(({ type, name }) => type === 'Identifier' && name === 'RegExp'),
  )
  for (const path of files) {
    globalThis.RegExp = new Proxy(Original, {
      construct(target, args: [pattern: string, flags?: string], newTarget) {
        const expression = Reflect.construct(target, args, newTarget) as RegExp
        built.push({ path, source: expression.source, flags: expression.flags })
        return expression
      },
    })
    try {
      await import(/* @vite-ignore */ `../../${path}?built`)
    } finally {
      globalThis.RegExp = Original
    }
  }
  return built
}

/** Not linear by themselves, with what bounds their input. */
const bounded: Record<string, string> = {
  '/\\d+$/ in src/receiver/client-address.ts': 'an IPv4 address, so 15 characters',
}

/**
 * Repeats with bounds are tried out rather than proved; a few rounds find what there is to find. The check as a whole is bounded
 * by these rounds, not by time: with 20 s, a busy machine got `unknown` in one of two full runs.
 */
const settings = { randomSeed: 1, maxIteration: 3, timeout: null }

/** An attack counts as one that took a second: on a busy machine anything may, but not three times. */
async function checkCalmly(source: string, flags: string): ReturnType<typeof check> {
  let result = await check(source, flags, settings)
  for (let tries = 1; tries < 3 && result.status !== 'safe'; tries++) result = await check(source, flags, settings)
  return result
}

describe('regular expressions', async () => {
  const built = await collectBuilt()
  const all = [
    ...new Map([...literals, ...built].map((each) => [`/${each.source}/${each.flags} in ${each.path}`, each])),
  ]

  it('are found', () => {
    expect(literals.length).toBeGreaterThan(20)
  })

  it.each(all)('%s takes linear time', async (name, { source, flags }) => {
    const result = await checkCalmly(source, flags)
    if (name in bounded) expect(result.status, 'is linear by now: take it out of the list').toBe('vulnerable')
    else expect([result.status, result.status === 'vulnerable' ? result.attack.pattern : null]).toEqual(['safe', null])
  })

  it('the list of exceptions names only what is there', () => {
    const names = new Set(all.map(([name]) => name))
    expect(Object.keys(bounded).filter((name) => !names.has(name))).toEqual([])
  })
})
