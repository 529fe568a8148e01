import fc from 'fast-check'
import { beforeEach, describe, expect, it, test, vi } from 'vitest'
import { createService } from '../../../src/service/index.ts'
import { keys, serveApi } from './serve-api.ts'

const api = await serveApi()
const { ask } = api
let id = ''

beforeEach(async () => {
  await api.database.query('TRUNCATE mailtrace_domains, mailtrace_owners CASCADE')
  api.errors.length = 0
  id = (await ask('/domains', { method: 'POST', body: JSON.stringify({ name: 'example.com' }) })).json.id
})

describe('keys', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['another scheme', { authorization: `Basic ${keys.acme}` }],
    ['no key', { authorization: 'Bearer' }],
    ['two keys', { authorization: `Bearer ${keys.acme} ${keys.acme}` }],
    ['the key alone', { authorization: keys.acme }],
  ])('%s: 401', async (_, headers) => {
    const answer = await ask('/domains', { key: null, headers })
    expect([answer.status, answer.json]).toEqual([
      401,
      {
        statusCode: 401,
        name: 'missing_api_key',
        message: 'there is no API key: send the header "Authorization: Bearer" with one',
      },
    ])
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test.each([
    ['another', 'a-key-of-nobody-at-all'],
    ['the beginning of one', keys.acme.slice(0, -1)],
    ['one and more', `${keys.acme}x`],
    ['one in capitals', keys.acme.toUpperCase()],
    ['a long one', 'x'.repeat(5000)],
  ])('%s: 403', async (_, key) => {
    const answer = await ask('/domains', { key })
    expect([answer.status, answer.json]).toEqual([
      403,
      { statusCode: 403, name: 'invalid_api_key', message: 'nobody has this API key: check it' },
    ])
  })

  it('the scheme may be written in any case', async () => {
    const answer = await ask('/domains', { key: null, headers: { authorization: `bearer  ${keys.acme} ` } })
    expect(answer.status).toBe(200)
  })

  test.each([
    ['POST', '/domains'],
    ['PATCH', '/domains/ID'],
    ['DELETE', '/domains/ID?acknowledge=impact'],
    ['POST', '/domains/ID/verify'],
    ['GET', '/domains/ID/config'],
    ['POST', '/campaigns'],
    ['POST', '/messages'],
  ])('one that may read is refused %s %s, and changes nothing', async (method, path) => {
    const answer = await ask(path.replace('ID', id), {
      key: keys.reader,
      method,
      ...(method !== 'GET' && { body: '{"name":"other.com","open_tracking":true}' }),
    })
    expect([answer.status, answer.json]).toEqual([
      401,
      {
        statusCode: 401,
        name: 'restricted_api_key',
        message: 'this API key may read only: use one that may write',
      },
    ])
    const { json } = await ask('/domains', { key: keys.reader })
    expect(json.data).toMatchObject([{ name: 'example.com', open_tracking: false }])
  })

  it('can be looked up, and what fails there is an error of this side', async () => {
    const asked: string[] = []
    const own = createService({
      store: api.store,
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: 'k7w2q.tracking.example.net',
      apiKeys: (token) => {
        asked.push(token)
        if (token === 'broken') throw new Error(`the table of keys is gone, and the secret is ${keys.acme}`)
        return token === 'known' ? { owner: 'acme', access: 'read' } : null
      },
      onError: (error) => api.errors.push(error),
    })
    const get = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await own(new Request('http://localhost/api/domains', { headers }))
      return [response.status, JSON.stringify(await response.json())]
    }
    expect(await get('known')).toEqual([200, expect.stringContaining('example.com')])
    expect(await get('unknown')).toEqual([403, expect.stringContaining('invalid_api_key')])
    expect(await get('x'.repeat(257))).toEqual([403, expect.stringContaining('invalid_api_key')])
    expect(asked).toEqual(['known', 'unknown'])
    expect(await get('broken')).toEqual([
      500,
      '{"statusCode":500,"message":"something went wrong here, and has been reported: try again later","name":"internal_server_error"}',
    ])
    expect(api.errors).toHaveLength(1)
  })
})

