import type { CreateDomainResponseSuccess } from 'resend'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { domainFromResend } from '../../../src/domains/index.ts'
import { type DomainConfig, instrumentEmail, readTrackingUrl } from '../../../src/index.ts'
import { createReceiver } from '../../../src/receiver/index.ts'
import { createService } from '../../../src/service/index.ts'
import { createStore, type Store } from '../../../src/store/index.ts'
import { cnameTarget, keys, serveApi } from './serve-api.ts'

const api = await serveApi()
const { client, clock, zone } = api
const resend = client()
const hourMs = 3_600_000
const start = Date.UTC(2026, 10, 24)
const nobody = '00000000-0000-4000-8000-000000000000'

beforeEach(async () => {
  await api.database.query('TRUNCATE mailtrace_domains, mailtrace_owners CASCADE')
  zone.splice(0, zone.length, ['example.com', 'TXT', 'the zone is there'])
  clock.now = start
  api.errors.length = 0
})

/** A domain with a tracking domain, as the client gets it back. */
async function create(settings: Partial<Parameters<typeof resend.domains.create>[0]> = {}) {
  const { data, error } = await resend.domains.create({ name: 'example.com', ...settings })
  expect(error).toBe(null)
  return data as CreateDomainResponseSuccess
}

const get = async (id: string) => (await resend.domains.get(id)).data!
const cname = (host: string, target = cnameTarget): void => void zone.push([host, 'CNAME', target])

