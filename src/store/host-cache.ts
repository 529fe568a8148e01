import { type DomainConfig, defineDomain } from '../config/domain-config.ts'

export interface HostCacheOptions {
  /** Asks the database; `null`: nobody has the host. */
  readonly load: (host: string) => Promise<DomainConfig | null>
  readonly now: () => number
  /** How long an answer holds, in ms. */
  readonly maxAgeMs: number
  /** Most hosts that are kept, of those that are there and of those that are not. */
  readonly maxHosts: number
}

export interface HostCache {
  readonly find: (host: string) => Promise<DomainConfig | null>
  /** What was known of some hosts is out of date. */
  readonly forget: (hosts: readonly string[]) => void
}

interface Entry<Value> {
  readonly value: Value
  readonly until: number
}

/**
 * Keeps what the database says of hosts. Strangers ask for hosts that they make up, as many as they like: what is not there has
 * a place of its own, so that it displaces nothing that is. Where the database fails, what it said last still holds: a link
 * must not break with it.
 */
export function createHostCache({ load, now, maxAgeMs, maxHosts }: HostCacheOptions): HostCache {
  const known = new Map<string, Entry<DomainConfig>>()
  const unknown = new Map<string, Entry<null>>()
  const pending = new Map<string, Promise<DomainConfig | null>>()

  function keep(host: string, config: DomainConfig | null): void {
    known.delete(host)
    unknown.delete(host)
    const until = now() + maxAgeMs
    if (config === null) put(unknown, host, { value: config, until })
    else put(known, host, { value: config, until })
  }

  function put<Value>(entries: Map<string, Entry<Value>>, host: string, entry: Entry<Value>): void {
    entries.set(host, entry)
    // The first of a Map is the one that was put in first.
    if (entries.size > maxHosts) entries.delete(entries.keys().next().value!)
  }

  async function ask(host: string): Promise<DomainConfig | null> {
    const loaded = await load(host)
    // Defined once, so that whoever uses it prepares its keys once.
    return loaded && defineDomain(loaded)
  }

  function refresh(host: string): Promise<DomainConfig | null> {
    const asked = ask(host)
      .then((config) => {
        // Somebody has forgotten the host meanwhile: what was read may be older than what was written.
        if (pending.get(host) === asked) keep(host, config)
        return config
      })
      .finally(() => {
        if (pending.get(host) === asked) pending.delete(host)
      })
    pending.set(host, asked)
    return asked
  }

  return {
    find: async (host) => {
      const entry = known.get(host) ?? unknown.get(host)
      if (entry !== undefined && now() < entry.until) return entry.value
      const asked = pending.get(host) ?? refresh(host)
      if (entry === undefined || entry.value === null) return await asked
      return await asked.catch(() => entry.value)
    },
    forget: (hosts) => {
      for (const host of hosts) {
        known.delete(host)
        unknown.delete(host)
        pending.delete(host)
      }
    },
  }
}
