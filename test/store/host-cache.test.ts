import { describe, expect, it } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { createHostCache } from '../../src/store/host-cache.ts'

const domain = (host: string): DomainConfig => ({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host, status: 'verified' }],
})

/** A cache over a database that is a plain object, which keeps the questions it was asked. */
function setUp(hosts: Record<string, DomainConfig>, maxHosts = 100) {
  const database = { hosts, asked: [] as string[], fails: false, time: 0 }
  const cache = createHostCache({
    load: async (host) => {
      database.asked.push(host)
      if (database.fails) throw new Error('the database is gone')
      return database.hosts[host] ?? null
    },
    now: () => database.time,
    maxAgeMs: 1000,
    maxHosts,
  })
  return { cache, database }
}

describe('what is found', () => {
  it('is asked once, and anew when it is too old', async () => {
    const { cache, database } = setUp({ 'a.com': domain('a.com') })
    const found = await cache.find('a.com')
    expect(found).toMatchObject({ trackingDomains: [{ host: 'a.com', status: 'verified' }] })
    database.hosts = {}
    database.time = 999
    // The same object, whose keys are prepared once.
    expect(await cache.find('a.com')).toBe(found)
    database.time = 1000
    expect(await cache.find('a.com')).toBe(null)
    // That it is gone holds as long.
    expect(await cache.find('a.com')).toBe(null)
    expect(database.asked).toEqual(['a.com', 'a.com'])
  })

  it('is asked once by many at once', async () => {
    const { cache, database } = setUp({ 'a.com': domain('a.com') })
    const found = await Promise.all([
      cache.find('a.com'),
      cache.find('a.com'),
      cache.find('b.com'),
      cache.find('b.com'),
    ])
    expect(found[0]).toBe(found[1])
    expect(found.slice(2)).toEqual([null, null])
    expect(database.asked).toEqual(['a.com', 'b.com'])
  })

  it('also when it is nobody: for as long, and a new host is there after it', async () => {
    const { cache, database } = setUp({})
    expect(await cache.find('a.com')).toBe(null)
    database.hosts = { 'a.com': domain('a.com') }
    database.time = 999
    expect(await cache.find('a.com')).toBe(null)
    database.time = 1000
    expect(await cache.find('a.com')).not.toBe(null)
    // And is not displaced as what is unknown.
    expect(await cache.find('a.com')).not.toBe(null)
    expect(database.asked).toEqual(['a.com', 'a.com'])
  })
})

describe('own changes', () => {
  it('show at once, of known and of unknown hosts', async () => {
    const { cache, database } = setUp({ 'a.com': domain('a.com') })
    await Promise.all([cache.find('a.com'), cache.find('b.com')])
    database.hosts = { 'b.com': domain('b.com') }
    cache.forget(['a.com', 'b.com'])
    expect(await cache.find('a.com')).toBe(null)
    expect(await cache.find('b.com')).not.toBe(null)
  })

  it('are not overwritten by what was asked before them', async () => {
    const { cache, database } = setUp({})
    const before = cache.find('a.com')
    database.hosts = { 'a.com': domain('a.com') }
    cache.forget(['a.com'])
    const after = cache.find('a.com')
    expect(await before).toBe(null)
    expect(await after).not.toBe(null)
    expect(await cache.find('a.com')).not.toBe(null)
    expect(database.asked).toEqual(['a.com', 'a.com'])
  })
})

it('an answer that comes late is given, and not kept, where the host was forgotten meanwhile', async () => {
  const answers: ((config: DomainConfig | null) => void)[] = []
  const load = () => new Promise<DomainConfig | null>((answer) => answers.push(answer))
  const cache = createHostCache({ load, now: () => 0, maxAgeMs: 1000, maxHosts: 10 })
  const before = cache.find('a.com')
  cache.forget(['a.com'])
  const after = cache.find('a.com')
  answers[1]!(domain('a.com'))
  const found = await after
  answers[0]!(null)
  expect(await before).toBe(null)
  expect(await cache.find('a.com')).toBe(found)
})

describe('where the database fails', () => {
  it('what it said last holds, and it is asked again', async () => {
    const { cache, database } = setUp({ 'a.com': domain('a.com') })
    const found = await cache.find('a.com')
    database.fails = true
    database.time = 5000
    expect(await cache.find('a.com')).toBe(found)
    database.fails = false
    database.hosts = {}
    expect(await cache.find('a.com')).toBe(null)
    expect(database.asked).toHaveLength(3)
  })

  it('nobody is told that a host is unknown', async () => {
    const { cache, database } = setUp({})
    await cache.find('b.com')
    database.fails = true
    database.time = 1000
    for (const host of ['a.com', 'b.com']) await expect(cache.find(host)).rejects.toThrow('the database is gone')
    database.fails = false
    expect(await cache.find('a.com')).toBe(null)
  })

  it('nor where what is stored is no configuration', async () => {
    const { cache } = setUp({ 'a.com': { ...domain('a.com'), name: '' } })
    await expect(cache.find('a.com')).rejects.toThrow('name is "": use the sending domain, like "example.com"')
  })
})

describe('bounds', () => {
  it('the oldest of the known is let go', async () => {
    const { cache, database } = setUp(
      Object.fromEntries(['a.com', 'b.com', 'c.com'].map((host) => [host, domain(host)])),
      2,
    )
    for (const host of ['a.com', 'b.com', 'c.com', 'b.com', 'c.com', 'a.com']) await cache.find(host)
    expect(database.asked).toEqual(['a.com', 'b.com', 'c.com', 'a.com'])
  })

  it.each([
    ['known', { 'a.com': domain('a.com'), 'b.com': domain('b.com'), 'c.com': domain('c.com') }],
    ['unknown', {}],
  ])('of the %s, one that was asked anew is not the oldest', async (_, hosts) => {
    const { cache, database } = setUp(hosts, 2)
    for (const host of ['a.com', 'b.com']) await cache.find(host)
    database.time = 1000
    for (const host of ['a.com', 'c.com', 'a.com']) await cache.find(host)
    expect(database.asked).toEqual(['a.com', 'b.com', 'a.com', 'c.com'])
  })

  it('hosts that strangers make up displace none that is there', async () => {
    const { cache, database } = setUp({ 'a.com': domain('a.com') }, 2)
    for (const host of ['a.com', 'x.com', 'y.com', 'z.com', 'a.com']) await cache.find(host)
    expect(database.asked).toEqual(['a.com', 'x.com', 'y.com', 'z.com'])
    // Of them, too, the oldest goes.
    for (const host of ['y.com', 'z.com', 'x.com']) await cache.find(host)
    expect(database.asked).toEqual(['a.com', 'x.com', 'y.com', 'z.com', 'x.com'])
  })
})