describe('domains.create', () => {
  it('gives the domain in the shape of Resend', async () => {
    const { data, error, headers } = await resend.domains.create({
      name: 'Example.com',
      openTracking: true,
      clickTracking: false,
      trackingSubdomain: 'links',
    })
    expect(error).toBe(null)
    const domain = {
      object: 'domain',
      id: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      name: 'example.com',
      status: 'not_started',
      created_at: '2026-11-24T00:00:00.000Z',
      region: 'us-east-1',
      capabilities: { sending: 'enabled', receiving: 'disabled' },
      open_tracking: true,
      click_tracking: false,
      open_tracking_mode: 'full',
      click_tracking_mode: false,
      tracking_subdomain: 'links',
      records: [
        {
          record: 'Tracking',
          type: 'CNAME',
          name: 'links.example.com',
          value: cnameTarget,
          ttl: 'Auto',
          status: 'not_started',
        },
      ],
    }
    expect(data).toEqual(domain)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' })
    expect((await resend.domains.get(data!.id)).data).toEqual(domain)
  })

  it('has tracking off and no tracking domain unless it is asked for', async () => {
    expect(await create()).toMatchObject({
      open_tracking: false,
      click_tracking: false,
      status: 'not_started',
      records: [],
    })
    const { data } = await resend.domains.list()
    expect(data?.data[0]).not.toHaveProperty('tracking_subdomain')
  })

  it('takes what Resend has for sending, which changes nothing', async () => {
    await create({
      region: 'eu-west-1',
      customReturnPath: 'bounces',
      tls: 'enforced',
      capabilities: { receiving: 'enabled' },
    })
  })

  it('makes a key of its own for each, which signs links that the receiver reads', async () => {
    const { id } = await create({ clickTracking: true, trackingSubdomain: 'links' })
    cname('links.example.com')
    await resend.domains.verify(id)
    const stored = await api.store.domainByName({ owner: 'acme', name: 'example.com' })
    const [link] = instrumentEmail('<a href="https://example.org/">to</a>', stored!.config).links
    expect(link?.kind).toBe('tracked')
    const found = await api.store.findByHost('links.example.com')
    expect(readTrackingUrl(link?.kind === 'tracked' ? link.url : '', found!)).toMatchObject({
      kind: 'click',
      destination: 'https://example.org/',
      authenticated: true,
    })
    await client(keys.other).domains.create({ name: 'example.net' })
    const other = await api.store.domainByName({ owner: 'other', name: 'example.net' })
    const [one, two] = [stored, other].map((domain) => domain!.config.signingKeys![0]!)
    expect([one?.id, two?.id]).toEqual(['2026-11', '2026-11'])
    expect(one?.secret).toMatch(/^[\w-]{44}$/)
    expect(two?.secret).not.toBe(one?.secret)
    // And no answer tells it.
    expect(JSON.stringify([await get(id), (await resend.domains.list()).data])).not.toContain(one?.secret)
  })

  test.each([
    ['links', 'links', 'links.example.com'],
    ['links.example.com', 'links', 'links.example.com'],
    ['a.b.example.com', 'a.b', 'a.b.example.com'],
  ])('puts %s at its place', async (trackingSubdomain, shown, host) => {
    const domain = await create({ trackingSubdomain })
    expect([domain.tracking_subdomain, domain.records[0]?.name]).toEqual([shown, host])
  })

  it('tells a host beside the sending domain whole', async () => {
    const domain = await create({ name: 'mail.example.com', trackingSubdomain: 'links.example.com' })
    expect(domain.tracking_subdomain).toBe('links.example.com')
    expect(domainFromResend(domain).trackingDomains).toEqual([
      { host: 'links.example.com', status: 'not_started', cnameTarget },
    ])
  })

  test.each<[object, number, string, string]>([
    [{}, 422, 'missing_required_field', 'name is missing: use the sending domain, like "example.com"'],
    [{ name: null }, 422, 'missing_required_field', 'name is missing: use the sending domain, like "example.com"'],
    [{ name: 7 }, 422, 'validation_error', 'name is 7: use the sending domain, like "example.com"'],
    [
      { name: 'https://example.com' },
      422,
      'validation_error',
      'name is "https://example.com": use the sending domain, like "example.com"',
    ],
    [
      { name: '<script>alert(1)</script>.com' },
      422,
      'validation_error',
      'name is "<script>alert(1)</script>.com": use the sending domain, like "example.com"',
    ],
    [
      { name: 'a\0.com' },
      422,
      'validation_error',
      'name is "a\\u0000.com": use the sending domain, like "example.com"',
    ],
    [
      { name: 'example.com', openTracking: 'all' },
      422,
      'validation_error',
      'open_tracking is "all": use true, false or one of full, identified, day, anonymous',
    ],
    [
      { name: 'example.com', clickTracking: 'day' },
      422,
      'validation_error',
      'click_tracking is "day": use true, false or one of full, identified, anonymous',
    ],
    [
      { name: 'example.com', clickTracking: null },
      422,
      'validation_error',
      'click_tracking is null: use true, false or one of full, identified, anonymous',
    ],
    [
      { name: 'example.com', trackingSubdomain: 7 },
      422,
      'validation_error',
      'tracking_subdomain is 7: use a label like "links", or a full host',
    ],
  ])('refuses %j', async (settings, statusCode, name, message) => {
    expect((await resend.domains.create(settings as never)).error).toEqual({ statusCode, message, name })
    expect(api.errors).toEqual([])
  })

  test.each<[string, string, string]>([
    [
      'example.org',
      'host-outside-domain',
      'host "example.org" does not belong to "example.com", the root domain of the sending domain: use a host under it, like "links.example.com"',
    ],
    [
      'example.com',
      'host-is-sending-domain',
      'host "example.com" is the sending domain itself, where a CNAME record would displace its MX records: use a name of its own like "links.example.com"',
    ],
    ['a b', 'invalid-host', 'host "a b" has white space: use a bare host name like "links.example.com"'],
    [
      'links.example.com:8080',
      'invalid-host',
      'host "links.example.com:8080" has a port: use a bare host name like "links.example.com"',
    ],
    [
      "';DROP TABLE mailtrace_domains;--",
      'invalid-host',
      `host "';DROP TABLE mailtrace_domains;--" has white space: use a bare host name like "links.example.com"`,
    ],
  ])('refuses the tracking domain %s', async (trackingSubdomain, code, message) => {
    const { error } = await resend.domains.create({ name: 'example.com', trackingSubdomain })
    expect(error).toEqual({ statusCode: 422, name: 'validation_error', message, code })
    expect((await resend.domains.list()).data?.data).toEqual([])
  })

  it('refuses the root domain as a tracking domain', async () => {
    const { error } = await resend.domains.create({ name: 'mail.example.com', trackingSubdomain: 'example.com' })
    expect(error).toEqual({
      statusCode: 422,
      name: 'validation_error',
      message:
        'host "example.com" is a root domain, where no CNAME record can stand: use a name under it, like "links.mail.example.com"',
      code: 'host-is-root-domain',
    })
  })

  it('refuses a name and a host that are taken, and does not say by whom', async () => {
    await client(keys.other).domains.create({ name: 'example.com', trackingSubdomain: 'links' })
    expect((await resend.domains.create({ name: 'EXAMPLE.com' })).error).toEqual({
      statusCode: 403,
      name: 'validation_error',
      message: 'domain "example.com" has been registered already: if it is yours, ask whoever runs this for it',
      code: 'domain-taken',
    })
    expect((await client(keys.other).domains.create({ name: 'example.com' })).error).toMatchObject({
      statusCode: 403,
      message: 'domain "example.com" is registered already: change the one that is there',
    })
    const beside = { name: 'mail.example.com', trackingSubdomain: 'links.example.com' }
    expect((await resend.domains.create(beside)).error).toEqual({
      statusCode: 403,
      name: 'validation_error',
      message:
        'a tracking domain of "mail.example.com" is in use elsewhere, or was, and the links in sent mail go through it: choose another host',
      code: 'host-taken',
    })
  })
})

