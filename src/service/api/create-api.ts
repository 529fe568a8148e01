import { quote } from '../../errors.ts'
import { truncateAddress } from '../../receiver/client-address.ts'
import type { DomainActions } from '../domain-actions.ts'
import { Hono, HTTPException } from '../hono.ts'
import type { CheckedServiceOptions, Contexts, Identity } from '../service-options.ts'
import { createKeyCheck } from './check-key.ts'
import { domainEndpoints } from './domain-endpoints.ts'
import { eventEndpoint } from './event-endpoint.ts'
import { numberEndpoints } from './number-endpoints.ts'
import { type Allowance, createRateLimit } from './rate-limit.ts'
import { errorResponse, refuse } from './refuse.ts'
import { ruleRefusal } from './rule-errors.ts'
import { saveEndpoints } from './save-endpoints.ts'

type Env = { Bindings: { contexts: Contexts }; Variables: { identity: Identity } }

/** Attempts without a key that is known, per minute and network. */
const attemptsPerMinute = 30
/** Clients whose requests are counted. */
const maxClients = 10_000

const bearer = /^Bearer +(\S+) *$/i

/** The API, under `/api`. */
export function createApi(options: CheckedServiceOptions, actions: DomainActions): Hono<Env> {
  const { now, onError, clientAddress, requestsPerMinute } = options
  const checkKey = createKeyCheck(options.apiKeys)
  const limitKey = createRateLimit(requestsPerMinute, maxClients)
  const limitAttempts = createRateLimit(attemptsPerMinute, maxClients)
  const endpoints = [
    ...domainEndpoints(options, actions),
    ...numberEndpoints(options),
    ...saveEndpoints(options),
    eventEndpoint(options),
  ]

  /** Only who brings no key is counted by network: nobody can use up what a key may do, nor lock its owner out. */
  async function refuseStranger(request: Request, contexts: Contexts, hasToken: boolean): Promise<never> {
    // By network: who has one IPv6 address has as many as there are.
    const network = truncateAddress(await clientAddress(request, ...contexts))
    const { isAllowed, waitSeconds } = limitAttempts(network ?? '', now())
    if (!isAllowed) tooMany('too many requests without a known key', waitSeconds)
    if (hasToken) refuse({ status: 403, name: 'invalid_api_key', message: 'nobody has this API key: check it' })
    const message = 'there is no API key: send the header "Authorization: Bearer" with one'
    refuse({ status: 401, name: 'missing_api_key', message, headers: { 'www-authenticate': 'Bearer' } })
  }

  const api = new Hono<Env>().basePath('/api')

  api.use(async (context, next) => {
    const token = bearer.exec(context.req.header('authorization') ?? '')?.[1]
    const known = token === undefined ? null : await checkKey(token)
    if (known === null) {
      return await refuseStranger(context.req.raw, context.env.contexts, token !== undefined)
    }
    const allowance = limitKey(known.digest, now())
    if (!allowance.isAllowed) tooMany('too many requests with this API key', allowance.waitSeconds)
    context.set('identity', known)
    await next()
    for (const [name, value] of limitHeaders(allowance, requestsPerMinute)) context.res.headers.set(name, value)
  })

  for (const { method, path, access, answer } of endpoints) {
    api.on(method, path, async (context) => {
      const identity = context.get('identity')
      if (access === 'write' && identity.access !== 'write') {
        refuse({
          status: 401,
          name: 'restricted_api_key',
          message: 'this API key may read only: use one that may write',
        })
      }
      return await answer({ request: context.req.raw, identity, param: (name) => context.req.param(name) ?? '' })
    })
  }
  for (const path of new Set(endpoints.map((endpoint) => endpoint.path))) {
    const methods = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method)
    api.all(path, (context) =>
      errorResponse({
        status: 405,
        name: 'method_not_allowed',
        message: `${quote(context.req.method)} is not for this: use ${methods.join(' or ')}`,
        headers: { allow: methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ') },
      }),
    )
  }

  api.notFound(() => errorResponse({ status: 404, name: 'not_found', message: 'the API has no such endpoint' }))
  api.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse()
    const refusal = ruleRefusal(error, now())
    if (refusal !== null) return errorResponse(refusal)
    onError(error)
    const message = 'something went wrong here, and has been reported: try again later'
    return errorResponse({ status: 500, name: 'internal_server_error', message })
  })
  return api
}

function tooMany(message: string, waitSeconds: number): never {
  refuse({
    status: 429,
    name: 'rate_limit_exceeded',
    message: `${message}: wait for ${waitSeconds} s`,
    headers: { 'retry-after': `${waitSeconds}` },
  })
}

/** As Resend's API tells them. */
function limitHeaders({ remaining, waitSeconds }: Allowance, perMinute: number): readonly [string, string][] {
  return [
    ['ratelimit-limit', `${perMinute}`],
    ['ratelimit-remaining', `${remaining}`],
    ['ratelimit-reset', `${waitSeconds}`],
  ]
}
