import { describe, expect, it } from 'vitest'
import {
  type Actor,
  type EngagementEvent,
  type EngagementLink,
  MailtraceError,
  summarizeEngagement,
} from '../../src/engagement/index.ts'
import { click, hour, open } from './events.ts'

const by = (actor: Actor, ...events: EngagementEvent[]) => events.map((event) => ({ event, actor, reasons: [] }))
const of = (messageRef: string | null) => ({ messageRef })
const tracked = { opens: 100, clicks: 80, either: 120 }
const none = { total: 0, unique: 0, anonymous: 0 }

describe('counts', () => {
  const summary = summarizeEngagement(
    [
      ...by('person', open(hour), open(2 * hour), open(hour, of('m2'))),
      ...by('person', click(0, hour), click(1, hour), click(0, hour, of('m3')), click(0, hour, of(null))),
      ...by('machine', open(hour, of('m4')), click(0, hour), click(1, hour, of('m4'))),
      ...by('proxy', open(hour, of('m5')), open(hour, of('m5'))),
    ],
    { tracked },
  )

  it('people, total and unique, over what was tracked', () => {
    expect(summary.people).toEqual({
      opens: { total: 3, unique: 2, anonymous: 0, rate: { share: 0.02, of: 100 } },
      clicks: { total: 4, unique: 2, anonymous: 1, rate: { share: 0.025, of: 80 } },
      readers: { unique: 3, rate: { share: 0.025, of: 120 } },
    })
  })

  it('machines and proxies apart', () => {
    expect(summary.machines).toEqual({
      opens: { total: 1, unique: 1, anonymous: 0 },
      clicks: { total: 2, unique: 2, anonymous: 0 },
    })
    expect(summary.proxies).toEqual({ opens: { total: 2, unique: 1, anonymous: 0 }, clicks: none })
    expect(summary.events).toBe(12)
  })

  it('a machine implies nothing (MillionSend#22)', () => {
    const { people } = summarizeEngagement(by('machine', click(0, hour)), { tracked })
    expect(people.readers.unique).toBe(0)
  })

  it('the same id twice once, and per message', () => {
    const twice = by('person', click(0, hour, { id: 'x' }), click(0, hour, { id: 'x' }))
    const other = by(
      'person',
      click(0, hour, { id: 'x', ...of('m2') }),
      click(0, hour, { id: 'x', domain: 'example.org' }),
    )
    expect(summarizeEngagement([...twice, ...other], { tracked }).people.clicks).toMatchObject({ total: 3, unique: 3 })
  })
})

describe('rates', () => {
  const judged = by('person', click(0, hour), click(0, hour, of('m2')), open(hour))
  const rates: [title: string, tracked: { opens: number; clicks: number; either?: number }, rate: unknown[]][] = [
    [
      'over as many as were seen',
      { opens: 1, clicks: 2, either: 2 },
      [
        { share: 1, of: 1 },
        { share: 1, of: 2 },
        { share: 1, of: 2 },
      ],
    ],
    ['none over nothing', { opens: 0, clicks: 0, either: 0 }, [null, null, null]],
    ['none over fewer than were seen', { opens: 1, clicks: 1, either: 1 }, [{ share: 1, of: 1 }, null, null]],
    ['none where nobody says', { opens: 4, clicks: 4 }, [{ share: 0.25, of: 4 }, { share: 0.5, of: 4 }, null]],
  ]
  it.each(rates)('%s', (_, counted, expected) => {
    const { opens, clicks, readers } = summarizeEngagement(judged, { tracked: counted }).people
    expect([opens.rate, clicks.rate, readers.rate]).toEqual(expected)
  })

  it('is null over no messages even when nothing was seen', () => {
    expect(summarizeEngagement([], { tracked: { opens: 0, clicks: 1 } }).people).toEqual({
      opens: { ...none, rate: null },
      clicks: { ...none, rate: { share: 0, of: 1 } },
      readers: { unique: 0, rate: null },
    })
  })
})

