import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeResolver } from '../../src/dns/index.ts'
import { verifyDueDomains } from '../../src/service/index.ts'
import { createStore, type Store } from '../../src/store/index.ts'
import { type DnsServer, startDnsServer, type ZoneRecord } from '../kit/dns-server.ts'
import { startEngine } from '../store/engines.ts'

const engine = await startEngine()
const zone: ZoneRecord[] = []
const dns: DnsServer = await startDnsServer(zone)
const resolver = nodeResolver({ servers: [dns.address], timeoutMs: 10_000 })
const cnameTarget = 'k7w2q.tracking.example.net'
const start = Date.UTC(2026, 10, 24)
const minute = 60_000
let store: Store
afterAll(dns.close)

beforeEach(async () => {
  await engine.reset()
  zone.splice(0, zone.length, ['example.com', 'TXT', 'the zone is there'])
  store = createStore({ query: engine.query })
  await store.migrate()
})

const create = (name: string, ...hosts: string[]) =>
  store.createDomain({
    owner: 'acme',
    now: start,
    config: {
      name,
      openTracking: true,
      clickTracking: true,
      trackingDomains: hosts.map((host) => ({ host, status: 'not_started', cnameTarget, configuredAt: start })),
    },
  })
const run = (now: number, more: Partial<Parameters<typeof verifyDueDomains>[0]> = {}) =>
  verifyDueDomains({ store, resolver, now: () => now, ...more })
const statusOf = async (id: string) =>
  (await store.domain({ owner: 'acme', id }))?.config.trackingDomains.map(({ status }) => status)

