import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { forwardedAddress, type Miss, type TrackingEvent } from '../../src/receiver/index.ts'
import { createClassifier } from '../../src/receiver/signals.ts'
import { clickUrl, destination, origin, setUp, storedRef } from './fixtures.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

// V8 makes a slice of 13 characters and more a view into the text that it was cut from.
const count = 1000
const filling = 'x'.repeat(16_000)
const kilobytesKept = async (fill: (index: number) => Promise<void>): Promise<number> => {
  await fill(-1)
  const before = heapBytes()
  for (let index = 0; index < count; index++) await fill(index)
  return (heapBytes() - before) / count / 1024
}

it.each([
  [
    'a user agent that was cut',
    {},
    (index: number) => new Request(clickUrl(), { headers: { 'user-agent': `${index}${filling}` } }),
  ],
  [
    'an address from a long header',
    { clientAddress: forwardedAddress() },
    (index: number) => new Request(clickUrl(), { headers: { 'x-forwarded-for': `${index}${filling}, 203.0.113.254` } }),
  ],
  [
    'a stored reference before a long query',
    { findReference: () => ({ destination }) },
    (index: number) => new Request(`${origin}/c/${storedRef}/3?${index}${filling}`),
  ],
])('an event keeps little: %s', async (_, options, requestOf) => {
  const events: TrackingEvent[] = []
  const { receiver } = setUp({ ...options, onEvent: (event) => events.push(event) })
  const kept = await kilobytesKept(async (index) => {
    await receiver(requestOf(index))
    await receiver.drain()
  })
  expect(events).toHaveLength(count + 1)
  expect(kept).toBeLessThan(4)
})

it('user agents that were seen once are not kept in mind for ever', () => {
  const classify = createClassifier(15)
  const before = heapBytes()
  const agents = 20_000
  for (let index = 0; index < agents; index++) classify(new Headers(), `${index} ${'x'.repeat(490)}`, null)
  // 1,000 of them have 0.5 MB.
  expect((heapBytes() - before) / 1024 / 1024).toBeLessThan(4)
  classify(new Headers(), null, null)
})

it('a miss keeps little of a long host', async () => {
  const misses: Miss[] = []
  let host = ''
  const { receiver } = setUp({ host: () => host, onMiss: (miss) => misses.push(miss) })
  const kept = await kilobytesKept(async (index) => {
    host = `${index}${filling}`
    await receiver(new Request(clickUrl()))
  })
  expect(misses).toHaveLength(count + 1)
  expect(kept).toBeLessThan(4)
})
