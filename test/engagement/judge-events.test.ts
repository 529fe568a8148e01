import { describe, expect, it } from 'vitest'
import { type EngagementEvent, type JudgeOptions, judgeEvents, MailtraceError } from '../../src/engagement/index.ts'
import type { TrackingEvent } from '../../src/receiver/index.ts'
import { chrome, click, hour, open, safari, sentAt } from './events.ts'

interface Case {
  readonly title: string
  readonly events: readonly EngagementEvent[]
  readonly options?: JudgeOptions<EngagementEvent>
  /** For each event: the actor, then the reasons. */
  readonly expected: readonly string[]
}

/** Links 0 to `links` - 1, one after another. */
const row = (links: number, startMs: number, gapMs: number, fields: Partial<EngagementEvent> = {}) =>
  Array.from({ length: links }, (_, index) => click(index, startMs + index * gapMs, fields))

const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text)

const alone: Case[] = [
  { title: 'one click', events: [click(0, hour)], expected: ['person'] },
  { title: 'one click a second after sending', events: [click(0, 1000)], expected: ['person'] },
  {
    title: 'one click that the receiver calls too fast',
    events: [click(0, 900, { signals: ['too-fast'] })],
    expected: ['person'],
  },
  { title: 'an open', events: [open(hour)], expected: ['person'] },
  { title: 'an open by Apple', events: [open(hour, { signals: ['apple-mpp'] })], expected: ['proxy apple-mpp'] },
  {
    title: 'an open by Gmail',
    events: [open(hour, { signals: ['gmail-image-proxy'] })],
    expected: ['proxy gmail-image-proxy'],
  },
  {
    title: 'an open by Yahoo',
    events: [open(hour, { signals: ['yahoo-mail-proxy', 'too-fast'] })],
    expected: ['proxy yahoo-mail-proxy'],
  },
  { title: 'a click by a bot', events: [click(0, hour, { signals: ['bot'] })], expected: ['machine bot'] },
  { title: 'an open by a bot', events: [open(hour, { signals: ['bot'] })], expected: ['machine bot'] },
  {
    title: 'a prefetched click by a bot',
    events: [click(0, hour, { signals: ['prefetch', 'bot'] })],
    expected: ['machine bot,prefetch'],
  },
  {
    title: 'a click under the name of a proxy',
    events: [click(0, hour, { signals: ['apple-mpp'] })],
    expected: ['machine image-proxy-click'],
  },
  {
    title: 'a click without a user agent',
    events: [click(0, hour, { userAgent: null })],
    expected: ['machine no-user-agent'],
  },
  { title: 'an open without a user agent', events: [open(hour, { userAgent: null })], expected: ['person'] },
  {
    title: 'a click in mode identified, where none is kept',
    events: [click(0, hour, { mode: 'identified', userAgent: null })],
    expected: ['person'],
  },
  { title: 'an open in mode day', events: [open(0, { mode: 'day', userAgent: null })], expected: ['proxy day-only'] },
  {
    title: 'a click in mode day, which no receiver gives',
    events: [click(0, hour, { mode: 'day' })],
    expected: ['person'],
  },
  { title: 'a click of an unknown signal', events: [click(0, hour, { signals: ['something'] })], expected: ['person'] },
  { title: 'nothing', events: [], expected: [] },
]

