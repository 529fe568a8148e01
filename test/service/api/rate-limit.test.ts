import { describe, expect, it, test } from 'vitest'
import { createRateLimit } from '../../../src/service/api/rate-limit.ts'
import { createService, type ServiceOptions } from '../../../src/service/index.ts'

describe('a limit', () => {
  it('allows so many at once, and one more each time that it has filled', () => {
    const take = createRateLimit(60, 10)
    for (let left = 59; left >= 0; left--) {
      expect(take('a', 0)).toMatchObject({ isAllowed: true, remaining: left })
    }
    expect(take('a', 0)).toEqual({ isAllowed: false, remaining: 0, waitSeconds: 1 })
    expect(take('a', 999)).toMatchObject({ isAllowed: false })
    expect(take('a', 1000)).toMatchObject({ isAllowed: true, remaining: 0 })
    expect(take('a', 1000)).toMatchObject({ isAllowed: false })
    expect(take('a', 1e9)).toEqual({ isAllowed: true, remaining: 59, waitSeconds: 0 })
  })

  it('says how long to wait', () => {
    const take = createRateLimit(1, 10)
    expect(take('a', 0)).toEqual({ isAllowed: true, remaining: 0, waitSeconds: 60 })
    expect(take('a', 15_000)).toEqual({ isAllowed: false, remaining: 0, waitSeconds: 45 })
  })

  it('counts each client by itself', () => {
    const take = createRateLimit(1, 10)
    expect([take('a', 0), take('b', 0), take('a', 0)].map(({ isAllowed }) => isAllowed)).toEqual([true, true, false])
  })

  it('stands still where the clock goes back', () => {
    const take = createRateLimit(1, 10)
    take('a', 60_000)
    expect(take('a', 0).isAllowed).toBe(false)
    expect(take('a', 59_999).isAllowed).toBe(false)
    expect(take('a', 60_000).isAllowed).toBe(true)
  })

  it('forgets whoever came longest ago', () => {
    const take = createRateLimit(1, 2)
    for (const client of ['a', 'b', 'a', 'c']) take(client, 0)
    expect([take('a', 0).isAllowed, take('c', 0).isAllowed]).toEqual([false, false])
    expect(take('b', 0).isAllowed).toBe(true)
  })
})

describe('limits of the API', () => {
  const [one, two] = ['the-key-of-one-customer', 'the-key-of-another-one']
  const setUp = (options: Partial<ServiceOptions> = {}) => {
    const clock = { now: Date.UTC(2026, 10, 24) }
    const service = createService({
      store: { findByHost: async () => null, domains: async () => ({ items: [], next: null }) } as never,
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: 'k7w2q.tracking.example.net',
      apiKeys: [
        { key: one, owner: 'one', access: 'read' },
        { key: two, owner: 'one', access: 'read' },
      ],
      requestsPerMinute: 3,
      clientAddress: (request) => request.headers.get('x-real-ip'),
      now: () => clock.now,
      ...options,
    })
    const get = (key: string | null, address = '203.0.113.9') => {
      const headers = { 'x-real-ip': address, ...(key !== null && { authorization: `Bearer ${key}` }) }
      return service(new Request('http://localhost/api/domains', { headers }))
    }
    return { get, clock }
  }
  /** One after the other: which of two at once is counted first is chance. */
  const statuses = async (calls: readonly (() => Promise<Response>)[]) => {
    const seen: number[] = []
    for (const call of calls) seen.push((await call()).status)
    return seen
  }

  it('are by key, and told in headers', async () => {
    const { get, clock } = setUp()
    const first = await get(one)
    const headers = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
    expect(headers.map((name) => first.headers.get(name))).toEqual(['3', '2', '0'])
    expect(await statuses([() => get(one), () => get(one), () => get(one), () => get(two)])).toEqual([
      200, 200, 429, 200,
    ])
    const refused = await get(one)
    expect([refused.headers.get('retry-after'), await refused.json()]).toEqual([
      '20',
      { statusCode: 429, name: 'rate_limit_exceeded', message: 'too many requests with this API key: wait for 20 s' },
    ])
    clock.now += 20_000
    expect(await statuses([() => get(one), () => get(one)])).toEqual([200, 429])
  })

  test.each<[string, string | null]>([
    ['without a key', null],
    ['with a wrong one', 'a-key-of-nobody-at-all'],
  ])('%s are by network, and lock no key out that comes from there', async (_, key) => {
    const { get, clock } = setUp({ requestsPerMinute: 100 })
    const tried = await statuses(Array.from({ length: 40 }, () => () => get(key)))
    expect(tried.filter((status) => status === 429)).toHaveLength(10)
    expect(
      await statuses([() => get(one), () => get(key), () => get(key, '203.0.113.10'), () => get(key, '203.0.114.9')]),
    ).toEqual([200, 429, 429, key === null ? 401 : 403])
    const refused = await get(key)
    expect([refused.headers.get('retry-after'), await refused.json()]).toEqual([
      '2',
      { statusCode: 429, name: 'rate_limit_exceeded', message: 'too many requests without a known key: wait for 2 s' },
    ])
    clock.now += 2000
    expect(await statuses([() => get(key)])).toEqual([key === null ? 401 : 403])
  })

  it('of IPv6 addresses, whoever has one has them all', async () => {
    const { get } = setUp()
    const tried = await statuses(Array.from({ length: 31 }, (_, at) => () => get(null, `2001:db8:a:${at}::1`)))
    expect(tried.filter((status) => status === 429)).toHaveLength(1)
    expect(await statuses([() => get(null, '2001:db8:b::1')])).toEqual([401])
  })

  it('a key that is known by a lookup has its own', async () => {
    const { get } = setUp({ apiKeys: (token) => ({ owner: token, access: 'read' }) })
    expect(await statuses([() => get('a'), () => get('a'), () => get('a'), () => get('a'), () => get('b')])).toEqual([
      200, 200, 200, 429, 200,
    ])
  })

  it('without addresses all strangers count as one', async () => {
    const { get } = setUp({ clientAddress: undefined })
    const tried = await statuses(Array.from({ length: 31 }, (_, at) => () => get(null, `203.0.${at}.9`)))
    expect(tried.filter((status) => status === 429)).toHaveLength(1)
    expect(await statuses([() => get(one)])).toEqual([200])
  })

  it('an address comes from what the server passes, too', async () => {
    const seen: unknown[] = []
    const service = createService({
      store: { findByHost: async () => null } as never,
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: 'k7w2q.tracking.example.net',
      apiKeys: [],
      clientAddress: (_, ...contexts) => {
        seen.push(...contexts)
        return null
      },
    })
    await service(new Request('http://localhost/api/domains'), 'a socket', 7)
    expect(seen).toEqual(['a socket', 7])
  })
})
