import { load } from 'cheerio'
import { describe, expect, it } from 'vitest'
import { DayChart } from '../../../src/service/console/parts/chart.tsx'
import { EventDetails, EventHeadline, EventReasons } from '../../../src/service/console/parts/event-text.tsx'
import { FeedItem } from '../../../src/service/console/parts/feed.tsx'
import { Findings } from '../../../src/service/console/parts/findings.tsx'
import { LinkTable } from '../../../src/service/console/parts/link-table.tsx'
import { ActorTable, Meter, PeopleTile, ShareCell } from '../../../src/service/console/parts/numbers.tsx'
import { Pager } from '../../../src/service/console/parts/pager.tsx'
import { Foreign, Time } from '../../../src/service/console/parts/small.tsx'
import type { StoredEvent } from '../../../src/store/events.ts'

const rendered = (html: unknown) => load(String(html), null, false)
const textOf = (html: unknown): string => rendered(html).root().text().replace(/\s+/g, ' ').trim()

const count = (total = 0, unique = total, anonymous = 0) => ({ total, unique, anonymous })

describe('a share says what it is of', () => {
  it.each([
    [0, 0, '0not tracked'],
    [3, 0, '3no rate'],
    [0, 9, '0 %0 of 9'],
    [3, 9, '33.3 %3 of 9'],
    [9, 9, '100 %9 of 9'],
    [10, 9, '1010 of 9'],
  ])('%i of %i', (unique, of, text) => {
    expect(textOf(ShareCell({ unique, of }))).toBe(text)
  })

  it.each([
    [{ unique: 3, rate: { share: 0.25, of: 12 } }, 'Opened25.0 %3 of 12 messages that count opens', '25.00%'],
    [{ unique: 1, rate: null }, 'Opened11 message; no rate without a number of messages that count opens', undefined],
  ])('%j', (people, text, width) => {
    const tile = PeopleTile({ name: 'Opened', count: people, of: 'that count opens' })
    expect(textOf(tile)).toBe(text)
    expect(rendered(tile)('.fill').attr('width')).toBe(width)
  })

  it.each([
    [0, '0.00%'],
    [0.333_333, '33.33%'],
    [1.5, '100.00%'],
  ])('as a bar, %d', (share, width) => {
    expect(rendered(Meter({ share }))('.fill').attr('width')).toBe(width)
  })
})

it('who was behind it: people, proxies and machines, with anonymous ones named', () => {
  const people = { opens: { ...count(5, 3, 2), rate: null }, clicks: { ...count(1), rate: null } }
  const summary = {
    people: { ...people, readers: { unique: 3, rate: null } },
    proxies: { opens: count(4), clicks: count() },
    machines: { opens: count(), clicks: count(1200, 30) },
  }
  const $ = rendered(ActorTable({ summary, caption: 'x' }))
  const rows = $('tbody tr')
    .toArray()
    .map((row) => [$(row).find('.badge').text(), $(row).find('td').eq(0).text(), $(row).find('td').eq(1).text()])
  expect(rows).toEqual([
    ['People', '5in 3 messages2 anonymous', '1in 1 message'],
    ['Proxies', '4in 4 messages', '0none'],
    ['Machines', '0none', '1,200in 30 messages'],
  ])
})

describe('a link', () => {
  const link = {
    part: 'html' as const,
    index: 3,
    name: null,
    destination: 'https://example.org/',
    twins: [],
    people: { ...count(4, 2), rate: { share: 0.2, of: 10 } },
    machines: count(7),
  }

  it.each([
    ['by its destination', {}, '3https://example.org/42 of 10, 20.0 %7'],
    ['by its name, too', { name: 'Top' }, '3Tophttps://example.org/42 of 10, 20.0 %7'],
    ['that nobody knows', { destination: null }, '3unknown destination42 of 10, 20.0 %7'],
    ['of the text part', { part: 'text' as const }, '3text parthttps://example.org/42 of 10, 20.0 %7'],
    [
      'with its form for Outlook',
      { twins: [2, 4] },
      '3https://example.org/with its form for Outlook, no. 2, 442 of 10, 20.0 %7',
    ],
    ['without a rate', { people: { ...count(4, 2), rate: null } }, '3https://example.org/42 of ?7'],
    ['that no person followed', { people: { ...count(), rate: null } }, '3https://example.org/0none7'],
  ])('%s', (_, more, text) => {
    const $ = rendered(LinkTable({ links: [{ ...link, ...more }], caption: 'x' }))
    expect($('tbody').text().replace(/\s+/g, ' ')).toBe(text)
  })

  it('has a bar in proportion to the one that most followed', () => {
    const other = { ...link, people: { ...count(1), rate: null } }
    const $ = rendered(LinkTable({ links: [link, other], caption: 'x' }))
    expect(
      $('.fill')
        .toArray()
        .map((bar) => $(bar).attr('width')),
    ).toEqual(['100.00%', '25.00%'])
  })
})