const persons: Case[] = [
  { title: 'two links in tabs', events: row(2, hour, 400), expected: times(2, 'person') },
  {
    title: 'three links in tabs within a second',
    events: row(3, hour, 400),
    options: { links: 9 },
    expected: times(3, 'person'),
  },
  { title: 'two links in tabs, soon after sending', events: row(2, 60_000, 400), expected: times(2, 'person') },
  {
    title: 'all three links of a mail',
    events: row(3, hour, 2000),
    options: { links: 3 },
    expected: times(3, 'person'),
  },
  // Two facts about the same: many links, and all of them.
  {
    title: 'all six links of a mail, one after another',
    events: row(6, hour, 2000),
    options: { links: 6 },
    expected: times(6, 'person'),
  },
  { title: 'the same link twice at once', events: [click(3, hour), click(3, hour + 40)], expected: times(2, 'person') },
  {
    title: 'the same link from two places (resend-node#901)',
    events: [click(3, hour), click(3, hour + 1000, { userAgent: safari, clientAddress: '198.51.100.7' })],
    expected: times(2, 'person'),
  },
  { title: 'a link every minute', events: row(9, 60_000, 60_000), options: { links: 9 }, expected: times(9, 'person') },
  {
    title: 'two links under two names, seconds apart',
    events: [click(0, hour), click(1, hour + 2001, { userAgent: safari })],
    expected: times(2, 'person'),
  },
  {
    title: 'two links from two addresses, as behind a relay',
    events: [click(0, hour), click(1, hour + 900, { clientAddress: '198.51.100.7' })],
    expected: times(2, 'person'),
  },
]

const all = [
  'too-quick',
  'many-at-once',
  'several-agents',
  'whole-message',
  'quick',
  'long-run',
  'every-link',
  'several-addresses',
  'both-parts',
  'soon-after-sending',
  'cloud-network',
]

