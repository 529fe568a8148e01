import { beforeAll, describe, expect, it, test } from 'vitest'
import { instrumentEmail } from '../../../src/index.ts'
import type { TrackingEvent } from '../../../src/receiver/index.ts'
import { createService } from '../../../src/service/index.ts'
import { keys, serveApi } from './serve-api.ts'

const api = await serveApi()
const { ask, client, clock, store } = api
const minute = 60_000
const hour = 60 * minute
const sentAt = Date.UTC(2026, 10, 24)
const html =
  '<p><a href="https://example.org/one" data-link-name="first">one</a> <a href="https://example.org/two">two</a></p>'

/** An event of a message, as the receiver tells it. */
const click = (messageRef: string, index: number, time: number, id: string): TrackingEvent => ({
  type: 'click',
  id,
  part: 'html',
  index,
  destination: `https://example.org/${['one', 'two'][index]}`,
  mode: 'full',
  messageRef,
  campaignRef: null,
  domain: 'example.com',
  host: 'links.example.com',
  time,
  issuedAt: sentAt,
  userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
  clientAddress: null,
  signals: [],
})

beforeAll(async () => {
  clock.now = sentAt
  const { data } = await client().domains.create({
    name: 'example.com',
    clickTracking: true,
    openTracking: true,
    trackingSubdomain: 'links',
  })
  api.zone.push(['links.example.com', 'CNAME', 'k7w2q.tracking.example.net'])
  await client().domains.verify(data!.id)
  const { json: config } = await ask(`/domains/${data!.id}/config`)
  await client(keys.other).domains.create({ name: 'example.net' })

  // All of it over the API, as an application elsewhere does it.
  const sent = ['m1', 'm2', 'm3'].map((messageRef) => instrumentEmail(html, config, { messageRef, now: () => sentAt }))
  const campaign = { domain: 'example.com', campaign: 'spring/1', subject: 'News', html, links: sent[0]!.links }
  expect(await ask('/campaigns', { method: 'POST', body: JSON.stringify(campaign) })).toMatchObject({
    status: 201,
    json: { object: 'campaign', campaign: 'spring/1' },
  })
  const details = { domain: 'example.com', campaign: 'spring/1', recipient: 'ada@example.org' }
  const messages = sent.map((outcome) => ({ outcome, details }))
  expect(await ask('/messages', { method: 'POST', body: JSON.stringify(messages) })).toMatchObject({
    status: 201,
    json: { object: 'messages', saved: 3 },
  })
  await store.write([
    click('m1', 0, sentAt + hour, 'e1'),
    click('m1', 0, sentAt + 2 * hour, 'e2'),
    click('m2', 1, sentAt + 3 * hour, 'e3'),
  ])
})