describe('domains.list', () => {
  beforeEach(async () => {
    for (const name of ['c.com', 'a.com', 'b.com']) await resend.domains.create({ name })
    await client(keys.other).domains.create({ name: 'd.com' })
  })
  const names = async (options: Parameters<typeof resend.domains.list>[0]) => {
    const { data, error } = await resend.domains.list(options)
    return error ?? [data?.data.map(({ name }) => name), data?.has_more]
  }

  it('has the domains of one owner, without their records', async () => {
    const { data } = await resend.domains.list()
    expect(data).toMatchObject({ object: 'list', has_more: false })
    expect(data?.data.map(({ name }) => name)).toEqual(['a.com', 'b.com', 'c.com'])
    expect(data?.data[0]).toMatchObject({ id: expect.any(String), status: 'not_started', open_tracking: false })
    expect(data?.data[0]).not.toHaveProperty('records')
  })

  it('comes in pages, forth and back', async () => {
    const ids = (await resend.domains.list()).data!.data.map(({ id }) => id)
    expect(await names({ limit: 2 })).toEqual([['a.com', 'b.com'], true])
    expect(await names({ limit: 2, after: ids[1]! })).toEqual([['c.com'], false])
    expect(await names({ limit: 1, after: ids[0]! })).toEqual([['b.com'], true])
    expect(await names({ limit: 1, before: ids[2]! })).toEqual([['b.com'], true])
    expect(await names({ limit: 2, before: ids[2]! })).toEqual([['a.com', 'b.com'], false])
    const { json } = await api.ask('/domains?limit=1')
    expect(json).toMatchObject({ has_more: true, next: ids[0] })
  })

  it('refuses the id of somebody else as a cursor, as one of nobody', async () => {
    const id = (await client(keys.other).domains.list()).data!.data[0]!.id
    for (const after of [id, nobody, 'x']) {
      expect(await names({ after })).toEqual({
        statusCode: 422,
        name: 'invalid_parameter',
        message: 'after is the id of no domain of yours: use one of the page before',
      })
    }
  })

  test.each([
    ['limit=0', 'limit is "0": use a whole number of 1 to 100'],
    ['limit=101', 'limit is "101": use a whole number of 1 to 100'],
    ['limit=1e1', 'limit is "1e1": use a whole number of 1 to 100'],
    ['limit=', 'limit is "": use a whole number of 1 to 100'],
    ['limit=1&limit=2', 'the parameter limit is there twice: give it once'],
    ['before=x', 'before is the id of no domain of yours: use one of the page before'],
    [`after=${nobody}&before=${nobody}`, 'after and before are both there: use one of them'],
    ['page=2', 'the URL has a parameter "page": use limit, after, before'],
  ])('refuses ?%s', async (query, message) => {
    const { json } = await api.ask(`/domains?${query}`)
    expect(json).toEqual({ statusCode: 422, name: 'invalid_parameter', message })
  })
})

