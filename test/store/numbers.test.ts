import { beforeEach, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'

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