describe('numbers', () => {
  it('of campaigns', async () => {
    const { status, json } = await ask('/campaigns')
    expect(status).toBe(200)
    expect(json).toMatchObject({ object: 'list', has_more: false, next: null })
    expect(json.data).toHaveLength(1)
    expect(json.data[0]).toMatchObject({
      campaign: 'spring/1',
      domain: 'example.com',
      subject: 'News',
      messages: 3,
      tracked: { opens: 3, clicks: 3, either: 3 },
      first_sent_at: '2026-11-24T00:00:00.000Z',
      last_event_at: '2026-11-24T03:00:00.000Z',
      people: { clicks: { unique: 2, total: 3 } },
      machines: { clicks: { unique: 0, total: 0 } },
    })
  })

  it('of one campaign, by day', async () => {
    const { json } = await ask(`/campaigns/${encodeURIComponent('spring/1')}`)
    expect(json).toMatchObject({
      object: 'campaign',
      campaign: 'spring/1',
      summary: { events: 3, people: { clicks: { unique: 2, rate: { share: 2 / 3, of: 3 } } } },
      days: [{ day: '2026-11-24', people: { clicks: { total: 3 } } }],
    })
    expect(json).not.toHaveProperty('html')
  })

  it('of its links', async () => {
    const { json } = await ask('/campaigns/spring%2F1/links')
    expect(json).toMatchObject({
      object: 'list',
      has_more: false,
      data: [
        {
          part: 'html',
          index: 0,
          name: 'first',
          destination: 'https://example.org/one',
          people: { unique: 1, total: 2 },
        },
        { part: 'html', index: 1, name: null, destination: 'https://example.org/two', people: { unique: 1, total: 1 } },
      ],
    })
  })

  it('of messages, in pages', async () => {
    const refs: string[] = []
    let after = ''
    do {
      const { json } = await ask(
        `/messages?limit=2&campaign=spring%2F1${after && `&after=${encodeURIComponent(after)}`}`,
      )
      refs.push(...json.data.map((row: { message_ref: string }) => row.message_ref))
      expect(json.has_more).toBe(json.next !== null)
      after = json.next ?? ''
    } while (after !== '')
    expect(refs.sort()).toEqual(['m1', 'm2', 'm3'])
  })

  it('of one message', async () => {
    const { json } = await ask('/messages/m1')
    expect(json).toMatchObject({
      object: 'message',
      message_ref: 'm1',
      domain: 'example.com',
      campaign: 'spring/1',
      recipient: 'ada@example.org',
      sent_at: '2026-11-24T00:00:00.000Z',
      modes: { open: 'full', click: 'full' },
      summary: { events: 2 },
      links: [
        { index: 0, name: 'first' },
        { index: 1, name: null },
      ],
    })
    for (const field of ['html', 'timeline']) expect(json).not.toHaveProperty(field)
  })

  it('of a message of which nobody has said more than its events', async () => {
    await store.write([click('m9', 0, sentAt + hour, 'e9')])
    const { json } = await ask('/messages/m9')
    expect(json).toMatchObject({ message_ref: 'm9', sent_at: null, recipient: null, modes: null })
    await store.forget({ messageRef: 'm9' })
  })

  test.each([
    ['/campaigns/none', 'there is no such campaign'],
    ['/campaigns/none/links', 'there is no such campaign'],
    ['/messages/none', 'there is no such message'],
    ['/messages/%00', 'there is no such message'],
    ["/messages/x'%20OR%20'1'='1", 'there is no such message'],
    ['/campaigns/spring%2F1?domain=example.net', 'there is no such campaign'],
  ])('of what is not there: %s', async (path, message) => {
    const { status, json } = await ask(path)
    expect([status, json]).toEqual([404, { statusCode: 404, name: 'not_found', message }])
  })

  test.each([
    ['/campaigns?after=x', 'after is "x": use the next of the page before'],
    ['/messages?after=%5B%5D', 'after is "[]": use the next of the page before'],
    ['/events?after=%22', 'after is "\\"": use the next of the page before'],
    // PostgreSQL would refuse the whole query.
    ['/messages?after=[0,"%5Cu0000",""]', 'after is "[0,\\"\\\\u0000\\",\\"\\"]": use the next of the page before'],
    ['/campaigns?after=[0,"","%5Cud800"]', 'after is "[0,\\"\\",\\"\\\\ud800\\"]": use the next of the page before'],
    ['/messages?limit=101', 'limit is "101": use a whole number of 1 to 100'],
    ['/campaigns?limit=-1', 'limit is "-1": use a whole number of 1 to 100'],
    ['/events?limit=0', 'limit is "0": use a whole number of 1 to 999999999'],
    [`/messages?campaign=${'x'.repeat(300)}`, `campaign is "${'x'.repeat(79)}…": use a string of 1 to 256 characters`],
    ['/campaigns?domain=', 'domain is "": use a string of 1 to 256 characters'],
  ])('of what cannot be asked: %s', async (path, message) => {
    const { status, json } = await ask(path)
    expect([status, json]).toEqual([422, { statusCode: 422, name: 'invalid_parameter', message }])
  })

  it('are nobody else’s', async () => {
    const stranger = { key: keys.other }
    for (const path of ['/campaigns', '/messages', '/campaigns?domain=example.com', '/messages?campaign=spring%2F1']) {
      expect((await ask(path, stranger)).json).toMatchObject({ data: [], has_more: false })
    }
    for (const path of [
      '/campaigns/spring%2F1',
      '/campaigns/spring%2F1/links',
      '/messages/m1',
      '/messages/m1?domain=example.com',
    ]) {
      expect((await ask(path, stranger)).status).toBe(404)
    }
    for (const path of ['/events', '/events?domain=example.com', '/events?message_ref=m1']) {
      expect(await ask(path, stranger)).toMatchObject({ status: 200, text: '' })
    }
  })
})

