import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrackingEvent } from '../../src/receiver/index.ts'
import { clickUrl, hang, openUrl, origin, setUp } from './fixtures.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const full = (count: number) =>
  expect.objectContaining({
    code: 'sink-full',
    message: `${count} events wait for onEvent: make onEvent faster, or raise maxPending`,
  })

describe('an onEvent that hangs', () => {
  it.each([
    ['after the answer', {}],
    ['before the answer', { awaitEvents: { timeoutMs: 60_000 } }],
  ])('%s gets maxPending events; the others go to onError at once', async (_, options) => {
    const taken: TrackingEvent[] = []
    const onEvent = (event: TrackingEvent) => {
      taken.push(event)
      return hang()
    }
    const { ask, failures } = setUp({ onEvent, maxPending: 2, ...options })
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) ask(clickUrl()).then((response) => statuses.push(response.status))
    await pass(1)
    expect(taken.map(({ id }) => id)).toEqual(['event-1', 'event-2'])
    expect(failures).toEqual(
      ['event-3', 'event-4', 'event-5'].map((id) => ({
        source: 'onEvent',
        cause: full(2),
        events: [expect.objectContaining({ id })],
      })),
    )
    expect(statuses).toHaveLength('awaitEvents' in options ? 3 : 5)
    await pass(60_000)
    expect(statuses).toEqual([302, 302, 302, 302, 302])
    expect(failures.slice(3).map(({ cause, events }) => [(cause as Error).name, events[0]!.id])).toEqual([
      ['MailtraceError', 'event-1'],
      ['MailtraceError', 'event-2'],
    ])
    // There is room again.
    ask(clickUrl())
    await pass(1)
    expect(taken).toHaveLength(3)
  })

  it('by default gets 10,000', async () => {
    const { ask, failures } = setUp({ onEvent: hang })
    const url = clickUrl()
    await Promise.all(Array.from({ length: 10_001 }, () => ask(url)))
    expect(failures).toEqual([{ source: 'onEvent', cause: full(10_000), events: [expect.anything()] }])
  })

  it('with an onError that hangs too keeps no more than maxPending timers of each', async () => {
    const told = vi.fn(hang)
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { receiver, ask } = setUp({ onEvent: hang, onError: told, maxPending: 3 })
    for (let i = 0; i < 20; i++) await ask(clickUrl())
    await pass(1)
    expect(told).toHaveBeenCalledTimes(17)
    expect(vi.getTimerCount()).toBe(6)
    const drained = vi.fn()
    receiver.drain().then(drained)
    await pass(40_000)
    expect(drained).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
    expect(printed).toHaveBeenCalled()
  })
})

describe('drain', () => {
  it('does not wait for what comes while it waits', async () => {
    const finish: (() => void)[] = []
    const { receiver, ask, events } = setUp({
      shouldRecord: () => new Promise((resolve) => finish.push(() => resolve(true))),
    })
    await ask(clickUrl())
    await pass(1)
    const drained = vi.fn()
    receiver.drain().then(drained)
    for (let i = 0; i < 5; i++) {
      await ask(openUrl())
      await pass(1)
    }
    expect(drained).not.toHaveBeenCalled()
    finish[0]!()
    await pass(0)
    expect(drained).toHaveBeenCalledTimes(1)
    expect(events.map(({ type }) => type)).toEqual(['click'])
  })

  it('waits for the onError of an event that fails while it waits', async () => {
    const kept: TrackingEvent[] = []
    const { receiver, ask } = setUp({
      onEvent: () => new Promise((_, reject) => setTimeout(() => reject(new Error('disk full')), 10)),
      onError: async ({ events }) => {
        await new Promise((resolve) => setTimeout(resolve, 10))
        kept.push(...events)
      },
    })
    await ask(clickUrl())
    const drained = vi.fn(() => kept.length)
    receiver.drain().then(drained)
    await pass(19)
    expect(drained).not.toHaveBeenCalled()
    await pass(10)
    expect(drained.mock.results).toEqual([{ type: 'return', value: 1 }])
  })

  it('waits for an onError that was told of a request without an event', async () => {
    const { receiver, ask } = setUp({
      domains: () => Promise.reject(new Error('down')),
      onError: () => new Promise((resolve) => setTimeout(resolve, 10)),
    })
    expect((await ask(`${origin}/c/x`)).status).toBe(503)
    const drained = vi.fn()
    receiver.drain().then(drained)
    await pass(9)
    expect(drained).not.toHaveBeenCalled()
    await pass(1)
    expect(drained).toHaveBeenCalledTimes(1)
  })
})
