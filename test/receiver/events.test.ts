import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createBatchingSink,
  createReceiver,
  type MailtraceError,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, hang, nowMs, openUrl, openUrlOf, origin, setUp, storedRef } from './fixtures.ts'

const browser =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

const slowly = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('an event', () => {
  it('says of a click what was clicked, when, and by what', async () => {
    const { ask, settle, events } = setUp({ clientAddress: (request) => request.headers.get('x-real-ip') })
    await ask(clickUrl(), { headers: { 'user-agent': browser, 'x-real-ip': '203.0.113.9' } })
    await settle()
    expect(events).toEqual([
      {
        type: 'click',
        id: 'event-1',
        mode: 'full',
        part: 'html',
        index: 3,
        destination,
        messageRef: 'message-1',
        campaignRef: null,
        domain: 'example.com',
        host: 'links.example.com',
        time: nowMs,
        issuedAt: nowMs - 60_000,
        userAgent: browser,
        clientAddress: '203.0.113.9',
        signals: [],
      },
    ])
  })

  it('says of an open which message was opened; no address is read by default', async () => {
    const { ask, settle, events } = setUp()
    await ask(openUrl(domain, 'https://old.example.com'), { headers: { 'x-forwarded-for': '203.0.113.9' } })
    await settle()
    expect(events).toEqual([
      {
        type: 'open',
        id: 'event-1',
        mode: 'full',
        pixel: 'end',
        messageRef: 'message-1',
        campaignRef: null,
        domain: 'example.com',
        host: 'old.example.com',
        time: nowMs,
        issuedAt: nowMs - 60_000,
        userAgent: null,
        clientAddress: null,
        signals: [],
      },
    ])
  })

  it.each([
    [3, 'html', '3'],
    [3, 'text', 't3'],
  ] as const)('of a stored reference says what the lookup knows (%s, %s)', async (index, part, name) => {
    const findReference = vi.fn(() => ({ destination, issuedAt: nowMs - 99_000 }))
    const { ask, settle, events, context } = setUp({ findReference })
    await ask(`${origin}/c/${storedRef}/${name}`)
    await settle()
    expect(findReference.mock.calls).toEqual([
      [{ kind: 'click', domain: 'example.com', ref: storedRef, part, index }, context],
    ])
    expect(events).toMatchObject([{ messageRef: storedRef, part, index, destination, issuedAt: nowMs - 99_000 }])
  })

  it.each([
    [0, 'end'],
    [1, 'start'],
  ] as const)('of a stored open asks by message and pixel (%s, %s), and does without an age', async (number, pixel) => {
    const findReference = vi.fn(() => ({}))
    const { ask, settle, events, context } = setUp({ findReference })
    await ask(`${origin}/o/${storedRef}/${number}.gif`)
    await settle()
    expect(findReference.mock.calls).toStrictEqual([
      [{ kind: 'open', domain: 'example.com', ref: storedRef, pixel }, context],
    ])
    expect(events).toMatchObject([{ type: 'open', pixel, messageRef: storedRef, issuedAt: null, signals: [] }])
  })

  it('has an id that nobody can guess', async () => {
    const { ask, settle, events } = setUp({ createId: undefined })
    for (let i = 0; i < 3; i++) await ask(clickUrl())
    await settle()
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
    for (const { id } of events) expect(id).toMatch(/^[\w-]{22}$/)
  })

  it('survives JSON', async () => {
    const { ask, settle, events } = setUp()
    await ask(clickUrl())
    await settle()
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
  })

  it.each([
    ['x'.repeat(512), 'x'.repeat(512)],
    ['x'.repeat(513), 'x'.repeat(512)],
    [`${'x'.repeat(511)}\u00e9\u00e9`, `${'x'.repeat(511)}\u00e9`],
  ])('cuts a user agent at 512 characters', async (agent, userAgent) => {
    const { ask, settle, events } = setUp()
    await ask(clickUrl(), { headers: { 'user-agent': agent } })
    await settle()
    expect(events[0]!.userAgent).toBe(userAgent)
  })

  it('takes an address that comes later, and nothing but text', async () => {
    const answers = [Promise.resolve('203.0.113.9'), 7, undefined]
    const { ask, settle, events } = setUp({ clientAddress: () => answers.shift() as never })
    for (let i = 0; i < 3; i++) await ask(clickUrl())
    await settle()
    expect(events.map((event) => event.clientAddress).sort()).toEqual(['203.0.113.9', null, null])
  })

  it('is recorded without an address when the hook fails', async () => {
    const cause = new Error('no socket')
    const { ask, settle, events, failures } = setUp({
      clientAddress: () => {
        throw cause
      },
    })
    expect((await ask(clickUrl())).status).toBe(302)
    await settle()
    expect(events).toMatchObject([{ clientAddress: null }])
    expect(failures).toEqual([{ source: 'clientAddress', cause, events: [] }])
  })
})