describe('links', () => {
  const shop = 'https://example.com/shop'
  const at = (
    index: number,
    element: string,
    destination: string | undefined,
    name: string | null = null,
  ): EngagementLink => ({
    index,
    element,
    name,
    ...(destination === undefined ? {} : { destination }),
  })

  /** Links as given, and which index is counted to which: `2>1`. */
  const twins: [title: string, links: EngagementLink[], rows: string[]][] = [
    ['a button and its form before it', [at(0, 'v:roundrect', shop), at(1, 'a', shop, 'buy')], ['1 buy +0']],
    ['a button and its form after it', [at(0, 'a', shop, 'buy'), at(1, 'v:rect', shop)], ['0 buy +1']],
    ['other destinations', [at(0, 'v:roundrect', shop), at(1, 'a', `${shop}?`)], ['0', '1']],
    ['not beside each other', [at(0, 'v:roundrect', shop), at(2, 'a', shop)], ['0', '2']],
    ['two links to one page', [at(0, 'a', shop), at(1, 'a', shop)], ['0', '1']],
    ['two forms', [at(0, 'v:roundrect', shop), at(1, 'v:rect', shop)], ['0', '1']],
    ['an area is no button', [at(0, 'v:roundrect', shop), at(1, 'area', shop)], ['0', '1']],
    [
      'two buttons in a row',
      [at(0, 'v:rect', shop), at(1, 'a', shop), at(2, 'v:rect', shop), at(3, 'a', shop)],
      ['1 +0', '3 +2'],
    ],
    ['two forms of one button', [at(0, 'v:rect', shop), at(1, 'a', shop), at(2, 'v:rect', shop)], ['1 +0', '2']],
    ['given out of order', [at(1, 'a', shop, 'buy'), at(0, 'v:roundrect', shop)], ['1 buy +0']],
    ['rows keep the order given', [at(2, 'v:rect', shop), at(0, 'a', shop), at(1, 'a', shop)], ['0', '1 +2']],
    ['links that are not tracked', [at(0, 'a', undefined), at(1, 'a', shop)], ['1']],
    ['a link without an element', [{ index: 0, destination: shop }, at(1, 'a', shop)], ['0', '1']],
  ]
  it.each(twins)('%s', (_, links, expected) => {
    const rows = summarizeEngagement([], { tracked, links }).links
    expect(
      rows.map(({ index, name, twins: forms }) =>
        [index, name, forms.map((form) => `+${form}`).join()].filter((word) => word !== null && word !== '').join(' '),
      ),
    ).toEqual(expected)
  })

  it('clicks of both forms are one button', () => {
    const links = [
      at(0, 'v:roundrect', shop, 'buy now'),
      at(1, 'a', shop, 'buy'),
      at(2, 'a', 'https://example.com/', null),
    ]
    const judged = [
      ...by('person', click(0, hour), click(1, hour), click(1, hour, of('m2'))),
      ...by('machine', click(0, hour, of('m3')), click(2, hour, of('m3'))),
    ]
    expect(summarizeEngagement(judged, { tracked, links }).links).toEqual([
      {
        part: 'html',
        index: 1,
        name: 'buy',
        destination: shop,
        twins: [0],
        people: { total: 3, unique: 2, anonymous: 0, rate: { share: 0.025, of: 80 } },
        machines: { total: 1, unique: 1, anonymous: 0 },
      },
      {
        part: 'html',
        index: 2,
        name: null,
        destination: 'https://example.com/',
        twins: [],
        people: { ...none, rate: { share: 0, of: 80 } },
        machines: { total: 1, unique: 1, anonymous: 0 },
      },
    ])
  })

  it('clicks name what is not listed: by part and index', () => {
    const judged = by(
      'person',
      click(10, hour),
      click(11, hour),
      click(2, hour, { part: 'text' }),
      click(9, hour),
      click(9, hour),
      click(3, hour),
    )
    const { links } = summarizeEngagement(judged, { tracked, links: [at(10, 'a', shop)] })
    expect(links.map(({ part, index, destination, people }) => [part, index, destination, people.total])).toEqual([
      ['html', 10, shop, 1],
      ['html', 3, 'https://example.com/3', 1],
      ['html', 9, 'https://example.com/9', 2],
      ['html', 11, 'https://example.com/11', 1],
      ['text', 2, 'https://example.com/2', 1],
    ])
  })

  it('a listed link of the text part is its own', () => {
    const links: EngagementLink[] = [{ index: 0, part: 'text', destination: shop }, at(0, 'a', shop)]
    const { links: rows } = summarizeEngagement(by('person', click(0, hour, { part: 'text' })), { tracked, links })
    expect(rows.map(({ part, people }) => [part, people.total])).toEqual([
      ['text', 1],
      ['html', 0],
    ])
  })
})

describe('options', () => {
  const refused: [title: string, options: unknown, message: string][] = [
    ['none', 1, 'options is 1: use an object'],
    ['an unknown one', { tracked, total: 1 }, 'options has no field "total": use tracked, links'],
    ['nothing tracked', {}, 'tracked is undefined: use an object'],
    ['an unknown one of tracked', { tracked: { sent: 1 } }, 'tracked has no field "sent": use opens, clicks, either'],
    ['no opens', { tracked: { clicks: 1 } }, 'tracked.opens is undefined: use a whole number of 0 to 9007199254740991'],
    [
      'negative clicks',
      { tracked: { opens: 1, clicks: -1 } },
      'tracked.clicks is -1: use a whole number of 0 to 9007199254740991',
    ],
    [
      'either NaN',
      { tracked: { ...tracked, either: Number.NaN } },
      'tracked.either is NaN: use a whole number of 0 to 9007199254740991',
    ],
    ['a number of links', { tracked, links: 9 }, 'links is 9: use an array'],
  ]
  it.each(refused)('%s is refused', (_, options, message) => {
    const call = () => summarizeEngagement([], options as { tracked: typeof tracked })
    expect(call).toThrow(MailtraceError)
    expect(call).toThrow(expect.objectContaining({ code: 'invalid-options', message }))
  })

  it('may be undefined', () => {
    const options = { tracked: { opens: 1, clicks: 1, either: undefined }, links: undefined }
    expect(summarizeEngagement([], options).links).toEqual([])
  })
})
