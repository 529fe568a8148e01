import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../src/engagement/engagement-event.ts'
import type { Reason } from '../../../src/engagement/rules.ts'
import { joinRuns } from '../../../src/service/console/timeline-runs.ts'
import type { StoredEvent } from '../../../src/store/events.ts'

const event = (actor: Actor, reasons: readonly Reason[] = [], more: object = {}): StoredEvent =>
  ({ actor, reasons, cursor: '', event: { type: 'click', mode: 'full', ...more } }) as unknown as StoredEvent

const burst = event('machine', ['too-quick', 'quick'])

describe('the runs of a timeline', () => {
  it.each<[what: string, timeline: StoredEvent[], lengths: number[]]>([
    ['nothing', [], []],
    ['one scanner', [burst, burst, burst], [3]],
    ['two scanners', [burst, event('machine', ['bot'])], [1, 1]],
    ['one with a person between', [burst, event('person'), burst], [1, 1, 1]],
    ['people', [event('person'), event('person')], [1, 1]],
    ['proxies', [event('proxy', ['apple-mpp']), event('proxy', ['apple-mpp'])], [1, 1]],
    ['its opens and its clicks', [burst, event('machine', ['too-quick', 'quick'], { type: 'open' })], [1, 1]],
    ['two modes', [burst, event('machine', ['too-quick', 'quick'], { mode: 'identified' })], [1, 1]],
  ])('%s', (_, timeline, lengths) => {
    const runs = joinRuns(timeline)
    expect(runs.map(({ length }) => length)).toEqual(lengths)
    expect(runs.flat()).toEqual(timeline)
  })
})
