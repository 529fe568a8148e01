// What an application does that sends mail: it takes the domain as the console has it, instruments one mail for all, saves what it
// sends. The mail itself is handed to the demo's inbox instead of a mail server.

import { type DomainConfig, type InstrumentedEmail, prepareEmail } from '../../../src/index.ts'
import type { Store } from '../../../src/store/index.ts'
import { addressOf, type Recipient, recipients } from './recipients.ts'

export interface Mail {
  readonly id: string
  readonly recipient: Recipient
  readonly subject: string
  readonly campaign: string
  readonly domain: string
  readonly html: string
  readonly outcome: InstrumentedEmail<string>
  readonly sentAt: number
  /** How many requests a gateway made that looked at it; `null`: none did. */
  scanned: number | null
}

export interface Mailing {
  /** Newest first. */
  readonly mails: readonly Mail[]
  readonly send: (domain: DomainConfig) => Promise<void>
}

const subject = 'Spring at the roastery: a new Huila, and a free cupping'

export function createMailing(store: Store, newsletter: string, port: number): Mailing {
  const mails: Mail[] = []
  let sendings = 0

  return {
    mails,
    send: async (domain) => {
      sendings++
      const campaign = sendings === 1 ? 'spring' : `spring-${sendings}`
      const original = localDestinations(newsletter, domain.name, port)
      const prepared = prepareEmail(original, onThisMachine(domain, port), { campaignRef: campaign })
      const sentAt = Date.now()
      const sent = recipients.map((recipient): Mail => {
        const outcome = prepared.instrument({ openTracking: recipient.open, clickTracking: recipient.click })
        const html = outcome.html.replaceAll('{{unsubscribe_url}}', `http://${domain.name}:${port}/unsubscribe`)
        const id = `${sendings}-${recipient.id}`
        return { id, recipient, subject, campaign, domain: domain.name, html, outcome, sentAt, scanned: null }
      })
      await store.saveCampaign({ domain: domain.name, campaign, subject, html: original, now: sentAt })
      await store.saveMessages(
        sent.map(({ outcome, recipient }) => ({
          outcome,
          details: { domain: domain.name, campaign, recipient: addressOf(recipient), subject, sentAt },
        })),
      )
      mails.unshift(...sent)
    },
  }
}

/** Links lead to this port without TLS, which only names of this machine may do (RFC 6761 section 6.3). */
const onThisMachine = (domain: DomainConfig, port: number): DomainConfig => ({
  ...domain,
  trackingDomains: domain.trackingDomains.map(({ host, status }) => ({
    host: `${host}:${port}`,
    scheme: 'http',
    status,
  })),
})

/** Where the newsletter's links lead is a page of the demo, so that no click ends at a made-up name. */
const localDestinations = (html: string, name: string, port: number): string =>
  html.replace(
    /href="https:\/\/([^/"]*?)example\.(?:com|org)(?=[/"])/g,
    (_, label: string) => `href="http://${label}${name}:${port}`,
  )
