import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type EngagementEvent,
  type EngagementLink,
  type JudgeOptions,
  judgeEvents,
  type Reason,
  summarizeEngagement,
} from '../../src/engagement/index.ts'
import { rules } from '../../src/engagement/rules.ts'
import { sentAt } from './events.ts'

const time = fc.oneof(
  // Close together, so that runs come about; then anything that is a number.
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((after) => sentAt + after) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 400_000_000 }).map((after) => sentAt + after) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
)

const eventAt = (when: fc.Arbitrary<number>): fc.Arbitrary<EngagementEvent> =>
  fc.record({
    type: fc.constantFrom('click', 'open'),
    id: fc.uuid(),
    mode: fc.constantFrom('full', 'identified', 'day', 'anonymous'),
    messageRef: fc.constantFrom('m1', 'm1', 'm1', 'm2', null),
    domain: fc.constantFrom('example.com', 'example.org'),
    time: when,
    issuedAt: fc.constantFrom(sentAt, null),
    userAgent: fc.constantFrom('one', 'two', null),
    clientAddress: fc.constantFrom('192.0.2.1', '192.0.2.2', null),
    signals: fc.subarray(['apple-mpp', 'gmail-image-proxy', 'bot', 'prefetch', 'too-fast', 'odd'], { maxLength: 1 }),
    part: fc.constantFrom('html', 'html', 'text', undefined),
    index: fc.oneof(fc.nat(9), fc.constant(undefined)),
    destination: fc.constantFrom('https://example.com/', undefined),
  })

/** At least once: some come again, with the same id. */
const eventsAt = (when: fc.Arbitrary<number>) =>
  fc
    .uniqueArray(eventAt(when), { selector: ({ id }) => id, maxLength: 40 })
    .chain((events) => fc.subarray(events).map((again) => [...events, ...again.map((event) => ({ ...event }))]))
const anyEvents = eventsAt(time)

const network = ({ clientAddress }: EngagementEvent) => (clientAddress === '192.0.2.2' ? 'cloud' : null)
const anyOptions: fc.Arbitrary<JudgeOptions<EngagementEvent>> = fc.record({
  sentAt: fc.constantFrom(sentAt, undefined),
  links: fc.oneof(fc.nat(12), fc.constant(undefined)),
  network: fc.constantFrom(network, undefined),
})

const verdictsById = (events: readonly EngagementEvent[], options: JudgeOptions<EngagementEvent>) =>
  new Map(judgeEvents(events, options).map(({ event, actor, reasons }) => [event.id, { actor, reasons }]))

it('the order of events does not matter, and judging again gives the same', () => {
  fc.assert(
    fc.property(
      anyEvents.chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
        ),
      ),
      anyOptions,
      ([events, shuffled], options) => {
        const verdicts = verdictsById(events, options)
        expect(verdictsById(shuffled, options)).toEqual(verdicts)
        expect(verdictsById(events, options)).toEqual(verdicts)
      },
    ),
    { numRuns: 500 },
  )
})

it('each event has one verdict, in the order given, with reasons if and only if it is not a person', () => {
  fc.assert(
    fc.property(anyEvents, anyOptions, (events, options) => {
      const judged = judgeEvents(events, options)
      expect(judged.map(({ event }) => event)).toEqual(events)
      for (const { actor, reasons } of judged) {
        expect(reasons.length > 0).toBe(actor !== 'person')
        expect([...reasons].sort(byRank)).toEqual(reasons)
      }
    }),
  )
})
const ranks = Object.keys(rules)
const byRank = (a: Reason, b: Reason) => ranks.indexOf(a) - ranks.indexOf(b)

it('the same event again changes nothing', () => {
  fc.assert(
    fc.property(anyEvents, anyOptions, (events, options) => {
      expect(verdictsById([...events, ...events], options)).toEqual(verdictsById(events, options))
    }),
  )
})

/** What only the other events of the message can say. */
const ofBursts = new Set<Reason>(['with-burst', ...burstFacts()])
function burstFacts(): Reason[] {
  const names = Object.keys(rules) as Reason[]
  return names.slice(names.indexOf('too-quick'), names.indexOf('with-burst'))
}