const bursts: Case[] = [
  { title: 'two links within 100 ms', events: row(2, hour, 100), expected: times(2, 'machine too-quick,quick') },
  { title: 'two links within 101 ms, at leisure', events: row(2, hour, 101), expected: times(2, 'person') },
  {
    title: 'four links within a second',
    events: row(4, hour, 333),
    options: { quickMs: 1 },
    expected: times(4, 'machine many-at-once'),
  },
  {
    title: 'four links in more than a second',
    events: row(4, hour, 334),
    options: { quickMs: 1 },
    expected: times(4, 'person'),
  },
  {
    title: 'two links under two names at once',
    events: [click(0, hour), click(1, hour + 2000, { userAgent: safari })],
    expected: times(2, 'machine several-agents'),
  },
  {
    title: 'names that change with the link, not from one click to the next',
    events: [click(0, hour), click(0, hour + 500, { userAgent: safari }), click(1, hour + 1000, { userAgent: safari })],
    expected: times(3, 'machine several-agents'),
  },
  {
    title: 'two names on the same link, another link later',
    events: [0, 1].flatMap((index) => [
      click(index, hour + index * 3000),
      click(index, hour + index * 3000 + 500, { userAgent: safari }),
    ]),
    expected: times(4, 'person'),
  },
  {
    title: 'a name that is not known is no other name',
    events: [click(0, hour), click(1, hour + 500, { mode: 'identified', userAgent: null })],
    expected: times(2, 'person'),
  },
  {
    title: 'one of two clicks from a cloud, soon after sending',
    events: row(2, 43_000, 1100),
    options: { sentAt, network: ({ index }) => (index === 0 ? 'cloud' : null) },
    expected: times(2, 'machine soon-after-sending,cloud-network'),
  },
  {
    title: 'a second a link, all seven, days later (mautic#9798)',
    events: row(7, 72 * hour, 1100),
    options: { links: 8 },
    expected: times(7, 'machine whole-message,long-run,every-link'),
  },
  {
    title: 'a second a link, all six',
    events: row(6, 72 * hour, 1100),
    options: { links: 6 },
    expected: times(6, 'person'),
  },
  {
    title: 'a second a link, all three, soon after sending',
    events: row(3, 43_000, 1100),
    options: { sentAt, links: 3 },
    expected: times(3, 'machine every-link,soon-after-sending'),
  },
  {
    title: 'a second a link, two of two: too few to tell',
    events: row(2, 43_000, 1100),
    options: { sentAt, links: 2 },
    expected: times(2, 'person'),
  },
  {
    title: 'a second a link, five of ninety, soon after sending',
    events: row(5, 300_000, 1100),
    options: { sentAt, links: 90 },
    expected: times(5, 'machine long-run,soon-after-sending'),
  },
  {
    title: 'the same, later',
    events: row(5, 300_001, 1100),
    options: { sentAt, links: 90 },
    expected: times(5, 'person'),
  },
  {
    title: 'four of five links are nearly all',
    events: row(4, 43_000, 1100),
    options: { sentAt, links: 5 },
    expected: times(4, 'machine every-link,soon-after-sending'),
  },
  {
    title: 'four of six are not',
    events: row(4, 43_000, 1100),
    options: { sentAt, links: 6 },
    expected: times(4, 'person'),
  },
  {
    title: 'two links in 350 ms, soon after sending',
    events: row(2, 43_000, 350),
    options: { sentAt },
    expected: times(2, 'machine quick,soon-after-sending'),
  },
  {
    title: 'from many addresses, soon after sending',
    events: [click(0, 43_000), click(1, 44_000, { clientAddress: '198.51.100.7' })],
    options: { sentAt },
    expected: times(2, 'machine several-addresses,soon-after-sending'),
  },
  {
    title: 'addresses that nobody knows are not different',
    events: [click(0, 43_000), click(1, 44_000, { clientAddress: null })],
    options: { sentAt },
    expected: times(2, 'person'),
  },
  {
    title: 'of both parts, soon after sending',
    events: [click(0, 43_000), click(0, 44_000, { part: 'text' })],
    options: { sentAt },
    expected: times(2, 'machine both-parts,soon-after-sending'),
  },
  {
    title: 'from a cloud, soon after sending',
    events: row(2, 43_000, 1100),
    options: { sentAt, network: () => 'cloud' },
    expected: times(2, 'machine soon-after-sending,cloud-network'),
  },
  {
    title: 'from a cloud and several addresses: both say where',
    events: [click(0, hour), click(1, hour + 900, { clientAddress: '198.51.100.7' })],
    options: { network: () => 'cloud' },
    expected: times(2, 'person'),
  },
  {
    title: 'one click from a cloud, soon after sending',
    events: [click(0, 43_000)],
    options: { sentAt, network: () => 'cloud' },
    expected: ['person'],
  },
  {
    title: 'one click from where only scanners are',
    events: [click(0, hour)],
    options: { network: () => 'scanner' },
    expected: ['machine scanner-network'],
  },
  {
    title: 'everything at once',
    events: [...row(7, 1000, 10), click(0, 1080, { part: 'text', userAgent: safari, clientAddress: '198.51.100.7' })],
    options: { sentAt, links: 8, network: () => 'cloud' },
    expected: times(8, `machine ${all}`),
  },
  { title: 'clicks at the very same time', events: row(3, hour, 0), expected: times(3, 'machine too-quick,quick') },
  {
    title: 'a run goes on over pauses of 5 s',
    events: row(5, 43_000, 5000),
    options: { sentAt },
    expected: times(5, 'machine long-run,soon-after-sending'),
  },
  { title: 'and ends at longer ones', events: row(5, 43_000, 5001), options: { sentAt }, expected: times(5, 'person') },
]

