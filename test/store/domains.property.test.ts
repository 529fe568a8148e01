// Any sequence of what owners do with domains, against a plain model in memory.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { MailtraceError } from '../../src/errors.ts'
import { createStore, type Store } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'

const engine = await startEngine()
const now = Date.UTC(2026, 10, 24)
const cnameTarget = 'k7w2q.tracking.example.net'
const owners = ['acme', 'other'] as const
const names = ['example.com', 'example.net'] as const
const hosts = ['a.example.com', 'b.example.com', 'a.example.net'] as const
type Status = DomainConfig['trackingDomains'][number]['status']

/** A domain that is there, or was. */
interface Known {
  readonly owner: string
  readonly id: string
  version: number
  hosts: Map<string, Status>
  isRemoved: boolean
}

type Action =
  | {
      readonly kind: 'create'
      readonly owner: string
      readonly name: string
      readonly host: string
      readonly status: Status
    }
  | {
      readonly kind: 'add'
      readonly owner: string
      readonly name: string
      readonly host: string
      readonly status: Status
      readonly lag: number
    }
  | { readonly kind: 'drop'; readonly owner: string; readonly name: string }
  | { readonly kind: 'remove'; readonly owner: string; readonly name: string; readonly acknowledged: boolean }

const owner = fc.constantFrom(...owners)
const name = fc.constantFrom(...names)
const host = fc.constantFrom(...hosts)
const status = fc.constantFrom<Status>('pending', 'verified', 'failed', 'not_started', 'temporary_failure')
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), owner, name, host, status }),
  fc.record({ kind: fc.constant('add' as const), owner, name, host, status, lag: fc.constantFrom(0, 0, 0, 1) }),
  fc.record({ kind: fc.constant('drop' as const), owner, name }),
  fc.record({ kind: fc.constant('remove' as const), owner, name, acknowledged: fc.boolean() }),
)

const configOf = (domain: string, listed: ReadonlyMap<string, Status>): DomainConfig => ({
  name: domain,
  openTracking: true,
  clickTracking: true,
  trackingDomains: [...listed].map(([host, status]) => ({ host, status, cnameTarget })),
})

/** Sent mail may go through it. */
const isUsed = (status: Status): boolean => status !== 'pending' && status !== 'not_started'

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error) => {
      if (error instanceof MailtraceError) return error.code
      throw error
    },
  )

/** Does it to the store, and to the model what must come of it. */
async function run(store: Store, model: Map<string, Known>, action: Action): Promise<void> {
  const { owner, name } = action
  const known = model.get(name)
  const own = known?.owner === owner && !known.isRemoved ? known : undefined
  const holder = (host: string) => [...model.values()].find((each) => each.hosts.has(host))
  const stored = await store.domainByName({ owner, name })
  expect(stored?.id ?? null).toBe(own?.id ?? null)
  if (action.kind === 'create') {
    const wanted = new Map([[action.host, action.status]])
    const code = await codeOf(store.createDomain({ owner, config: configOf(name, wanted), now }))
    if (known !== undefined && !(known.isRemoved && known.owner === owner)) return expect(code).toBe('domain-taken')
    const holds = holder(action.host)
    if (holds !== undefined && holds !== known) return expect(code).toBe('host-taken')
    expect(code).toBe('done')
    const { id } = (await store.domainByName({ owner, name }))!
    const version = known === undefined ? 1 : known.version + 1
    const kept = known?.hosts ?? new Map<string, Status>()
    if (known !== undefined) expect(id).toBe(known.id)
    const all = kept.has(action.host) ? kept : new Map([...kept, ...wanted])
    model.set(name, { owner, id, version, hosts: all, isRemoved: false })
    return
  }
  if (action.kind === 'remove') {
    const id = own?.id ?? '00000000-0000-4000-8000-000000000000'
    const gone = codeOf(
      store.deleteDomain({ owner, id, acknowledged: action.acknowledged, now }).then((isGone) => {
        if (!isGone) throw new MailtraceError('unknown-domain', '')
      }),
    )
    if (own === undefined) return expect(await gone).toBe('unknown-domain')
    const kept = new Map([...own.hosts].filter(([, each]) => isUsed(each)))
    if (kept.size > 0 && !action.acknowledged) return expect(await gone).toBe('removal-unacknowledged')
    expect(await gone).toBe('done')
    if (kept.size === 0) model.delete(name)
    else Object.assign(own, { hosts: kept, isRemoved: true, version: own.version + 1 })
    return
  }
  if (own === undefined) return
  const wanted = new Map(own.hosts)
  if (action.kind === 'drop') wanted.delete([...wanted.keys()][0]!)
  else wanted.set(action.host, action.status)
  const version = own.version - (action.kind === 'add' ? action.lag : 0)
  const code = await codeOf(store.updateDomain({ owner, id: own.id, version, config: configOf(name, wanted) }))
  if (version < 1) return expect(code).toBe('invalid-options')
  if (action.kind === 'drop' && own.hosts.size > 0) return expect(code).toBe('removal-refused')
  const holds = action.kind === 'add' ? holder(action.host) : undefined
  // Of two reasons either may be told.
  if (version !== own.version) return expect(code).toBe('version-conflict')
  if (holds !== undefined && holds !== own) return expect(code).toBe('host-taken')
  expect(code).toBe('done')
  own.version++
  own.hosts = wanted
}

/** What anybody can see is what the model says. */
async function compare(store: Store, model: ReadonlyMap<string, Known>): Promise<void> {
  for (const owner of owners) {
    const listed = await store.domains({ owner })
    const mine = [...model].filter(([, known]) => known.owner === owner && !known.isRemoved)
    expect(listed.items.map(({ config }) => config.name)).toEqual(mine.map(([name]) => name).sort())
    for (const [name, known] of mine) {
      const { version, config } = listed.items.find((each) => each.config.name === name)!
      expect(version).toBe(known.version)
      expect(config.trackingDomains.map(({ host, status }) => [host, status])).toEqual([...known.hosts])
    }
  }
  for (const host of hosts) {
    const holder = [...model].find(([, known]) => known.hosts.has(host))
    const found = await store.findByHost(host)
    expect([host, found?.name]).toEqual([host, holder?.[0]])
    // Whole, or the receiver would answer 404 for the others.
    if (found) expect(found.trackingDomains.map((each) => each.host)).toEqual([...holder![1].hosts.keys()])
  }
}

it(`domains are what was made of them, whoever did what, on ${engine.name}`, async () => {
  await createStore({ query: engine.query }).migrate()
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
      await engine.query('TRUNCATE mailtrace_domains, mailtrace_owners CASCADE')
      const store = createStore({ query: engine.query })
      const model = new Map<string, Known>()
      for (const each of actions) await run(store, model, each)
      await compare(store, model)
      // Another process, which has nothing in its memory, sees the same.
      await compare(createStore({ query: engine.query }), model)
    }),
    { numRuns: 25 },
  )
})