describe('signals', () => {
  // Sources: what the providers' proxies were seen to send, and the Fetch standard for Sec-Purpose.
  it.each([
    ['Mozilla/5.0', {}, ['apple-mpp']],
    [
      'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
      {},
      ['gmail-image-proxy'],
    ],
    [
      'Mozilla/5.0 (Windows; U; Windows NT 5.1; de; rv:1.9.0.7) Gecko/2009021910 Firefox/3.0.7 (via ggpht.com GoogleImageProxy)',
      {},
      ['gmail-image-proxy'],
    ],
    ['YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', {}, ['yahoo-mail-proxy']],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', {}, ['bot']],
    ['curl/8.5.0', {}, ['bot']],
    [browser, {}, []],
    [browser, { 'sec-purpose': 'prefetch;prerender' }, ['prefetch']],
    [browser, { purpose: 'Prefetch' }, ['prefetch']],
    [browser, { 'x-moz': 'prefetch' }, ['prefetch']],
    [browser, { 'sec-purpose': 'other' }, []],
    ['curl/8.5.0', { purpose: 'prefetch' }, ['bot', 'prefetch']],
    ['', {}, []],
  ])('%j %j: %j', async (userAgent, headers, signals) => {
    const { ask, settle, events } = setUp()
    await ask(openUrl(), { headers: { 'user-agent': userAgent, ...headers } as Record<string, string> })
    await settle()
    expect(events.map((event) => event.signals)).toEqual([signals])
  })

  it('of more user agents than are kept in mind stay right', async () => {
    const { ask, settle, events } = setUp()
    const agents = Array.from({ length: 1001 }, (_, index) => (index % 2 ? `curl/${index}` : `${browser} ${index}`))
    for (const agent of [...agents, agents[0]!, agents[1]!]) {
      await ask(openUrl(), { headers: { 'user-agent': agent } })
      await settle()
    }
    const bots = events.map((event) => event.signals.includes('bot'))
    expect(bots).toEqual([...agents.map((_, index) => index % 2 === 1), false, true])
  })

  it.each([
    [14, undefined, ['too-fast']],
    [15, undefined, []],
    [59, 60, ['too-fast']],
    [60, 60, []],
    [0, 0, []],
    [-60, undefined, ['too-fast']],
  ])('after %s s, with tooFastSeconds %s: %j', async (age, tooFastSeconds, signals) => {
    const { ask, settle, events } = setUp(tooFastSeconds === undefined ? {} : { tooFastSeconds })
    await ask(openUrlOf({ ageSeconds: age }))
    await settle()
    expect(events.map((event) => event.signals)).toEqual([signals])
  })
})

describe('createId', () => {
  const fails = (): never => {
    throw new Error('no entropy')
  }
  it.each([
    ['fails', fails],
    ['gives nothing', () => ''],
    ['gives a promise', async () => 'x'],
    ['gives a number', () => 5],
  ])('that %s: the event gets an id of the receiver, and onError hears of it', async (_, createId) => {
    const { ask, settle, events, failures } = setUp({ createId: createId as () => string })
    expect((await ask(clickUrl())).status).toBe(302)
    await settle()
    expect(events).toMatchObject([{ type: 'click', id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) }])
    const message = expect.stringMatching(/^(?:no entropy|createId gives .+: give a text)$/)
    expect(failures).toMatchObject([{ source: 'createId', cause: { message }, events: [] }])
  })
})