const later: Case[] = [
  {
    title: 'scanned, read by a person, forwarded and scanned again (django-anymail#200)',
    events: [...row(5, 43_000, 50), click(2, 2 * hour), ...row(5, 50 * hour, 50), click(1, 51 * hour)],
    options: { quickMs: 1 },
    expected: [
      ...times(5, 'machine too-quick,many-at-once,long-run,soon-after-sending'),
      'person',
      ...times(5, 'machine too-quick,many-at-once,long-run'),
      'person',
    ],
  },
  {
    title: 'a person follows a link from elsewhere while a scanner is at it',
    events: [...row(5, 43_000, 50), click(2, 45_000, { userAgent: safari, clientAddress: '198.51.100.7' })],
    options: { quickMs: 1 },
    expected: [...times(5, 'machine too-quick,many-at-once,long-run,soon-after-sending'), 'person'],
  },
  {
    title: 'the same, delivered twice',
    events: [
      ...row(5, 43_000, 50),
      ...times(2, 'again').map((id) => click(2, 45_000, { id, userAgent: safari, clientAddress: '198.51.100.7' })),
    ],
    options: { quickMs: 1 },
    expected: [...times(5, 'machine too-quick,many-at-once,long-run,soon-after-sending'), 'person', 'person'],
  },
  {
    title: 'a scanner that comes twice from elsewhere is no such person',
    events: [...row(2, 43_000, 50), ...row(2, 45_000, 50, { clientAddress: '198.51.100.7' })],
    options: { quickMs: 1 },
    expected: times(4, 'machine too-quick,several-addresses,soon-after-sending'),
  },
  {
    title: 'a bot that names itself makes no burst of the click beside it',
    events: [click(0, hour, { signals: ['bot'] }), click(1, hour + 10)],
    expected: ['machine bot', 'person'],
  },
  {
    title: 'a scanner of a known network neither',
    events: [click(0, hour, { clientAddress: '198.51.100.7' }), click(1, hour + 10)],
    options: { network: ({ clientAddress }) => (clientAddress === '198.51.100.7' ? 'scanner' : null) },
    expected: ['machine scanner-network', 'person'],
  },
]

const machineOpen = 'machine with-burst'
const burst = times(4, 'machine too-quick,many-at-once,quick')
const soonBurst = times(4, 'machine too-quick,many-at-once,quick,soon-after-sending')

const opens: Case[] = [
  {
    title: 'by the client of a burst, before it (craft-campaign#546)',
    events: [open(9_000), ...row(4, 43_000, 50)],
    options: { sentAt },
    expected: [machineOpen, ...soonBurst],
  },
  {
    title: 'by the client of a burst, at any time',
    events: [open(hour - 300_000), ...row(4, hour, 50)],
    options: { sentAt },
    expected: [machineOpen, ...burst],
  },
  {
    title: 'longer before',
    events: [open(hour - 300_001), ...row(4, hour, 50)],
    options: { sentAt },
    expected: ['person', ...burst],
  },
  {
    title: 'at its end',
    events: [open(hour + 150), ...row(4, hour, 50)],
    options: { sentAt },
    expected: [machineOpen, ...burst],
  },
  {
    title: 'after it',
    events: [open(hour + 151), ...row(4, hour, 50)],
    options: { sentAt },
    expected: ['person', ...burst],
  },
  {
    title: 'before the second of two',
    events: [open(3 * hour), ...row(4, hour, 50), ...row(4, 3 * hour + 10, 50)],
    options: { sentAt },
    expected: [machineOpen, ...burst, ...burst],
  },
  {
    title: 'between two, far from both',
    events: [open(2 * hour), ...row(4, hour, 50), ...row(4, 3 * hour, 50)],
    options: { sentAt },
    expected: ['person', ...burst, ...burst],
  },
  {
    title: 'of the same name from elsewhere',
    events: [open(hour - 1000, { clientAddress: '198.51.100.7' }), ...row(4, hour, 50)],
    options: { sentAt },
    expected: ['person', ...burst],
  },
  {
    title: 'of the same name from elsewhere, soon after sending',
    events: [open(9_000, { clientAddress: '198.51.100.7' }), ...row(4, 43_000, 50)],
    options: { sentAt },
    expected: [machineOpen, ...soonBurst],
  },
  {
    title: 'of another name',
    events: [open(9_000, { userAgent: safari }), ...row(4, 43_000, 50)],
    options: { sentAt },
    expected: ['person', ...soonBurst],
  },
  {
    title: 'of unknown clients, soon after sending',
    events: [open(9_000, { userAgent: null }), ...row(4, 43_000, 50, { userAgent: null, mode: 'identified' })],
    options: { sentAt },
    expected: [machineOpen, ...soonBurst],
  },
  {
    title: 'of unknown clients, later',
    events: [open(hour - 9_000, { userAgent: null }), ...row(4, hour, 50, { userAgent: null, mode: 'identified' })],
    options: { sentAt },
    expected: ['person', ...burst],
  },
  {
    title: 'by a proxy, which stays one',
    events: [open(9_000, { signals: ['gmail-image-proxy'] }), ...row(4, 43_000, 50)],
    options: { sentAt },
    expected: ['proxy gmail-image-proxy', ...soonBurst],
  },
  {
    title: "before a person's click (MillionSend#22: a click of a person implies an open)",
    events: [open(9_000), click(0, 12_000)],
    options: { sentAt },
    expected: times(2, 'person'),
  },
]