const stored = (event: object, more: Partial<StoredEvent> = {}): StoredEvent =>
  ({
    actor: 'person',
    reasons: [],
    cursor: 'x',
    event: {
      type: 'click',
      mode: 'full',
      part: 'html',
      index: 2,
      destination: 'https://example.org/',
      messageRef: 'm1',
      campaignRef: null,
      domain: 'example.com',
      time: Date.UTC(2026, 10, 24, 20),
      userAgent: null,
      clientAddress: null,
      ...event,
    },
    ...more,
  }) as unknown as StoredEvent

describe('an event', () => {
  it.each<[what: string, stored: StoredEvent]>([
    ['Followed link 2Person', stored({})],
    ['Followed link 2 of the text partPerson', stored({ part: 'text' })],
    ['Requested link 2Machine', stored({}, { actor: 'machine', reasons: ['bot'] })],
    ['OpenedPerson', stored({ type: 'open' })],
    ['Image loadedProxy', stored({ type: 'open' }, { actor: 'proxy', reasons: ['apple-mpp'] })],
    ['Image loadedMachine', stored({ type: 'open' }, { actor: 'machine', reasons: ['bot'] })],
    ['Followed link 2PersonIdentified', stored({ mode: 'identified' })],
    ['OpenedPersonAnonymous', stored({ type: 'open', mode: 'anonymous' })],
  ])('%s', (text, event) => {
    expect(textOf(EventHeadline({ stored: event }))).toBe(text)
  })

  it('says why it is no person’s, in the words of the rules', () => {
    expect(EventReasons({ stored: stored({}) })).toBeNull()
    const $ = rendered(EventReasons({ stored: stored({}, { actor: 'machine', reasons: ['bot', 'quick'] }) }))
    expect(
      $('li')
        .toArray()
        .map((item) => $(item).text()),
    ).toEqual(['the user agent names a machine (bot)', 'two different links, as quickly as few people click (quick)'])
  })

  it.each([
    [{ type: 'open' }, ''],
    [{}, 'https://example.org/'],
    [{ type: 'open', userAgent: 'Firefox' }, 'Firefox'],
    [{ type: 'open', userAgent: 'Firefox', clientAddress: '203.0.113.9' }, 'Firefox, from 203.0.113.9'],
    [{ userAgent: 'a\u0007\u202eb<i>' }, String.raw`https://example.org/a\u0007\u202eb<i>`],
  ])('tells of its request %j', (event, text) => {
    expect(textOf(EventDetails({ stored: stored(event) }))).toBe(text)
  })

  it.each([
    [{ messageRef: 'm1' }, '/messages/m1?domain=example.com', 'Message m1'],
    [{ messageRef: null, campaignRef: 'a&b' }, '/campaign?name=a%26b&domain=example.com', 'Campaign a&b'],
    [{ messageRef: null }, undefined, ''],
    [
      { messageRef: 'abcdefghijklmnopqrstuv' },
      '/messages/abcdefghijklmnopqrstuv?domain=example.com',
      'Message abcdefghijklm…',
    ],
  ])('leads to what it is of: %j', (event, href, text) => {
    const $ = rendered(FeedItem({ stored: stored(event) }))
    expect([$('.small a').attr('href'), $('.small').last().text()]).toEqual([href, text])
  })

  it('of mode day has a day and no time', () => {
    const $ = rendered(FeedItem({ stored: stored({ mode: 'day', type: 'open' }) }))
    expect($('time').text()).toBe('24 Nov 2026')
  })
})

describe('findings', () => {
  const record = { name: 'example.com', type: 'CAA', value: '0 issue "letsencrypt.org"' } as const
  const cname = { name: 'links.example.com', type: 'CNAME', value: 'x.example.net' } as const

  it.each([
    [{ kind: 'not-found', message: 'm', record: cname }, 'bad', 'There is no CNAME record yet.M.'],
    [
      { kind: 'tls-not-ready', message: 'm.', url: 'u', reason: 'r' },
      'warn',
      'The host does not answer over TLS as it should.M.',
    ],
    [
      { kind: 'lookup-failed', message: 'm', name: 'n', reason: 'r' },
      'warn',
      'DNS could not be asked where the CNAME record points.M.',
    ],
    [
      { kind: 'caa-forbids', message: 'm', name: 'example.com', fixedBy: 'domain-owner', record },
      'neutral',
      'CAA records forbid the certificate of the host.M.AddCAANameexample.comCopy the name of the CAA recordValue0 issue "letsencrypt.org"Copy the value of the CAA record',
    ],
    [
      { kind: 'caa-forbids', message: 'm', name: 'example.com', fixedBy: 'operator', record: null },
      'neutral',
      'CAA records forbid the certificate of the host.M.',
    ],
  ] as const)('%j', (finding, tone, text) => {
    const $ = rendered(Findings({ findings: [finding], host: 'links.example.com' }))
    expect([$('li').attr('class'), $('li').text()]).toEqual([`notice ${tone}`, text])
  })
})

