import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'
import { refusalOf } from './refusal.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })
beforeEach(engine.empty)

const none = { total: 0, unique: 0, anonymous: 0 }

describe(`numbers, on ${engine.name}`, () => {
  it('of a campaign: people, machines and proxies apart, by day and link', async () => {
    const details = { domain: 'example.com', campaign: 'november', sentAt }
    await store.saveCampaign({ domain: 'example.com', campaign: 'november', subject: 'News', html: '<p>', now: sentAt })
    await store.saveMessages([
      { outcome: outcome('m1'), details: { ...details, recipient: 'a@example.org' } },
      { outcome: outcome('m2'), details },
      { outcome: outcome('m3', { open: false, click: 'anonymous' }), details },
    ])
    await store.write([
      open('m1', { time: sentAt + 600_000 }),
      click('m1', 0, { time: sentAt + 700_000 }),
      click('m1', 0, { time: sentAt + 90_000_000 }),
      // A scanner's burst.
      click('m2', 0, { time: sentAt + 43_000 }),
      click('m2', 1, { time: sentAt + 43_020 }),
      open('m2', { time: sentAt + 800_000, signals: ['gmail-image-proxy'] }),
      click(null, 1, { time: sentAt + 900_000, mode: 'anonymous', campaignRef: 'november', userAgent: null }),
    ])
    const campaign = await store.campaign({ campaign: 'november' })
    expect(campaign).toMatchObject({
      campaign: 'november',
      domain: 'example.com',
      subject: 'News',
      html: '<p>',
      messages: 3,
      tracked: { opens: 2, clicks: 2, either: 2 },
      firstSentAt: sentAt,
      lastEventAt: sentAt + 90_000_000,
      people: { opens: { total: 1, unique: 1, anonymous: 0 }, clicks: { total: 3, unique: 1, anonymous: 1 } },
      machines: { opens: none, clicks: { total: 2, unique: 1, anonymous: 0 } },
      proxies: { opens: { total: 1, unique: 1, anonymous: 0 }, clicks: none },
      days: [
        {
          day: '2026-11-24',
          people: { opens: { total: 1, unique: 1, anonymous: 0 }, clicks: { total: 2, unique: 1, anonymous: 1 } },
          machines: { opens: none, clicks: { total: 2, unique: 1, anonymous: 0 } },
          proxies: { opens: { total: 1, unique: 1, anonymous: 0 }, clicks: none },
        },
        {
          day: '2026-11-25',
          people: { opens: none, clicks: { total: 1, unique: 1, anonymous: 0 } },
          machines: { opens: none, clicks: none },
          proxies: { opens: none, clicks: none },
        },
      ],
      summary: {
        events: 7,
        people: {
          opens: { total: 1, unique: 1, anonymous: 0, rate: { share: 0.5, of: 2 } },
          clicks: { total: 3, unique: 1, anonymous: 1, rate: { share: 0.5, of: 2 } },
          readers: { unique: 1, rate: { share: 0.5, of: 2 } },
        },
        links: [
          {
            part: 'html',
            index: 0,
            name: 'shop',
            destination: 'https://example.com/shop',
            twins: [],
            people: { total: 2, unique: 1, anonymous: 0, rate: { share: 0.5, of: 2 } },
            machines: { total: 1, unique: 1, anonymous: 0 },
          },
          {
            part: 'html',
            index: 1,
            name: null,
            destination: 'https://example.com/blog',
            people: { total: 1, unique: 0, anonymous: 1, rate: { share: 0, of: 2 } },
            machines: { total: 1, unique: 1, anonymous: 0 },
          },
        ],
      },
    })
    const { items } = await store.messages({ campaign: 'november' })
    expect(items.map(({ messageRef, recipient, modes }) => [messageRef, recipient, modes])).toEqual([
      ['m3', null, { open: false, click: 'anonymous' }],
      ['m2', null, { open: 'full', click: 'full' }],
      ['m1', 'a@example.org', { open: 'full', click: 'full' }],
    ])
    const message = await store.message({ messageRef: 'm2' })
    expect(message).toMatchObject({ subject: 'News', html: '<p>', machines: { clicks: { total: 2, unique: 1 } } })
    expect(message!.timeline.map(({ actor, reasons }) => [actor, reasons])).toEqual([
      ['machine', ['too-quick', 'quick', 'soon-after-sending']],
      ['machine', ['too-quick', 'quick', 'soon-after-sending']],
      ['proxy', ['gmail-image-proxy']],
    ])
    await store.rebuild()
    expect(await store.campaign({ campaign: 'november' })).toEqual(campaign)
    expect((await store.campaigns()).items).toHaveLength(1)
  })
})

