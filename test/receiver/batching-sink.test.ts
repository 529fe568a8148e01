import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type BatchingSinkOptions,
  createBatchingSink,
  type ReceiverFailure,
  type TrackingEvent,
} from '../../src/receiver/index.ts'
import { clickUrl, hang, setUp } from './fixtures.ts'

const event = (index: number): TrackingEvent => ({
  type: 'click',
  id: `event-${index}`,
  mode: 'full',
  part: 'html',
  index,
  destination: 'https://shop.example/',
  messageRef: 'm',
  campaignRef: null,
  domain: 'example.com',
  host: 'links.example.com',
  time: 0,
  issuedAt: 0,
  userAgent: null,
  clientAddress: null,
  signals: [],
})
const indexes = (events: readonly TrackingEvent[]) => events.map((item) => item.type === 'click' && item.index)

/** A sink whose writes are kept; `answer` says what each of them does. */
function setUpSink(options: Partial<BatchingSinkOptions> = {}) {
  const writes: unknown[] = []
  const failures: ReceiverFailure[] = []
  let answer: () => unknown = () => {}
  const sink = createBatchingSink({
    write: (events) => {
      writes.push(indexes(events))
      return answer()
    },
    onError: (failure) => failures.push(failure),
    ...options,
  })
  const add = (from: number, to: number) => {
    for (let index = from; index <= to; index++) sink.add(event(index))
  }
  const becomes = (next: () => unknown) => {
    answer = next
  }
  return { sink, add, becomes, writes, failures }
}

const down = new Error('database is down')
const fails = () => Promise.reject(down)
const slowly = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a batch is written', () => {
  it('when it is full', async () => {
    const { add, writes } = setUpSink({ maxBatchSize: 3 })
    add(1, 2)
    await pass(0)
    expect(writes).toEqual([])
    add(3, 3)
    await pass(0)
    expect(writes).toEqual([[1, 2, 3]])
  })

  it('when its oldest event is old enough', async () => {
    const { add, writes } = setUpSink({ maxAgeMs: 1000 })
    add(1, 1)
    await pass(900)
    add(2, 2)
    await pass(99)
    expect(writes).toEqual([])
    await pass(1)
    expect(writes).toEqual([[1, 2]])
    add(3, 3)
    await pass(999)
    expect(writes).toEqual([[1, 2]])
    await pass(1)
    expect(writes).toEqual([[1, 2], [3]])
  })

  it('one at a time, in order, with all that came meanwhile', async () => {
    const { add, becomes, writes } = setUpSink({ maxBatchSize: 2 })
    const finish: (() => void)[] = []
    becomes(() => new Promise<void>((resolve) => finish.push(resolve)))
    add(1, 5)
    await pass(0)
    expect(writes).toEqual([[1, 2]])
    finish.shift()!()
    await pass(0)
    expect(writes).toEqual([
      [1, 2],
      [3, 4],
    ])
    add(6, 6)
    finish.shift()!()
    await pass(0)
    expect(writes).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
  })

  it('also when `write` itself adds an event', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({ maxBatchSize: 1 })
    becomes(() => writes.length === 1 && sink.add(event(2)))
    add(1, 1)
    await pass(5000)
    expect(writes).toEqual([[1], [2]])
    expect(failures).toEqual([])
  })
})

