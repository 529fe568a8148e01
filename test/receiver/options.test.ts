import { describe, expect, it, vi } from 'vitest'
import { createReceiver, createTlsAsk, type ReceiverFailure } from '../../src/receiver/index.ts'
import { errorOf } from '../kit/error-of.ts'
import { clickUrl, domain, hang, origin, setUp } from './fixtures.ts'

const onEvent = () => {}
const unused = { ...domain, trackingDomains: [] }

describe('createReceiver refuses', () => {
  it.each([
    [undefined, 'options is undefined: use an object'],
    [[], 'options is an array: use an object'],
    [
      { domains: domain, onEvent, onevent: onEvent },
      'options has no field "onevent": use domains, onEvent, onError, onMiss, findReference, mayRedirect, shouldRecord, host, clientAddress, awaitEvents, maxPending, lookupTimeoutMs, tooFastSeconds, now, createId',
    ],
    [{ domains: domain }, 'onEvent is undefined: use a function'],
    [{ domains: domain, onEvent, onError: 'log' }, 'onError is "log": use a function'],
    [{ domains: domain, onEvent, findReference: {} }, 'findReference is an object: use a function'],
    [{ domains: domain, onEvent, mayRedirect: true }, 'mayRedirect is true: use a function'],
    [{ domains: domain, onEvent, shouldRecord: false }, 'shouldRecord is false: use a function'],
    [{ domains: domain, onEvent, onMiss: 'log' }, 'onMiss is "log": use a function'],
    [{ domains: domain, onEvent, createId: 'x' }, 'createId is "x": use a function'],
    [{ domains: [], onEvent }, 'domains is empty, so that every link would be 404: list a domain'],
    [
      { domains: unused, onEvent },
      'domains has no tracking host, so that every link would be 404: list the hosts that stand in sent mail in trackingDomains',
    ],
    [
      { domains: [unused, { ...unused, name: 'other.example' }], onEvent },
      'domains has no tracking host, so that every link would be 404: list the hosts that stand in sent mail in trackingDomains',
    ],
    [{ domains: domain, onEvent, maxPending: 0 }, 'maxPending is 0: use a whole number of 1 to 1000000'],
    [{ domains: domain, onEvent, maxPending: 1_000_001 }, 'maxPending is 1000001: use a whole number of 1 to 1000000'],
    [
      { domains: domain, onEvent, lookupTimeoutMs: 60_001 },
      'lookupTimeoutMs is 60001: use a whole number of 1 to 60000',
    ],
    [{ domains: domain, onEvent, tooFastSeconds: -1 }, 'tooFastSeconds is -1: use a whole number of 0 to 86400'],
    [{ domains: domain, onEvent, tooFastSeconds: 86_401 }, 'tooFastSeconds is 86401: use a whole number of 0 to 86400'],
    [
      { domains: domain, onEvent, awaitEvents: { timeoutMs: 60_001 } },
      'awaitEvents.timeoutMs is 60001: use a whole number of 1 to 60000',
    ],
    [{ domains: domain, onEvent, host: 'links.example.com' }, 'host is "links.example.com": use a function'],
    [{ domains: domain, onEvent, clientAddress: null }, 'clientAddress is null: use a function'],
    [{ domains: domain, onEvent, now: 0 }, 'now is 0: use a function'],
    [{ domains: domain, onEvent, awaitEvents: true }, 'awaitEvents is true: use an object'],
    [
      { domains: domain, onEvent, awaitEvents: {} },
      'awaitEvents.timeoutMs is undefined: use a whole number of 1 to 60000',
    ],
    [{ domains: domain, onEvent, awaitEvents: { ms: 1 } }, 'awaitEvents has no field "ms": use timeoutMs'],
    [{ domains: domain, onEvent, lookupTimeoutMs: 0 }, 'lookupTimeoutMs is 0: use a whole number of 1 to 60000'],
    [
      { domains: domain, onEvent, lookupTimeoutMs: Number.POSITIVE_INFINITY },
      'lookupTimeoutMs is Infinity: use a whole number of 1 to 60000',
    ],
    [
      { domains: domain, onEvent, tooFastSeconds: Number.NaN },
      'tooFastSeconds is NaN: use a whole number of 0 to 86400',
    ],
  ])('%#: %j', (options, message) => {
    expect(errorOf(() => createReceiver(options as never))).toEqual({ code: 'invalid-options', message })
  })

  it.each([
    { maxPending: 1, lookupTimeoutMs: 1, tooFastSeconds: 0, awaitEvents: { timeoutMs: 1 } },
    { maxPending: 1_000_000, lookupTimeoutMs: 60_000, tooFastSeconds: 86_400, awaitEvents: { timeoutMs: 60_000 } },
  ])('neither the least nor the most: %j', (options) => {
    expect(errorOf(() => createReceiver({ domains: domain, onEvent, ...options })).code).toBe('none')
  })

  it('no domain that has no host yet, beside one that has', () => {
    expect(errorOf(() => createReceiver({ domains: [unused, domain], onEvent })).code).toBe('none')
  })

  it.each([
    [undefined, 'domain is undefined: use an object'],
    [null, 'domain is null: use an object'],
    [
      { ...domain, name: 'https://example.com' },
      'name is "https://example.com": use the sending domain, like "example.com"',
    ],
    [[domain, 7], 'domain is 7: use an object'],
  ])('domains %j', (domains, message) => {
    expect(errorOf(() => createReceiver({ domains, onEvent } as never))).toEqual({ code: 'invalid-config', message })
  })
})

it.each([
  ['a receiver', createReceiver, `${origin}/.well-known/mailtrace`],
  ['an ask for certificates', createTlsAsk, 'http://127.0.0.1:8081/?domain=links.example.com'],
])('%s waits 3 s for a lookup by default', async (_, create, url) => {
  vi.useFakeTimers()
  try {
    const failures: unknown[] = []
    const handler = create({
      domains: hang,
      onError: ({ cause }: ReceiverFailure) => failures.push(cause),
      ...(create === createReceiver && { onEvent }),
    } as never)
    const answered = vi.fn()
    const answer = handler(new Request(url)).then(answered)
    await vi.advanceTimersByTimeAsync(2999)
    expect(answered).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await answer
    expect(failures).toMatchObject([{ code: 'timed-out', message: expect.stringContaining('within 3000 ms') }])
  } finally {
    vi.useRealTimers()
  }
})

it('says which option gave no time', async () => {
  const { ask, settle, failures } = setUp({ now: () => 1_768_478_400 })
  await ask(clickUrl())
  await settle()
  expect(failures).toMatchObject([
    {
      source: 'now',
      cause: {
        code: 'invalid-options',
        message: 'now is 1768478400: use milliseconds since the epoch, of the years 2000 to 2106',
      },
    },
  ])
})

it('reads its domains once', async () => {
  const held = { ...domain, trackingDomains: [...domain.trackingDomains] }
  const receiver = createReceiver({ domains: held, onEvent })
  held.trackingDomains.length = 0
  expect((await receiver(new Request('https://links.example.com/.well-known/mailtrace'))).status).toBe(204)
})
