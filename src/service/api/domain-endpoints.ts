import type { DomainActions } from '../domain-actions.ts'
import type { CheckedServiceOptions } from '../service-options.ts'
import { domainJson, domainRow } from './domain-json.ts'
import { type Call, type Endpoint, listJson } from './endpoint.ts'
import { invalid } from './read-body.ts'
import { readDomainChange, readNewDomain } from './read-domain.ts'
import { readLimit, readQuery, wrongParameter } from './read-query.ts'
import { refuse } from './refuse.ts'

/** What Resend's clients call, in its shapes. */
export function domainEndpoints({ store }: CheckedServiceOptions, actions: DomainActions): readonly Endpoint[] {
  async function list({ request, identity: { owner } }: Call): Promise<Response> {
    const { limit, after, before } = readQuery(request.url, ['limit', 'after', 'before'])
    if (after !== undefined && before !== undefined) wrongParameter('after and before are both there: use one of them')
    const page = await store.domains({
      owner,
      limit: readLimit(limit, 100),
      after: await nameOf(owner, after, 'after'),
      before: await nameOf(owner, before, 'before'),
    })
    const edge = before === undefined ? page.items.at(-1) : page.items[0]
    return listJson(page.items.map(domainRow), page.next && edge!.id)
  }

  /** The store goes on by name, Resend's clients by id. */
  async function nameOf(owner: string, id: string | undefined, parameter: string): Promise<string | undefined> {
    if (id === undefined) return undefined
    const stored = await store.domain({ owner, id })
    if (stored === null) wrongParameter(`${parameter} is the id of no domain of yours: use one of the page before`)
    return stored.config.name
  }

  async function create({ request, identity: { owner } }: Call): Promise<Response> {
    noParameters(request)
    const stored = await actions.create({ owner, ...(await readNewDomain(request)) })
    return Response.json(domainJson(stored), { status: 201 })
  }

  async function get({ request, identity: { owner }, param }: Call): Promise<Response> {
    noParameters(request)
    return Response.json(domainJson(found(await store.domain({ owner, id: param('id') }))))
  }

  async function change({ request, identity: { owner }, param }: Call): Promise<Response> {
    noParameters(request)
    const settings = await readDomainChange(request)
    return confirm(found(await actions.change({ owner, id: param('id') }, settings)).id)
  }

  /** What signs mail: whoever may change a domain may sign for it. */
  async function config({ request, identity: { owner }, param }: Call): Promise<Response> {
    noParameters(request)
    const { config } = found(await store.domain({ owner, id: param('id') }))
    if (config.signingKeys?.some(({ secret }) => typeof secret !== 'string')) {
      invalid(409, 'the signing keys are kept outside, as bytes, which JSON does not hold: take them from there')
    }
    return Response.json(config)
  }

  async function verify({ request, identity: { owner }, param }: Call): Promise<Response> {
    noParameters(request)
    return confirm(found(await actions.verify({ owner, id: param('id') })).id)
  }

  async function remove({ request, identity: { owner }, param }: Call): Promise<Response> {
    const { acknowledge } = readQuery(request.url, ['acknowledge'])
    if (acknowledge !== undefined && acknowledge !== 'impact')
      wrongParameter('acknowledge is wrong: use "impact", or leave it out')
    const id = param('id')
    found(await actions.remove({ owner, id, acknowledged: acknowledge === 'impact' }))
    return Response.json({ object: 'domain', id, deleted: true })
  }

  return [
    { method: 'GET', path: '/domains', access: 'read', answer: list },
    { method: 'POST', path: '/domains', access: 'write', answer: create },
    { method: 'GET', path: '/domains/:id', access: 'read', answer: get },
    { method: 'PATCH', path: '/domains/:id', access: 'write', answer: change },
    { method: 'DELETE', path: '/domains/:id', access: 'write', answer: remove },
    { method: 'GET', path: '/domains/:id/config', access: 'write', answer: config },
    { method: 'POST', path: '/domains/:id/verify', access: 'write', answer: verify },
  ]
}

const confirm = (id: string): Response => Response.json({ object: 'domain', id })

function noParameters(request: Request): void {
  readQuery(request.url, [])
}

/** Another owner's is as unknown as none. */
function found<Value>(value: Value | null): Value {
  if (value === null) refuse({ status: 404, name: 'not_found', message: 'there is no such domain' })
  return value
}
