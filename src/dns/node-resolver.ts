import { maxTimeoutMs, optionChecks } from '../checks.ts'
import { nodeModule } from '../node-module.ts'
import type { CaaProperty, DnsResolver } from './resolver.ts'

/** Options of {@link nodeResolver}. */
export interface NodeResolverOptions {
  /** Addresses of DNS servers, with a port if it is not 53: `['1.1.1.1', '[::1]:5353']`. Default: the system's. */
  readonly servers?: readonly string[] | undefined
  /** The wait for the first try, in ms, 1 to 60,000. A second one waits about twice as long. Default: 2,000 */
  readonly timeoutMs?: number | undefined
}

// The part of node:dns that is used. Structural, as the published package knows web types only.
interface NodeDns {
  readonly promises: { readonly Resolver: new (options: { timeout: number; tries: number }) => NodeDnsResolver }
}
interface NodeDnsResolver {
  setServers(servers: readonly string[]): void
  resolveCname(name: string): Promise<string[]>
  resolve4(name: string): Promise<string[]>
  resolve6(name: string): Promise<string[]>
  resolveCaa(name: string): Promise<Record<string, unknown>[]>
}

/**
 * Asks DNS servers directly, over UDP and TCP.
 *
 * @throws {MailtraceError} `unsupported-platform` where there is no node:dns; `invalid-options`.
 *
 * @example
 * import { nodeResolver } from 'mailtrace/dns'
 *
 * const resolver = nodeResolver({ servers: ['1.1.1.1'], timeoutMs: 1000 })
 * console.log(Object.keys(resolver)) // [ 'cname', 'addresses', 'caa' ]
 */
export function nodeResolver(options: NodeResolverOptions = {}): DnsResolver {
  optionChecks.object(options, 'options', ['servers', 'timeoutMs'])
  const timeout = optionChecks.integer(options.timeoutMs ?? 2000, 'timeoutMs', 1, maxTimeoutMs)
  const dns = nodeModule<NodeDns>('node:dns', 'use httpsResolver')
  const resolver = new dns.promises.Resolver({ timeout, tries: 2 })
  if (options.servers !== undefined) setServers(resolver, options.servers)
  return {
    cname: (name) => orNone(resolver.resolveCname(name)),
    addresses: async (name) =>
      (await Promise.all([orNone(resolver.resolve4(name)), orNone(resolver.resolve6(name))])).flat(),
    caa: async (name) => (await orNone(resolver.resolveCaa(name))).map(readCaa),
  }
}

function setServers(resolver: NodeDnsResolver, servers: readonly string[]): void {
  try {
    if (servers.length === 0) throw new Error()
    resolver.setServers(servers)
  } catch {
    throw optionChecks.error('servers is no list of IP addresses: use ["1.1.1.1"], with a port like "127.0.0.1:5353"')
  }
}

/** NXDOMAIN and NODATA are answers; everything else goes on as a rejection. */
async function orNone<Item>(lookup: Promise<Item[]>): Promise<Item[]> {
  try {
    return await lookup
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw error
  }
}

/** node:dns gives `{ critical: 128, issue: 'letsencrypt.org' }`: the flags, and one field named after the tag. */
function readCaa({ critical, ...property }: Record<string, unknown>): CaaProperty {
  const [tag = '', value] = Object.entries(property).find(([, text]) => typeof text === 'string') ?? []
  return { flags: Number(critical), tag, value: String(value) }
}