it("more events never make a person's click a machine's unless a burst says so", () => {
  fc.assert(
    fc.property(anyEvents, anyEvents, anyOptions, (events, more, options) => {
      const before = verdictsById(events, options)
      for (const [id, { actor, reasons }] of verdictsById([...events, ...more], options)) {
        if (before.get(id)?.actor !== 'person' || actor === 'person') continue
        expect(actor).toBe('machine')
        expect(reasons.every((reason) => ofBursts.has(reason))).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

it('what happens a minute or more away from a click says nothing of it', () => {
  const settled = anyEvents.map((events) => events.filter(({ time: at }) => at < sentAt + 400_000_000))
  // Times of their own: adding to those above moves none that is far enough away, as -1e300 + 500,000,000 is -1e300.
  const later = eventsAt(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 500_000_000, max: 500_400_000 }).map((after) => sentAt + after) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
    ),
  )
  fc.assert(
    fc.property(settled, later, anyOptions, (events, more, options) => {
      const before = verdictsById(events, options)
      const after = verdictsById([...events, ...more], options)
      for (const [id, verdict] of before) expect(after.get(id)).toEqual(verdict)
    }),
  )
})

it('anonymous events are judged each by itself', () => {
  const anonymous = anyEvents.map((events) => events.map((event) => ({ ...event, messageRef: null })))
  fc.assert(
    fc.property(anonymous, anyOptions, (events, options) => {
      const together = judgeEvents(events, options)
      expect(together).toEqual(events.flatMap((event) => judgeEvents([event], options)))
    }),
  )
})

const anyLinks: fc.Arbitrary<EngagementLink[]> = fc.uniqueArray(
  fc.record({
    index: fc.nat(9),
    element: fc.constantFrom('a', 'v:roundrect', 'area'),
    name: fc.constantFrom('shop', null),
    destination: fc.constantFrom('https://example.com/', 'https://example.com/shop', undefined),
  }),
  { selector: ({ index }) => index },
)

it('totals add up: people, machines and proxies are all, and links are all clicks', () => {
  fc.assert(
    fc.property(anyEvents, anyOptions, anyLinks, fc.nat(50), (events, options, links, tracked) => {
      const judged = judgeEvents(events, options)
      const summary = summarizeEngagement(judged, {
        tracked: { opens: tracked, clicks: tracked, either: tracked },
        links,
      })
      const { people, machines, proxies } = summary
      const counts = [people.opens, people.clicks, machines.opens, machines.clicks, proxies.opens, proxies.clicks]
      expect(counts.reduce((sum, { total }) => sum + total, 0)).toBe(summary.events)
      expect(summary.events).toBe(new Set(events.map(({ id }) => id)).size)
      for (const { total, unique, anonymous } of counts) expect(unique + anonymous).toBeLessThanOrEqual(total)
      const sum = (of: 'people' | 'machines') => summary.links.reduce((total, link) => total + link[of].total, 0)
      expect([sum('people'), sum('machines')]).toEqual([people.clicks.total, machines.clicks.total])
      for (const rate of [
        people.opens.rate,
        people.clicks.rate,
        people.readers.rate,
        ...summary.links.map((link) => link.people.rate),
      ]) {
        if (rate !== null) expect(rate.share >= 0 && rate.share <= 1 && rate.of === tracked && tracked > 0).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

it('the order of verdicts does not matter to the counts', () => {
  fc.assert(
    fc.property(anyEvents, anyOptions, (events, options) => {
      const judged = judgeEvents(events, options)
      const tracked = { opens: 9, clicks: 9 }
      const backwards = summarizeEngagement(judged.toReversed(), { tracked })
      const destinations = new Set(events.map(({ destination }) => destination))
      if (destinations.size < 2) expect(backwards).toEqual(summarizeEngagement(judged, { tracked }))
      expect({ ...backwards, links: [] }).toEqual({ ...summarizeEngagement(judged, { tracked }), links: [] })
    }),
  )
})
