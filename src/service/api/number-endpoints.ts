import { MailtraceError } from '../../errors.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import { type Call, type Endpoint, listJson } from './endpoint.ts'
import { readLimit, readQuery, wrongParameter } from './read-query.ts'
import { refuse } from './refuse.ts'
import { snakeCase } from './snake-case.ts'

/** Campaigns, messages and their links, counted. */
export function numberEndpoints({ store }: CheckedServiceOptions): readonly Endpoint[] {
  async function campaigns({ request, identity: { owner } }: Call): Promise<Response> {
    const { limit, after, domain } = readQuery(request.url, ['limit', 'after', 'domain'])
    const options = { owner, after, domain, limit: readLimit(limit, 100) }
    const page = await asked(() => store.campaigns(options))
    return listJson(
      page.items.map((row) => snakeCase(row) as object),
      page.next,
    )
  }

  async function campaign({ request, identity: { owner }, param }: Call) {
    const { domain } = readQuery(request.url, ['domain'])
    const found = await asked(() => store.campaign({ owner, domain, campaign: param('campaign') }))
    if (found === null) refuse({ status: 404, name: 'not_found', message: 'there is no such campaign' })
    return found
  }

  async function messages({ request, identity: { owner } }: Call): Promise<Response> {
    const { limit, ...rest } = readQuery(request.url, ['limit', 'after', 'domain', 'campaign'])
    const page = await asked(() => store.messages({ owner, limit: readLimit(limit, 100), ...rest }))
    return listJson(
      page.items.map((row) => snakeCase(row) as object),
      page.next,
    )
  }

  async function message({ request, identity: { owner }, param }: Call): Promise<Response> {
    const { domain } = readQuery(request.url, ['domain'])
    const found = await asked(() => store.message({ owner, domain, messageRef: param('ref') }))
    if (found === null) refuse({ status: 404, name: 'not_found', message: 'there is no such message' })
    // The mail itself is for the console; the events are an endpoint of their own.
    const { html, timeline, summary, ...row } = found
    return Response.json({ object: 'message', ...(snakeCase({ ...row, summary }) as object) })
  }

  return [
    { method: 'GET', path: '/campaigns', access: 'read', answer: campaigns },
    {
      method: 'GET',
      path: '/campaigns/:campaign',
      access: 'read',
      answer: async (call) => {
        const { html, ...row } = await campaign(call)
        return Response.json({ object: 'campaign', ...(snakeCase(row) as object) })
      },
    },
    {
      method: 'GET',
      path: '/campaigns/:campaign/links',
      access: 'read',
      answer: async (call) => {
        const { summary } = await campaign(call)
        return listJson(
          summary.links.map((link) => snakeCase(link) as object),
          null,
        )
      },
    },
    { method: 'GET', path: '/messages', access: 'read', answer: messages },
    { method: 'GET', path: '/messages/:ref', access: 'read', answer: message },
  ]
}

/** What the store refuses of a query stood in the URL: a cursor that is none, a name that is too long. */
export async function asked<Result>(query: () => Promise<Result>): Promise<Result> {
  try {
    return await query()
  } catch (error) {
    if (error instanceof MailtraceError && error.code === 'invalid-options') wrongParameter(error.message)
    throw error
  }
}