describe('shouldRecord', () => {
  it.each([
    ['says no', () => false],
    ['says no later', async () => false],
  ])('that %s: the reader is served, nothing is recorded', async (_, shouldRecord) => {
    const { ask, settle, events, failures } = setUp({ shouldRecord })
    expect((await ask(clickUrl())).status).toBe(302)
    expect((await ask(openUrl())).status).toBe(200)
    await settle()
    expect([events, failures]).toEqual([[], []])
  })

  it('gets the event, and says yes', async () => {
    const shouldRecord = vi.fn((_: TrackingEvent) => true)
    const { ask, settle, events, context } = setUp({ shouldRecord })
    await ask(clickUrl())
    await settle()
    expect(shouldRecord.mock.calls).toEqual([[events[0], context]])
  })

  it.each([0, null, undefined, '', 1, 'no'])(
    'that says %j, which is no decision: nothing is recorded, and onError hears of it',
    async (answer) => {
      const { ask, settle, events, failures } = setUp({ shouldRecord: () => answer as unknown as boolean })
      expect((await ask(clickUrl())).status).toBe(302)
      await settle()
      expect(events).toEqual([])
      expect(failures).toMatchObject([
        {
          source: 'shouldRecord',
          cause: new TypeError(`shouldRecord gives ${JSON.stringify(answer)}: give true or false`),
        },
      ])
    },
  )

  it('that fails: the reader is served, and onError gets the event instead of onEvent', async () => {
    const cause = new Error('consents are down')
    const { ask, settle, events, failures } = setUp({ shouldRecord: () => Promise.reject(cause) })
    expect((await ask(clickUrl())).status).toBe(302)
    await settle()
    expect(events).toEqual([])
    expect(failures).toEqual([{ source: 'shouldRecord', cause, events: [expect.objectContaining({ type: 'click' })] }])
  })
})

it('a shouldRecord that hangs counts as failed after lookupTimeoutMs; its late consent records nothing', async () => {
  let agree = (_: boolean): void => {}
  const shouldRecord = () =>
    new Promise<boolean>((resolve) => {
      agree = resolve
    })
  const { ask, settle, events, failures } = setUp({ shouldRecord, lookupTimeoutMs: 10 })
  expect((await ask(clickUrl())).status).toBe(302)
  await settle()
  agree(true)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(events).toEqual([])
  expect(failures).toMatchObject([
    { source: 'shouldRecord', cause: { code: 'timed-out' }, events: [{ type: 'click' }] },
  ])
})

describe('a hook that changes what it was given', () => {
  it.each(['mayRedirect', 'shouldRecord'] as const)('%s changes nothing of what is recorded', async (hook) => {
    const seen: unknown[] = []
    const spoil = (event: TrackingEvent) => {
      seen.push(structuredClone(event))
      Object.assign(event, { destination: 'https://evil.example/', userAgent: 'x', messageRef: 'x' })
      ;(event.signals as string[]).push('x')
      return true
    }
    const { ask, settle, events } = setUp({ [hook]: spoil })
    const response = await ask(clickUrl(), { headers: { 'user-agent': 'curl/8.5.0' } })
    await settle()
    expect([response.status, response.headers.get('location')]).toEqual([302, destination])
    expect(events).toEqual(seen)
    expect(events).toMatchObject([{ destination, messageRef: 'message-1', userAgent: 'curl/8.5.0', signals: ['bot'] }])
  })
})

