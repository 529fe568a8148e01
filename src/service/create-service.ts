import { createApi } from './api/create-api.ts'
import { createConsole } from './console/create-console.tsx'
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
  const api = createApi(checked)
  const pages = createConsole(checked)
  return async (request, ...contexts) => {
    const { pathname } = new URL(request.url)
    const app = pathname === '/api' || pathname.startsWith('/api/') ? api : pages
    return app.fetch(request, { contexts })
  }
}
