import { beforeEach, describe, expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { MailtraceError } from '../../src/errors.ts'
import { createStore, type Store, type StoreOptions } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'

const engine = await startEngine()
const now = Date.UTC(2026, 10, 24)
const cnameTarget = 'k7w2q.tracking.example.net'
const signingKeys = [{ id: 'k1', secret: 'a secret of at least thirty-two bytes' }]
const nobody = '00000000-0000-4000-8000-000000000000'

function domainOf(name: string, hosts: Record<string, DomainConfig['trackingDomains'][number]['status']> = {}) {
  const trackingDomains = Object.entries(hosts).map(([host, status]) => ({ host, status, cnameTarget }))
  return { name, openTracking: true, clickTracking: true, trackingDomains, signingKeys }
}

const storeOf = (options: Partial<StoreOptions> = {}): Store => createStore({ query: engine.query, ...options })
let store: Store
beforeEach(async () => {
  await engine.reset()
  store = storeOf()
  await store.migrate()
})

/** The code and the message that a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof MailtraceError)) throw error ?? new Error('nothing was refused')
  return { code: error.code, message: error.message }
}

const create = (owner: string, config: DomainConfig, at = now) => store.createDomain({ owner, config, now: at })

describe(`domains, on ${engine.name}`, () => {
  it('are read as they were written, in the canonical form', async () => {
    const created = await create('acme', domainOf('Example.COM.', { 'Links.Example.com': 'pending' }))
    expect(created).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      owner: 'acme',
      version: 1,
      createdAt: now,
      config: {
        name: 'example.com',
        openTracking: 'full',
        clickTracking: 'full',
        trackingDomains: [{ host: 'links.example.com', scheme: 'https', status: 'pending', cnameTarget }],
        signingKeys,
      },
      checks: {},
    })
    expect(await store.domain({ owner: 'acme', id: created.id })).toEqual(created)
    expect(await store.domainByName({ owner: 'acme', name: 'example.com' })).toEqual(created)
    expect(await store.findByHost('links.example.com')).toEqual(created.config)
  })

  test.each([
    ['an id of nobody', nobody, 'acme'],
    ['what is no id', "x' OR 1=1 --", 'acme'],
    ['an id in capitals of another owner', '', 'other'],
  ])('are not found by %s', async (_, id, owner) => {
    const created = await create('acme', domainOf('example.com'))
    expect(await store.domain({ owner, id: id || created.id })).toBe(null)
    expect(await store.deleteDomain({ owner, id: id || created.id, acknowledged: true, now })).toBe(false)
    const update = store.updateDomain({ owner, id: id || created.id, version: 1, config: created.config })
    expect(await rejection(update)).toEqual({
      code: 'unknown-domain',
      message: 'there is no such domain: it may have been removed',
    })
  })

  test.each(['other.com', 'EXAMPLE.com', 'example.com\0', '\ud800'])('are not found by the name %j', async (name) => {
    await create('acme', domainOf('example.com'))
    expect(await store.domainByName({ owner: 'acme', name })).toBe(null)
  })

  it('are not found by name by another owner', async () => {
    await create('acme', domainOf('example.com'))
    expect(await store.domainByName({ owner: 'other', name: 'example.com' })).toBe(null)
  })

  test.each<[string, Partial<Parameters<Store['createDomain']>[0]>, string, string]>([
    ['no owner', { owner: '' }, 'invalid-options', 'owner is "": use a text of 1 to 256 characters'],
    [
      'a long owner',
      { owner: 'x'.repeat(257) },
      'invalid-options',
      `owner is "${'x'.repeat(79)}…": use a text of 1 to 256 characters`,
    ],
    [
      'a NUL in the owner',
      { owner: 'a\0' },
      'invalid-options',
      'owner is "a\\u0000": use a text of 1 to 256 characters',
    ],
    ['an odd owner', { owner: 7 as never }, 'invalid-options', 'owner is 7: use a text of 1 to 256 characters'],
    [
      'half a character in the owner',
      { owner: '\ud800' },
      'invalid-options',
      'owner is "\\ud800": use a text of 1 to 256 characters',
    ],
    ['no time', { now: 0 }, 'invalid-options', 'now is 0: use milliseconds since the epoch, of the years 2000 to 2106'],
    [
      'a wrong name',
      { config: domainOf('a b') },
      'invalid-config',
      'name is "a b": use the sending domain, like "example.com"',
    ],
    [
      'keys as bytes',
      { config: { ...domainOf('example.com'), signingKeys: [{ id: 'k1', secret: new Uint8Array(32) }] } },
      'invalid-config',
      "signingKeys[0].secret is a Uint8Array, which JSON does not hold: use a string, or keep the keys outside with the store's signingKeys",
    ],
  ])('are refused with %s', async (_, wrong, code, message) => {
    const call = store.createDomain({ owner: 'acme', config: domainOf('example.com'), now, ...wrong })
    expect(await rejection(call)).toEqual({ code, message })
  })

  it('take any time that a configuration takes', async () => {
    const times = [0.5, -1e300, 1e300, -0.1]
    const trackingDomains = times.map(
      (time, at) =>
        ({ host: `h${at}.example.com`, status: 'verified', cnameTarget, checkedAt: time, configuredAt: time }) as const,
    )
    const config = { ...domainOf('example.com'), trackingDomains }
    const { id } = await store.createDomain({ owner: 'acme', config, now: now + 0.5 })
    const due = await store.claimDueHosts({ now: now + 0.5, limit: 100 })
    expect(due.map(({ host }) => host)).toEqual(['h0.example.com', 'h1.example.com', 'h3.example.com'])
    expect(due[0]?.domain.createdAt).toBe(now)
    expect(await store.deleteDomain({ owner: 'acme', id, acknowledged: true, now: now + 0.5 })).toBe(true)
  })

  it('hold any owner and any text of the DNS as it is', async () => {
    const owner = `'; DROP TABLE mailtrace_domains; -- <b>"$1`
    const created = await create(owner, domainOf('example.com', { 'links.example.com': 'pending' }))
    const check = { at: now, outcome: 'not-verified', chain: ['\0\ud800\\u0000'], findings: [] } as const
    const checks = { 'links.example.com': check }
    const updated = await store.updateDomain({ owner, id: created.id, version: 1, config: created.config, checks })
    expect(updated.checks).toEqual(checks)
    expect((await store.domain({ owner, id: created.id }))?.checks).toEqual(checks)
  })
})

describe(`pages of domains, on ${engine.name}`, () => {
  const names = ['a.com', 'b.com', 'c.com', 'd.com', 'e.com']
  beforeEach(async () => {
    for (const name of [...names].reverse()) await create('acme', domainOf(name))
    await create('other', domainOf('bb.com'))
  })

  test.each([1, 2, 4, 5, 6])('of %d come by name, each once', async (limit) => {
    const seen: string[][] = []
    let after: string | undefined
    do {
      const page = await store.domains({ owner: 'acme', after, limit })
      seen.push(page.items.map(({ config }) => config.name))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen.flat()).toEqual(names)
    expect(seen.every((page) => page.length > 0 && page.length <= limit)).toBe(true)
  })

  test.each([
    ['the default', {}, names, null],
    ['nobody', { owner: 'nobody' }, [], null],
    ['behind a name that is gone', { after: 'bb.com' }, ['c.com', 'd.com', 'e.com'], null],
    ['the last page', { after: 'd.com', limit: 1 }, ['e.com'], null],
    ['a page before the last', { after: 'c.com', limit: 1 }, ['d.com'], 'd.com'],
    ['backwards', { before: 'd.com', limit: 2 }, ['b.com', 'c.com'], 'b.com'],
    ['backwards to the first', { before: 'c.com', limit: 2 }, ['a.com', 'b.com'], null],
  ])('%s', async (_, options, found, next) => {
    const page = await store.domains({ owner: 'acme', ...options })
    expect([page.items.map(({ config }) => config.name), page.next]).toEqual([found, next])
  })

  test.each([
    [{ limit: 0 }, 'limit is 0: use a whole number of 1 to 100'],
    [{ limit: 101 }, 'limit is 101: use a whole number of 1 to 100'],
    [{ after: '\0' }, 'after is "\\u0000": use the next of the page before'],
    [{ before: 7 as never }, 'before is 7: use the next of the page before'],
    [{ after: 'a', before: 'b' }, 'after and before are both given: use one of them'],
  ])('%j is refused', async (options, message) => {
    expect(await rejection(store.domains({ owner: 'acme', ...options }))).toEqual({ code: 'invalid-options', message })
  })
})

describe(`one owner for each name and host, on ${engine.name}`, () => {
  it('a name is taken, for another owner and for its own', async () => {
    await create('acme', domainOf('example.com'))
    expect(await rejection(create('other', domainOf('Example.com')))).toEqual({
      code: 'domain-taken',
      message: 'domain "example.com" has been registered already: if it is yours, ask whoever runs this for it',
    })
    expect(await rejection(create('acme', domainOf('Example.com')))).toEqual({
      code: 'domain-taken',
      message: 'domain "example.com" is registered already: change the one that is there',
    })
  })

  it('a name whose mail another owner has sent is taken', async () => {
    await store.saveCampaign({ owner: 'other', domain: 'example.com', campaign: 'november', now })
    expect((await rejection(create('acme', domainOf('example.com')))).code).toBe('domain-taken')
    expect(await create('other', domainOf('example.com'))).toMatchObject({ owner: 'other' })
  })

  it('nobody gets the mail of a name by being the first to register it', async () => {
    await store.saveCampaign({ domain: 'example.com', campaign: 'november', now })
    expect((await rejection(create('acme', domainOf('example.com')))).code).toBe('domain-taken')
    expect(
      (await rejection(store.saveCampaign({ owner: 'acme', domain: 'example.com', campaign: 'x', now }))).code,
    ).toBe('domain-taken')
    expect((await store.campaigns({ owner: 'acme' })).items).toEqual([])
    expect(await create('default', domainOf('example.com'))).toMatchObject({ owner: 'default' })
    expect((await store.campaigns()).items.map(({ campaign }) => campaign)).toEqual(['november'])
  })

  const taken = {
    code: 'host-taken',
    message:
      'a tracking domain of "b.com" is in use elsewhere, or was, and the links in sent mail go through it: choose another host',
  }

  it('a host is taken, for a new domain, whatever its status', async () => {
    await create('acme', domainOf('a.com', { 'old.a.com': 'failed', 'links.a.com': 'verified' }))
    for (const host of ['old.a.com', 'links.a.com']) {
      expect(await rejection(create('other', domainOf('b.com', { [host]: 'pending' })))).toEqual(taken)
    }
    expect(await store.domains({ owner: 'other' })).toEqual({ items: [], next: null })
    expect(await create('other', domainOf('b.com', { 'links.b.com': 'pending' }))).toMatchObject({ version: 1 })
  })

  it('a host is taken, for a change, which then changes nothing', async () => {
    await create('acme', domainOf('a.com', { 'old.a.com': 'failed', 'links.a.com': 'verified' }))
    const { id, config } = await create('other', domainOf('b.com', { 'links.b.com': 'verified' }))
    const more = domainOf('b.com', { 'links.b.com': 'verified', 'go.b.com': 'pending', 'old.a.com': 'pending' })
    expect(await rejection(store.updateDomain({ owner: 'other', id, version: 1, config: more }))).toEqual(taken)
    expect(await store.domain({ owner: 'other', id })).toMatchObject({ version: 1, config })
    expect(await store.findByHost('go.b.com')).toBe(null)
  })

  it('of many who take one name at once, one gets it', async () => {
    const calls = Array.from({ length: 12 }, (_, at) =>
      create(`owner ${at}`, domainOf('example.com', { [`links${at}.example.com`]: 'pending' })),
    )
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(refused)).toEqual(new Set(['domain-taken']))
    const { rows } = await engine.query('SELECT host FROM mailtrace_hosts')
    expect(rows).toHaveLength(1)
  })

  it('of many who take one host at once, one gets it', async () => {
    const created = await Promise.all(
      Array.from({ length: 12 }, (_, at) => create(`owner ${at}`, domainOf(`d${at}.com`))),
    )
    const settled = await Promise.allSettled(
      created.map(({ owner, id, config }, at) => {
        // In two orders, so that two who wait for one another would.
        const hosts = ['links.example.net', 'go.example.net']
        const wanted = Object.fromEntries((at % 2 ? hosts : hosts.reverse()).map((host) => [host, 'pending' as const]))
        return store.updateDomain({ owner, id, version: 1, config: { ...domainOf(config.name, wanted) } })
      }),
    )
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(refused)).toEqual(new Set(['host-taken']))
  })
})

describe(`compare and set, on ${engine.name}`, () => {
  it('a change is made to the version that was read, and to no other', async () => {
    const { id, config } = await create('acme', domainOf('example.com'))
    const change = (version: number, openTracking: boolean) =>
      store.updateDomain({ owner: 'acme', id, version, config: { ...config, openTracking } })
    expect(await change(1, false)).toMatchObject({ version: 2, config: { openTracking: false } })
    for (const version of [1, 3]) {
      expect(await rejection(change(version, true))).toEqual({
        code: 'version-conflict',
        message: 'the domain was changed meanwhile: read it again, and change what is there now',
      })
    }
    expect((await rejection(change(0, true))).code).toBe('invalid-options')
    expect(await store.domain({ owner: 'acme', id })).toMatchObject({ version: 2, config: { openTracking: false } })
  })

  it('of many changes of one version at once, one is made', async () => {
    const { id } = await create('acme', domainOf('example.com'))
    for (let version = 1; version <= 5; version++) {
      const settled = await Promise.allSettled(
        Array.from({ length: 12 }, (_, at) =>
          storeOf().updateDomain({
            owner: 'acme',
            id,
            version,
            config: domainOf(
              'example.com',
              Object.fromEntries([
                ...((version > 1 ? Object.keys(hostsOf) : []) as string[]).map((host) => [host, 'pending']),
                [`v${version}-${at}.example.com`, 'pending'],
              ]),
            ),
          }),
        ),
      )
      const won = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      expect(won).toHaveLength(1)
      for (const { host } of won[0]!.config.trackingDomains) hostsOf[host] = true
      const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
      expect(new Set(refused)).toEqual(new Set(['version-conflict']))
    }
    // Of those that lost nothing is left.
    const { rows } = await engine.query('SELECT host FROM mailtrace_hosts ORDER BY host')
    expect(rows.map(({ host }) => host)).toEqual(Object.keys(hostsOf).sort())
  })
  const hostsOf: Record<string, true> = {}

  it('many who read, change and try again lose no change', async () => {
    const { id } = await create('acme', domainOf('example.com'))
    const add = async (host: string): Promise<void> => {
      for (;;) {
        const { version, config } = (await store.domain({ owner: 'acme', id }))!
        const trackingDomains = [...config.trackingDomains, { host, status: 'pending' as const, cnameTarget }]
        try {
          await store.updateDomain({ owner: 'acme', id, version, config: { ...config, trackingDomains } })
          return
        } catch (error) {
          if ((error as MailtraceError).code !== 'version-conflict') throw error
        }
      }
    }
    const hosts = Array.from({ length: 10 }, (_, at) => `h${at}.example.com`)
    await Promise.all(hosts.map(add))
    const stored = await store.domain({ owner: 'acme', id })
    expect(stored?.version).toBe(11)
    expect(stored?.config.trackingDomains.map(({ host }) => host).sort()).toEqual(hosts)
  })
})

describe(`what a change may not do, on ${engine.name}`, () => {
  it('leave a tracking host out', async () => {
    const { id } = await create(
      'acme',
      domainOf('example.com', { 'a.example.com': 'failed', 'b.example.com': 'pending' }),
    )
    const config = domainOf('example.com', { 'b.example.com': 'pending' })
    expect(await rejection(store.updateDomain({ owner: 'acme', id, version: 1, config }))).toEqual({
      code: 'removal-refused',
      message:
        'config leaves out a tracking domain, which can never be removed, as the links in sent mail go through it: keep all of trackingDomains',
    })
  })

  it('take another name', async () => {
    const { id } = await create('acme', domainOf('example.com'))
    const call = store.updateDomain({ owner: 'acme', id, version: 1, config: domainOf('other.com') })
    expect(await rejection(call)).toEqual({
      code: 'invalid-options',
      message:
        'config.name is "other.com", and the domain is "example.com": create another domain, as a name cannot be changed',
    })
  })
})

describe(`signing keys, on ${engine.name}`, () => {
  it('stay where a change does not name them, and change where it does', async () => {
    const { id, config } = await create('acme', domainOf('example.com', { 'links.example.com': 'verified' }))
    const { signingKeys: _, ...keyless } = config
    const first = await store.updateDomain({ owner: 'acme', id, version: 1, config: keyless })
    expect(first.config.signingKeys).toEqual(signingKeys)
    const newer = [{ id: 'k2', secret: 'another secret of thirty-two bytes' }, ...signingKeys]
    const second = await store.updateDomain({
      owner: 'acme',
      id,
      version: 2,
      config: { ...keyless, signingKeys: newer },
    })
    expect(second.config.signingKeys).toEqual(newer)
    const third = await store.updateDomain({ owner: 'acme', id, version: 3, config: { ...keyless, signingKeys: [] } })
    expect(third.config.signingKeys).toEqual([])
  })

  it('can be kept outside: then none is written, whoever passes one', async () => {
    const outside = [{ id: 'kms', secret: new Uint8Array(32).fill(7) }]
    const asked: string[] = []
    const own = storeOf({
      signingKeys: async (name) => {
        asked.push(name)
        return outside
      },
    })
    const created = await own.createDomain({
      owner: 'acme',
      config: domainOf('example.com', { 'links.example.com': 'verified' }),
      now,
    })
    expect(created.config.signingKeys).toEqual(outside)
    const { id, config } = created
    const updated = await own.updateDomain({ owner: 'acme', id, version: 1, config })
    expect(updated.config.signingKeys).toEqual(outside)
    expect((await own.findByHost('links.example.com'))?.signingKeys).toEqual(outside)
    expect(new Set(asked)).toEqual(new Set(['example.com']))
    const { rows } = await engine.query('SELECT * FROM mailtrace_domains')
    expect(JSON.stringify(rows)).not.toContain('secret')
  })

  it('that cannot be had give an error, never a domain without them', async () => {
    await create('acme', domainOf('example.com', { 'links.example.com': 'verified' }))
    const own = storeOf({
      signingKeys: () => {
        throw new Error('the vault is shut')
      },
    })
    await expect(own.findByHost('links.example.com')).rejects.toThrow('the vault is shut')
    await expect(own.domainByName({ owner: 'acme', name: 'example.com' })).rejects.toThrow('the vault is shut')
    // DNS can be checked without.
    expect(await own.claimDueHosts({ now: now + 3_600_000, limit: 1 })).toHaveLength(1)
  })
})

describe(`removal, on ${engine.name}`, () => {
  const remove = (id: string, acknowledged: boolean, owner = 'acme') =>
    store.deleteDomain({ owner, id, acknowledged, now: now + 1 })

  it('of a domain that no sent mail depends on leaves nothing', async () => {
    const { id } = await create('acme', domainOf('example.com', { 'links.example.com': 'pending' }))
    expect(await remove(id, false)).toBe(true)
    expect(await remove(id, false)).toBe(false)
    for (const table of ['mailtrace_domains', 'mailtrace_hosts', 'mailtrace_owners']) {
      expect((await engine.query(`SELECT * FROM ${table}`)).rows).toEqual([])
    }
    expect(await store.findByHost('links.example.com')).toBe(null)
    // The name is free for anybody.
    expect(await create('other', domainOf('example.com', { 'links.example.com': 'pending' }))).toMatchObject({
      version: 1,
    })
  })

  test.each([
    ['mailtrace_messages', `(domain, message_ref, listed_at) VALUES ('example.com', 'm', 1)`],
    ['mailtrace_campaigns', `(domain, campaign, created_at) VALUES ('example.com', 'c', 1)`],
    [
      'mailtrace_events',
      `(domain, message_ref, id, type, mode, host, time, signals, actor, reasons, block) VALUES ('example.com', 'm', 'e', 'open', 'full', 'h', 1, '{}', 'person', '{}', 0)`,
    ],
  ])('keeps the name for its owner as long as there is something in %s', async (table, row) => {
    const { id } = await create('acme', domainOf('example.com'))
    await engine.query(`INSERT INTO ${table} ${row}`)
    expect(await remove(id, false)).toBe(true)
    expect((await rejection(create('other', domainOf('example.com')))).code).toBe('domain-taken')
    expect(await create('acme', domainOf('example.com'))).toMatchObject({ owner: 'acme' })
  })

  it('of one that sent mail depends on is refused until that was acknowledged', async () => {
    const { id } = await create('acme', domainOf('example.com', { 'links.example.com': 'verified' }))
    expect(await rejection(remove(id, false))).toEqual({
      code: 'removal-unacknowledged',
      message:
        'removing example.com breaks the links in sent mail through links.example.com: first put a proxy in place for each, and keep the domain, these hosts and the signing keys k1 in the receiver',
    })
    expect((await rejection(remove(id, 'yes' as never))).code).toBe('removal-unacknowledged')
    expect(await store.domain({ owner: 'acme', id })).not.toBe(null)
    expect(await remove(id, true)).toBe(true)
    expect(await store.domain({ owner: 'acme', id })).toBe(null)
    expect(await store.domainByName({ owner: 'acme', name: 'example.com' })).toBe(null)
    expect(await store.domains({ owner: 'acme' })).toEqual({ items: [], next: null })
  })

  it('leaves the hosts of sent mail answering, with their keys, and frees the others', async () => {
    const hosts = {
      'old.example.com': 'failed',
      'links.example.com': 'verified',
      'new.example.com': 'pending',
    } as const
    const { id } = await create('acme', domainOf('example.com', hosts))
    await remove(id, true)
    for (const own of [store, storeOf()]) {
      expect(await own.findByHost('links.example.com')).toMatchObject({ name: 'example.com', signingKeys })
      expect((await own.findByHost('old.example.com'))?.trackingDomains.map(({ host }) => host)).toEqual([
        'old.example.com',
        'links.example.com',
      ])
      expect(await own.findByHost('new.example.com')).toBe(null)
    }
    // Nobody looks after them any more.
    expect(await store.claimDueHosts({ now: now + 1e10, limit: 100 })).toEqual([])
    expect((await rejection(create('other', domainOf('b.com', { 'links.example.com': 'pending' })))).code).toBe(
      'host-taken',
    )
    expect(await create('other', domainOf('b.com', { 'new.example.com': 'pending' }))).toMatchObject({ version: 1 })
  })

  it('can be taken back by its owner, who gets the hosts and the keys again', async () => {
    const { id } = await create('acme', domainOf('example.com', { 'links.example.com': 'verified' }))
    await remove(id, true)
    expect((await rejection(create('other', domainOf('example.com')))).code).toBe('domain-taken')
    const config = {
      ...domainOf('example.com', { 'go.example.com': 'not_started', 'links.example.com': 'not_started' }),
      openTracking: false,
      signingKeys: [
        { id: 'k1', secret: 'another secret of thirty-two bytes' },
        { id: 'k2', secret: 'a third secret of thirty-two bytes..' },
      ],
    }
    const again = await create('acme', config, now + 2)
    expect(again).toMatchObject({ id, owner: 'acme', version: 3, createdAt: now })
    expect(again.config.openTracking).toBe(false)
    expect(again.config.trackingDomains.map(({ host, status }) => [host, status])).toEqual([
      ['links.example.com', 'verified'],
      ['go.example.com', 'not_started'],
    ])
    // The key of sent links is the one it was.
    expect(again.config.signingKeys).toEqual([config.signingKeys[1], signingKeys[0]])
    expect(await store.domain({ owner: 'acme', id })).toEqual(again)
    expect(await store.findByHost('go.example.com')).toEqual(again.config)
    expect(await store.claimDueHosts({ now: now + 1e10, limit: 100 })).toHaveLength(2)
  })

  it('is made by one of many who remove, and of many who take it back one does', async () => {
    const { id } = await create('acme', domainOf('example.com', { 'links.example.com': 'verified' }))
    const removed = await Promise.all(Array.from({ length: 8 }, () => remove(id, true)))
    expect(removed.filter(Boolean)).toHaveLength(1)
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => create('acme', domainOf('example.com'))))
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('comes to an end beside changes', async () => {
    const { id } = await create('acme', domainOf('example.com'))
    const change = async (): Promise<void> => {
      for (;;) {
        const stored = await store.domain({ owner: 'acme', id })
        if (stored === null) return
        const { version, config } = stored
        await store.updateDomain({ owner: 'acme', id, version, config }).catch(() => {})
      }
    }
    const [removed] = await Promise.all([remove(id, false), change(), change()])
    expect(removed).toBe(true)
  })
})

describe(`hosts to be verified, on ${engine.name}`, () => {
  const minute = 60_000
  const claim = async (at: number, limit = 100) =>
    (await store.claimDueHosts({ now: at, limit })).map(({ host }) => host)

  test.each([
    ['not_started', 10],
    ['pending', 10],
    ['temporary_failure', 10],
    ['verified', 60],
    ['failed', 24 * 60],
  ] as const)('%s: %d minutes after the last check', async (status, minutes) => {
    const host = { host: 'links.example.com', status, cnameTarget, configuredAt: now - 1e9, checkedAt: now }
    await create('acme', { ...domainOf('example.com'), trackingDomains: [host] })
    expect(await claim(now + minutes * minute - 1)).toEqual([])
    expect(await claim(now + minutes * minute)).toEqual(['links.example.com'])
  })

  it('one that was never checked: after its configuration', async () => {
    const host = { host: 'links.example.com', status: 'not_started', cnameTarget, configuredAt: now } as const
    await create('acme', { ...domainOf('example.com'), trackingDomains: [host] })
    expect(await claim(now + 10 * minute - 1)).toEqual([])
    expect(await claim(now + 10 * minute)).toEqual(['links.example.com'])
  })

  it('one that was chosen again: after that', async () => {
    const host = {
      host: 'a.example.com',
      status: 'pending',
      cnameTarget,
      configuredAt: now,
      checkedAt: now - 1e9,
    } as const
    await create('acme', { ...domainOf('example.com'), trackingDomains: [host] })
    expect(await claim(now + 10 * minute - 1)).toEqual([])
  })

  it('an inconclusive check counts, too', async () => {
    const { id, config } = await create('acme', domainOf('example.com', { 'links.example.com': 'pending' }))
    const checks = { 'links.example.com': { at: now, outcome: 'inconclusive', chain: [], findings: [] } } as const
    await store.updateDomain({ owner: 'acme', id, version: 1, config, checks })
    expect(await claim(now + 10 * minute - 1)).toEqual([])
    // And stays where a later change does not say otherwise.
    await store.updateDomain({ owner: 'acme', id, version: 2, config })
    expect(await claim(now + 10 * minute - 1)).toEqual([])
    expect(await claim(now + 10 * minute)).toEqual(['links.example.com'])
  })

  it('never one that DNS cannot tell of', async () => {
    await create('acme', {
      ...domainOf('example.com'),
      trackingDomains: [
        { host: 'links.localhost:8080', status: 'pending', cnameTarget },
        { host: 'links.example.com', status: 'pending' },
      ],
    })
    expect(await claim(now + 1e10)).toEqual([])
  })

  it('are claimed for ten minutes, the longest due first', async () => {
    const host = (name: string, checkedAt: number) =>
      ({ host: name, status: 'verified', cnameTarget, checkedAt }) as const
    await create('acme', {
      ...domainOf('example.com'),
      trackingDomains: [host('b.example.com', now - 2), host('a.example.com', now - 1), host('c.example.com', now)],
    })
    const due = now + 60 * minute
    const [first] = await store.claimDueHosts({ now: due, limit: 1 })
    expect(first).toMatchObject({
      host: 'b.example.com',
      domain: { owner: 'acme', version: 1, config: { name: 'example.com' } },
    })
    expect(await claim(due, 2)).toEqual(['a.example.com', 'c.example.com'])
    expect(await claim(due)).toEqual([])
    expect(await claim(due + 10 * minute - 1)).toEqual([])
    expect(await claim(due + 10 * minute)).toEqual(['a.example.com', 'b.example.com', 'c.example.com'])
  })

  it('are each claimed by one of many', async () => {
    for (let at = 0; at < 5; at++) {
      await create('acme', domainOf(`d${at}.com`, { [`a.d${at}.com`]: 'pending', [`b.d${at}.com`]: 'pending' }))
    }
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(now + 1e10, 4)))
    const hosts = claims.flat()
    expect(new Set(hosts).size).toBe(hosts.length)
    const rest: string[] = []
    for (let more = hosts; more.length > 0; more = await claim(now + 1e10, 100)) rest.push(...more)
    expect(rest).toHaveLength(10)
  })

  test.each([
    [{ now: 0, limit: 1 }, 'now is 0: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ now, limit: 0 }, 'limit is 0: use a whole number of 1 to 100'],
    [{ now, limit: 101 }, 'limit is 101: use a whole number of 1 to 100'],
  ])('%j is refused', async (options, message) => {
    expect(await rejection(store.claimDueHosts(options))).toEqual({ code: 'invalid-options', message })
  })
})