const clock: Case[] = [
  {
    title: 'sentAt is the hand-over, not the rendering (warmbly#438)',
    events: row(2, 43_000, 300, { issuedAt: sentAt - 20 * 60_000 }),
    options: { sentAt },
    expected: times(2, 'machine quick,soon-after-sending'),
  },
  {
    title: 'without sentAt, the time of instrumenting counts',
    events: row(2, 43_000, 300, { issuedAt: sentAt - 20 * 60_000 }),
    expected: times(2, 'person'),
  },
  { title: 'and is soon too', events: row(2, 43_000, 300), expected: times(2, 'machine quick,soon-after-sending') },
  {
    title: 'with neither, what the receiver said',
    events: row(2, 43_000, 300, { issuedAt: null, signals: ['too-fast'] }),
    expected: times(2, 'machine quick,soon-after-sending'),
  },
  { title: 'and without that, nothing', events: row(2, 43_000, 300, { issuedAt: null }), expected: times(2, 'person') },
]

const messages: Case[] = [
  {
    title: 'two messages are two',
    events: [click(0, hour), click(1, hour, { messageRef: 'm2' })],
    expected: times(2, 'person'),
  },
  {
    title: 'two domains are two',
    events: [click(0, hour), click(1, hour, { domain: 'example.org' })],
    expected: times(2, 'person'),
  },
  {
    title: 'anonymous events of a campaign are no burst',
    events: row(5, hour, 10, { mode: 'anonymous', messageRef: null, userAgent: null }),
    expected: times(5, 'person'),
  },
  {
    title: 'an anonymous bot is one',
    events: [click(0, hour, { mode: 'anonymous', messageRef: null, userAgent: null, signals: ['bot'] })],
    expected: ['machine bot'],
  },
  {
    title: 'the same id twice is one click',
    events: [click(0, hour, { id: 'x' }), click(0, hour, { id: 'x' })],
    expected: times(2, 'person'),
  },
  {
    title: 'and has one verdict',
    events: [click(0, hour, { id: 'x' }), click(1, hour), click(0, hour, { id: 'x' })],
    expected: times(3, 'machine too-quick,quick'),
  },
  {
    title: 'the order given is kept',
    events: [click(2, hour + 200), click(0, 30 * hour), click(1, hour + 150)],
    expected: ['machine too-quick,quick', 'person', 'machine too-quick,quick'],
  },
  {
    title: 'a time that is no number leaves the others in their order',
    events: [click(7, Number.NaN), click(4, Number.NaN), click(8, hour), click(1, hour + 6000)],
    expected: times(4, 'person'),
  },
  {
    title: 'times that are none',
    events: [click(0, Number.NaN), click(1, Number.POSITIVE_INFINITY), open(Number.NaN), click(2, hour)],
    expected: times(4, 'person'),
  },
]

describe.each(Object.entries({ alone, persons, bursts, later, opens, clock, messages }))('%s', (_, cases) => {
  it.each(cases)('$title', ({ events, options = {}, expected }) => {
    const judged = judgeEvents(events, options)
    expect(judged.map(({ actor, reasons }) => [actor, reasons.join()].filter(Boolean).join(' '))).toEqual(expected)
    expect(judged.map(({ event }) => event)).toEqual(events)
  })
})