describe('a write that fails', () => {
  it.each([
    ['rejects', fails],
    [
      'throws',
      () => {
        throw down
      },
    ],
  ])('as it %s is tried again, later each time', async (_, answer) => {
    const { add, becomes, writes, failures } = setUpSink({ maxBatchSize: 1, retryDelayMs: 100 })
    becomes(answer)
    const at = async (ms: number) => {
      await pass(ms)
      return writes.length
    }
    add(1, 1)
    expect([await at(0), await at(99), await at(1), await at(199), await at(1)]).toEqual([1, 1, 2, 2, 3])
    becomes(() => {})
    await pass(400)
    expect(writes).toEqual([[1], [1], [1], [1]])
    expect(failures).toEqual([])
  })

  it('never waits for longer than 30 s', async () => {
    const { add, becomes, writes } = setUpSink({ maxBatchSize: 1, retryDelayMs: 20_000, maxAttempts: 100 })
    becomes(fails)
    add(1, 1)
    await pass(20_000 + 30_000 + 30_000)
    expect(writes.length).toBe(4)
  })

  it('gives its events up after the last try, and goes on with the next', async () => {
    const { add, becomes, writes, failures } = setUpSink({ maxBatchSize: 2, maxAttempts: 2, retryDelayMs: 100 })
    becomes(fails)
    add(1, 3)
    await pass(50)
    becomes(() => writes.length > 2 || fails())
    await pass(5000)
    expect(writes).toEqual([[1, 2], [1, 2], [3]])
    expect(failures).toEqual([{ source: 'sink', cause: down, events: [event(1), event(2)] }])
  })

  it('as it hangs counts as failed', async () => {
    const { add, becomes, failures } = setUpSink({ maxBatchSize: 1, maxAttempts: 1, writeTimeoutMs: 500 })
    becomes(hang)
    add(1, 1)
    await pass(499)
    expect(failures).toEqual([])
    await pass(1)
    expect(failures).toEqual([
      {
        source: 'sink',
        cause: expect.objectContaining({
          code: 'timed-out',
          message: '"write" did not settle within 500 ms: make it faster, or allow it more time',
        }),
        events: [event(1)],
      },
    ])
  })
})

describe('a write that takes its array apart', () => {
  const consume = (list: readonly TrackingEvent[]): TrackingEvent[] => {
    const own = list as TrackingEvent[]
    const taken: TrackingEvent[] = []
    for (let next = own.shift(); next !== undefined; next = own.pop()) taken.push(next)
    return taken
  }

  it('writes each event once', async () => {
    const written: TrackingEvent[] = []
    const { add, failures } = setUpSink({ maxBatchSize: 2, write: (list) => written.push(...consume(list)) })
    add(1, 5)
    await pass(60_000)
    expect(indexes(written)).toEqual([1, 2, 3, 4, 5])
    expect(failures).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gets all of them again with the next try, and onError gets them after the last', async () => {
    const tries: unknown[] = []
    const { add, failures } = setUpSink({
      maxBatchSize: 3,
      maxAttempts: 2,
      write: (list) => {
        tries.push(indexes(consume(list)))
        return fails()
      },
    })
    add(1, 3)
    await pass(60_000)
    expect(tries).toEqual([
      [1, 3, 2],
      [1, 3, 2],
    ])
    expect(failures).toEqual([{ source: 'sink', cause: down, events: [event(1), event(2), event(3)] }])
  })

  it('or adds to it changes nothing of the next batch', async () => {
    const writes: unknown[] = []
    const { add } = setUpSink({
      maxBatchSize: 2,
      write: (list) => {
        writes.push(indexes(list))
        ;(list as TrackingEvent[]).push(event(7), event(8))
      },
    })
    add(1, 4)
    await pass(60_000)
    expect(writes).toEqual([
      [1, 2],
      [3, 4],
    ])
  })
})

describe('timers that fail', () => {
  const broken = new Error('no timers')
  it.each([
    [
      'as they are set',
      () => {
        throw broken
      },
      [['mailtrace: schedule failed', broken]],
    ],
    [
      'as they are cancelled',
      (run: () => void, afterMs: number) => {
        const timer = setTimeout(run, afterMs)
        return () => {
          clearTimeout(timer)
          throw broken
        }
      },
      [['mailtrace: schedule failed', broken]],
    ],
    [
      'as they cannot be cancelled',
      (run: () => void, afterMs: number) => setTimeout(run, afterMs) as never,
      [['mailtrace: schedule failed', expect.any(TypeError)]],
    ],
  ])('%s: add never throws, and everything is written', async (_, schedule, printed) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { sink, add, becomes, writes, failures } = setUpSink({ schedule, maxBatchSize: 2, retryDelayMs: 10 })
    becomes(() => (writes.length === 1 ? fails() : slowly(5)))
    add(1, 1)
    await pass(1000)
    add(2, 3)
    await pass(1000)
    add(4, 4)
    const closed = sink.close()
    await pass(1000)
    await closed
    expect([writes, failures]).toEqual([[[1], [1], [2, 3], [4]], []])
    expect(print.mock.calls.slice(0, 1)).toEqual(printed)
  })

  it('that run at once write at once', async () => {
    const { add, writes } = setUpSink({
      schedule: (run) => {
        run()
        return () => {}
      },
    })
    add(1, 1)
    await pass(0)
    add(2, 2)
    await pass(0)
    expect(writes).toEqual([[1], [2]])
  })
})

