import { expect, it } from 'vitest'
import { createEventWriter } from '../../src/cli/event-writer.ts'
import type { ReceiverFailure, TrackingEvent } from '../../src/receiver/index.ts'

const event = (id: string): TrackingEvent => ({ id }) as TrackingEvent

/** What is written, each write held until it is let go. */
function openStore() {
  const writes: { readonly ids: string[]; readonly done: () => void; readonly fail: () => void }[] = []
  const write = (events: readonly TrackingEvent[]): Promise<void> =>
    new Promise((resolve, reject) => {
      writes.push({
        ids: events.map(({ id }) => id),
        done: resolve,
        fail: () => reject(new Error('the database is gone')),
      })
    })
  return { writes, write }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

it('an event is settled once it is written, and those that came meanwhile share the next write', async () => {
  const { writes, write } = openStore()
  const settled: string[] = []
  const writer = createEventWriter(write, () => {})
  const add = (id: string) => writer.add(event(id)).then(() => settled.push(id))
  const all = [add('a'), add('b')]
  await turn()
  all.push(add('c'), add('d'))
  await turn()
  expect(writes.map(({ ids }) => ids)).toEqual([['a', 'b']])
  expect(settled).toEqual([])
  writes[0]!.done()
  await turn()
  expect(settled).toEqual(['a', 'b'])
  expect(writes.map(({ ids }) => ids)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  writes[1]!.done()
  await Promise.all(all)
  await writer.close()
  expect(settled).toEqual(['a', 'b', 'c', 'd'])
})

it('what cannot be written is told of, keeps nobody waiting, and is tried again, at the latest at the end', async () => {
  const { writes, write } = openStore()
  const failures: ReceiverFailure[] = []
  const writer = createEventWriter(write, (failure) => void failures.push(failure))
  const added = writer.add(event('a'))
  await turn()
  writes[0]!.fail()
  await added
  expect(failures).toMatchObject([{ source: 'onEvent', cause: { message: 'the database is gone' }, events: [] }])
  const closed = writer.close()
  await turn()
  expect(writes.map(({ ids }) => ids)).toEqual([['a'], ['a']])
  writes[1]!.done()
  await closed
  expect(failures.length).toBe(1)
})

it('the end waits for what is being written', async () => {
  const { writes, write } = openStore()
  const writer = createEventWriter(write, () => {})
  const added = writer.add(event('a'))
  let isClosed = false
  const closed = writer.close().then(() => (isClosed = true))
  await turn()
  expect(isClosed).toBe(false)
  writes[0]!.done()
  await Promise.all([added, closed])
})