describe('lists', () => {
  it('of campaigns: newest first, page by page, of an owner and a domain', async () => {
    for (const [at, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      const domain = at % 2 === 0 ? 'example.com' : 'example.org'
      // The last two at the same moment.
      await store.saveCampaign({ domain, campaign: name, now: sentAt + Math.min(at, 3) })
    }
    await store.saveCampaign({ owner: 'acme', domain: 'acme.com', campaign: 'theirs', now: sentAt })
    const first = await store.campaigns({ limit: 2 })
    const second = await store.campaigns({ limit: 2, after: first.next! })
    const third = await store.campaigns({ limit: 2, after: second.next! })
    const names = [first, second, third].map(({ items }) => items.map(({ campaign }) => campaign))
    expect([names, third.next]).toEqual([[['d', 'e'], ['c', 'b'], ['a']], null])
    expect((await store.campaigns({ domain: 'Example.org' })).items.map(({ campaign }) => campaign)).toEqual(['d', 'b'])
    expect((await store.campaigns({ owner: 'acme' })).items.map(({ campaign }) => campaign)).toEqual(['theirs'])
    expect((await store.campaigns({ owner: 'nobody' })).items).toEqual([])
    expect((await store.campaigns({ owner: 'acme', domain: 'example.com' })).items).toEqual([])
  })

  it('of messages: newest first, page by page, of an owner, a domain and a campaign', async () => {
    await store.saveCampaign({ owner: 'acme', domain: 'acme.com', campaign: 'c1', now: sentAt })
    await store.saveMessages([
      { outcome: outcome('m1'), details: { domain: 'example.com', campaign: 'c1', sentAt } },
      { outcome: outcome('m2'), details: { domain: 'example.com', campaign: 'c2', sentAt: sentAt + 1 } },
      { outcome: outcome('m3'), details: { domain: 'example.org', campaign: 'c1', sentAt: sentAt + 1 } },
      { outcome: outcome('m4'), details: { domain: 'example.com', campaign: 'c1', sentAt: sentAt + 1 } },
      { outcome: outcome('m1'), details: { domain: 'acme.com', campaign: 'c1', sentAt } },
    ])
    await store.write([open('seen alone', { issuedAt: null, time: sentAt + 5 })])
    const first = await store.messages({ limit: 2 })
    const second = await store.messages({ limit: 2, after: first.next! })
    const third = await store.messages({ limit: 2, after: second.next! })
    const refs = [first, second, third].map(({ items }) => items.map(({ messageRef }) => messageRef))
    expect([refs, third.next]).toEqual([[['seen alone', 'm3'], ['m4', 'm2'], ['m1']], null])
    const refsOf = async (options: Parameters<typeof store.messages>[0]) =>
      (await store.messages(options)).items.map(({ messageRef }) => messageRef)
    expect(await refsOf({ campaign: 'c1' })).toEqual(['m3', 'm4', 'm1'])
    expect(
      await refsOf({ campaign: 'c1', limit: 1, after: (await store.messages({ campaign: 'c1', limit: 1 })).next! }),
    ).toEqual(['m4'])
    expect(await refsOf({ campaign: 'c1', domain: 'example.ORG' })).toEqual(['m3'])
    expect(await refsOf({ owner: 'acme' })).toEqual(['m1'])
  })

  it('refuse what they do not know', async () => {
    const refused = [
      store.campaigns({ limit: 0 }),
      store.messages({ since: 5 } as never),
      store.messages({ after: '[1,2,3]' }),
    ]
    expect(await Promise.all(refused.map(refusalOf))).toEqual([
      { code: 'invalid-options', message: 'limit is 0: use a whole number of 1 to 1000' },
      {
        code: 'invalid-options',
        message: 'options has no field "since": use owner, domain, campaign, after, limit',
      },
      { code: 'invalid-options', message: 'after is "[1,2,3]": use the next of the page before' },
    ])
  })
})

describe('one of several', () => {
  it('is the newest, or that of the domain', async () => {
    for (const [at, domain] of ['example.com', 'example.org'].entries()) {
      await store.saveCampaign({ domain, campaign: 'c1', now: sentAt + at })
      await store.saveMessage(outcome('m1'), { domain, sentAt: sentAt + at })
    }
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ domain: 'example.org' })
    expect(await store.campaign({ campaign: 'c1', domain: 'Example.com' })).toMatchObject({ domain: 'example.com' })
    expect(await store.message({ messageRef: 'm1' })).toMatchObject({ domain: 'example.org' })
    expect(await store.message({ messageRef: 'm1', domain: 'Example.com' })).toMatchObject({ domain: 'example.com' })
  })

  it('of another owner is not there', async () => {
    await store.saveCampaign({ owner: 'acme', domain: 'acme.com', campaign: 'c1', now: sentAt })
    await store.saveMessage(outcome('m1'), { domain: 'acme.com' })
    expect([await store.campaign({ campaign: 'c1' }), await store.message({ messageRef: 'm1' })]).toEqual([null, null])
    expect(await store.message({ owner: 'acme', messageRef: 'm1' })).toMatchObject({ messageRef: 'm1' })
  })
})

describe('links', () => {
  it('of a campaign of which nothing was saved are told by what was clicked', async () => {
    const common = { campaignRef: 'c1', time: sentAt + 3_600_000 } as const
    await store.write([
      click('m1', 10, { ...common, destination: 'https://example.com/ten' }),
      click('m2', 9, { ...common, destination: 'https://example.com/nine' }),
      click('m3', 2, { ...common, part: 'text', destination: 'https://example.com/text' }),
      click(null, 2, { ...common, mode: 'anonymous', part: 'text', destination: 'https://example.com/text' }),
    ])
    const { summary, links, messages } = (await store.campaign({ campaign: 'c1' }))!
    expect(
      summary.links.map(({ part, index, destination, people }) => [part, index, destination, people.total]),
    ).toEqual([
      ['html', 9, 'https://example.com/nine', 1],
      ['html', 10, 'https://example.com/ten', 1],
      ['text', 2, 'https://example.com/text', 2],
    ])
    expect([links, messages]).toEqual([[], 0])
  })
})
