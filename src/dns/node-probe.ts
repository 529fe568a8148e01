import { optionChecks } from '../checks.ts'
import { nodeModule } from '../node-module.ts'
import type { Probe } from './probe.ts'
import { isPublicAddress } from './public-address.ts'

/** Options of {@link nodeProbe}. */
export interface NodeProbeOptions {
  /** Whether an address may be connected to, IPv4 or IPv6 as text. Default: those of the public internet */
  readonly allowAddress?: ((address: string) => boolean) | undefined
}

interface Address {
  readonly address: string
  readonly family: number
}
type LookupCallback = (error: Error | null, address?: string | readonly Address[], family?: number) => void
type Lookup = (name: string, options: { readonly all?: boolean }, callback: LookupCallback) => void

// The part of node:http and node:https that is used.
interface NodeHttp {
  get(
    url: string,
    options: { readonly agent: false; readonly signal: AbortSignal; readonly lookup: Lookup },
    onResponse: (response: { readonly statusCode?: number; destroy(): void }) => void,
  ): { on(event: 'error', listener: (error: Error) => void): void }
}
interface NodeDns {
  lookup(name: string, options: object, callback: (error: Error | null, found: readonly Address[]) => void): void
}

/**
 * A probe that connects to public addresses only: use it to check other people's hosts. Whoever controls a host's DNS decides
 * where `fetch` connects, be it a database beside this process or a cloud's metadata service, and `reason` would tell what
 * was found there. This probe connects to the very addresses that it has checked, so a second answer of DNS changes nothing.
 *
 * It follows no redirect, uses no proxy and reads no body.
 *
 * @throws {MailtraceError} `unsupported-platform` where there is no node:https; `invalid-options`.
 *
 * @example
 * import { nodeProbe } from 'mailtrace/dns'
 *
 * const probe = nodeProbe()
 * const answer = probe('https://127.0.0.1/', { redirect: 'manual', signal: AbortSignal.timeout(1000) })
 * await answer.catch((error) => console.log(error.message)) // 127.0.0.1 is no public address
 */
export function nodeProbe(options: NodeProbeOptions = {}): Probe {
  optionChecks.object(options, 'options', ['allowAddress'])
  const allowAddress = optionChecks.function(options.allowAddress ?? isPublicAddress, 'allowAddress')
  const instead = 'use fetch, where it reaches no private network'
  const http = nodeModule<NodeHttp>('node:http', instead)
  const https = nodeModule<NodeHttp>('node:https', instead)
  const dns = nodeModule<NodeDns>('node:dns', instead)

  const lookup: Lookup = (name, lookupOptions, callback) => {
    dns.lookup(name, { ...lookupOptions, all: true }, (error, found) => {
      if (error) return callback(error)
      try {
        const allowed = found.filter(({ address }) => allowAddress(address))
        const [first] = allowed
        if (first === undefined) throw new Error(`${name} has no public address`)
        if (lookupOptions.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      } catch (refusal) {
        callback(refusal as Error) // thrown out of here it would end the process
      }
    })
  }

  return (url, { signal }) =>
    new Promise((resolve, reject) => {
      const { protocol, hostname } = new URL(url)
      const literal = readLiteral(hostname)
      // An address needs no lookup, so the check would be passed over.
      if (literal !== null && !allowAddress(literal)) throw new Error(`${literal} is no public address`)
      const request = (protocol === 'https:' ? https : http).get(url, { agent: false, signal, lookup }, (response) => {
        response.destroy()
        resolve({ status: response.statusCode ?? 0 })
      })
      request.on('error', reject)
    })
}

/** The address in a URL whose host is one. */
function readLiteral(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return /^[\d.]+$/.test(hostname) ? hostname : null
}
