import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { clickModes, openModes } from '../../src/config/tracking-modes.ts'
import { makeEvent } from '../../src/receiver/events.ts'
import type { TrackingHost } from '../../src/receiver/host-finder.ts'
import type { StoredReference } from '../../src/receiver/index.ts'
import { clickUrlOf, destination, domain, nowMs, openUrlOf, origin, setUp, storedRef, todayMs } from './fixtures.ts'

const headers = { 'user-agent': 'curl/8.5.0', 'x-real-ip': '203.0.113.9' }
const sentMs = nowMs - 5000
const shared = { domain: 'example.com', host: 'links.example.com' }
const click = { type: 'click', part: 'html', index: 3, destination, ...shared }
const open = { type: 'open', pixel: 'end', ...shared }
const person = { userAgent: 'curl/8.5.0', clientAddress: '203.0.113.9' }
const nobody = { userAgent: null, clientAddress: null }

/** What an event says of a request, by its mode. */
const told = {
  full: { messageRef: 'r', campaignRef: null, time: nowMs, issuedAt: sentMs, ...person, signals: ['bot', 'too-fast'] },
  identified: {
    messageRef: 'r',
    campaignRef: null,
    time: nowMs,
    issuedAt: sentMs,
    ...nobody,
    signals: ['bot', 'too-fast'],
  },
  day: { messageRef: 'r', campaignRef: null, time: todayMs, issuedAt: sentMs, ...nobody, signals: [] },
  anonymous: { messageRef: null, campaignRef: 'r', time: nowMs, issuedAt: todayMs, ...nobody, signals: ['bot'] },
}

const minted = { ref: 'r', ageSeconds: 5 }
const asked = (mode: string): number => (mode === 'full' ? 1 : 0)
const rows = [
  ...(['full', 'identified', 'anonymous'] as const).map((mode) => ({
    url: clickUrlOf({ mode, ...minted }),
    asked: asked(mode),
    event: { ...click, mode, ...told[mode] },
  })),
  ...(['full', 'identified', 'day', 'anonymous'] as const).map((mode) => ({
    url: openUrlOf({ mode, ...minted }),
    asked: asked(mode),
    event: { ...open, mode, ...told[mode] },
  })),
]

describe('an event says what its mode allows', () => {
  it.each(rows)('$event.type, $event.mode', async ({ url, asked, event }) => {
    const clientAddress = vi.fn(() => '203.0.113.9')
    const { ask, settle, events } = setUp({ clientAddress })
    await ask(url, { headers })
    await settle()
    expect(events).toEqual([{ id: 'event-1', ...event }])
    expect(clientAddress).toHaveBeenCalledTimes(asked)
  })

  // What was minted decides: a domain that is now tracked in full gets no more of mail that was sent otherwise.
  it.each(rows)('$event.type, $event.mode, whatever the configuration says now', async ({ url, event }) => {
    for (const [openTracking, clickTracking] of [
      [true, true],
      ['anonymous', 'anonymous'],
      [false, false],
    ] as const) {
      const { ask, settle, events } = setUp({
        domains: { ...domain, openTracking, clickTracking },
        clientAddress: () => '203.0.113.9',
      })
      await ask(url, { headers })
      await settle()
      expect(events).toEqual([{ id: 'event-1', ...event }])
    }
  })

  // Cut to the day, issued-at says nothing of an age: just after midnight every message would look a second old.
  it('in mode anonymous, never too-fast', async () => {
    const { ask, settle, events } = setUp({ now: () => todayMs + 1000 })
    await ask(clickUrlOf({ mode: 'anonymous' }))
    await ask(openUrlOf({ mode: 'anonymous' }))
    await settle()
    expect(events.map(({ issuedAt, signals }) => [issuedAt, signals])).toEqual([
      [todayMs, []],
      [todayMs, []],
    ])
  })

  it('in mode day, to the hooks as well', async () => {
    const shouldRecord = vi.fn(() => true)
    const { ask, settle, events, context } = setUp({ shouldRecord })
    await ask(openUrlOf({ mode: 'day' }), { headers })
    await settle()
    expect(shouldRecord.mock.calls).toEqual([[events[0], context]])
    expect(events).toMatchObject([{ time: todayMs, userAgent: null, signals: [] }])
  })
})

