import { createApi } from './api/create-api.ts'
import { createConsole } from './console/create-console.tsx'
import { createDomainActions } from './domain-actions.ts'
import { type Contexts, checkServiceOptions, type ServiceOptions } from './service-options.ts'

/** A fetch handler that never rejects. */
export type Service = (request: Request, ...contexts: Contexts) => Promise<Response>

/**
 * Makes the API and the console, as one fetch handler: what begins with `/api/` is the API, all else the console. Put TLS in
 * front.
 *
 * @throws {MailtraceError} `invalid-options`.
 *
 * @example
 * import { nodeResolver } from 'mailtrace/dns'
 * import { createService, type ServiceOptions } from 'mailtrace/service'
 *
 * declare const store: ServiceOptions['store'] // what createStore of mailtrace/store made
 * export const service = createService({
 *   store,
 *   resolver: nodeResolver(),
 *   cnameTarget: ({ owner }) => `${owner}.tracking.example.net`,
 *   apiKeys: [{ key: 'rS3nX0ZkQ2m7c1PfYw9uBA', owner: 'k7w2q', access: 'write' }],
 * })
 */
export function createService(options: ServiceOptions): Service {
  const checked = checkServiceOptions(options)
  const actions = createDomainActions(checked)
  const api = createApi(checked, actions)
  const pages = createConsole(checked, actions)
  return async (request, ...contexts) => {
    const { pathname } = new URL(request.url)
    if (pathname !== '/api' && !pathname.startsWith('/api/')) return await pages.fetch(request, { contexts })
    return uncached(await api.fetch(request, { contexts }))
  }
}

/** Nobody between here and the client keeps an answer, and no browser takes it for a page. */
function uncached(response: Response): Response {
  const { status, headers, body } = response
  const own = new Headers(headers)
  own.set('cache-control', 'no-store')
  own.set('x-content-type-options', 'nosniff')
  return new Response(body, { status, headers: own })
}