describe('events', () => {
  const events = async (query = '') => {
    const { status, headers, text } = await ask(`/events${query}`)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    return text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => JSON.parse(line))
  }

  it('are lines of JSON, oldest first, each with its verdict', async () => {
    const lines = await events()
    expect(lines.map(({ event }) => event.id)).toEqual(['e1', 'e2', 'e3'])
    expect(lines[0]).toEqual({
      event: click('m1', 0, sentAt + hour, 'e1'),
      actor: 'person',
      reasons: expect.any(Array),
      cursor: expect.any(String),
    })
    expect(await events('?limit=2')).toEqual(lines.slice(0, 2))
    expect(await events(`?after=${encodeURIComponent(lines[1].cursor)}`)).toEqual(lines.slice(2))
    expect(await events(`?after=${encodeURIComponent(lines[2].cursor)}`)).toEqual([])
    expect(await events('?message_ref=m2')).toEqual([lines[2]])
    expect(await events('?campaign=none')).toEqual([])
    expect(await events('?domain=EXAMPLE.com')).toHaveLength(3)
  })

  it('come in many pages, as fast as they are read', async () => {
    const asked: unknown[] = []
    const stored = (at: number) => ({
      event: click('m', 0, at, `e${at}`),
      actor: 'person',
      reasons: [],
      cursor: `${at}`,
    })
    const service = serviceOver(async ({ after = '0', limit }) => {
      asked.push([after, limit])
      const first = Number(after)
      const items = Array.from({ length: Math.min(limit, 1200 - first) }, (_, at) => stored(first + at + 1))
      return { items, next: first + items.length < 1200 ? `${first + items.length}` : null }
    })
    const all = await (await service()).text()
    expect(all.trim().split('\n')).toHaveLength(1200)
    expect(asked).toEqual([
      ['0', 500],
      ['500', 500],
      ['1000', 500],
    ])
    asked.length = 0
    expect((await (await service('?limit=700')).text()).trim().split('\n')).toHaveLength(700)
    expect(asked).toEqual([
      ['0', 500],
      ['500', 200],
    ])
    asked.length = 0
    // Whoever reads nothing, or no more, makes it ask for nothing more.
    const reader = (await service()).body!.getReader()
    await new Promise((done) => setTimeout(done, 20))
    expect(asked).toHaveLength(1)
    await reader.cancel()
    expect(asked).toHaveLength(1)
    await service('', 'HEAD')
    expect(asked).toHaveLength(2)
  })

  it('that cannot be read on break the answer off, which never looks whole', async () => {
    const errors: unknown[] = []
    const service = serviceOver(
      async ({ after }) => {
        if (after !== undefined) throw new Error('the database is gone')
        return { items: [{ event: click('m', 0, 1, 'e1'), actor: 'person', reasons: [], cursor: '1' }], next: '1' }
      },
      (error) => errors.push(error),
    )
    await expect((await service()).text()).rejects.toThrow('the events could not be read on')
    expect(errors).toEqual([new Error('the database is gone')])
  })

  it('that cannot be read at all are an error', async () => {
    const errors: unknown[] = []
    const service = serviceOver(
      async () => {
        throw new Error('the database is gone')
      },
      (error) => errors.push(error),
    )
    expect((await service()).status).toBe(500)
    expect(errors).toHaveLength(1)
  })

  function serviceOver(
    events: (options: { readonly after?: string; readonly limit: number }) => Promise<unknown>,
    onError = (error: unknown): unknown => api.errors.push(error),
  ) {
    const service = createService({
      store: { ...store, events: events as never },
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: 'k7w2q.tracking.example.net',
      apiKeys: [{ key: keys.acme, access: 'read' }],
      onError,
    })
    const headers = { authorization: `Bearer ${keys.acme}` }
    return (query = '', method = 'GET') =>
      service(new Request(`http://localhost/api/events${query}`, { method, headers }))
  }
})

