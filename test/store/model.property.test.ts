import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStore, type Store } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import {
  createModel,
  type Model,
  modelCampaign,
  modelForget,
  modelMessage,
  modelPurge,
  modelSave,
  modelWrite,
} from './model.ts'
import { batch, campaigns, type Operation, operations, refs } from './operations.ts'

const engine = await startEngine()

async function emptyStore(): Promise<Store> {
  await engine.empty()
  return createStore({ query: engine.query })
}

async function apply(store: Store, model: Model, operation: Operation): Promise<Store> {
  switch (operation.kind) {
    case 'write':
      modelWrite(model, operation.events)
      await store.write(operation.events)
      return store
    case 'save':
      for (const { outcome, details } of operation.messages) modelSave(model, outcome, details)
      await store.saveMessages(operation.messages)
      return store
    case 'judge':
      await store.judge(operation.selection)
      return store
    case 'forget':
      expect(await store.forget(operation.which)).toEqual(modelForget(model, operation.which))
      return store
    case 'purge':
      expect((await store.purge({ before: operation.before })).events).toBe(modelPurge(model, operation.before))
      return store
    case 'rebuild':
      await store.rebuild()
      return store
    case 'restart': {
      const other = createStore({ query: engine.query })
      await other.migrate()
      return other
    }
  }
}

/** Rows that sum up to nothing say nothing. */
const rollups = async () =>
  (
    await engine.query(`
      SELECT domain, campaign, scope, key, actor, type, total::integer, messages::integer, anonymous::integer
      FROM mailtrace_rollups WHERE total <> 0 OR messages <> 0 OR anonymous <> 0
      ORDER BY domain, campaign, scope, key, actor, type`)
  ).rows

async function expectSame(store: Store, model: Model): Promise<void> {
  for (const campaign of campaigns) {
    const found = await store.campaign({ campaign })
    const expected = modelCampaign(model, campaign)
    if (found === null) expect(expected.messages + expected.summary.events).toBe(0)
    else expect(found).toMatchObject(expected)
  }
  for (const messageRef of refs) {
    const found = await store.message({ messageRef })
    const expected = modelMessage(model, messageRef)
    if (expected === null) {
      expect(found).toBeNull()
      continue
    }
    const { timeline, ...rest } = expected
    expect(found).toMatchObject(rest)
    const byId = (a: { event: { id: string } }, b: { event: { id: string } }) => (a.event.id < b.event.id ? -1 : 1)
    expect(found!.timeline.map(({ cursor, ...judged }) => judged).sort(byId)).toEqual([...timeline].sort(byId))
  }
}

it(`${engine.name} answers what plain objects do, whatever is done in whatever order`, async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (done) => {
      let store = await emptyStore()
      const model = createModel()
      for (const operation of done) store = await apply(store, model, operation)
      await expectSame(store, model)
      const counted = await rollups()
      await store.rebuild()
      expect(await rollups()).toEqual(counted)
    }),
    { numRuns: 40 },
  )
})

it('two writers of the same messages come to the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 8 }), operations, async (batches, before) => {
      let store = await emptyStore()
      const model = createModel()
      for (const operation of before) store = await apply(store, model, operation)
      for (const events of batches) modelWrite(model, events)
      const writers = [createStore({ query: engine.query }), createStore({ query: engine.query }), store]
      // Each batch by two of them, as a sink that timed out tries again while the first try is still under way.
      await Promise.all(
        batches.flatMap((events, at) => [writers[at % 3]!.write(events), writers[(at + 1) % 3]!.write(events)]),
      )
      await expectSame(store, model)
      const counted = await rollups()
      await store.rebuild()
      expect(await rollups()).toEqual(counted)
    }),
    { numRuns: 15 },
  )
})
