export interface Allowance {
  readonly isAllowed: boolean
  /** Whole requests that are left now. */
  readonly remaining: number
  /** Until one more is allowed where none is left, in whole seconds. */
  readonly waitSeconds: number
}

export type RateLimit = (client: string, now: number) => Allowance

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** In ms. */
const minuteMs = 60_000

/**
 * So many requests at once, and so many a minute. Clients are kept in memory, those that came last.
 *
 * @param maxClients strangers can come from as many addresses as they like
 */
export function createRateLimit(perMinute: number, maxClients: number): RateLimit {
  const buckets = new Map<string, Bucket>()
  return (client, now) => {
    const { tokens, at } = buckets.get(client) ?? { tokens: perMinute, at: now }
    // A clock that was set back gives nothing and takes nothing.
    const filled = Math.min(perMinute, tokens + (Math.max(0, now - at) * perMinute) / minuteMs)
    const isAllowed = filled >= 1
    const left = isAllowed ? filled - 1 : filled
    buckets.delete(client)
    buckets.set(client, { tokens: left, at: now })
    if (buckets.size > maxClients) buckets.delete(buckets.keys().next().value!)
    const waitMs = ((1 - Math.min(1, left)) * minuteMs) / perMinute
    return { isAllowed, remaining: Math.floor(left), waitSeconds: Math.ceil(waitMs / 1000) }
  }
}