describe('what is saved', () => {
  const outcome = {
    messageRef: 'x1',
    activation: { active: false, reason: 'tracking-disabled' },
    links: [],
    issuedAt: sentAt,
  }
  const post = async (path: string, body: unknown) => {
    const { status, json } = await ask(path, { method: 'POST', body: JSON.stringify(body) })
    return [status, json.name ?? json.object, json.message]
  }

  it('one message comes without a list', async () => {
    expect(await post('/messages', { outcome, details: { domain: 'example.com' } })).toEqual([
      201,
      'messages',
      undefined,
    ])
  })

  test.each<[unknown, string]>([
    [[7], 'message 0 is 7: send an object'],
    [{}, 'message 0: outcome is undefined: send an object'],
    [{ outcome, details: { domain: 'example.com' }, x: 1 }, 'message 0 has a field "x": use outcome, details'],
    [
      { outcome: { ...outcome, activation: null }, details: {} },
      'message 0: outcome.activation is null: send an object',
    ],
    [{ outcome }, 'message 0: details is undefined: send an object'],
    [{ outcome, details: {} }, 'domain is undefined, which is none of yours: use the name of one'],
    [
      { outcome, details: { domain: 'example.net' } },
      'domain is "example.net", which is none of yours: use the name of one',
    ],
    [
      [
        { outcome, details: { domain: 'example.com' } },
        { outcome, details: { domain: 'nobody.com' } },
      ],
      'domain is "nobody.com", which is none of yours: use the name of one',
    ],
    [
      { outcome: { ...outcome, issuedAt: 7 }, details: { domain: 'example.com' } },
      'outcome.issuedAt is 7: use milliseconds since the epoch, of the years 2000 to 2106',
    ],
  ])('is refused: %j', async (body, message) => {
    expect(await post('/messages', body)).toEqual([422, 'validation_error', message])
  })

  it('are at most 1,000 in one request', async () => {
    const one = { outcome, details: { domain: 'example.com' } }
    const message = 'these are 1001 messages: send at most 1000 at once'
    expect(await post('/messages', Array(1_001).fill(one))).toEqual([422, 'validation_error', message])
  })

  test.each<[unknown, string]>([
    [[], 'the body is an array: send a JSON object'],
    [{ campaign: 'c' }, 'domain is undefined, which is none of yours: use the name of one'],
    [{ domain: 'example.net', campaign: 'c' }, 'domain is "example.net", which is none of yours: use the name of one'],
    [{ domain: 'example.com', campaign: '' }, 'campaign is "": use a string of 1 to 256 characters'],
    [
      { domain: 'example.com', campaign: 'c', owner: 'other' },
      'the body has a field "owner": use domain, campaign, subject, html, links',
    ],
  ])('is refused as a campaign: %j', async (body, message) => {
    expect(await post('/campaigns', body)).toEqual([422, 'validation_error', message])
  })

  it('may be long, and not endless', async () => {
    const campaign = { domain: 'example.com', campaign: 'long', html: 'x'.repeat(1_000_000) }
    expect(await post('/campaigns', campaign)).toEqual([201, 'campaign', undefined])
    expect(await post('/campaigns', { ...campaign, html: 'x'.repeat(10_485_760) })).toEqual([
      413,
      'validation_error',
      'the body has more than 10485760 bytes: send less',
    ])
  })
})