describe('domains.update', () => {
  it('switches tracking, and leaves what is not named', async () => {
    const { id } = await create({ openTracking: true })
    const { data, error } = await resend.domains.update({ id, clickTracking: true })
    expect([data, error]).toEqual([{ object: 'domain', id }, null])
    expect(await get(id)).toMatchObject({ open_tracking: true, click_tracking: true })
    await resend.domains.update({ id, openTracking: false })
    expect(await get(id)).toMatchObject({ open_tracking: false, click_tracking: true })
  })

  it('sets how far', async () => {
    const { id } = await create()
    await resend.domains.update({ id, openTracking: 'day' as never, clickTracking: 'anonymous' as never })
    expect(await get(id)).toMatchObject({
      open_tracking: true,
      click_tracking: true,
      open_tracking_mode: 'day',
      click_tracking_mode: 'anonymous',
    })
  })

  it('sets the tracking domain at any time: that is no change', async () => {
    const { id } = await create()
    await resend.domains.update({ id, trackingSubdomain: 'links' })
    expect(await get(id)).toMatchObject({ tracking_subdomain: 'links', status: 'not_started' })
  })

  it('changes it once in 24 hours, and says when the next change is allowed', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    await resend.domains.update({ id, trackingSubdomain: 'go' })
    clock.now += 1.5 * hourMs + 1
    const { data, error, headers } = await resend.domains.update({ id, trackingSubdomain: 'click' })
    expect([data, error]).toEqual([
      null,
      {
        statusCode: 422,
        name: 'validation_error',
        message:
          'the tracking domain was changed at 2026-11-24T00:00:00.000Z: change it again from 2026-11-25T00:00:00.000Z on',
        code: 'change-too-soon',
        allowed_at: '2026-11-25T00:00:00.000Z',
      },
    ])
    expect(headers?.['retry-after']).toBe(`${22.5 * 3600}`)
    // Refused as a whole.
    const both = await resend.domains.update({ id, openTracking: true, trackingSubdomain: 'click' })
    expect(both.error?.statusCode).toBe(422)
    expect(await get(id)).toMatchObject({ open_tracking: false, tracking_subdomain: 'go' })
    // The same again is no change.
    expect((await resend.domains.update({ id, trackingSubdomain: 'go.example.com' })).error).toBe(null)
    clock.now = start + 24 * hourMs
    expect((await resend.domains.update({ id, trackingSubdomain: 'click' })).error).toBe(null)
    expect((await get(id)).records.map(({ name }) => name)).toEqual([
      'links.example.com',
      'go.example.com',
      'click.example.com',
    ])
  })

  test.each([null, ''])('never removes it: %j', async (trackingSubdomain) => {
    const { id } = await create({ trackingSubdomain: 'links' })
    const { error } = await resend.domains.update({ id, trackingSubdomain: trackingSubdomain as never })
    expect(error).toEqual({
      statusCode: 422,
      name: 'validation_error',
      message:
        'tracking_subdomain can be changed, never removed, as the links in sent mail go through it: choose another one, or set open_tracking and click_tracking to false',
      code: 'removal-refused',
    })
    expect(await get(id)).toMatchObject({ tracking_subdomain: 'links' })
  })

  it('loses no change of many at once', async () => {
    const { id } = await create()
    await Promise.all([
      resend.domains.update({ id, openTracking: true }),
      resend.domains.update({ id, clickTracking: true }),
      resend.domains.update({ id, trackingSubdomain: 'links' }),
    ])
    expect(await get(id)).toMatchObject({ open_tracking: true, click_tracking: true, tracking_subdomain: 'links' })
  })
})

