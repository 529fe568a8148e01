import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'
import { refusalOf } from './refusal.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })

const address = '203.0.113.7'
const agent = 'A very rare browser'
const details = { domain: 'example.com', campaign: 'c1', sentAt, subject: 'Dear Ann', html: '<p>Dear Ann' }

beforeEach(async () => {
  await engine.empty()
  await store.saveMessages([
    { outcome: outcome('m1'), details: { ...details, recipient: 'ann@example.org' } },
    { outcome: outcome('m2'), details: { ...details, recipient: 'bob@example.org' } },
  ])
  await store.write([
    open('m1', { clientAddress: address, userAgent: agent, time: sentAt + 60_000 }),
    click('m1', 0, { clientAddress: address, userAgent: agent, time: sentAt + 70_000 }),
    open('m2', { time: sentAt + 90_000_000 }),
    click(null, 1, { mode: 'anonymous', campaignRef: 'c1', userAgent: null, time: sentAt + 60_000 }),
  ])
})

/** Everything that is stored, as one text. */
async function dump(): Promise<string> {
  const { rows: tables } = await engine.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'mailtrace\\_%'`,
  )
  const rows = await Promise.all(
    tables.map(async ({ tablename }) => (await engine.query(`SELECT * FROM ${tablename}`)).rows),
  )
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}

describe(`forget, on ${engine.name}`, () => {
  it('erases all traces of a person, and what they counted for stays', async () => {
    const before = await store.campaign({ campaign: 'c1' })
    expect(await store.forget({ recipient: 'ann@example.org' })).toEqual({ messages: 1, events: 2 })
    const left = await dump()
    for (const trace of ['ann@example.org', 'Dear Ann"', address, agent]) {
      // Bob's mail was addressed to Ann, too.
      if (trace !== 'Dear Ann"') expect(left).not.toContain(trace)
    }
    expect(await store.campaign({ campaign: 'c1' })).toEqual(before)
    expect(await store.message({ messageRef: 'm1' })).toMatchObject({
      recipient: null,
      subject: null,
      html: null,
      forgotten: true,
      timeline: [],
      people: { opens: { total: 1 }, clicks: { total: 1 } },
    })
    expect(await store.message({ messageRef: 'm2' })).toMatchObject({ recipient: 'bob@example.org', forgotten: false })
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(before)
  })

  it('is for good: no later event is kept, and nothing is saved again', async () => {
    await store.forget({ messageRef: 'm1' })
    const before = await dump()
    await store.write([click('m1', 0, { clientAddress: address })])
    await store.saveMessage(outcome('m1'), { ...details, recipient: 'ann@example.org' })
    expect(await dump()).toBe(before)
    expect(await store.forget({ recipient: 'ann@example.org' })).toEqual({ messages: 0, events: 0 })
  })

  it('leaves links working', async () => {
    await store.forget({ messageRef: 'm1' })
    const link = { kind: 'click', domain: 'example.com', ref: 'm1', part: 'html', index: 0 } as const
    expect(await store.findReference(link)).toMatchObject({ destination: 'https://example.com/shop' })
  })

  it('comes to its end in another process, where it was killed in between', async () => {
    await engine.query(`
      UPDATE mailtrace_messages SET recipient = NULL, forgotten = true, stale = true, version = version + 1
      WHERE message_ref = 'm1'`)
    await createStore({ query: engine.query }).write([])
    expect(await dump()).not.toContain(agent)
    expect((await store.message({ messageRef: 'm1' }))!.timeline).toEqual([])
  })

  it('is for one owner or one domain, where it is said', async () => {
    expect(await store.forget({ owner: 'other', recipient: 'ann@example.org' })).toEqual({ messages: 0, events: 0 })
    expect(await store.forget({ domain: 'example.org', messageRef: 'm1' })).toEqual({ messages: 0, events: 0 })
    expect(await store.forget({ owner: 'default', domain: 'EXAMPLE.com', messageRef: 'm1' })).toEqual({
      messages: 1,
      events: 2,
    })
  })

  it.each([
    [{}, 'options name no one to forget, or two: use recipient or messageRef'],
    [{ recipient: 'a', messageRef: 'm1' }, 'options name no one to forget, or two: use recipient or messageRef'],
    [{ recipient: undefined }, 'options name no one to forget, or two: use recipient or messageRef'],
    [{ campaign: 'c1' }, 'options has no field "campaign": use recipient, messageRef, domain, owner'],
  ])('refuses %j', async (selection, message) => {
    expect(await refusalOf(store.forget(selection as never))).toEqual({ code: 'invalid-options', message })
  })
})

describe('purge', () => {
  it('erases what is older, and what it counted for stays', async () => {
    const before = await store.campaign({ campaign: 'c1' })
    await store.write([{ type: 'nothing', userAgent: agent } as never])
    expect(await store.purge({ before: sentAt + 86_400_000 })).toEqual({ messages: 2, events: 3 })
    const left = await dump()
    for (const trace of ['ann@example.org', 'bob@example.org', 'Dear Ann', address, agent])
      expect(left).not.toContain(trace)
    expect((await store.events()).items.map(({ event }) => event.messageRef)).toEqual(['m2'])
    expect(await store.campaign({ campaign: 'c1' })).toEqual(before)
    expect(await store.purge({ before: sentAt + 86_400_000 })).toEqual({ messages: 0, events: 0 })
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(before)
  })

  it('takes the moment itself for not older', async () => {
    expect(await store.purge({ before: sentAt })).toEqual({ messages: 0, events: 0 })
    expect(await store.purge({ before: sentAt + 60_000.5 })).toEqual({ messages: 2, events: 2 })
    expect((await store.events()).items).toHaveLength(2)
  })

  it('goes on with what comes later', async () => {
    await store.purge({ before: sentAt + 86_400_000 })
    await store.write([click('m1', 1, { time: sentAt + 91_000_000 })])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({
      people: { opens: { total: 2, unique: 2 }, clicks: { total: 3, unique: 1, anonymous: 1 } },
    })
  })

  it.each([
    [{ before: 5 }, 'before is 5: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ after: sentAt }, 'options has no field "after": use before'],
  ])('refuses %j', async (options, message) => {
    expect(await refusalOf(store.purge(options as never))).toEqual({ code: 'invalid-options', message })
  })
})

describe('judge', () => {
  it('gives verdicts and numbers anew', async () => {
    const right = await store.campaign({ campaign: 'c1' })
    await engine.query(`UPDATE mailtrace_events SET actor = 'machine', reasons = '{bot}'`)
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(right)
  })

  it.each([
    { messageRef: 'm1' },
    { campaign: 'c1' },
    { campaign: 'c1', domain: 'example.com' },
    { all: true } as const,
  ])('of %j', async (selection) => {
    const reasons = async () =>
      (await store.events({ messageRef: 'm1' })).items.map(({ actor, reasons }) => [actor, ...reasons])
    const right = await reasons()
    await engine.query(`UPDATE mailtrace_events SET reasons = '{bot}'`)
    await store.judge(selection)
    expect(await reasons()).toEqual(right)
  })

  it.each([
    [{}, 'options name no messages: use messageRef, campaign or all: true'],
    [{ all: false }, 'options name no messages: use messageRef, campaign or all: true'],
    [{ now: sentAt, all: true }, 'options has no field "now": use messageRef, campaign, domain, all'],
  ])('refuses %j', async (selection, message) => {
    expect(await refusalOf(store.judge(selection as never))).toEqual({ code: 'invalid-options', message })
  })
})
