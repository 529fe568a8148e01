import { describe, expect, it, test, vi } from 'vitest'
import { createService, type ServiceOptions } from '../../src/service/index.ts'
import { errorOf } from '../kit/error-of.ts'

const resolver = { cname: async () => [], addresses: async () => [], caa: async () => [] }
const options = {
  store: { findByHost: async () => null } as unknown as ServiceOptions['store'],
  resolver,
  cnameTarget: 'k7w2q.tracking.example.net',
  apiKeys: [{ key: 'a key of the tests'.replaceAll(' ', '-'), access: 'write' }],
} satisfies ServiceOptions

describe('what a path leads to', () => {
  test.each([
    ['/', 401, 'text/html; charset=UTF-8'],
    ['/apis', 401, 'text/html; charset=UTF-8'],
    ['/api', 401, 'application/json'],
    ['/api/', 401, 'application/json'],
    ['/api/unknown', 401, 'application/json'],
  ])('%s', async (path, status, type) => {
    const response = await createService(options)(new Request(`http://localhost${path}`))
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type])
  })
})

describe('defaults', () => {
  const get = async (other: Partial<ServiceOptions> = {}) => {
    const headers = { authorization: `Bearer ${options.apiKeys[0]!.key}` }
    return await createService({ ...options, ...other })(new Request('http://localhost/api/domains', { headers }))
  }

  it('a key makes 600 requests a minute, for the owner "default"', async () => {
    const asked: unknown[] = []
    const domains = async (page: unknown) => {
      asked.push(page)
      return { items: [], next: null }
    }
    const response = await get({ store: { ...options.store, domains } as never })
    expect([response.status, response.headers.get('ratelimit-limit')]).toEqual([200, '600'])
    expect(asked).toMatchObject([{ owner: 'default' }])
  })

  it('what goes wrong is printed', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const cause = new Error('the database is gone')
    const domains = async () => {
      throw cause
    }
    expect((await get({ store: { ...options.store, domains } as never })).status).toBe(500)
    expect(printed.mock.calls).toEqual([['mailtrace: the service failed:', cause]])
    printed.mockRestore()
  })
})

describe('options that are refused', () => {
  const key = options.apiKeys[0]!.key
  test.each<[string, Record<string, unknown>, string]>([
    ['no store', { store: {} }, 'store is an object: use what createStore made'],
    [
      'no target',
      { cnameTarget: undefined },
      'cnameTarget is undefined: use the host name that CNAME records must point at',
    ],
    ['no keys', { apiKeys: undefined }, 'apiKeys is undefined: use an array'],
    [
      'a short key',
      { apiKeys: [{ key: 'x'.repeat(15), access: 'read' }] },
      'apiKeys[0].key has 15 characters: use 16 to 256, of at least 128 random bits',
    ],
    [
      'a long key',
      { apiKeys: [{ key: 'x'.repeat(257), access: 'read' }] },
      'apiKeys[0].key has 257 characters: use 16 to 256, of at least 128 random bits',
    ],
    [
      'a key with a space',
      { apiKeys: [{ key: 'a key with spaces', access: 'read' }] },
      'apiKeys[0].key is no text of printable ASCII characters: use at least 128 random bits',
    ],
    [
      'an empty owner',
      { apiKeys: [{ key, access: 'read', owner: '' }] },
      'apiKeys[0].owner is "": use the owner of the domains that the key is for',
    ],
    [
      'an unknown access',
      { apiKeys: [{ key, access: 'admin' }] },
      'apiKeys[0].access is "admin": use one of read, write',
    ],
    ['no sign-in', { signIn: null }, 'signIn is null: use what createSignIn made'],
    [
      'a key of two owners',
      {
        apiKeys: [
          { key, access: 'read' },
          { key, owner: 'other', access: 'read' },
        ],
      },
      'apiKeys[1].key is there twice: give each key to one owner',
    ],
    ['no hook', { authorize: true }, 'authorize is true: use a function'],
    ['no limit', { requestsPerMinute: 0 }, 'requestsPerMinute is 0: use a whole number of 1 to 1000000'],
    [
      'an unknown one',
      { apiKey: key },
      'options has no field "apiKey": use store, resolver, probe, certificateAuthority, cnameTarget, apiKeys, signIn, authorize, clientAddress, requestsPerMinute, changeIntervalMs, onError, now',
    ],
  ])('%s', (_, other, message) => {
    expect(errorOf(() => createService({ ...options, ...other } as ServiceOptions))).toEqual({
      code: 'invalid-options',
      message,
    })
  })

  it('tells nobody the key', () => {
    const secret = 'short-secret'
    const { message } = errorOf(() => createService({ ...options, apiKeys: [{ key: secret, access: 'read' }] }))
    expect(message).not.toContain(secret)
  })
})