describe('domains.verify', () => {
  it('finds the record, and the host is in use', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    const verify = async () => {
      expect(await resend.domains.verify(id)).toMatchObject({ data: { object: 'domain', id }, error: null })
      const { status, records } = await get(id)
      return [status, records.map((record) => record.status)]
    }
    expect(await verify()).toEqual(['pending', ['pending']])
    cname('links.example.com')
    expect(await verify()).toEqual(['verified', ['verified']])
    zone.pop()
    expect(await verify()).toEqual(['partially_failed', ['temporary_failure']])
    clock.now += 73 * hourMs
    expect(await verify()).toEqual(['failed', ['failed']])
  })

  it('changes nothing where DNS does not answer', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    cname('links.example.com')
    await resend.domains.verify(id)
    zone.splice(0, zone.length, ['links.example.com', 'SERVFAIL', ''])
    await resend.domains.verify(id)
    expect(await get(id)).toMatchObject({ status: 'verified' })
    const stored = await api.store.domain({ owner: 'acme', id })
    expect(stored?.checks['links.example.com']).toMatchObject({ outcome: 'inconclusive', at: start })
  })

  it('keeps the previous one in use until the new one is found, and lists it from then on', async () => {
    const { id } = await create({ openTracking: true, trackingSubdomain: 'links' })
    cname('links.example.com')
    await resend.domains.verify(id)
    await resend.domains.update({ id, trackingSubdomain: 'go' })
    await resend.domains.verify(id)
    const seen = async () => {
      const { status, tracking_subdomain, records } = await get(id)
      return [status, tracking_subdomain, records.map((record) => [record.name, record.status])]
    }
    expect(await seen()).toEqual([
      'partially_verified',
      'go',
      [
        ['links.example.com', 'verified'],
        ['go.example.com', 'pending'],
      ],
    ])
    cname('go.example.com')
    await resend.domains.verify(id)
    expect(await seen()).toEqual([
      'verified',
      'go',
      [
        ['links.example.com', 'verified'],
        ['go.example.com', 'verified'],
      ],
    ])
  })

  it('names the CAA record that is missing, once', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    await resend.domains.update({ id, trackingSubdomain: 'go' })
    zone.push(['example.com', 'CAA', '0 issue pki.goog'])
    cname('links.example.com')
    await resend.domains.verify(id)
    const caa = (await get(id)).records.filter(({ record }) => record === 'TrackingCAA')
    expect(caa).toEqual([
      {
        record: 'TrackingCAA',
        type: 'CAA',
        name: 'example.com',
        value: '0 issue "letsencrypt.org"',
        ttl: 'Auto',
        status: 'pending',
      },
    ])
    zone.push(['example.com', 'CAA', '0 issue letsencrypt.org'])
    await resend.domains.verify(id)
    expect((await get(id)).records.map(({ record }) => record)).toEqual(['Tracking', 'Tracking'])
  })

  it('of a domain without a tracking domain asks for nothing', async () => {
    const { id } = await create()
    expect((await resend.domains.verify(id)).error).toBe(null)
  })
})

describe('domains.remove', () => {
  it('removes what no sent mail depends on', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    expect((await resend.domains.remove(id)).data).toEqual({ object: 'domain', id, deleted: true })
    expect((await resend.domains.get(id)).error).toEqual({
      statusCode: 404,
      name: 'not_found',
      message: 'there is no such domain',
    })
    expect((await resend.domains.remove(id)).error?.statusCode).toBe(404)
  })

  it('is refused where links would die, until that was acknowledged; they go on working', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    cname('links.example.com')
    await resend.domains.verify(id)
    expect((await resend.domains.remove(id)).error).toEqual({
      statusCode: 409,
      name: 'validation_error',
      message:
        'removing example.com breaks the links in sent mail through links.example.com: first put a proxy in place for each, and keep the domain, these hosts and the signing keys 2026-11 in the receiver; to remove it all the same, call DELETE /domains/ID?acknowledge=impact',
      code: 'removal-unacknowledged',
    })
    expect((await resend.domains.remove(`${id}?acknowledge=yes`)).error).toEqual({
      statusCode: 422,
      name: 'invalid_parameter',
      message: 'acknowledge is wrong: use "impact", or leave it out',
    })
    expect(await get(id)).toMatchObject({ status: 'verified' })
    expect((await resend.domains.remove(`${id}?acknowledge=impact`)).data).toEqual({
      object: 'domain',
      id,
      deleted: true,
    })
    expect((await resend.domains.list()).data?.data).toEqual([])
    expect(await api.store.findByHost('links.example.com')).toMatchObject({ name: 'example.com' })
    // Nobody else gets the host; its owner gets the domain back as it was.
    const other = { name: 'mail.example.com', trackingSubdomain: 'links.example.com' }
    expect((await client(keys.other).domains.create(other)).error).toMatchObject({
      statusCode: 403,
      code: 'host-taken',
    })
    expect(await create()).toMatchObject({ id, status: 'verified', tracking_subdomain: 'links' })
  })
})