describe('options', () => {
  const refused: [title: string, options: object, message: string][] = [
    [
      'an unknown one',
      { sendAt: 1 },
      /^options has no field "sendAt": use sentAt, links, network, burstGapMs, /.source,
    ],
    [
      'a time in a Date',
      { sentAt: new Date(0) },
      '^sentAt is an object: use milliseconds since the epoch, of the years 2000 to 2106$',
    ],
    ['half a link', { links: 0.5 }, '^links is 0.5: use a whole number of 0 to 100000$'],
    ['no pause', { burstGapMs: 0 }, '^burstGapMs is 0: use a whole number of 1 to 60000$'],
    ['a share', { everyLinkPercent: 101 }, '^everyLinkPercent is 101: use a whole number of 1 to 100$'],
    ['a network', { network: 'scanner' }, '^network is "scanner": use a function$'],
    [
      'a network that asks elsewhere',
      { network: async () => null },
      '^network gave an object: use "scanner", "cloud" or null, at once$',
    ],
    [
      'a network of another name',
      { network: () => 'vpn' },
      '^network gave "vpn": use "scanner", "cloud" or null, at once$',
    ],
  ]
  it.each(refused)('%s is refused', (_, options, message) => {
    const call = () => judgeEvents([click(0, hour)], options)
    expect(call).toThrow(MailtraceError)
    expect(call).toThrow(expect.objectContaining({ code: 'invalid-options', message: expect.stringMatching(message) }))
  })

  const undefinedOnes = { sentAt: undefined, links: undefined, network: undefined, burstGapMs: undefined }
  it('may be undefined', () => {
    expect(judgeEvents(row(2, hour, 100), undefinedOnes)[0]!.actor).toBe('machine')
  })

  it('network is asked of clicks alone (warmbly#412)', () => {
    const asked: EngagementEvent[] = []
    const events = [open(hour), click(0, hour)]
    judgeEvents(events, {
      network: (event) => {
        asked.push(event)
        return null
      },
    })
    expect(asked).toEqual([events[1]])
  })

  const moved: [name: string, options: JudgeOptions<EngagementEvent>, events: EngagementEvent[]][] = [
    ['burstGapMs', { burstGapMs: 999 }, row(5, 43_000, 1000)],
    ['tooQuickMs', { tooQuickMs: 49, quickMs: 1 }, row(2, hour, 50)],
    ['manyLinks', { manyLinks: 5, quickMs: 1 }, row(4, hour, 200)],
    ['manyWithinMs', { manyWithinMs: 500, quickMs: 1 }, row(4, hour, 200)],
    ['agentsWithinMs', { agentsWithinMs: 499 }, [click(0, hour), click(1, hour + 500, { userAgent: safari })]],
    ['quickMs', { quickMs: 299 }, row(2, 43_000, 300)],
    ['longRunLinks', { longRunLinks: 6 }, row(5, 43_000, 1000)],
    ['everyLinkPercent', { everyLinkPercent: 100, links: 5 }, row(4, 43_000, 1000)],
    ['wholeMessageLinks', { wholeMessageLinks: 10, links: 9 }, row(9, hour, 1000)],
    ['soonMs', { soonMs: 42_999 }, row(2, 43_000, 300)],
    ['openBeforeMs', { openBeforeMs: 999 }, [open(hour), ...row(2, hour + 1000, 10)]],
  ]
  it.each(moved)('%s moves the verdict', (name, options, events) => {
    const { [name as 'links']: _, ...others } = options
    expect(judgeEvents(events, others)[0]!.actor).toBe('machine')
    expect(judgeEvents(events, options)[0]!.actor).toBe('person')
  })
})

it('takes what the receiver gives', () => {
  const judge = (events: readonly TrackingEvent[]) => judgeEvents(events)
  expect(judge([])).toEqual([])
})

it('judges 10,000 events of one message in well under a second', () => {
  const events = Array.from({ length: 10_000 }, (_, number) =>
    number % 3 === 0
      ? open(number * 2000)
      : click(number % 97, number * 1700, { userAgent: number % 2 ? chrome : safari }),
  )
  judgeEvents(events, { links: 97 })
})
