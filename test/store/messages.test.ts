import { beforeEach, describe, expect, it } from 'vitest'
import { instrumentEmail, prepareEmail } from '../../src/index.ts'
import { instrumentMessage } from '../../src/message/index.ts'
import type { InstrumentedMail } from '../../src/nodemailer/index.ts'
import { createReceiver } from '../../src/receiver/index.ts'
import { createStore, type MessageDetails, type SaveCampaignOptions, type SavedOutcome } from '../../src/store/index.ts'
import { instrumentText } from '../../src/text/index.ts'
import { startEngine } from './engines.ts'
import { click, open, outcome, sentAt } from './fixtures.ts'
import { refusalOf } from './refusal.ts'

const engine = await startEngine()
const store = createStore({ query: engine.query })
beforeEach(engine.empty)

/** Without keys: what a link means stands in the store. */
const domain = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }],
}
const html =
  '<body><a href="https://example.com/a">A</a> <a href="mailto:us@example.com">us</a> <a href="https://example.com/b">B</a></body>'

/** Follows each tracking URL of a mail. */
async function visit(sent: string): Promise<(readonly [status: number, location: string | null])[]> {
  const receiver = createReceiver({
    domains: domain,
    findReference: store.findReference,
    onEvent: (event) => store.write([event]),
    awaitEvents: { timeoutMs: 60_000 },
    lookupTimeoutMs: 60_000,
  })
  const answers: (readonly [number, string | null])[] = []
  for (const [url] of sent.matchAll(/https:\/\/links\.example\.com\/[^"]*/g)) {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0' }
    const { status, headers: answered } = await receiver(new Request(url, { headers }))
    answers.push([status, answered.get('location')])
  }
  return answers
}

describe(`stored references, on ${engine.name}`, () => {
  it('a mail that was saved leads where it led, and is counted', async () => {
    const sent = instrumentEmail(html, domain, { messageRef: 'an-unguessable-message' })
    await store.saveMessage(sent, { domain: 'example.com', campaign: 'november', recipient: 'a@example.org' })
    expect(await visit(sent.html)).toEqual([
      [302, 'https://example.com/a'],
      [302, 'https://example.com/b'],
      [200, null],
    ])
    const events = (await store.events()).items.map(({ event }) => [
      event.type,
      event.mode,
      event.messageRef,
      event.campaignRef,
    ])
    expect(events).toEqual([
      ['click', 'full', 'an-unguessable-message', 'november'],
      ['click', 'full', 'an-unguessable-message', 'november'],
      ['open', 'full', 'an-unguessable-message', 'november'],
    ])
    expect(await store.campaign({ campaign: 'november' })).toMatchObject({ summary: { events: 3 } })
  })

  it('an anonymous copy leads where the campaign does, and is counted for nobody', async () => {
    const prepared = prepareEmail(html, domain, { campaignRef: 'november-newsletter' })
    const named = prepared.instrument({ messageRef: 'an-unguessable-message' })
    await store.saveCampaign({
      domain: 'example.com',
      campaign: 'november-newsletter',
      links: named.links,
      now: sentAt,
    })
    const nobody = prepared.instrument({ openTracking: 'anonymous', clickTracking: 'anonymous' })
    expect(await visit(nobody.html)).toEqual([
      [302, 'https://example.com/a'],
      [302, 'https://example.com/b'],
      [200, null],
    ])
    expect((await store.events()).items.map(({ event }) => [event.mode, event.messageRef, event.campaignRef])).toEqual(
      Array(3).fill(['anonymous', null, 'november-newsletter']),
    )
    expect(await store.campaign({ campaign: 'november-newsletter' })).toMatchObject({
      people: { clicks: { total: 2, unique: 0, anonymous: 2 } },
    })
  })

  const click = { kind: 'click', domain: 'example.com', ref: 'm1', part: 'html', index: 0 } as const
  const open = { kind: 'open', domain: 'example.com', ref: 'm1', pixel: 'end' } as const

  it.each([
    ['another domain', { ...click, domain: 'example.org' }],
    ['another message', { ...click, ref: 'm2' }],
    ['a message of which only events are known', { ...click, ref: 'unsaved' }],
    ['a click where clicks are not tracked', { ...click, ref: 'opens only' }],
    ['an open where opens are not tracked', { ...open, ref: 'clicks only' }],
  ])('finds nothing for %s', async (_, query) => {
    await store.saveMessage(outcome('m1'), { domain: 'example.com' })
    await store.saveMessage(outcome('opens only', { click: false }), { domain: 'example.com' })
    await store.saveMessage(outcome('clicks only', { open: false }), { domain: 'example.com' })
    await store.write([{ ...(await import('./fixtures.ts')).open('unsaved') }])
    expect(await store.findReference(query)).toBeNull()
  })

  it('finds what was saved', async () => {
    const links = [
      ...outcome('m1').links!,
      { kind: 'tracked', index: 0, part: 'text', destination: 'https://example.com/text' } as const,
    ]
    await store.saveMessage({ ...outcome('m1', { open: 'day' }), links }, { domain: 'Example.com', campaign: 'c1' })
    const found = { issuedAt: sentAt, campaignRef: 'c1', mode: 'full' }
    expect(await store.findReference(click)).toEqual({ ...found, destination: 'https://example.com/shop' })
    expect(await store.findReference({ ...click, part: 'text' })).toEqual({
      ...found,
      destination: 'https://example.com/text',
    })
    expect(await store.findReference({ ...click, index: 2 })).toEqual({ ...found, destination: null })
    expect(await store.findReference({ ...click, index: 2 ** 40 })).toEqual({ ...found, destination: null })
    expect(await store.findReference(open)).toEqual({ ...found, mode: 'day', destination: null })
  })

  it('a message without links of its own has those of its campaign', async () => {
    await store.saveCampaign({ domain: 'example.com', campaign: 'c1', links: outcome('m1').links, now: sentAt })
    await store.saveMessage({ ...outcome('m1'), links: [] }, { domain: 'example.com', campaign: 'c1' })
    expect(await store.findReference({ ...click, index: 1 })).toMatchObject({ destination: 'https://example.com/blog' })
    expect((await store.message({ messageRef: 'm1' }))!.links.map(({ destination }) => destination)).toEqual([
      'https://example.com/shop',
      'https://example.com/blog',
    ])
  })
})

describe('saving', () => {
  it('again keeps what is not said anew', async () => {
    const details = { domain: 'example.com', campaign: 'c1', recipient: 'a@example.org', subject: 'Hello', html: '<p>' }
    await store.saveMessage(outcome('m1'), { ...details, sentAt })
    await store.saveMessage(outcome('m1', { open: false }), { domain: 'example.com', sentAt: sentAt + 1 })
    const message = await store.message({ messageRef: 'm1' })
    expect(message).toMatchObject({
      campaign: 'c1',
      recipient: 'a@example.org',
      subject: 'Hello',
      html: '<p>',
      sentAt: sentAt + 1,
      issuedAt: sentAt,
      modes: { open: false, click: 'full' },
      forgotten: false,
    })
    expect(message!.links).toHaveLength(2)
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({
      messages: 1,
      tracked: { opens: 0, clicks: 1, either: 1 },
    })
  })

  it('takes what the other entries give', async () => {
    const keys = { ...domain, signingKeys: [{ id: 'k1', secret: 'a secret of at least thirty-two bytes' }] }
    const raw = `From: us@example.com\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhttps://example.com/text\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`
    const message = instrumentMessage(new TextEncoder().encode(raw), keys, { messageRef: 'm1', text: true })
    await store.saveMessage(message, { domain: 'example.com' })
    const text = instrumentText('https://example.com/text', keys, { messageRef: 'm2' })
    const email = instrumentEmail(html, keys, { messageRef: 'm2' })
    await store.saveMessage({ ...email, textLinks: text.links }, { domain: 'example.com' })
    const mail: InstrumentedMail = {
      kind: 'instrumented',
      domain: 'example.com',
      activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
      messageRef: 'm3',
      campaignRef: null,
      sentAt: sentAt + 7,
      pixel: email.pixel,
      links: email.links,
      textLinks: text.links,
      untouched: { html: null, text: null },
    }
    await store.saveMessage(mail, { domain: mail.domain })
    for (const messageRef of ['m1', 'm2', 'm3']) {
      const { links, modes } = (await store.message({ messageRef }))!
      expect([modes, ...links.map(({ part, index, destination }) => [part, index, destination])]).toEqual([
        { open: 'full', click: 'full' },
        ...(messageRef === 'm1' ? [['text', 0, 'https://example.com/text']] : []),
        ['html', 0, 'https://example.com/a'],
        ['html', 2, 'https://example.com/b'],
        ...(messageRef === 'm1' ? [] : [['text', 0, 'https://example.com/text']]),
      ])
    }
    expect(await store.message({ messageRef: 'm3' })).toMatchObject({ sentAt: sentAt + 7, issuedAt: sentAt + 7 })
  })

  it('counts messages that are not tracked, and those without a reference', async () => {
    const inactive = { ...outcome(null), activation: { active: false, reason: 'cname-unverified' }, links: [] } as const
    await store.saveMessages([
      { outcome: inactive, details: { domain: 'example.com', campaign: 'c1', recipient: 'a@example.org' } },
      { outcome: inactive, details: { domain: 'example.com', campaign: 'c1', recipient: 'b@example.org' } },
    ])
    await store.saveMessages([])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({
      messages: 2,
      tracked: { opens: 0, clicks: 0, either: 0 },
      links: [],
    })
    const { items } = await store.messages()
    expect(items.map(({ recipient, modes }) => [recipient, modes])).toEqual(
      expect.arrayContaining([
        ['a@example.org', { open: false, click: false }],
        ['b@example.org', { open: false, click: false }],
      ]),
    )
  })

  it('after the events brings them to the campaign, and judges them by what is known now', async () => {
    await store.write([
      click('m1', 0, { time: sentAt + 400_000 }),
      click('m1', 1, { time: sentAt + 400_300 }),
      open('m2'),
    ])
    expect((await store.message({ messageRef: 'm1' }))!.modes).toBeNull()
    expect(await store.campaign({ campaign: 'c1' })).toBeNull()
    expect(await store.message({ messageRef: 'm1' })).toMatchObject({ people: { clicks: { total: 2 } } })
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c1', sentAt: sentAt + 390_000 })
    const machine = { machines: { clicks: { total: 2, unique: 1 } }, people: { clicks: { total: 0 } } }
    expect(await store.message({ messageRef: 'm1' })).toMatchObject(machine)
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject(machine)
    expect((await store.events({ campaign: 'c1' })).items).toHaveLength(2)
    await store.saveMessage(outcome('m1'), { domain: 'example.com', campaign: 'c2' })
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ messages: 0, days: [], summary: { events: 0 } })
    expect(await store.campaign({ campaign: 'c2' })).toMatchObject({ messages: 1, summary: { events: 2 } })
  })

  it('a campaign with its links judges messages that have none of their own', async () => {
    const burst = [0, 1, 2].map((index) =>
      click('m1', index, { campaignRef: 'c1', time: sentAt + 43_000 + 2000 * index }),
    )
    await store.write(burst)
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ people: { clicks: { total: 3 } } })
    const links = [0, 1, 2].map((index) => ({ kind: 'tracked', index, destination: 'https://example.com/' }) as const)
    await store.saveCampaign({ domain: 'example.com', campaign: 'c1', links, now: sentAt })
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ machines: { clicks: { total: 3, unique: 1 } } })
  })

  it('the first message of a campaign does the same', async () => {
    const burst = [0, 1].map((index) => click('m1', index, { campaignRef: 'c1', time: sentAt + 43_000 + 2000 * index }))
    await store.write([...burst, click('m1', 2, { campaignRef: 'c1', time: sentAt + 47_000 })])
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ people: { clicks: { total: 3 } } })
    const links = [0, 1, 2].map((index) => ({ kind: 'tracked', index, destination: 'https://example.com/' }) as const)
    await store.saveMessage({ ...outcome('m2'), links }, { domain: 'example.com', campaign: 'c1' })
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({ machines: { clicks: { total: 3, unique: 1 } } })
  })

  it('a campaign again keeps what is not said anew', async () => {
    const campaign = { domain: 'example.com', campaign: 'c1', now: sentAt }
    await store.saveCampaign({ ...campaign, subject: 'News', html: '<p>', links: outcome('m1').links })
    await store.saveCampaign({ ...campaign, subject: 'Other news' })
    expect(await store.campaign({ campaign: 'c1' })).toMatchObject({
      subject: 'Other news',
      html: '<p>',
      links: [{}, {}],
    })
  })

  it("a campaign of another owner's domain is refused, and nothing of it is kept", async () => {
    await store.saveCampaign({ owner: 'acme', domain: 'example.com', campaign: 'c1', now: sentAt })
    await store.saveCampaign({ domain: 'example.com', campaign: 'c2', now: sentAt + 1 })
    expect(
      await refusalOf(
        store.saveCampaign({
          owner: 'other',
          domain: 'example.com',
          campaign: 'c3',
          links: outcome('m').links,
          now: sentAt,
        }),
      ),
    ).toEqual({
      code: 'domain-taken',
      message: 'domain "example.com" is another owner\'s: save campaigns under its owner',
    })
    expect((await store.campaigns({ owner: 'acme' })).items.map(({ campaign }) => campaign)).toEqual(['c2', 'c1'])
    expect((await engine.query('SELECT * FROM mailtrace_link_sets')).rows).toEqual([])
  })

  const details: MessageDetails = { domain: 'example.com' }
  it.each<[Partial<SavedOutcome>, Partial<MessageDetails>, string]>([
    [{}, { domain: '' }, 'domain is "": use a string of 1 to 256 characters'],
    [
      {},
      { to: 'a@example.org' } as never,
      'details has no field "to": use domain, campaign, recipient, sentAt, subject, html',
    ],
    [{}, { recipient: ['a@example.org'] as never }, 'recipient is an array: use a string'],
    [{}, { recipient: 7 as never }, 'recipient is of type number: use a string'],
    [{}, { sentAt: 7 }, 'sentAt is 7: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ issuedAt: 7 }, {}, 'outcome.issuedAt is 7: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ messageRef: '' }, {}, 'outcome.messageRef is "": use a string of 1 to 256 characters'],
    [{ links: {} as never }, {}, 'outcome.links is an object: use an array'],
    [{ textLinks: 7 as never }, {}, 'outcome.textLinks is 7: use an array'],
    [{ links: undefined, parts: {} as never }, {}, 'outcome.parts is an object: use an array'],
    [
      { links: undefined, parts: [null as never, { kind: 'instrumented', type: 'text/html', links: 7 as never }] },
      {},
      'outcome.parts[1].links is 7: use an array',
    ],
    [
      { issuedAt: undefined },
      {},
      'outcome.issuedAt is undefined: use milliseconds since the epoch, of the years 2000 to 2106',
    ],
    [{ links: [null as never] }, {}, 'outcome.links[0] is no link: use those of an outcome'],
    [{ links: [{ kind: 'lost' } as never] }, {}, 'outcome.links[0].kind is "lost": use one of tracked, skipped'],
    [
      { links: [{ kind: 'tracked', index: -1, destination: '' }] },
      {},
      'outcome.links[0].index is -1: use a whole number of 0 to 2147483647',
    ],
    [
      { links: [{ kind: 'tracked', index: 0, part: 'amp', destination: '' } as never] },
      {},
      'outcome.links[0].part is "amp": use one of html, text',
    ],
    [
      { links: [{ kind: 'tracked', index: 0 } as never] },
      {},
      'outcome.links[0].destination is of type undefined: use a string',
    ],
    [
      { activation: { active: true, host: 'h', open: 'some' as never, click: false } },
      {},
      'outcome.activation.open is "some": use one of full, identified, day, anonymous, false',
    ],
    [
      { activation: { active: true, host: 'h', open: false, click: 'day' as never } },
      {},
      'outcome.activation.click is "day": use one of full, identified, anonymous, false',
    ],
  ])('refuses %j with %j', async (wrong, wrongDetails, message) => {
    const saved = store.saveMessage({ ...outcome('m1'), ...wrong }, { ...details, ...wrongDetails })
    expect(await refusalOf(saved)).toEqual({ code: 'invalid-options', message })
  })

  it.each<[Partial<SaveCampaignOptions>, string]>([
    [{ campaign: '' }, 'campaign is "": use a string of 1 to 256 characters'],
    [{ now: 0 }, 'now is 0: use milliseconds since the epoch, of the years 2000 to 2106'],
    [
      { title: 'News' } as never,
      'options has no field "title": use owner, domain, campaign, subject, html, links, now',
    ],
  ])('refuses a campaign with %j', async (wrong, message) => {
    const saved = store.saveCampaign({ domain: 'example.com', campaign: 'c1', now: sentAt, ...wrong })
    expect(await refusalOf(saved)).toEqual({ code: 'invalid-options', message })
  })
})