describe('what the platform passes beside the request', () => {
  it('reaches every hook, behind what the hook is about', async () => {
    const calls: Record<string, unknown[][]> = {}
    const note =
      <T>(name: string, answer: T) =>
      (...given: unknown[]): T => {
        calls[name] = [...(calls[name] ?? []), given]
        return answer
      }
    const { receiver } = setUp({
      domains: note('domains', domain),
      host: note('host', 'links.example.com'),
      findReference: note('findReference', { destination }),
      clientAddress: note('clientAddress', '203.0.113.9'),
      mayRedirect: note('mayRedirect', true),
      shouldRecord: note('shouldRecord', true),
      onEvent: (...given) => {
        note('onEvent', null)(...given)
        throw new Error('queue is full')
      },
      onError: note('onError', null),
      onMiss: note('onMiss', null),
    })
    const contexts = [{ QUEUE: 'a binding' }, { passThroughOnException: true }]
    await receiver(new Request(`${origin}/c/${storedRef}/3`), ...contexts)
    await receiver(new Request(`${origin}/c/x`), ...contexts)
    await receiver.drain()
    expect(Object.keys(calls).sort()).toEqual([
      'clientAddress',
      'domains',
      'findReference',
      'host',
      'mayRedirect',
      'onError',
      'onEvent',
      'onMiss',
      'shouldRecord',
    ])
    for (const given of Object.values(calls).flat()) expect(given.slice(1)).toEqual(contexts)
  })

  it('can be typed by the hook itself', async () => {
    const sent: string[] = []
    interface Env {
      readonly QUEUE: { send(text: string): void }
    }
    const receiver = createReceiver({
      domains: domain,
      onEvent: (event, env: Env) => env.QUEUE.send(event.type),
      clientAddress: (request, _env: Env, _context: { readonly waitUntil: unknown }) => request.url,
    })
    await receiver(new Request(clickUrl()), { QUEUE: { send: (text) => sent.push(text) } } satisfies Env, {})
    await receiver.drain()
    expect(sent).toEqual(['click'])
  })
})

describe('what is no promise, though it has a then', () => {
  const broken = new Error('no promise')
  const throwing = {
    // biome-ignore lint/suspicious/noThenProperty: this is the test
    then: () => {
      throw broken
    },
  }
  const hostile = {
    // biome-ignore lint/suspicious/noThenProperty: this is the test
    get then(): never {
      throw broken
    },
  }
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['domains', 503],
    ['host', 503],
    ['mayRedirect', 503],
    ['clientAddress', 302],
    ['shouldRecord', 302],
    ['onEvent', 302],
  ] as const)('from %s counts as failed, and leaves no timer', async (hook, status) => {
    for (const thenable of [throwing, hostile]) {
      for (const awaitEvents of [undefined, { timeoutMs: 1000 }]) {
        const { ask, receiver, failures } = setUp({ [hook]: () => thenable, awaitEvents })
        expect((await ask(clickUrl())).status).toBe(status)
        await vi.advanceTimersByTimeAsync(1)
        await receiver.drain()
        expect(failures).toMatchObject([{ source: hook, cause: broken }])
        expect(vi.getTimerCount()).toBe(0)
      }
    }
  })
})