describe('verifyDueDomains', () => {
  it('checks what is due, keeps what was found, and says what came of it', async () => {
    const { id } = await create('example.com', 'old.example.com', 'links.example.com')
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    expect(await run(start + 10 * minute - 1)).toEqual([])
    const at = start + 10 * minute
    const results = await run(at)
    const common = { kind: 'checked', owner: 'acme', domain: 'example.com', before: 'not_started' }
    expect(results).toHaveLength(2)
    expect(results).toContainEqual({ ...common, host: 'links.example.com', outcome: 'verified', status: 'verified' })
    expect(results).toContainEqual({ ...common, host: 'old.example.com', outcome: 'not-verified', status: 'pending' })
    const stored = await store.domain({ owner: 'acme', id })
    expect(stored?.checks).toMatchObject({
      'links.example.com': { at, outcome: 'verified', chain: [cnameTarget], findings: [] },
      'old.example.com': { at, outcome: 'not-verified', findings: [{ kind: 'not-found' }] },
    })
    expect(await statusOf(id)).toEqual(['pending', 'verified'])
  })

  it('follows a host through its life: a record that goes, is taken back, and fails for good', async () => {
    const { id } = await create('example.com', 'links.example.com')
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    let now = start
    const later = (minutes: number) => {
      now += minutes * minute
      return run(now)
    }
    await later(10)
    expect(await statusOf(id)).toEqual(['verified'])
    zone.pop()
    expect(await later(59)).toEqual([])
    await later(1)
    expect(await statusOf(id)).toEqual(['temporary_failure'])
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    await later(10)
    expect(await statusOf(id)).toEqual(['verified'])
    zone.pop()
    await later(60)
    const failing = now
    while (now < failing + 72 * 60 * minute) await later(10)
    expect(await statusOf(id)).toEqual(['failed'])
    // It is looked at once a day, and comes back.
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    expect(await later(24 * 60 - 1)).toEqual([])
    await later(1)
    expect(await statusOf(id)).toEqual(['verified'])
  })

  it('changes no status where DNS does not answer, and does not ask again at once', async () => {
    const { id } = await create('example.com', 'links.example.com')
    zone.push(['links.example.com', 'SERVFAIL', ''])
    const results = await run(start + 10 * minute)
    expect(results).toMatchObject([{ outcome: 'inconclusive', before: 'not_started', status: 'not_started' }])
    expect(await statusOf(id)).toEqual(['not_started'])
    expect(await run(start + 20 * minute - 1)).toEqual([])
    expect(await run(start + 20 * minute)).toHaveLength(1)
  })

  it('asks the probe and looks at CAA records where they are given', async () => {
    await create('example.com', 'links.example.com')
    zone.push(['links.example.com', 'CNAME', cnameTarget], ['example.com', 'CAA', '0 issue pki.goog'])
    const asked: string[] = []
    const [result] = await run(start + 10 * minute, {
      probe: async (url) => {
        asked.push(url)
        return { status: 404 }
      },
      certificateAuthority: { names: ['letsencrypt.org'] },
    })
    expect(result).toMatchObject({ outcome: 'not-ready', status: 'pending' })
    expect(asked).toEqual(['https://links.example.com/.well-known/mailtrace'])
    const { items } = await store.domains({ owner: 'acme' })
    const kinds = items[0]!.checks['links.example.com']!.findings.map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['caa-forbids', 'tls-not-ready']))
  })

  it('in many processes checks each host once', async () => {
    for (let at = 0; at < 10; at++) await create(`d${at}.com`, `a.d${at}.com`, `b.d${at}.com`)
    dns.takeQuestions()
    const runs = await Promise.all(Array.from({ length: 6 }, () => run(start + 10 * minute, { limit: 5 })))
    const hosts = runs.flat().map(({ host }) => host)
    expect(new Set(hosts).size).toBe(hosts.length)
    expect(hosts.length).toBeGreaterThanOrEqual(5)
    const asked = dns.takeQuestions().filter((question) => question.startsWith('CNAME'))
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('applies what was found to what the domain is by then', async () => {
    const { id } = await create('example.com', 'links.example.com')
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    const meanwhile: Store = {
      ...store,
      claimDueHosts: async (options) => {
        const due = await store.claimDueHosts(options)
        const { version, config } = (await store.domain({ owner: 'acme', id }))!
        await store.updateDomain({ owner: 'acme', id, version, config: { ...config, openTracking: false } })
        return due
      },
    }
    await run(start + 10 * minute, { store: meanwhile })
    expect(await store.domain({ owner: 'acme', id })).toMatchObject({
      version: 3,
      config: { openTracking: false, trackingDomains: [{ status: 'verified' }] },
    })
  })

  it('drops what was found of a record that has to point elsewhere by then, or of a domain that is gone', async () => {
    const { id } = await create('example.com', 'links.example.com')
    const gone = await create('example.net', 'links.example.net')
    zone.push(['links.example.com', 'CNAME', cnameTarget])
    const meanwhile: Store = {
      ...store,
      claimDueHosts: async (options) => {
        const due = await store.claimDueHosts(options)
        const { version, config } = (await store.domain({ owner: 'acme', id }))!
        const trackingDomains = [{ ...config.trackingDomains[0]!, cnameTarget: 'other.example.net' }]
        await store.updateDomain({ owner: 'acme', id, version, config: { ...config, trackingDomains } })
        await store.deleteDomain({ owner: 'acme', id: gone.id, acknowledged: false, now: options.now })
        return due
      },
    }
    expect(await run(start + 10 * minute, { store: meanwhile })).toEqual([])
    expect(await statusOf(id)).toEqual(['not_started'])
  })

  it('goes on where one host fails, and says which', async () => {
    const { id } = await create('example.com', 'links.example.com')
    await create('example.net', 'links.example.net')
    const broken: Store = {
      ...store,
      domain: async (selection) => {
        if (selection.id === id) throw new Error('the database is gone')
        return store.domain(selection)
      },
    }
    const results = await run(start + 10 * minute, { store: broken })
    expect(results).toContainEqual({
      kind: 'failed',
      owner: 'acme',
      domain: 'example.com',
      host: 'links.example.com',
      cause: new Error('the database is gone'),
    })
    expect(results).toContainEqual(expect.objectContaining({ kind: 'checked', host: 'links.example.net' }))
  })

  it('refuses what it does not know', async () => {
    await expect(run(start, { limit: 0 })).rejects.toThrow('limit is 0: use a whole number of 1 to 100')
    await expect(run(start, { every: 7 } as never)).rejects.toThrow(
      'options has no field "every": use store, resolver, probe, certificateAuthority, limit, now',
    )
  })
})
