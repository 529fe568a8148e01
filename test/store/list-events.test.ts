import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStore, type EventsOptions, type TrackingEvent } from '../../src/store/index.ts'

import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'
import { refusalOf } from './refusal.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })
beforeEach(engine.empty)

const idsOf = async (options: EventsOptions) => (await store.events(options)).items.map(({ event }) => event.id)

describe(`events, on ${engine.name}`, () => {
  it('come in the order in which they were written, page by page', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await store.write([open('m1', { id })])
    const first = await store.events({ limit: 2 })
    expect(first.items.map(({ event }) => event.id)).toEqual(['a', 'b'])
    const second = await store.events({ limit: 2, after: first.next! })
    expect(second.items.map(({ event }) => event.id)).toEqual(['c', 'd'])
    const third = await store.events({ limit: 2, after: second.next! })
    expect([third.items.map(({ event }) => event.id), third.next]).toEqual([['e'], null])
  })

  it('are followed live from the newest on', async () => {
    for (const id of ['a', 'b', 'c']) await store.write([open('m1', { id })])
    const newest = await store.events({ order: 'newest', limit: 2 })
    expect(newest.items.map(({ event }) => event.id)).toEqual(['c', 'b'])
    expect(await idsOf({ order: 'newest', limit: 2, after: newest.next! })).toEqual(['a'])
    await store.write([open('m1', { id: 'd' })])
    expect(await idsOf({ after: newest.items[0]!.cursor })).toEqual(['d'])
  })

  it('are those of a domain, a campaign or a message, and of an owner', async () => {
    await store.saveCampaign({ owner: 'acme', domain: 'acme.com', campaign: 'c1', now: sentAt })
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1' })
    await store.write([
      open('m1', { id: 'ours' }),
      open('m2', { id: 'of no campaign' }),
      open('m1', { id: 'of another domain', domain: 'example.org' }),
      click(null, 0, { id: 'nobody', mode: 'anonymous', campaignRef: 'c1' }),
      open('m1', { id: 'theirs', domain: 'acme.com', campaignRef: 'c1' }),
    ])
    expect(new Set(await idsOf({}))).toEqual(new Set(['ours', 'of no campaign', 'of another domain', 'nobody']))
    expect(await idsOf({ owner: 'acme' })).toEqual(['theirs'])
    expect(await idsOf({ domain: 'Example.ORG' })).toEqual(['of another domain'])
    expect(new Set(await idsOf({ campaign: 'c1' }))).toEqual(new Set(['ours', 'nobody']))
    expect(new Set(await idsOf({ messageRef: 'm1' }))).toEqual(new Set(['ours', 'of another domain']))
    expect(await idsOf({ messageRef: 'm1', domain: 'example.com' })).toEqual(['ours'])
    expect(await idsOf({ owner: 'nobody' })).toEqual([])
    expect(await idsOf({ owner: 'acme', domain: 'example.com' })).toEqual([])
    expect(await idsOf({ order: 'newest', owner: 'acme', campaign: 'c1', messageRef: 'm1' })).toEqual(['theirs'])
    expect(await idsOf({ order: 'newest', domain: 'example.org' })).toEqual(['of another domain'])
  })

  it('are missed by nobody who follows them, however many processes write', async () => {
    const events = Array.from({ length: 90 }, (_, at): TrackingEvent[] => [
      open(`m${at % 7}`),
      open(null, { mode: 'anonymous' }),
    ])
    const writers = [0, 1, 2].map(async (first) => {
      for (let at = first; at < events.length; at += 3) await store.write(events[at]!)
    })
    const seen: string[] = []
    let isWriting = true
    const follow = async () => {
      let after: string | undefined
      for (;;) {
        const wasWriting = isWriting
        const { items } = await store.events({ after, limit: 1000 })
        seen.push(...items.map(({ event }) => event.id))
        after = items.at(-1)?.cursor ?? after
        if (!wasWriting && items.length === 0) return
      }
    }
    const following = follow()
    await Promise.all(writers)
    isWriting = false
    await following
    expect(seen.length).toBe(180)
    expect(new Set(seen)).toEqual(new Set(events.flat().map(({ id }) => id)))
  })

  it.skipIf(engine.url === null)('are waited for while they are being written', async () => {
    await store.write([open('m0', { id: 'first' })])
    const client = new pg.Client({ connectionString: engine.url! })
    await client.connect()
    await client.query('BEGIN')
    const slow = createStore({ query: (text, values) => client.query(text, values) })
    await slow.write([open('m1', { id: 'slow' })])
    await store.write([open('m2', { id: 'quick' })])
    const asked = idsOf({})
    await wait(200)
    await client.query('COMMIT')
    await client.end()
    // Its number is lower: whoever had gone on behind the quick one would never have seen it.
    expect(await asked).toEqual(['first', 'slow', 'quick'])
  })

  it.each<[EventsOptions, string]>([
    [{ limit: 0 }, 'limit is 0: use a whole number of 1 to 1000'],
    [{ limit: 1001 }, 'limit is 1001: use a whole number of 1 to 1000'],
    [{ after: '3' }, 'after is "3": use the next of the page before'],
    [{ after: '%' }, 'after is "%": use the next of the page before'],
    [{ after: '[1,2]' }, 'after is "[1,2]": use the next of the page before'],
    [{ after: '["1"]' }, 'after is "[\\"1\\"]": use the next of the page before'],
    [{ after: '[0.5]' }, 'after is "[0.5]": use the next of the page before'],
    [{ owner: '' }, 'owner is "": use a string of 1 to 256 characters'],
    [{ campaign: 'c'.repeat(257) }, `campaign is "${'c'.repeat(79)}…": use a string of 1 to 256 characters`],
    [{ order: 'random' as never }, 'order is "random": use one of oldest, newest'],
    [
      { since: 5 } as never,
      'options has no field "since": use owner, domain, campaign, messageRef, order, after, limit',
    ],
  ])('%j is refused', async (options, message) => {
    expect(await refusalOf(store.events(options))).toEqual({ code: 'invalid-options', message })
  })
})