it('a link that was sent works before and after the removal, also in a receiver that starts then', async () => {
  const { id } = await create({ clickTracking: true, trackingSubdomain: 'links' })
  cname('links.example.com')
  await resend.domains.verify(id)
  const { json: config } = await api.ask(`/domains/${id}/config`)
  const [link] = instrumentEmail('<a href="https://example.org/">to</a>', config).links
  const store = createStore({ query: (text, values) => api.database.query(text, values) })
  const click = async (findByHost: Store['findByHost']) => {
    const receiver = createReceiver({ domains: findByHost, onEvent: () => {} })
    const { status, headers } = await receiver(new Request(link?.kind === 'tracked' ? link.url : ''))
    return [status, headers.get('location')]
  }
  for (const findByHost of [api.store.findByHost, store.findByHost]) {
    expect(await click(findByHost)).toEqual([302, 'https://example.org/'])
  }
  await resend.domains.remove(`${id}?acknowledge=impact`)
  const later = createStore({ query: (text, values) => api.database.query(text, values) })
  for (const findByHost of [api.store.findByHost, store.findByHost, later.findByHost]) {
    expect(await click(findByHost)).toEqual([302, 'https://example.org/'])
  }
})

describe('what belongs to somebody else', () => {
  it('is as unknown as what is not there, in each call', async () => {
    const { id } = await create({ trackingSubdomain: 'links' })
    const stranger = client(keys.other)
    const calls = async (of: string) => [
      (await stranger.domains.get(of)).error,
      (await stranger.domains.update({ id: of, openTracking: true })).error,
      (await stranger.domains.verify(of)).error,
      (await stranger.domains.remove(`${of}?acknowledge=impact`)).error,
    ]
    const unknown = { statusCode: 404, name: 'not_found', message: 'there is no such domain' }
    expect(await calls(id)).toEqual([unknown, unknown, unknown, unknown])
    expect(await calls(nobody)).toEqual([unknown, unknown, unknown, unknown])
    expect(await calls("x' OR '1'='1")).toEqual([unknown, unknown, unknown, unknown])
    expect(await calls('<img src=x onerror=alert(1)>')).toEqual([unknown, unknown, unknown, unknown])
    expect(await get(id)).toMatchObject({ open_tracking: false })
  })
})

it('what is told reads back as the configuration it was made from', async () => {
  const { id } = await create({ openTracking: true, trackingSubdomain: 'links' })
  cname('links.example.com')
  await resend.domains.update({ id, trackingSubdomain: 'go' })
  await resend.domains.verify(id)
  expect(domainFromResend(await get(id))).toEqual({
    name: 'example.com',
    openTracking: true,
    clickTracking: false,
    trackingDomains: [
      { host: 'links.example.com', status: 'verified', cnameTarget },
      { host: 'go.example.com', status: 'pending', cnameTarget },
    ],
  })
})

describe('GET /domains/:id/config', () => {
  it('is what mail is instrumented with, its keys included', async () => {
    const { id } = await create({ clickTracking: true, trackingSubdomain: 'links' })
    cname('links.example.com')
    await resend.domains.verify(id)
    const { status, json } = await api.ask(`/domains/${id}/config`)
    expect(status).toBe(200)
    expect(json).toEqual((await api.store.domain({ owner: 'acme', id }))?.config)
    expect(instrumentEmail('<a href="https://example.org/">to</a>', json).links).toMatchObject([{ kind: 'tracked' }])
  })

  it('is nobody else’s', async () => {
    const { id } = await create()
    const { status, text } = await api.ask(`/domains/${id}/config`, { key: keys.other })
    expect([status, text]).toEqual([404, '{"statusCode":404,"message":"there is no such domain","name":"not_found"}'])
  })
})

