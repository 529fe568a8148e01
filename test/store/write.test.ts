import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStore, type TrackingEvent } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })
beforeEach(engine.empty)

const unreadable = async () =>
  (await engine.query('SELECT content, flaw FROM mailtrace_unreadable ORDER BY flaw, content')).rows

/** All events, as they were written. */
async function written(): Promise<TrackingEvent[]> {
  const { items, next } = await store.events({ limit: 1000 })
  expect(next).toBeNull()
  return items.map(({ event }) => event)
}

describe(`write, on ${engine.name}`, () => {
  it('gives back what it was given', async () => {
    const events = [
      open('m1', { pixel: 'start', userAgent: null, issuedAt: null, signals: ['too-fast', 'bot'] }),
      click('m1', 7, { part: 'text', clientAddress: '203.0.113.0', campaignRef: 'c1' }),
      click(null, 0, { mode: 'anonymous', campaignRef: 'c1', userAgent: null }),
      open('m2', { mode: 'day' }),
    ]
    await store.write(events)
    expect(new Set(await written())).toEqual(new Set(events))
  })

  it('takes an event once, in one batch and in two, of a message and of none', async () => {
    const twice = [open('m1'), click(null, 0, { mode: 'anonymous', campaignRef: 'c1' })]
    await store.write([...twice, ...twice])
    await store.write(twice)
    expect(await written()).toHaveLength(2)
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ people: { clicks: { total: 1, anonymous: 1 } } })
    expect(await store.message({ messageRef: 'm1' })).toMatchObject({ people: { opens: { total: 1, unique: 1 } } })
  })

  it('holds events of two messages apart that have the same id', async () => {
    await store.write([open('m1', { id: 'same' }), open('m2', { id: 'same' })])
    expect(await written()).toHaveLength(2)
  })

  it('judges what is there again when more comes: the first click of a burst looks like a person', async () => {
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1' })
    await store.write([click('m1', 0, { time: sentAt + 43_000 })])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ people: { clicks: { unique: 1 } } })
    await store.write([click('m1', 1, { time: sentAt + 43_020 })])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({
      people: { clicks: { total: 0, unique: 0 } },
      machines: { clicks: { total: 2, unique: 1 } },
      summary: { people: { readers: { unique: 0 } } },
    })
  })

  it.each([
    ['no object', 'click', 'event'],
    ['null', null, 'event'],
    ['a type', { ...open('m1'), type: 'bounce' }, 'type'],
    ['a mode of another type', { ...click('m1', 0), mode: 'day' }, 'mode'],
    ['no id', { ...open('m1'), id: undefined }, 'id'],
    ['an empty id', { ...open('m1'), id: '' }, 'id'],
    ['an id that no index takes', { ...open('m1'), id: 'i'.repeat(257) }, 'id'],
    ['no domain', { ...open('m1'), domain: 7 }, 'domain'],
    ['an empty messageRef', { ...open('m1'), messageRef: '' }, 'messageRef'],
    ['a messageRef that is not said', { ...open('m1'), messageRef: undefined }, 'messageRef'],
    ['a time that is none', { ...open('m1'), time: Number.NaN }, 'time'],
    ['a time before the epoch', { ...open('m1'), time: -1 }, 'time'],
    ['a time after all calendars', { ...open('m1'), time: 8.64e15 + 1 }, 'time'],
    ['a part', { ...click('m1', 0), part: 'amp' }, 'part'],
    ['an index that is none', { ...click('m1', 0), index: 0.5 }, 'index'],
    ['an index below all', { ...click('m1', 0), index: -1 }, 'index'],
    ['an index that no column takes', { ...click('m1', 0), index: 2 ** 31 }, 'index'],
    ['no destination', { ...click('m1', 0), destination: null }, 'destination'],
  ])('sets aside what is no event, and writes the others: %s', async (_, odd, flaw) => {
    const good = open('m2')
    await store.write([odd as TrackingEvent, good])
    await store.write([odd as TrackingEvent])
    expect(await written()).toEqual([good])
    expect(await unreadable()).toEqual([{ content: JSON.stringify(odd), flaw }])
  })

  it('sets aside what cannot even be printed', async () => {
    const closed = new Proxy({} as TrackingEvent, {
      get: () => {
        throw new Error('closed')
      },
    })
    const round: Record<string, unknown> = { type: 'open' }
    round.self = round
    await store.write([closed, round as unknown as TrackingEvent, undefined as unknown as TrackingEvent])
    expect(await unreadable()).toEqual([
      { content: 'something that JSON cannot write', flaw: 'event' },
      { content: 'undefined', flaw: 'event' },
    ])
  })

  it('reads what hooks may have left out or got wrong as unknown', async () => {
    const odd = {
      ...open('m1'),
      campaignRef: 5,
      host: null,
      issuedAt: 'now',
      userAgent: [],
      clientAddress: {},
      signals: 'bot',
    }
    await store.write([{ ...odd, time: sentAt + 0.5, pixel: 'middle' } as unknown as TrackingEvent])
    expect(await written()).toEqual([
      { ...open('m1'), id: odd.id, host: '', issuedAt: null, userAgent: null, time: sentAt, pixel: 'end' },
    ])
  })

  it('refuses what is no list', async () => {
    await expect(store.write('events' as never)).rejects.toMatchObject({
      code: 'invalid-options',
      message: 'events is a string: use an array',
    })
  })

  it('judges the events of a message in blocks, however many there are', async () => {
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1' })
    const opens = Array.from({ length: 2500 }, (_, at) => open('m1', { id: `o${at}`, time: sentAt + at }))
    await store.write(opens.slice(0, 2100))
    await store.write(opens.slice(2000))
    const { rows } = await engine.query(
      'SELECT block, count(*)::integer AS events FROM mailtrace_events GROUP BY block ORDER BY block',
    )
    expect(rows).toEqual([
      { block: 0, events: 2100 },
      { block: 1, events: 400 },
    ])
    const campaign = await store.campaign({ campaign: 'c1' })
    expect(campaign).toMatchObject({ people: { opens: { total: 2500, unique: 1 } } })
    await store.judge({ messageRef: 'm1' })
    expect(await store.campaign({ campaign: 'c1' })).toEqual(campaign)
    expect(await store.forget({ messageRef: 'm1' })).toEqual({ messages: 1, events: 2500 })
    expect(await store.campaign({ campaign: 'c1' })).toEqual(campaign)
  })

  it('counts what a process left behind that died between saving a message and counting it', async () => {
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1' })
    await engine.query(`UPDATE mailtrace_messages SET stale = true, campaign = 'c2', version = version + 1`)
    await createStore({ query: engine.query }).write([])
    const { rows } = await engine.query('SELECT stale FROM mailtrace_messages')
    expect(rows).toEqual([{ stale: false }])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ messages: 0 })
  })
})

