import { maxTimeoutMs, optionChecks } from '../checks.ts'
import { type CheckedDomain, checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { withTimeout } from '../timers.ts'
import { type ReceiverAnswer, toResponse } from './answers.ts'
import { printError, printFailure, type ReceiverFailure } from './failures.ts'
import type { DomainLookup } from './host-finder.ts'
import type { Contexts } from './receiver-options.ts'
import type { RequestHead } from './request-head.ts'

export interface TlsAskOptions {
  /** As for the receiver: one sending domain, a list, or a lookup by host, which may be asynchronous. */
  readonly domains: DomainConfig | readonly DomainConfig[] | DomainLookup
  /** Takes what a lookup threw. If it throws too, that goes to `console.error`. Default: `console.error` */
  readonly onError?: ((failure: ReceiverFailure, ...contexts: Contexts) => unknown) | undefined
  /** The longest wait for one lookup, in ms, 1 to 60,000. Default: 3000 */
  readonly lookupTimeoutMs?: number | undefined
}

/** A fetch handler that never rejects, and the same for {@link createNodeListener}. */
export interface TlsAsk {
  (request: Request, ...contexts: Contexts): Promise<Response>
  answer(request: RequestHead, ...contexts: Contexts): Promise<ReceiverAnswer>
}

/**
 * Makes the handler that a server with on-demand certificates asks before it gets one: Caddy's `ask`. It answers
 * `?domain=links.example.com`, at whatever path it is mounted, with 200 if a domain lists that host, whatever its status says;
 * with 404 if none does; with 503 if the lookup failed. Without it anybody who points a name at your server makes it ask for
 * certificates, until the authority refuses yours. Whoever can ask it learns which hosts are listed: mount it where only
 * your server can.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option, `invalid-config` if a domain is wrong.
 * @see https://caddyserver.com/docs/automatic-https#on-demand-tls
 *
 * @example
 * import { createTlsAsk } from 'mailtrace/receiver'
 *
 * // In production: domains: (host) => findDomainInDatabase(host)
 * const tlsAsk = createTlsAsk({
 *   domains: {
 *     name: 'example.com',
 *     openTracking: true,
 *     clickTracking: true,
 *     trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 *   },
 * })
 * // createServer(createNodeListener(tlsAsk)).listen(8081, '127.0.0.1')
 * const { status } = await tlsAsk(new Request('http://127.0.0.1:8081/?domain=links.example.com'))
 * console.log(status) // 200
 */
export function createTlsAsk(options: TlsAskOptions): TlsAsk {
  optionChecks.object(options, 'options', ['domains', 'onError', 'lookupTimeoutMs'])
  const { domains } = options
  const onError = optionChecks.function(options.onError ?? printFailure, 'onError')
  const lookupTimeoutMs = optionChecks.integer(options.lookupTimeoutMs ?? 3000, 'lookupTimeoutMs', 1, maxTimeoutMs)
  const isListed = typeof domains === 'function' ? askLookup(domains) : askList(domains)

  async function answer({ method, url }: RequestHead, ...contexts: Contexts): Promise<ReceiverAnswer> {
    if (method !== 'GET' && method !== 'HEAD') return say(405, 'Only GET and HEAD are answered here.\n')
    const asked = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]).get('domain')
    const host = asked === null ? null : hostText(asked)
    if (host === null) return say(404, 'Ask with ?domain= and a host name.\n')
    try {
      const isKnown = await withTimeout(isListed(host, contexts), lookupTimeoutMs, 'domains')
      return isKnown ? say(200, 'This host is listed.\n') : say(404, 'No domain lists this host.\n')
    } catch (cause) {
      report(cause, contexts)
      return say(503, 'This cannot be told right now.\n')
    }
  }

  function report(cause: unknown, contexts: Contexts): void {
    const told = async () => onError({ source: 'domains', cause, events: [] }, ...contexts)
    told().catch((error) => printError('mailtrace: onError failed', error))
  }

  async function ask(request: Request, ...contexts: Contexts): Promise<Response> {
    return toResponse(await answer(request, ...contexts), request)
  }
  return Object.assign(ask, { answer })
}

type IsListed = (host: string, contexts: Contexts) => boolean | Promise<boolean>

function askList(domains: DomainConfig | readonly DomainConfig[]): IsListed {
  const list = Array.isArray(domains) ? domains : [domains]
  const names = new Set(list.map(checkDomain).flatMap(certificateNames))
  return (host) => names.has(host)
}

function askLookup(lookup: DomainLookup): IsListed {
  return async (host, contexts) => {
    const domain = await lookup(host, ...contexts)
    return domain !== null && domain !== undefined && certificateNames(checkDomain(domain)).includes(host)
  }
}

/** A certificate is for a name, so the port of a host for local use is left out. */
function certificateNames({ hosts }: CheckedDomain): readonly string[] {
  return hosts.map(({ host }) => host.replace(/:\d+$/, ''))
}

function say(status: number, body: string): ReceiverAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers, body }
}