describe('a stored reference gets its mode from the lookup', () => {
  const storedAt = (stored: StoredReference, path: string) => {
    const clientAddress = vi.fn(() => '203.0.113.9')
    const set = setUp({ findReference: () => ({ destination, issuedAt: sentMs, ...stored }), clientAddress })
    return { ...set, clientAddress, ask: () => set.ask(origin + path, { headers }) }
  }
  const clickPath = `/c/${storedRef}/3`
  const openPath = `/o/${storedRef}/1.gif`
  const flaw = (what: string, words: string) => `findReference: mode is ${what}: use one of ${words}`
  const clickWords = 'full, identified, anonymous'
  const openWords = 'full, identified, day, anonymous'

  it.each<[string, StoredReference, object]>([
    [clickPath, {}, { mode: 'full', messageRef: storedRef, campaignRef: null, ...person }],
    [clickPath, { mode: undefined }, { mode: 'full', ...person }],
    [clickPath, { campaignRef: 'july' }, { mode: 'full', messageRef: storedRef, campaignRef: 'july', ...person }],
    [clickPath, { mode: 'identified' }, { mode: 'identified', messageRef: storedRef, campaignRef: null, ...nobody }],
    [
      clickPath,
      { mode: 'anonymous' },
      { mode: 'anonymous', messageRef: null, campaignRef: storedRef, issuedAt: todayMs, ...nobody },
    ],
    [
      clickPath,
      { mode: 'anonymous', campaignRef: 'july' },
      { mode: 'anonymous', messageRef: null, campaignRef: 'july', ...nobody },
    ],
    [openPath, { mode: 'day' }, { mode: 'day', pixel: 'start', messageRef: storedRef, time: todayMs, signals: [] }],
    [openPath, { mode: 'anonymous', issuedAt: null }, { mode: 'anonymous', campaignRef: storedRef, issuedAt: null }],
  ])('%s, %j', async (path, stored, event) => {
    const { ask, settle, events, failures, clientAddress } = storedAt(stored, path)
    await ask()
    await settle()
    expect(events).toMatchObject([event])
    expect(failures).toEqual([])
    expect(clientAddress).toHaveBeenCalledTimes(stored.mode === undefined ? 1 : 0)
  })

  // The least is recorded, and what stands in the path is no campaign's.
  it.each([
    [clickPath, 'day', flaw('"day"', clickWords)],
    [clickPath, 'Full', flaw('"Full"', clickWords)],
    [clickPath, false, flaw('false', clickWords)],
    [clickPath, null, flaw('null', clickWords)],
    [openPath, '', flaw('""', openWords)],
    [openPath, 1, flaw('1', openWords)],
    [openPath, 'toString', flaw('"toString"', openWords)],
  ])('%s, and what is no mode (%s, %j) counts as the least; onError hears of it', async (path, mode, message) => {
    const { ask, settle, events, failures, clientAddress } = storedAt({ mode: mode as never }, path)
    expect((await ask()).status).toBe(path === clickPath ? 302 : 200)
    await settle()
    expect(events).toMatchObject([{ mode: 'anonymous', messageRef: null, campaignRef: null, ...nobody }])
    expect(failures).toEqual([
      { source: 'findReference', cause: expect.objectContaining({ code: 'invalid-options', message }), events: [] },
    ])
    expect(clientAddress).not.toHaveBeenCalled()
  })

  const useMs = 'use milliseconds since the epoch, of the years 2000 to 2106'
  it.each<[string, object, string]>([
    ['a BigInt', { issuedAt: BigInt(sentMs) }, `issuedAt is a bigint: ${useMs}`],
    ['a Date', { issuedAt: new Date(sentMs) }, `issuedAt is an object: ${useMs}`],
    ['a string', { issuedAt: `${sentMs}` }, `issuedAt is "${sentMs}": ${useMs}`],
    ['no number', { issuedAt: Number.NaN }, `issuedAt is NaN: ${useMs}`],
    ['seconds', { issuedAt: 1_768_478_340 }, `issuedAt is 1768478340: ${useMs}`],
    ['a number for a campaign', { campaignRef: 7 }, 'campaignRef is 7: use a string'],
  ])(
    '%s in the store does not keep the reader from the destination, and is no part of the event',
    async (_, stored, what) => {
      const { ask, settle, events, failures } = storedAt(stored as StoredReference, clickPath)
      expect((await ask()).status).toBe(302)
      await settle()
      const [field] = Object.keys(stored)
      expect(events).toMatchObject([{ messageRef: storedRef, [field!]: null }])
      expect(JSON.parse(JSON.stringify(events))).toEqual(events)
      expect(failures).toEqual([
        {
          source: 'findReference',
          cause: expect.objectContaining({ code: 'invalid-options', message: `findReference: ${what}` }),
          events: [],
        },
      ])
    },
  )
})