describe('what the application has put into the store by itself', () => {
  const put = (trackingDomains: DomainConfig['trackingDomains'], clickTracking = false) =>
    api.store.createDomain({
      owner: 'acme',
      now: start,
      config: { name: 'example.com', openTracking: false, clickTracking, trackingDomains },
    })

  it('is told as what it is: a host for local use, and one that nobody gave a target', async () => {
    const { id } = await put([
      { host: 'links.localhost:8080', status: 'pending', cnameTarget },
      { host: 'links.example.com', status: 'pending' },
    ])
    expect((await resend.domains.verify(id)).error).toBe(null)
    expect(api.errors).toEqual([])
    expect((await get(id)).records.map(({ name, value, status }) => [name, value, status])).toEqual([
      ['links.localhost:8080', cnameTarget, 'pending'],
      ['links.example.com', '', 'pending'],
    ])
  })

  test.each([
    ['verified', ['failed', 'verified']],
    ['partially_verified', ['verified', 'pending']],
    ['partially_verified', ['verified', 'temporary_failure']],
    ['partially_failed', ['failed', 'temporary_failure']],
    ['pending', ['failed', 'pending']],
    ['failed', ['pending', 'failed']],
    ['not_started', ['pending', 'not_started']],
  ] as const)('is %s where its hosts are %j, whether or not tracking is on', async (status, [former, current]) => {
    for (const clickTracking of [true, false]) {
      const hosts = [
        { host: 'a.example.com', status: former },
        { host: 'b.example.com', status: current },
      ]
      const { id } = await put(hosts, clickTracking)
      expect(await get(id)).toMatchObject({ status })
      await api.database.query('TRUNCATE mailtrace_domains, mailtrace_owners CASCADE')
    }
  })

  it('is left alone where its records are for the operator to mend, or no record helps', async () => {
    const { id } = await put([{ host: 'links.example.com', status: 'pending', cnameTarget }])
    cname('links.example.com')
    zone.push([cnameTarget, 'CAA', '0 issue pki.goog'])
    await resend.domains.verify(id)
    const kinds = async () =>
      (await api.store.domain({ owner: 'acme', id }))!.checks['links.example.com']!.findings.map(({ kind }) => kind)
    expect(await kinds()).toEqual(['caa-forbids'])
    expect((await get(id)).records.map(({ record }) => record)).toEqual(['Tracking'])
    zone.splice(-1, 1, ['example.com', 'CAA', '128 unheard of'])
    await resend.domains.verify(id)
    expect(await kinds()).toEqual(['caa-forbids'])
    expect((await get(id)).records.map(({ record }) => record)).toEqual(['Tracking'])
  })

  it('can have been changed at a time that no date has', async () => {
    const { id } = await put([
      { host: 'a.example.com', status: 'pending', cnameTarget },
      { host: 'b.example.com', status: 'pending', cnameTarget, configuredAt: 1e300 },
    ])
    const { error } = await resend.domains.update({ id, trackingSubdomain: 'c' })
    expect(error).toMatchObject({ statusCode: 422, code: 'change-too-soon', allowed_at: null })
  })

  it('has keys that JSON does not hold only where they are kept', async () => {
    const { id } = await put([])
    const kept = [{ id: 'kms', secret: new Uint8Array(32).fill(7) }]
    const store = createStore({ query: (text, values) => api.database.query(text, values), signingKeys: () => kept })
    const service = createService({ ...api.options, store })
    const headers = { authorization: `Bearer ${keys.acme}` }
    const response = await service(new Request(`${api.url}/domains/${id}/config`, { headers }))
    expect([response.status, await response.json()]).toEqual([
      409,
      {
        statusCode: 409,
        name: 'validation_error',
        message: 'the signing keys are kept outside, as bytes, which JSON does not hold: take them from there',
      },
    ])
  })
})

describe('whoever always loses against others', () => {
  it('is told so in the end', async () => {
    const { id } = await create()
    let attempts = 0
    const store: Store = {
      ...api.store,
      updateDomain: async (options) => {
        attempts++
        return api.store.updateDomain({ ...options, version: options.version + 1 })
      },
    }
    const service = createService({ ...api.options, store })
    const headers = { authorization: `Bearer ${keys.acme}`, 'content-type': 'application/json' }
    const init = { method: 'PATCH', headers, body: '{"open_tracking":true}' }
    const response = await service(new Request(`${api.url}/domains/${id}`, init))
    expect([response.status, await response.json()]).toEqual([
      409,
      {
        statusCode: 409,
        name: 'validation_error',
        message: 'the domain was changed meanwhile: read it again, and change what is there now',
        code: 'version-conflict',
      },
    ])
    expect(attempts).toBe(10)
  })
})
