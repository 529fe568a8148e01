// A console in use: a domain that is verified, a campaign with people, a scanner and a proxy, and a message of somebody who refused.

import { readFileSync } from 'node:fs'
import { type DomainConfig, prepareEmail } from '../../src/index.ts'
import type { TrackingEvent } from '../../src/receiver/index.ts'
import type { ConsoleStage } from './console-stage.ts'

const html = readFileSync(new URL('../demo/newsletter.html', import.meta.url), 'utf8')

export const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [
    { host: 'links.example.com', status: 'verified', cnameTarget: 'k7w2q.tracking.example.net' },
    { host: 'go.example.com', status: 'pending', cnameTarget: 'k7w2q.tracking.example.net', configuredAt: 0 },
  ],
  signingKeys: [{ id: 'k', secret: 'a key of the tests that is long enough' }],
}

/** Everything that a stranger can name, as markup. */
export const markup = '"><img src=x onerror=alert(1)><script>alert(2)</script>'

export interface Content {
  readonly domainPath: string
  readonly messageRef: string
}

export async function fillConsole({ store, now }: ConsoleStage): Promise<Content> {
  const sentAt = now - 3 * 86_400_000
  const { id } = await store.createDomain({ owner: 'default', config: domain, now: sentAt })
  const campaign = 'november'
  const prepared = prepareEmail(html, domain, { campaignRef: campaign, now: () => sentAt })
  await store.saveCampaign({ domain: 'example.com', campaign, subject: `The Grind ${markup}`, html, now: sentAt })
  const details = { domain: 'example.com', campaign, sentAt }
  const copies = Array.from({ length: 12 }, (_, index) => ({
    outcome: prepared.instrument({ messageRef: `message-${index}` }),
    details: { ...details, recipient: index === 1 ? markup : `reader-${index}@example.org` },
  }))
  const refuser = prepared.instrument({ openTracking: false, clickTracking: false })
  await store.saveMessages([...copies, { outcome: refuser, details: { ...details, recipient: 'refuser@example.org' } }])
  const tracked = copies[0]!.outcome.links.filter((link) => link.kind === 'tracked')
  const events: TrackingEvent[] = []
  const add = (index: number, after: number, more: object) =>
    events.push({
      id: `event-${events.length}`,
      mode: 'full',
      messageRef: `message-${index}`,
      campaignRef: null,
      domain: 'example.com',
      host: 'links.example.com',
      time: sentAt + after,
      issuedAt: sentAt,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0',
      clientAddress: null,
      signals: [],
      ...more,
    } as unknown as TrackingEvent)
  const click = (index: number, after: number, link: number, more: object = {}) => {
    const { index: at, destination } = tracked[link]!
    add(index, after, { type: 'click', part: 'html', index: at, destination, ...more })
  }
  for (let index = 0; index < 8; index++) add(index, 3_600_000 * (index + 1) * 4, { type: 'open', pixel: 'end' })
  click(0, 7_200_000, 3, { userAgent: markup })
  click(2, 90_000_000, 1)
  for (const [at] of tracked.entries()) click(1, 60_000 + at * 40, at)
  add(9, 5_000_000, { type: 'open', pixel: 'end', userAgent: 'Mozilla/5.0', signals: ['apple-mpp'] })
  await store.write(events)
  return { domainPath: `/domains/${id}`, messageRef: 'message-1' }
}
