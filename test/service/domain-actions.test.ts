import { beforeEach, describe, expect, it } from 'vitest'
import { MailtraceError } from '../../src/errors.ts'
import { createDomainActions } from '../../src/service/domain-actions.ts'
import { checkServiceOptions } from '../../src/service/service-options.ts'
import { createStore, type Store } from '../../src/store/index.ts'
import { startEngine } from '../store/engines.ts'

const engine = await startEngine()
const clock = { now: Date.UTC(2026, 10, 24) }
const asked: unknown[] = []
let store: Store

beforeEach(async () => {
  await engine.reset()
  store = createStore({ query: engine.query })
  await store.migrate()
  asked.length = 0
})

const actionsOf = (changeIntervalMs?: number) =>
  createDomainActions(
    checkServiceOptions({
      store,
      resolver: { cname: async () => [], addresses: async () => [], caa: async () => [] },
      cnameTarget: async (domain) => {
        asked.push(domain)
        return `${domain.owner}.tracking.example.net`
      },
      apiKeys: [],
      changeIntervalMs,
      now: () => clock.now,
    }),
  )

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error) => (error instanceof MailtraceError ? error.code : String(error)),
  )

describe('changes by two dashboards', () => {
  it('the second is refused where it names the version that it showed, and made where it names none', async () => {
    const actions = actionsOf()
    const { id, version } = await actions.create({ owner: 'acme', name: 'example.com' })
    const selection = { owner: 'acme', id }
    expect(await actions.change(selection, { openTracking: true, version })).toMatchObject({ version: 2 })
    expect(await codeOf(actions.change(selection, { clickTracking: true, version }))).toBe('version-conflict')
    expect(await actions.change(selection, { clickTracking: true })).toMatchObject({
      version: 3,
      config: { openTracking: 'full', clickTracking: 'full' },
    })
  })
})

describe('the target of the record', () => {
  it('is asked for by owner and name, where a host is set', async () => {
    const actions = actionsOf()
    const { id } = await actions.create({ owner: 'acme', name: 'Example.com' })
    expect(asked).toEqual([])
    const changed = await actions.change({ owner: 'acme', id }, { host: 'links' })
    expect(asked).toEqual([{ owner: 'acme', name: 'example.com' }])
    expect(changed?.config.trackingDomains).toMatchObject([
      { host: 'links.example.com', cnameTarget: 'acme.tracking.example.net' },
    ])
  })
})

describe('the interval between changes', () => {
  it('is the one of the options', async () => {
    const actions = actionsOf(60_000)
    const { id } = await actions.create({ owner: 'acme', name: 'example.com', host: 'a' })
    const change = (host: string) => codeOf(actions.change({ owner: 'acme', id }, { host }))
    expect(await change('b')).toBe('done')
    clock.now += 59_999
    expect(await change('c')).toBe('change-too-soon')
    clock.now += 1
    expect(await change('c')).toBe('done')
  })
})

describe('what is not there', () => {
  it('is null for each', async () => {
    const actions = actionsOf()
    const { id } = await actions.create({ owner: 'acme', name: 'example.com' })
    for (const selection of [
      { owner: 'other', id },
      { owner: 'acme', id: 'x' },
    ]) {
      expect(await actions.change(selection, { openTracking: true })).toBe(null)
      expect(await actions.change(selection, { openTracking: true, version: 1 })).toBe(null)
      expect(await actions.verify(selection)).toBe(null)
      expect(await actions.remove({ ...selection, acknowledged: true })).toBe(null)
    }
    expect(await actions.remove({ owner: 'acme', id, acknowledged: false })).toMatchObject({ hosts: [] })
  })

  it('also where it goes meanwhile', async () => {
    const { id } = await actionsOf().create({ owner: 'acme', name: 'example.com', host: 'links' })
    const { domain } = store
    let reads = 0
    store = {
      ...store,
      domain: async (selection) => (reads++ === 0 ? domain(selection) : null),
      deleteDomain: async () => false,
    }
    expect(await actionsOf().verify({ owner: 'acme', id })).toBe(null)
    reads = 0
    expect(await actionsOf().remove({ owner: 'acme', id, acknowledged: true })).toBe(null)
  })
})