describe('paths and methods', () => {
  test.each([
    ['/', 404],
    ['', 404],
    ['/unknown', 404],
    ['/domains/', 404],
    ['/domains/x/y', 404],
    ['/domains/x/verify/z', 404],
    ['/DOMAINS', 404],
    ['/domains/%00', 404],
    ['/domains/%zz', 404],
    ['/domains/%ff', 404],
    ['/domains/..%2f..', 404],
  ])('GET %s: %d', async (path, status) => {
    const answer = await ask(path)
    expect([answer.status, answer.json.statusCode, answer.json.name]).toEqual([status, status, 'not_found'])
  })

  test.each([
    ['PUT', '/domains', 'GET, HEAD, POST', '"PUT" is not for this: use GET or POST'],
    ['DELETE', '/domains', 'GET, HEAD, POST', '"DELETE" is not for this: use GET or POST'],
    ['OPTIONS', '/domains', 'GET, HEAD, POST', '"OPTIONS" is not for this: use GET or POST'],
    ['POST', '/domains/ID', 'GET, HEAD, PATCH, DELETE', '"POST" is not for this: use GET or PATCH or DELETE'],
    ['GET', '/domains/ID/verify', 'POST', '"GET" is not for this: use POST'],
    ['POST', '/events', 'GET, HEAD', '"POST" is not for this: use GET'],
  ])('%s %s: 405', async (method, path, allow, message) => {
    const answer = await ask(path.replace('ID', id), { method })
    expect([answer.status, answer.headers.get('allow'), answer.json]).toEqual([
      405,
      allow,
      { statusCode: 405, name: 'method_not_allowed', message },
    ])
  })

  test.each(['/domains', '/domains/ID', '/unknown'])('HEAD %s is GET without a body', async (path) => {
    const [head, get] = [await ask(path.replace('ID', id), { method: 'HEAD' }), await ask(path.replace('ID', id))]
    expect([head.status, head.text]).toEqual([get.status, ''])
    expect(head.headers.get('content-type')).toBe('application/json')
  })

  it('HEAD needs a key, too', async () => {
    expect((await ask('/domains', { method: 'HEAD', key: null })).status).toBe(401)
  })

  it('no answer may be kept or taken for a page', async () => {
    for (const [path, key] of [
      ['/domains', keys.acme],
      ['/x', keys.acme],
      ['/domains', null],
      ['/domains', 'x'],
    ] as const) {
      const { headers } = await ask(path, { key })
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
    }
  })
})

