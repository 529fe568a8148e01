// What users of other trackers met where consent, campaigns and sent mail are concerned. Each case is named after its report.

import { describe, expect, it } from 'vitest'
import { instrumentEmail, prepareEmail, readTrackingUrl, untrackEmail } from '../../src/index.ts'
import { createReceiver, type TrackingEvent } from '../../src/receiver/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'

const unsubscribe = 'https://example.com/unsubscribe?u=1&list=2'
const html = `<body><p><a data-link-name="sale" href="https://example.org/sale">x</a> <a href="${unsubscribe.replace('&', '&amp;')}">unsubscribe</a></body>`
const campaignRef = 'campaign-2026-11-24'

const urlsOf = (email: ReturnType<typeof instrumentEmail>): string[] =>
  email.links.flatMap((link) => (link.kind === 'tracked' ? link.url : []))

describe('sending', () => {
  it('#38 #66 MailPoet#7026: for whoever refuses, nothing is rewritten', () => {
    const prepared = prepareEmail(html, signedDomain)
    prepared.instrument({ messageRef: 'message-to-ada' })
    const refused = prepared.instrument({ messageRef: 'message-to-eve', openTracking: false, clickTracking: false })
    expect(Object.is(refused.html, html)).toBe(true)
  })

  it('#69 kannon#413: a message that asks for more than its domain allows gets what the domain allows', () => {
    const domain = { ...signedDomain, openTracking: 'day', clickTracking: false } as const
    const email = instrumentEmail(html, domain, { ...fixed, openTracking: 'full', clickTracking: 'full' })
    expect(email.activation).toEqual({ active: true, host: 'links.example.com', open: 'day', click: false })
    expect(email.pixel.kind === 'placed' && readTrackingUrl(email.pixel.urls[0]!, domain)?.mode).toBe('day')
  })

  it('#70 listmonk#3149, buttondown/roadmap#831: count, but do not know who', () => {
    const prepared = prepareEmail(html, signedDomain, { campaignRef })
    const modes = { openTracking: 'anonymous', clickTracking: 'anonymous' } as const
    const [ada, bob] = ['ada', 'bob'].map((name) => prepared.instrument({ messageRef: `message-to-${name}`, ...modes }))
    expect(ada!.html).toBe(bob!.html)
  })

  it("#77 Warmbly#542, nylas-mail#2831: the sender's own copy counts nothing", () => {
    const sent = instrumentEmail(html, signedDomain, fixed)
    expect(untrackEmail(sent.html, signedDomain).html).toBe(html)
  })

  it('#37 #79 RFC 8058, opensend#384: the URL of List-Unsubscribe is left alone in the body', () => {
    const { links } = instrumentEmail(html, signedDomain, { ...fixed, skipUrls: [unsubscribe] })
    expect(links.map((link) => (link.kind === 'skipped' ? link.reason : link.kind))).toEqual(['tracked', 'caller'])
  })

  it('#85 sendgrid/docs#6054: which of several equal links, by index and name', () => {
    const twice = html.replace('data-link-name="sale" ', '') + html
    const sales = instrumentEmail(twice, signedDomain, fixed).links.filter(
      (link) => link.kind === 'tracked' && link.destination.endsWith('/sale'),
    )
    expect(sales.map(({ index, name }) => [index, name])).toEqual([
      [0, null],
      [2, 'sale'],
    ])
  })

  it('#86 Mautic: the opt-out of its older templates', () => {
    const old = '<a mautic:disable-tracking="true" href="https://example.org/">x</a>'
    expect(instrumentEmail(old, signedDomain, fixed).links).toMatchObject([{ reason: 'opt-out' }])
  })
})

describe('receiving', () => {
  const [url = ''] = urlsOf(instrumentEmail(html, signedDomain, fixed))
  const forbid = (): never => {
    throw new Error('asked')
  }

  async function click(method: string, domain = signedDomain): Promise<{ status: number; events: TrackingEvent[] }> {
    const events: TrackingEvent[] = []
    const onEvent = (event: TrackingEvent): void => void events.push(event)
    const receiver = createReceiver({
      domains: domain,
      findReference: forbid,
      onEvent,
      awaitEvents: { timeoutMs: 1000 },
    })
    const { status } = await receiver(new Request(url, { method }))
    return { status, events }
  }

  it('#58 #76 mail-tracker#200, joe-links#196: HEAD is answered like GET, and not counted', async () => {
    expect(await click('HEAD')).toEqual({ status: 302, events: [] })
  })

  it('#83 Ghost#20036: a signed click needs no query', async () => {
    expect(await click('GET')).toMatchObject({ status: 302, events: [{ type: 'click', index: 0 }] })
  })

  it('#55 #84 mail-tracker#138 #237, keila#210: sent links outlive records and switched-off tracking', async () => {
    const later = { ...signedDomain, openTracking: false, clickTracking: false }
    expect(await click('GET', later)).toMatchObject({ status: 302 })
  })
})
