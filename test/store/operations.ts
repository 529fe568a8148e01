// What a property does to a store: few messages, links and moments, so that they meet.

import fc from 'fast-check'
import type { ClickEvent, MessageDetails, OpenEvent, SavedOutcome, TrackingEvent } from '../../src/store/index.ts'
import { sentAt } from './fixtures.ts'

export const refs = ['m0', 'm1', 'm2', 'm3'] as const
export const campaigns = ['autumn', 'winter'] as const

/** One button twice, as VML for Outlook and as a link, and another link. */
const links: SavedOutcome['links'] = [
  { kind: 'tracked', index: 0, element: 'v:roundrect', name: null, destination: 'https://example.com/a' },
  { kind: 'tracked', index: 1, element: 'a', name: null, destination: 'https://example.com/a' },
  { kind: 'tracked', index: 2, element: 'a', name: 'b', destination: 'https://example.com/b' },
]

const agents = ['Firefox', 'Chrome', null] as const
const times = [0, 20, 300, 900, 4000, 43_000, 400_000, 90_000_000].map((after) => sentAt + after)

/** An event with this id is always this event: clients send a request again, never another under the same id. */
function eventOf(number: number, ref: string | null, time: number): TrackingEvent {
  const campaignRef = ref === null ? campaigns[number % 2]! : ref === 'm3' ? 'winter' : null
  const fields = {
    id: `e${number}-${ref}-${time - sentAt}`,
    messageRef: ref,
    campaignRef,
    domain: 'example.com',
    host: 'links.example.com',
    time,
    issuedAt: sentAt,
    userAgent: ref === null ? null : agents[number % 3]!,
    clientAddress: null,
    signals: number % 7 === 0 ? (['bot'] as const) : number % 5 === 0 ? (['gmail-image-proxy'] as const) : [],
  }
  const mode = ref === null ? 'anonymous' : 'full'
  if (number % 4 === 0) return { type: 'open', mode, pixel: 'end', ...fields } satisfies OpenEvent
  const index = number % 3
  return {
    type: 'click',
    mode,
    part: 'html',
    index,
    destination: 'https://example.com/',
    ...fields,
  } satisfies ClickEvent
}

const event: fc.Arbitrary<TrackingEvent> = fc
  .tuple(fc.nat(11), fc.constantFrom(...refs, null), fc.constantFrom(...times))
  .map(([number, ref, time]) => eventOf(number, ref, time))

export const batch: fc.Arbitrary<TrackingEvent[]> = fc.array(event, { maxLength: 12 })

const modes = fc.constantFrom(
  { open: 'full', click: 'full' } as const,
  { open: false, click: 'identified' } as const,
  { open: 'day', click: 'anonymous' } as const,
)

const saved: fc.Arbitrary<{ outcome: SavedOutcome; details: MessageDetails }> = fc
  .record({
    ref: fc.constantFrom(...refs),
    modes,
    details: fc.record(
      {
        domain: fc.constant('example.com'),
        campaign: fc.constantFrom(...campaigns),
        recipient: fc.constantFrom('a@example.org', 'b@example.org'),
        sentAt: fc.constantFrom(sentAt - 600_000, sentAt, sentAt + 40_000),
      },
      { requiredKeys: ['domain'] },
    ),
  })
  .map(({ ref, modes, details }) => ({
    outcome: {
      messageRef: ref,
      activation: { active: true, host: 'links.example.com', ...modes },
      links,
      issuedAt: sentAt,
    },
    // What is known of a campaign whose messages come to it by events alone is another test's.
    details: ref === 'm3' ? { campaign: 'winter', ...details } : details,
  }))

export type Operation =
  | { readonly kind: 'write'; readonly events: TrackingEvent[] }
  | { readonly kind: 'save'; readonly messages: { outcome: SavedOutcome; details: MessageDetails }[] }
  | { readonly kind: 'judge'; readonly selection: { all: true } | { messageRef: string } | { campaign: string } }
  | { readonly kind: 'forget'; readonly which: { recipient: string } | { messageRef: string } }
  | { readonly kind: 'purge'; readonly before: number }
  | { readonly kind: 'restart' | 'rebuild' }

const of = <Kind extends Operation['kind']>(
  kind: Kind,
  fields: fc.Arbitrary<Omit<Extract<Operation, { kind: Kind }>, 'kind'>>,
): fc.Arbitrary<Operation> => fields.map((each) => ({ kind, ...each }) as unknown as Operation)

export const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: of('write', fc.record({ events: batch })) },
    {
      weight: 3,
      arbitrary: of(
        'save',
        fc.record({ messages: fc.uniqueArray(saved, { maxLength: 3, selector: ({ outcome }) => outcome.messageRef }) }),
      ),
    },
    {
      weight: 1,
      arbitrary: of(
        'judge',
        fc.record({
          selection: fc.oneof(
            fc.constant({ all: true } as const),
            fc.record({ messageRef: fc.constantFrom(...refs) }),
            fc.record({ campaign: fc.constantFrom(...campaigns) }),
          ),
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: of(
        'forget',
        fc.record({
          which: fc.oneof(
            fc.record({ recipient: fc.constantFrom('a@example.org', 'b@example.org') }),
            fc.record({ messageRef: fc.constantFrom(...refs) }),
          ),
        }),
      ),
    },
    { weight: 1, arbitrary: of('purge', fc.record({ before: fc.constantFrom(...times, sentAt + 200_000) })) },
    { weight: 1, arbitrary: fc.constantFrom<Operation>({ kind: 'restart' }, { kind: 'rebuild' }) },
  ),
  { minLength: 1, maxLength: 14 },
)
