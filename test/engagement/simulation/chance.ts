/** Chance that repeats: the same seed gives the same traffic everywhere. */
export interface Chance {
  /** From 0 to 1 (exclusive). */
  next(): number
  between(low: number, high: number): number
  whole(low: number, high: number): number
  is(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** One of the names, by weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  normal(): number
  lognormal(median: number, sigma: number): number
  exponential(mean: number): number
  pareto(least: number, alpha: number): number
  shuffle<T>(from: readonly T[]): T[]
}

/** Numbers by mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1))
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    between,
    whole,
    is: (probability) => next() < probability,
    pick: (from) => from[whole(0, from.length - 1)]!,
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries(weights) as [K, number][]
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        rest -= weight
        if (rest < 0) return name
      }
      return entries.at(-1)![0]
    },
    normal,
    lognormal: (median, sigma) => median * Math.exp(sigma * normal()),
    exponential: (mean) => -mean * Math.log(1 - next()),
    pareto: (least, alpha) => least * (1 - next()) ** (-1 / alpha),
    shuffle<T>(from: readonly T[]): T[] {
      const to = [...from]
      for (let last = to.length - 1; last > 0; last--) {
        const other = whole(0, last)
        ;[to[last], to[other]] = [to[other]!, to[last]!]
      }
      return to
    },
  }
}
