import { Hono } from '../hono.ts'
import type { CheckedServiceOptions, Contexts } from '../service-options.ts'

/** The API, under `/api`. */
export function createApi(_options: CheckedServiceOptions): Hono<{ Bindings: { contexts: Contexts } }> {
  const api = new Hono<{ Bindings: { contexts: Contexts } }>().basePath('/api')
  api.notFound((context) =>
    context.json({ statusCode: 404, message: 'the API has no such endpoint', name: 'not_found' }, 404),
  )
  return api
}