it('an onError and a console that both throw end nothing', async () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {
    throw new Error('no console')
  })
  const { sink, add, writes } = setUpSink({ onError: fails, maxHeld: 1 })
  add(1, 2)
  await sink.close()
  expect([writes, print.mock.calls.length]).toEqual([[[1]], 1])
})

describe('what the sink cannot hold', () => {
  it('reaches onError, those being written counted', async () => {
    const { add, becomes, failures } = setUpSink({ maxBatchSize: 2, maxHeld: 3 })
    becomes(hang)
    add(1, 4)
    await pass(0)
    expect(failures).toEqual([
      {
        source: 'sink',
        cause: expect.objectContaining({
          code: 'sink-full',
          message: 'the sink holds 3 events: make write faster, or raise maxBatchSize or maxHeld',
        }),
        events: [event(4)],
      },
    ])
  })
})

describe('close', () => {
  it('writes what is held, at once', async () => {
    const { sink, add, writes } = setUpSink({ maxBatchSize: 2 })
    add(1, 3)
    await sink.close()
    expect(writes).toEqual([[1, 2], [3]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for what is being written and tried again', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({ maxBatchSize: 1, retryDelayMs: 100 })
    becomes(() => (writes.length < 3 ? fails() : undefined))
    add(1, 2)
    await pass(10)
    let isClosed = false
    sink.close().then(() => {
      isClosed = true
    })
    await pass(199)
    expect(isClosed).toBe(false)
    await pass(1)
    expect([isClosed, writes, failures]).toEqual([true, [[1], [1], [1], [2]], []])
  })

  it.each([
    ['hangs', hang],
    ['fails', fails],
  ])('gives the rest up in time when the write %s', async (_, answer) => {
    const { sink, add, becomes, failures } = setUpSink({ maxBatchSize: 1, closeTimeoutMs: 700 })
    becomes(answer)
    add(1, 3)
    const closed = sink.close()
    await pass(700)
    await closed
    await pass(100_000)
    expect(failures).toEqual([
      {
        source: 'sink',
        cause: expect.objectContaining({
          code: 'timed-out',
          message: '"close" did not settle within 700 ms: make it faster, or allow it more time',
        }),
        events: [event(1), event(2), event(3)],
      },
    ])
  })

  it('tries at once what waits for its next try', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({ maxBatchSize: 1, retryDelayMs: 30_000 })
    becomes(fails)
    add(1, 1)
    await pass(10)
    becomes(() => {})
    await sink.close()
    expect([writes, failures]).toEqual([[[1], [1]], []])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tries again within its time what fails meanwhile', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({ retryDelayMs: 30_000, closeTimeoutMs: 1000 })
    becomes(() => (writes.length === 1 ? fails() : undefined))
    add(1, 1)
    const closed = sink.close()
    await pass(999)
    await closed
    expect([writes, failures]).toEqual([[[1], [1]], []])
  })

  it('writes nothing after it has given up', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({
      maxBatchSize: 1,
      retryDelayMs: 300,
      closeTimeoutMs: 1000,
      maxAttempts: 100,
    })
    becomes(fails)
    add(1, 1)
    const closed = sink.close()
    await pass(1000)
    await closed
    const before = writes.length
    await pass(100_000)
    expect(writes.length).toBe(before)
    expect(failures).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    // Its tries end 100 ms after they began, so that close gives up between two of them.
    ['the next try', () => slowly(100).then(fails)],
    ['a write that hangs', hang],
  ])('leaves no timer for %s behind', async (_, answer) => {
    const { sink, add, becomes } = setUpSink({ maxBatchSize: 1, maxAttempts: 100, closeTimeoutMs: 700 })
    becomes(answer)
    add(1, 1)
    const closed = sink.close()
    await pass(700)
    await closed
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer of a sink that only gathered behind', async () => {
    const { sink, add, writes } = setUpSink()
    add(1, 1)
    await sink.close()
    expect([writes, vi.getTimerCount()]).toEqual([[[1]], 0])
  })

  it('gives up what a late answer of the write could have saved, once', async () => {
    const { sink, add, becomes, writes, failures } = setUpSink({ maxBatchSize: 1, closeTimeoutMs: 700 })
    becomes(() => slowly(1000))
    add(1, 2)
    const closed = sink.close()
    await pass(700)
    await closed
    await pass(100_000)
    expect(writes).toEqual([[1]])
    expect(failures.map((failure) => indexes(failure.events))).toEqual([[1, 2]])
  })

  it('waits for the next try for a quarter of its time at most', async () => {
    const { sink, add, becomes, writes } = setUpSink({ retryDelayMs: 400, closeTimeoutMs: 1000, maxAttempts: 100 })
    becomes(fails)
    add(1, 1)
    const closed = sink.close()
    const triesAfter = async (ms: number) => {
      await pass(ms)
      return writes.length
    }
    expect([await triesAfter(249), await triesAfter(1), await triesAfter(249), await triesAfter(1)]).toEqual([
      1, 2, 2, 3,
    ])
    await pass(500)
    await closed
  })

  it('of two calls is one', async () => {
    const { sink, add, writes } = setUpSink()
    add(1, 1)
    expect(sink.close()).toBe(sink.close())
    await sink.close()
    expect(writes).toEqual([[1]])
  })

  it('takes no more, and says so', async () => {
    const { sink, add, failures } = setUpSink()
    await sink.close()
    add(1, 1)
    await sink.close()
    expect(failures).toEqual([
      {
        source: 'sink',
        cause: expect.objectContaining({
          code: 'sink-closed',
          message: 'an event came after close: stop serving before you close',
        }),
        events: [event(1)],
      },
    ])
  })
})