describe('bodies', () => {
  const send = async (body: BodyInit | null, type: string | null = 'application/json') => {
    const headers = new Headers(type === null ? {} : { 'content-type': type })
    const { status, json } = await ask('/domains', { method: 'POST', body, headers })
    expect(json).toMatchObject({ statusCode: status, name: 'validation_error' })
    return [status, json.message]
  }

  test.each<[string, BodyInit, number, string]>([
    ['nothing', '', 400, 'the body is no JSON: send JSON'],
    ['no JSON', '{name:"example.com"}', 400, 'the body is no JSON: send JSON'],
    ['half of a JSON', '{"name":"exam', 400, 'the body is no JSON: send JSON'],
    ['depth', '['.repeat(60_000), 400, 'the body has more than 32 levels: send what this API takes'],
    [
      '33 levels',
      `${'['.repeat(33)}${']'.repeat(33)}`,
      400,
      'the body has more than 32 levels: send what this API takes',
    ],
    ['32 levels', `${'['.repeat(32)}${']'.repeat(32)}`, 422, 'the body is an array: send a JSON object'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'the body did not come whole, or is no UTF-8: send JSON'],
    [
      'half of a character',
      new Uint8Array([0x7b, 0xc3]),
      400,
      'the body did not come whole, or is no UTF-8: send JSON',
    ],
    ['null', 'null', 422, 'the body is null: send a JSON object'],
    ['a list', '[]', 422, 'the body is an array: send a JSON object'],
    ['a text', '"<b>"', 422, 'the body is "<b>": send a JSON object'],
    [
      'an unknown field',
      '{"name":"other.com","<b>":1}',
      422,
      'the body has a field "<b>": use name, open_tracking, click_tracking, tracking_subdomain, region, custom_return_path, capabilities, tls',
    ],
    [
      'a prototype',
      '{"__proto__":{"name":"other.com"}}',
      422,
      'the body has a field "__proto__": use name, open_tracking, click_tracking, tracking_subdomain, region, custom_return_path, capabilities, tls',
    ],
    ['too much', `"${'x'.repeat(65_535)}"`, 413, 'the body has more than 65536 bytes: send less'],
  ])('%s', async (_, body, status, message) => {
    expect(await send(body)).toEqual([status, message])
  })

  it('as much as is allowed', async () => {
    expect(await send(`"${'x'.repeat(65_534)}"`)).toEqual([422, `the body is "${'x'.repeat(79)}…": send a JSON object`])
  })

  test.each([
    [null, 'the content-type is null: send JSON, as application/json'],
    ['text/plain', 'the content-type is "text/plain": send JSON, as application/json'],
    [
      'application/x-www-form-urlencoded',
      'the content-type is "application/x-www-form-urlencoded": send JSON, as application/json',
    ],
  ])('of type %s', async (type, message) => {
    expect(await send(new TextEncoder().encode('{"name":"other.com"}'), type)).toEqual([415, message])
  })

  it('of the right type, however it is written', async () => {
    const headers = { 'content-type': 'Application/JSON ; charset=utf-8' }
    const { status } = await ask('/domains', { method: 'POST', body: '{"name":"other.com"}', headers })
    expect(status).toBe(201)
  })

  it('that do not end are not waited for: what is too much is refused at once', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 10_000
        controller.enqueue(new Uint8Array(10_000).fill(0x20))
      },
    })
    const init = { method: 'POST', body, duplex: 'half' }
    const headers = { authorization: `Bearer ${keys.acme}`, 'content-type': 'application/json' }
    const response = await api.service(new Request(`${api.url}/domains`, { ...init, headers } as RequestInit))
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(200_000)
  })
})

describe('parameters', () => {
  test.each([
    ['GET', '/domains/ID?x=1', 'the URL has a parameter "x": this endpoint takes none'],
    ['PATCH', '/domains/ID?x=1', 'the URL has a parameter "x": this endpoint takes none'],
    ['POST', '/domains?x=1', 'the URL has a parameter "x": this endpoint takes none'],
    ['POST', '/domains/ID/verify?x=1', 'the URL has a parameter "x": this endpoint takes none'],
    ['DELETE', '/domains/ID?force=1', 'the URL has a parameter "force": use acknowledge'],
    ['GET', '/events?x=1', 'the URL has a parameter "x": use limit, after, domain, campaign, message_ref'],
    ['GET', '/campaigns?x=1', 'the URL has a parameter "x": use limit, after, domain'],
    ['GET', '/campaigns/c?x=1', 'the URL has a parameter "x": use domain'],
    ['GET', '/campaigns/c/links?x=1', 'the URL has a parameter "x": use domain'],
    ['GET', '/messages?x=1', 'the URL has a parameter "x": use limit, after, domain, campaign'],
    ['GET', '/messages/m?x=1', 'the URL has a parameter "x": use domain'],
  ])('%s %s', async (method, path, message) => {
    const answer = await ask(path.replace('ID', id), { method, ...(method === 'PATCH' && { body: '{}' }) })
    expect([answer.status, answer.json]).toEqual([422, { statusCode: 422, name: 'invalid_parameter', message }])
    expect((await ask('/domains')).json.data).toHaveLength(1)
  })
})

describe('what fails inside', () => {
  it('is told to nobody but the application', async () => {
    const secret = 'password authentication failed for user "postgres" at 10.1.2.3'
    const fails = async () => {
      throw new Error(secret)
    }
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const own = createService({
      store: { ...api.store, domains: fails, domain: fails },
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: 'k7w2q.tracking.example.net',
      apiKeys: [{ key: keys.acme, access: 'write' }],
      onError: (error) => {
        api.errors.push(error)
        throw new Error('the log is full') // which changes nothing
      },
    })
    const headers = { authorization: `Bearer ${keys.acme}` }
    for (const path of ['/api/domains', `/api/domains/${id}`]) {
      const response = await own(new Request(`http://localhost${path}`, { headers }))
      expect([response.status, await response.json()]).toEqual([
        500,
        {
          statusCode: 500,
          name: 'internal_server_error',
          message: 'something went wrong here, and has been reported: try again later',
        },
      ])
    }
    expect(api.errors).toMatchObject([{ message: secret }, { message: secret }])
    expect(printed.mock.calls).toEqual(Array(2).fill(['mailtrace: onError failed:', new Error('the log is full')]))
    printed.mockRestore()
  })
})

