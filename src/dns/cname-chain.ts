import { isUnescapedName } from './dns-name.ts'
import type { Lookups } from './lookups.ts'

/** Where the CNAME records of a name lead. `chain` has the names on the way, without the first. */
export type CnameChain =
  | {
      /**
       * `target` as soon as the target is met; `end` at a name without CNAME record; `odd` at a name that no host has, which is
       * not asked for: a resolver may take it for something else.
       */
      readonly kind: 'target' | 'end' | 'loop' | 'odd'
      readonly chain: readonly string[]
    }
  | { readonly kind: 'failed'; readonly chain: readonly string[]; readonly name: string; readonly reason: string }

/** Resolvers give up after about as many (Unbound after 11), so the reader's browser would not get there either. */
const maxHops = 10

/** Follows CNAME records from a name to the target, if one is given, or to their end. Names are in the form of dnsName. */
export async function followCnames(name: string, lookups: Lookups, target?: string): Promise<CnameChain> {
  const chain: string[] = []
  for (let at = name; ; ) {
    const answer = await lookups.cname(at)
    if (answer.kind === 'failed') return { kind: 'failed', chain, name: at, reason: answer.reason }
    // More than one is illegal (RFC 2181 section 10.1); resolvers then take the first.
    const [next] = answer.records
    if (next === undefined) return { kind: 'end', chain }
    at = next
    const isLoop = at === name || chain.includes(at) || chain.length === maxHops
    chain.push(at)
    if (at === target) return { kind: 'target', chain }
    if (isLoop) return { kind: 'loop', chain }
    if (!isUnescapedName(at)) return { kind: 'odd', chain }
  }
}