it('an onError that fails ends nothing, and the console is told', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { sink, add } = setUpSink({ onError: fails, maxHeld: 1 })
  add(1, 2)
  await sink.close()
  expect(printed.mock.calls).toEqual([['mailtrace: onError failed', down]])
})

it('uses the timers it is given', async () => {
  const later: [() => void, number][] = []
  const schedule = (run: () => void, afterMs: number) => {
    later.push([run, afterMs])
    return () => {}
  }
  const { add, writes } = setUpSink({ schedule, maxAgeMs: 250 })
  add(1, 1)
  expect(later.map(([, afterMs]) => afterMs)).toEqual([250])
  later[0]![0]()
  await pass(0)
  expect(writes).toEqual([[1]])
})

it('every event of a thousand clicks is written once, or given up once', async () => {
  vi.useRealTimers()
  let calls = 0
  let written = 0
  const write = async (events: readonly TrackingEvent[]) => {
    if (++calls % 3 === 0) throw down
    written += events.length
  }
  const { sink, failures } = setUpSink({ write, maxBatchSize: 30, maxAgeMs: 1, maxHeld: 400, maxAttempts: 1 })
  const { ask, settle } = setUp({ onEvent: sink.add })
  const url = clickUrl()
  await Promise.all(Array.from({ length: 1000 }, () => ask(url)))
  await settle()
  await sink.close()
  expect(failures.length).toBeGreaterThan(0)
  expect(written + failures.reduce((sum, failure) => sum + failure.events.length, 0)).toBe(1000)
})

