import { beforeEach, describe, expect, it } from 'vitest'
import { createStore, type Database } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })
beforeEach(engine.empty)

/** What each statement is: `read`, `commit`, or its first word. */
function watched(before: (kind: string, nth: number) => Promise<void> = async () => {}) {
  const kinds: string[] = []
  const query: Database['query'] = async (text, values) => {
    const start = /^WITH (\w+) AS/.exec(text.trim())?.[1]
    const kind = start === 'asked' ? 'read' : start === 'task' ? 'commit' : /^\w+/.exec(text.trim())![0]
    kinds.push(kind)
    await before(kind, kinds.filter((each) => each === kind).length)
    return engine.query(text, values)
  }
  return { store: createStore({ query }), kinds }
}

const verdicts = async (messageRef: string) =>
  (await store.events({ messageRef })).items.map(({ event, actor }) => [event.id, actor])

describe(`a message that another process changes meanwhile, on ${engine.name}`, () => {
  it('is read again, and the others of the batch are written at once', async () => {
    const slow = watched(async (kind, nth) => {
      if (kind === 'commit' && nth === 1) await store.write([click('m1', 0, { id: 'theirs', time: sentAt + 43_000 })])
    })
    await slow.store.write([click('m1', 1, { id: 'ours', time: sentAt + 43_020 }), open('m2', { id: 'other' })])
    expect(slow.kinds).toEqual(['read', 'commit', 'commit', 'read', 'commit', 'SELECT'])
    expect(await verdicts('m1')).toEqual([
      ['theirs', 'machine'],
      ['ours', 'machine'],
    ])
    expect(await verdicts('m2')).toEqual([['other', 'person']])
  })

  it('is counted where it belongs, also if it was saved for another campaign', async () => {
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1' })
    const slow = watched(async (kind, nth) => {
      if (kind === 'commit' && nth === 1)
        await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c2' })
    })
    await slow.store.write([open('m1')])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ messages: 0, summary: { events: 0 } })
    expect(await store.campaign({ campaign: 'c2' })).toMatchObject({ messages: 1, summary: { events: 1 } })
  })

  it('is not written again where the other one has written the same', async () => {
    const event = open('m1')
    const slow = watched(async (kind, nth) => {
      if (kind === 'commit' && nth === 1) await store.write([event])
    })
    await slow.store.write([event])
    expect(slow.kinds).toEqual(['read', 'commit', 'read', 'SELECT'])
    expect(await verdicts('m1')).toEqual([[event.id, 'person']])
  })
})

describe('what is done', () => {
  it('for an event that is there already is one look', async () => {
    const event = open('m1')
    await store.write([event])
    const again = watched()
    await again.store.write([event])
    await again.store.write([event])
    expect(again.kinds).toEqual(['read', 'SELECT', 'read'])
  })

  it('for nothing is nothing', async () => {
    const { store: idle, kinds } = watched()
    await idle.saveMessages([])
    expect(kinds).toEqual([])
  })

  it('goes on over any number of messages and events', async () => {
    const refs = Array.from({ length: 1100 }, (_, at) => `m${at}`)
    await store.saveMessages(
      refs.map((ref) => ({ outcome: outcome(ref), details: { domain: 'example.com', campaign: 'c1' } })),
    )
    await store.write(refs.map((ref) => open(ref)))
    const anonymous = { mode: 'anonymous', campaignRef: 'c1', userAgent: null } as const
    await store.write(Array.from({ length: 5100 }, () => click(null, 0, anonymous)))
    const right = await store.campaign({ campaign: 'c1' })
    expect(right).toMatchObject({
      messages: 1100,
      people: { opens: { total: 1100, unique: 1100 }, clicks: { total: 5100, anonymous: 5100 } },
    })
    await engine.query(`UPDATE mailtrace_events SET actor = 'proxy', reasons = '{bot}'`)
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(right)
    expect((await store.messages()).items).toHaveLength(50)
    expect(await store.purge({ before: sentAt + 86_400_000 })).toEqual({ messages: 0, events: 6200 })
    expect(await store.campaign({ campaign: 'c1' })).toEqual(right)
    await store.rebuild()
    expect(await store.campaign({ campaign: 'c1' })).toEqual(right)
  })
})