describe('whatever is sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('example.com', 'links', '', '\0', '\ud800', "' OR 1=1 --", '<script>', '$1', '%', 'x'.repeat(5000)),
  )
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.boolean(), fc.constant(null))
  const field = fc.constantFrom('name', 'open_tracking', 'click_tracking', 'tracking_subdomain', 'region', 'tls', 'x')
  const body = fc.oneof(
    fc.dictionary(field, value).map((fields) => JSON.stringify(fields)),
    fc.dictionary(field, value).map((fields) => JSON.stringify({ name: 'example.com', ...fields })),
    fc.json(),
    fc.string({ unit: 'binary' }),
  )
  const details = fc.record(
    { domain: fc.constant('example.com'), campaign: value, subject: value, x: value },
    { requiredKeys: ['domain'] },
  )
  const link = fc.record({
    kind: fc.constantFrom('tracked', 'skipped', 'x'),
    index: value,
    destination: value,
    name: value,
  })
  const activation = fc.oneof(value, fc.record({ active: fc.boolean(), open: value, click: value }))
  const outcome = fc.record({
    messageRef: value,
    activation,
    links: fc.oneof(value, fc.array(link, { maxLength: 3 })),
    issuedAt: fc.oneof(value, fc.constant(1.7e12)),
  })
  const saved = fc.oneof(
    fc
      .record({ outcome: fc.oneof(value, outcome), details: fc.oneof(value, details) })
      .map((message) => JSON.stringify(message)),
    fc
      .record(
        { domain: fc.constant('example.com'), campaign: value, html: value, links: value },
        { requiredKeys: ['domain'] },
      )
      .map((campaign) => JSON.stringify(campaign)),
  )
  const segment = fc.oneof(text, fc.constantFrom('ID', 'domains', 'verify', 'config', 'links'))
  const path = fc.oneof(
    fc.constantFrom('/domains', '/domains/ID', '/domains/ID/verify', '/campaigns', '/messages', '/events'),
    fc
      .tuple(fc.constantFrom('/campaigns/', '/messages/'), text)
      .map(([base, name]) => base + encodeURIComponent(name.toWellFormed())),
    fc
      .array(segment, { maxLength: 4 })
      .map((parts) => `/${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`),
  )
  const query = fc.oneof(
    fc.constant(''),
    fc
      .dictionary(fc.constantFrom('limit', 'after', 'before', 'domain', 'campaign', 'message_ref', 'acknowledge'), text)
      .map((parameters) => `?${new URLSearchParams(parameters)}`),
  )

  /** Sends, and looks at what came back. */
  async function isHandled(method: string, path: string, query: string, body: string): Promise<void> {
    const target = `${path.replace('ID', id)}${query}`
    const { status, json } = await ask(target, { method, ...(method !== 'GET' && { body }) })
    expect(api.errors).toEqual([])
    expect(status).toBeLessThan(500)
    if (status < 400) return
    expect(json).toMatchObject({ statusCode: status, name: expect.any(String), message: expect.any(String) })
    expect(json.message.length).toBeLessThan(600)
  }

  it('as a campaign or a message, it is kept or refused', async () => {
    const call = fc.constantFrom('/campaigns', '/messages')
    await fc.assert(
      fc.asyncProperty(call, saved, (path, body) => isHandled('POST', path, '', body)),
      { numRuns: 120 },
    )
  })

  it('is never a fault of this side, and every refusal has the shape', async () => {
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT')
    await fc.assert(fc.asyncProperty(method, path, query, body, isHandled), { numRuns: 150 })
  })
})