describe('createBatchingSink refuses', () => {
  const write = () => {}
  const onError = () => {}
  it.each([
    [{ onError }, 'write is undefined: use a function'],
    [{ write }, 'onError is undefined: use a function'],
    [
      { write, onError, maxBatch: 1 },
      'options has no field "maxBatch": use write, onError, maxBatchSize, maxAgeMs, maxHeld, maxAttempts, retryDelayMs, writeTimeoutMs, closeTimeoutMs, schedule',
    ],
    [{ write, onError, maxBatchSize: 0 }, 'maxBatchSize is 0: use a whole number of 1 to 10000'],
    [{ write, onError, maxHeld: Number.POSITIVE_INFINITY }, 'maxHeld is Infinity: use a whole number of 1 to 1000000'],
    [{ write, onError, maxAgeMs: '1' }, 'maxAgeMs is "1": use a whole number of 1 to 60000'],
    [{ write, onError, maxBatchSize: 10_001 }, 'maxBatchSize is 10001: use a whole number of 1 to 10000'],
    [{ write, onError, maxAgeMs: 60_001 }, 'maxAgeMs is 60001: use a whole number of 1 to 60000'],
    [{ write, onError, maxHeld: 0 }, 'maxHeld is 0: use a whole number of 1 to 1000000'],
    [{ write, onError, maxHeld: 1_000_001 }, 'maxHeld is 1000001: use a whole number of 1 to 1000000'],
    [{ write, onError, maxAttempts: 0 }, 'maxAttempts is 0: use a whole number of 1 to 100'],
    [{ write, onError, maxAttempts: 101 }, 'maxAttempts is 101: use a whole number of 1 to 100'],
    [{ write, onError, retryDelayMs: 0 }, 'retryDelayMs is 0: use a whole number of 1 to 60000'],
    [{ write, onError, retryDelayMs: 60_001 }, 'retryDelayMs is 60001: use a whole number of 1 to 60000'],
    [{ write, onError, writeTimeoutMs: 0 }, 'writeTimeoutMs is 0: use a whole number of 1 to 60000'],
    [{ write, onError, writeTimeoutMs: 60_001 }, 'writeTimeoutMs is 60001: use a whole number of 1 to 60000'],
    [{ write, onError, closeTimeoutMs: 0 }, 'closeTimeoutMs is 0: use a whole number of 1 to 600000'],
    [{ write, onError, closeTimeoutMs: 600_001 }, 'closeTimeoutMs is 600001: use a whole number of 1 to 600000'],
    [undefined, 'options is undefined: use an object'],
    [{ write: 1, onError }, 'write is 1: use a function'],
    [{ write, onError: 1 }, 'onError is 1: use a function'],
    [{ write, onError, schedule: 1 }, 'schedule is 1: use a function'],
  ])('%#: %j', (options, message) => {
    expect(() => createBatchingSink(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    )
  })
})

it('the defaults are those of the manual', async () => {
  const { add, becomes, writes, failures } = setUpSink()
  const at = async (ms: number) => {
    await pass(ms)
    return writes.length
  }
  becomes(hang)
  add(1, 1)
  // 1 s for others, then 10 s for each try, with 0.5, 1, 2 and 4 s between them.
  expect([await at(999), await at(1), await at(10_499), await at(1)]).toEqual([0, 1, 1, 2])
  expect([await at(10_999), await at(1), await at(11_999), await at(1), await at(13_999), await at(1)]).toEqual([
    2, 3, 3, 4, 4, 5,
  ])
  await pass(10_000)
  expect(failures.map((failure) => indexes(failure.events))).toEqual([[1]])

  writes.length = 0
  add(1, 10_001)
  await pass(0)
  expect(writes).toEqual([Array.from({ length: 100 }, (_, index) => index + 1)])
  expect(failures.slice(1)).toMatchObject([{ cause: { code: 'sink-full' }, events: [{ index: 10_001 }] }])
})

it('close has 10 s by default', async () => {
  const { sink, add, becomes, failures } = setUpSink()
  becomes(hang)
  add(1, 1)
  sink.close()
  await pass(9_999)
  expect(failures).toEqual([])
  await pass(1)
  expect(failures).toMatchObject([{ events: [{ index: 1 }] }])
})