describe('onEvent', () => {
  it('runs after the answer, even where it blocks', async () => {
    const order: string[] = []
    const { ask, settle } = setUp({ onEvent: () => order.push('event') })
    await ask(clickUrl())
    order.push('answer')
    await Promise.resolve().then(() => order.push('what a server does next'))
    await settle()
    expect(order).toEqual(['answer', 'what a server does next', 'event'])
  })

  it('runs where there is no waitUntil', async () => {
    const { receiver, events } = setUp()
    expect((await receiver(new Request(clickUrl()))).status).toBe(302)
    expect((await receiver(new Request(openUrl()), { incoming: {} })).status).toBe(200)
    await vi.waitFor(() => expect(events.map((event) => event.type)).toEqual(['click', 'open']))
  })

  it.each([
    [
      'throws',
      (cause: Error) => () => {
        throw cause
      },
    ],
    ['rejects', (cause: Error) => () => Promise.reject(cause)],
  ])('that %s: the reader is served, and onError gets the event', async (_, fail) => {
    const cause = new Error('disk full')
    const { ask, settle, failures } = setUp({ onEvent: fail(cause) })
    expect((await ask(clickUrl())).status).toBe(302)
    await settle()
    expect(failures).toEqual([{ source: 'onEvent', cause, events: [expect.objectContaining({ index: 3 })] }])
  })

  it('that hangs: the reader is served, and onError gets the event after 20 s', async () => {
    vi.useFakeTimers()
    try {
      const { ask, failures } = setUp({ onEvent: hang })
      expect((await ask(clickUrl())).status).toBe(302)
      await vi.advanceTimersByTimeAsync(19_999)
      expect(failures).toEqual([])
      await vi.advanceTimersByTimeAsync(2)
      expect(failures).toMatchObject([{ source: 'onEvent', cause: { code: 'timed-out' }, events: [{ type: 'click' }] }])
    } finally {
      vi.useRealTimers()
    }
  })

  it('that is slow keeps waitUntil, and nothing is reported', async () => {
    let finish = (): void => {}
    const { ask, settle, failures, context } = setUp({
      onEvent: () =>
        new Promise<void>((done) => {
          finish = done
        }),
    })
    const kept = vi.spyOn(context, 'waitUntil')
    await ask(clickUrl())
    expect(kept).toHaveBeenCalledTimes(1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    finish()
    await settle()
    expect(failures).toEqual([])
  })

  it('runs though waitUntil throws, which onError gets to know', async () => {
    const cause = new TypeError('illegal invocation')
    const { receiver, events, failures } = setUp()
    const context = {
      waitUntil: () => {
        throw cause
      },
    }
    expect((await receiver(new Request(clickUrl()), context)).status).toBe(302)
    await vi.waitFor(() => expect(events).toHaveLength(1))
    expect(failures).toEqual([{ source: 'waitUntil', cause, events: [] }])
  })

  it.each([
    ['the first argument', (context: object) => [context]],
    ['the second, as Workers pass it', (context: object) => [{ BINDING: 1 }, context]],
    ['the second, behind no bindings', (context: object) => [undefined, context]],
    ['a later one', (context: object) => [null, 7, 'x', { waitUntil: 'a binding of this name' }, context]],
  ])('finds waitUntil on %s', async (_, contextsOf) => {
    const { receiver, settle, events, context } = setUp()
    const kept = vi.spyOn(context, 'waitUntil')
    expect((await receiver(new Request(clickUrl()), ...contextsOf(context))).status).toBe(302)
    expect(kept).toHaveBeenCalledTimes(1)
    await settle()
    expect(events).toHaveLength(1)
  })

  it('is kept by one waitUntil, where there are several', async () => {
    const { receiver, context } = setUp()
    const other = { waitUntil: vi.fn() }
    await receiver(new Request(clickUrl()), context, other)
    expect(other.waitUntil).not.toHaveBeenCalled()
  })

  describe.each([
    ['good', clickUrl(), {}, 302, 1],
    ['failing', clickUrl(), { domains: () => Promise.reject(new Error('down')) }, 503, 0],
  ])('a waitUntil whose getter throws, for a %s request', (_, url, options, status, recorded) => {
    const cause = new Error('no waitUntil here')
    const hostile = {
      get waitUntil(): never {
        throw cause
      },
    }

    it('does not keep the reader from the answer', async () => {
      const { receiver, events, failures } = setUp(options)
      expect((await receiver(new Request(url), hostile)).status).toBe(status)
      await vi.waitFor(() => expect(events).toHaveLength(recorded))
      expect(failures).toContainEqual({ source: 'waitUntil', cause, events: [] })
    })

    it('nor the next argument from being found', async () => {
      const { receiver, context } = setUp(options)
      const kept = vi.spyOn(context, 'waitUntil')
      expect((await receiver(new Request(url), hostile, context)).status).toBe(status)
      expect(kept).toHaveBeenCalledTimes(1)
    })
  })

  it('is not missed where nothing has a waitUntil', async () => {
    const { receiver, failures } = setUp()
    await receiver(new Request(clickUrl()), { QUEUE: 'a binding' }, null, {})
    await receiver.drain()
    expect(failures).toEqual([])
  })

  it('waitUntil is called on its context', async () => {
    const { receiver } = setUp()
    const context = {
      calls: 0,
      waitUntil() {
        this.calls++
      },
    }
    await receiver(new Request(clickUrl()), context)
    expect(context.calls).toBe(1)
  })
})

describe('awaitEvents', () => {
  it('holds the answer until the event is recorded', async () => {
    const order: string[] = []
    const onEvent = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('event')
    }
    const { receiver } = setUp({ onEvent, awaitEvents: { timeoutMs: 5000 } })
    await receiver(new Request(clickUrl()))
    order.push('answer')
    expect(order).toEqual(['event', 'answer'])
  })

  it('answers after the time-out, and onError gets the event', async () => {
    const { ask, failures } = setUp({ onEvent: hang, awaitEvents: { timeoutMs: 10 } })
    expect((await ask(clickUrl())).status).toBe(302)
    expect(failures).toMatchObject([{ source: 'onEvent', cause: { code: 'timed-out' }, events: [{ type: 'click' }] }])
    expect((failures[0]!.cause as MailtraceError).message).toBe(
      '"onEvent" did not settle within 10 ms: make it faster, or allow it more time',
    )
  })

  it.each([
    ['a shouldRecord that hangs', hang, () => {}, 'shouldRecord'],
    ['an onEvent that hangs after a slow shouldRecord', () => slowly(60, true), hang, 'onEvent'],
  ])('has one limit for both hooks: %s', async (_, shouldRecord, onEvent, source) => {
    vi.useFakeTimers()
    try {
      const { ask, failures } = setUp({ shouldRecord, onEvent, awaitEvents: { timeoutMs: 100 } })
      const answered = vi.fn()
      ask(clickUrl()).then(answered)
      await vi.advanceTimersByTimeAsync(99)
      expect(answered).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(answered).toHaveBeenCalledTimes(1)
      expect(failures).toMatchObject([{ source, cause: { code: 'timed-out' }, events: [{ type: 'click' }] }])
      expect((failures[0]!.cause as MailtraceError).message).toBe(
        `"${source}" did not settle within 100 ms: make it faster, or allow it more time`,
      )
      await vi.advanceTimersByTimeAsync(60_000)
      expect(failures).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives shouldRecord no more than lookupTimeoutMs of it', async () => {
    const { ask, failures } = setUp({ shouldRecord: hang, lookupTimeoutMs: 10, awaitEvents: { timeoutMs: 60_000 } })
    expect((await ask(clickUrl())).status).toBe(302)
    expect(failures).toMatchObject([{ source: 'shouldRecord', cause: { code: 'timed-out' } }])
    expect((failures[0]!.cause as MailtraceError).message).toBe(
      '"shouldRecord" did not settle within 10 ms: make it faster, or allow it more time',
    )
  })

  it('records nothing when consent comes after the answer, as onError has the event', async () => {
    const { ask, events, failures } = setUp({
      shouldRecord: () => slowly(40, true),
      awaitEvents: { timeoutMs: 10 },
    })
    expect((await ask(clickUrl())).status).toBe(302)
    await slowly(50, true)
    expect(events).toEqual([])
    expect(failures).toMatchObject([{ source: 'shouldRecord', events: [{ type: 'click' }] }])
  })

  it('waits for longer than 20 s if it may', async () => {
    vi.useFakeTimers()
    try {
      const { ask, failures } = setUp({ onEvent: () => slowly(30_000, true), awaitEvents: { timeoutMs: 60_000 } })
      const answer = ask(clickUrl())
      await vi.advanceTimersByTimeAsync(30_000)
      expect((await answer).status).toBe(302)
      expect(failures).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves a sink that took too long under waitUntil; its late failure is not reported twice', async () => {
    let fail = (_: Error): void => {}
    const onEvent = () =>
      new Promise<void>((_, reject) => {
        fail = reject
      })
    const { ask, settle, failures, context } = setUp({ onEvent, awaitEvents: { timeoutMs: 10 } })
    const kept = vi.spyOn(context, 'waitUntil')
    await ask(clickUrl())
    // The sink, and the report of its time-out.
    expect(kept).toHaveBeenCalledTimes(2)
    fail(new Error('too late'))
    await settle()
    expect(failures.map((failure) => failure.source)).toEqual(['onEvent'])
  })

  it('answers at once when the sink fails', async () => {
    const { ask, failures } = setUp({
      onEvent: () => Promise.reject(new Error('disk full')),
      awaitEvents: { timeoutMs: 60_000 },
    })
    expect((await ask(openUrl())).status).toBe(200)
    expect(failures).toMatchObject([{ source: 'onEvent', events: [{ type: 'open' }] }])
  })

  it('records nothing for HEAD', async () => {
    const { ask, events } = setUp({ awaitEvents: { timeoutMs: 1000 } })
    await ask(clickUrl(), { method: 'HEAD' })
    expect(events).toEqual([])
  })
})

describe('drain', () => {
  it('settles at once when nothing is going on', async () => {
    const { receiver } = setUp()
    await receiver.drain()
  })

  it('waits for the events of what was answered, where the hooks are slow', async () => {
    const recorded: TrackingEvent[] = []
    const { receiver } = setUp({
      shouldRecord: () => slowly(20, true),
      onEvent: async (event) => {
        await slowly(20, true)
        recorded.push(event)
      },
    })
    await receiver(new Request(clickUrl()))
    await receiver(new Request(openUrl()))
    expect(recorded).toEqual([])
    await receiver.drain()
    expect(recorded.map((event) => event.type)).toEqual(['click', 'open'])
  })

  it('waits for an onError that keeps events elsewhere', async () => {
    const kept: TrackingEvent[] = []
    const { receiver } = setUp({
      onEvent: () => Promise.reject(new Error('disk full')),
      onError: async ({ events }) => {
        await slowly(20, true)
        kept.push(...events)
      },
    })
    await receiver(new Request(clickUrl()))
    await receiver.drain()
    expect(kept).toMatchObject([{ type: 'click' }])
  })

  it('hands every answered event to a batching sink before that closes', async () => {
    const written: TrackingEvent[] = []
    const lost = vi.fn()
    const sink = createBatchingSink({ write: (events) => written.push(...events), onError: lost })
    const { receiver } = setUp({ onEvent: sink.add, shouldRecord: () => slowly(20, true) })
    await Promise.all(Array.from({ length: 50 }, () => receiver(new Request(clickUrl()))))
    await receiver.drain()
    await sink.close()
    expect([written.length, lost.mock.calls]).toEqual([50, []])
  })

  it('ends even where every hook hangs', async () => {
    vi.useFakeTimers()
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      const { receiver } = setUp({ onEvent: hang, onError: hang })
      await receiver(new Request(clickUrl()))
      const drained = vi.fn()
      receiver.drain().then(drained)
      await vi.advanceTimersByTimeAsync(39_000)
      expect(drained).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(2_000)
      expect(drained).toHaveBeenCalledTimes(1)
      expect(printed.mock.calls).toMatchObject([['mailtrace: onError failed', { code: 'timed-out' }]])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('onError', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('log is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('log is down'))],
  ])('that %s: the reader is answered, and the console told', async (_, onError) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { ask, settle } = setUp({ domains: () => Promise.reject(new Error('down')), onError })
    expect((await ask(clickUrl())).status).toBe(503)
    await settle()
    expect(printed.mock.calls).toEqual([['mailtrace: onError failed', new Error('log is down')]])
  })

  it('and a console that both throw: the reader is answered', async () => {
    const fails = () => {
      throw new Error('no console')
    }
    vi.spyOn(console, 'error').mockImplementation(fails)
    for (const onError of [undefined, fails]) {
      const { ask, settle } = setUp({ domains: () => Promise.reject(new Error('down')), onError })
      expect((await ask(clickUrl())).status).toBe(503)
      await settle()
    }
  })

  it('by default prints the cause, but no event', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const cause = new Error('disk full')
    const { ask, settle } = setUp({ onError: undefined, onEvent: () => Promise.reject(cause) })
    await ask(clickUrl())
    await settle()
    expect(printed.mock.calls).toEqual([['mailtrace: onEvent failed, events not recorded: 1', cause]])
  })

  it('is kept alive by waitUntil too', async () => {
    const { ask, context } = setUp({ domains: () => Promise.reject(new Error('down')) })
    const kept = vi.spyOn(context, 'waitUntil')
    await ask(clickUrl())
    expect(kept).toHaveBeenCalledTimes(1)
  })
})