describe('the way through a list', () => {
  const pager = (after: string | undefined, next: string | null) =>
    Pager({ path: '/messages', fields: { campaign: 'a&b', domain: null }, after, next, name: 'messages' })
  const links = (html: unknown) => {
    const $ = rendered(html)
    return $('a')
      .toArray()
      .map((link) => [$(link).text(), $(link).attr('href')])
  }

  it('is not there where one page is all', () => {
    expect(pager(undefined, null)).toBeNull()
  })

  it.each<[after: string | undefined, next: string | null, expected: unknown]>([
    [undefined, 'n', [['More messages', '/messages?campaign=a%26b&after=n']]],
    ['a', null, [['First page', '/messages?campaign=a%26b']]],
    [
      'a',
      'n',
      [
        ['First page', '/messages?campaign=a%26b'],
        ['More messages', '/messages?campaign=a%26b&after=n'],
      ],
    ],
  ])('after %s, before %s', (after, next, expected) => {
    expect(links(pager(after, next))).toEqual(expected)
  })
})

describe('the chart of clicks', () => {
  const day = (name: string, people: number, proxies: number, machines: number) => ({
    day: name,
    people: { opens: count(people), clicks: count(people) },
    proxies: { opens: count(proxies), clicks: count(proxies) },
    machines: { opens: count(machines), clicks: count(machines) },
  })
  const days = [day('2026-11-01', 30, 5, 10), day('2026-11-02', 0, 0, 0)]

  it('stands on the axis, people first, and leaves out proxies, who have none', () => {
    const $ = rendered(DayChart({ days, kind: 'clicks' }))
    const bars = $('g.day').first().find('rect:not(.over)').toArray()
    expect(bars.map((bar) => [$(bar).attr('class'), $(bar).attr('y'), $(bar).attr('height')])).toEqual([
      ['people', '45.50', '112.50'],
      ['machines', '8.00', '37.50'],
    ])
    expect([$('g.day').length, $('g.day').eq(1).find('rect').length]).toEqual([14, 1])
    expect(
      $('.axis span')
        .toArray()
        .map((value) => $(value).text()),
    ).toEqual(['40', '20', '0'])
    expect(
      $('.key li')
        .toArray()
        .map((item) => $(item).text()),
    ).toEqual(['People', 'Machines'])
  })

  it('of opens has proxies between them', () => {
    const $ = rendered(DayChart({ days, kind: 'opens' }))
    const bars = $('g.day').first().find('rect:not(.over)').toArray()
    expect(bars.map((bar) => $(bar).attr('class'))).toEqual(['people', 'proxies', 'machines'])
    expect($('g.day title').first().text()).toBe('1 Nov 2026: 30 people, 5 proxies, 10 machines')
  })

  it('has days below its ends and its middle, in shares of the width', () => {
    const $ = rendered(DayChart({ days, kind: 'clicks' }))
    expect(
      $('svg[role=img] > text')
        .toArray()
        .map((text) => [$(text).text(), $(text).attr('x'), $(text).attr('text-anchor')]),
    ).toEqual([
      ['1 Nov', '0.000%', 'start'],
      ['7 Nov', '46.429%', 'middle'],
      ['14 Nov', '100.000%', 'end'],
    ])
    const last = $('g.day').last().find('.over')
    expect([last.attr('x'), last.attr('width')]).toEqual(['92.857%', '7.143%'])
  })

  it('says so where a bar is more than a day', () => {
    const long = [day('2026-01-01', 1, 0, 0), day('2026-11-01', 1, 0, 0)]
    const $ = rendered(DayChart({ days: long, kind: 'opens' }))
    expect($('thead th').first().text()).toBe('From (UTC)')
    expect($('g.day title').first().text()).toBe('7 days from 1 Jan 2026: 1 people, 0 proxies, 0 machines')
  })
})

it.each([
  [0, '1 Jan 1970, 00:00 UTC'],
  [8.64e15 + 1, 'unknown time'],
])('the time %d is %s', (at, text) => {
  expect(textOf(Time({ at }))).toBe(text)
})

it('what a stranger wrote is text on one line, in a direction of its own, and ends somewhere', () => {
  expect(String(Foreign({ text: `<b>\n\u202e"'&` }))).toBe(String.raw`<bdi>&lt;b&gt;\u000a\u202e&quot;&#39;&amp;</bdi>`)
  expect(textOf(Foreign({ text: 'x'.repeat(300) }))).toBe(`${'x'.repeat(199)}…`)
})