it.each(['identified', 'day', 'anonymous'] as const)(
  'an address that was read all the same is in no event of %s',
  (mode) => {
    const reference = { kind: 'open', mode, pixel: 'end', messageRef: null, campaignRef: null, issuedAt: null } as const
    const host = { host: 'links.example.com', domain: 'example.com' } as TrackingHost
    const read = { id: 'event-1', time: nowMs, clientAddress: '203.0.113.9' }
    expect(makeEvent(reference, host, new Headers(headers), read, () => [])).toMatchObject(nobody)
  },
)

it('no event of a mode below full carries user agent or address, and the address hook is not called', async () => {
  const text = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 })
  const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.record({ kind: fc.constant('click' as const), mode: fc.constantFrom(...clickModes) }),
        fc.record({ kind: fc.constant('open' as const), mode: fc.constantFrom(...openModes) }),
      ),
      fc.boolean(),
      visible.map((name) => `agent-${name}`),
      text,
      fc.integer({ min: 0, max: 4_000_000_000 }),
      async ({ kind, mode }, isStored, agent, address, seconds) => {
        const clientAddress = vi.fn(() => address)
        const now = 946_684_802_000 + seconds * 500
        const { ask, settle, events, failures } = setUp({
          clientAddress,
          now: () => now,
          findReference: () => ({ destination, mode, issuedAt: now - 1000 }),
        })
        const signed = kind === 'click' ? clickUrlOf({ mode: mode as 'full' }) : openUrlOf({ mode })
        const stored = kind === 'click' ? `${origin}/c/${storedRef}/3` : `${origin}/o/${storedRef}/0.gif`
        await ask(isStored ? stored : signed, { headers: { 'user-agent': agent } })
        await settle()
        const [event] = events
        expect([events.length, failures]).toEqual([1, []])
        expect(event).toMatchObject({ type: kind, mode })
        if (mode === 'full') {
          expect(event).toMatchObject({ userAgent: agent, clientAddress: address, time: now })
          return
        }
        expect(event).toMatchObject({ userAgent: null, clientAddress: null })
        expect(JSON.stringify(event)).not.toContain(agent)
        expect(clientAddress).not.toHaveBeenCalled()
        expect(event!.messageRef === null).toBe(mode === 'anonymous')
        expect(event!.time).toBe(mode === 'day' ? now - (now % 86_400_000) : now)
        if (mode === 'day') expect(event!.signals).toEqual([])
        if (mode === 'anonymous') expect(event!.issuedAt! % 86_400_000).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})