describe('what clients send', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('\0', '\ud800', '\udfff', "'", '"', '\\', '$1', ';', '--', '\n', '%', '{', '}', ','),
    }),
    fc.constantFrom(`'); DROP TABLE mailtrace_events; --`, '$mailtrace$', '\\x00', 'NULL', '{}', '[]', '__proto__'),
  )
  /** What PostgreSQL cannot hold is told as unknown characters. */
  const kept = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
  const name = hostile.map((text) => `${text}x`.slice(0, 256))

  it('is kept and found again, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(name, name, name, hostile, async (messageRef, campaign, id, text) => {
        await engine.empty()
        const event = click(messageRef, 0, {
          id,
          campaignRef: campaign,
          host: text,
          destination: text,
          userAgent: text,
          clientAddress: text,
        })
        await store.write([event])
        await store.write([event])
        const expected = {
          ...event,
          id: kept(id),
          messageRef: kept(messageRef),
          campaignRef: kept(campaign),
          host: kept(text),
          destination: kept(text),
          userAgent: kept(text),
          clientAddress: kept(text),
        }
        expect((await store.events({ messageRef, campaign })).items.map((each) => each.event)).toEqual([expected])
        const found = await store.campaign({ campaign })
        expect(found).toMatchObject({ campaign: kept(campaign), people: { clicks: { total: 1, unique: 1 } } })
        await store.saveMessage(
          { ...outcome(messageRef), links: [] },
          { domain: 'example.com', recipient: text, subject: text },
        )
        expect(await store.message({ messageRef })).toMatchObject({ recipient: kept(text), subject: kept(text) })
        expect(await store.forget({ recipient: text })).toEqual({ messages: 1, events: 1 })
      }),
      { numRuns: 60 },
    )
  })
})
