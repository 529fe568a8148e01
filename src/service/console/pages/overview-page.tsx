import type { StoredEvent } from '../../../store/events.ts'
import type { CampaignRow } from '../../../store/numbers.ts'
import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { FeedItem } from '../parts/feed.tsx'
import { Page } from '../parts/page.tsx'
import type { Visit } from '../visit.ts'
import { CampaignTable } from './campaigns-page.tsx'
import { saveCampaignCode } from './code-samples.ts'
import { DomainTable } from './domains-page.tsx'

export interface OverviewProps {
  readonly visit: Visit
  readonly domains: readonly StoredDomain[]
  readonly campaigns: readonly CampaignRow[]
  readonly events: readonly StoredEvent[]
  readonly hasMessages: boolean
}

/** What is still to be done, until all of it is; then what is going on. */
export const OverviewPage = (props: OverviewProps): Html => {
  const { visit, domains, campaigns, events } = props
  const steps = stepsOf(props)
  const next = steps.findIndex(({ isDone }) => !isDone)
  return (
    <Page
      visit={visit}
      section="/"
      title="Overview"
      lead={
        next === -1
          ? 'What people read and follow, and what machines only looked at.'
          : 'From here to the first numbers, step by step.'
      }
    >
      {next === -1 ? null : (
        <Card id="steps" title="Getting started">
          <ol class="steps">
            {steps.map(({ isDone, title, what, link }, index) => (
              <li class={isDone ? 'done' : index === next ? 'next' : ''}>
                <div>
                  <h3>
                    {title}
                    {isDone ? <span class="unseen">: done</span> : null}
                  </h3>
                  {isDone ? null : <p>{what}</p>}
                  {index === next ? link : null}
                </div>
              </li>
            ))}
          </ol>
        </Card>
      )}
      {campaigns.length === 0 ? null : (
        <Card id="campaigns" title="Latest campaigns" bare aside={<a href="/campaigns">All campaigns</a>}>
          <CampaignTable campaigns={campaigns} />
        </Card>
      )}
      {domains.length === 0 ? null : (
        <Card id="domains" title="Domains" bare aside={<a href="/domains">All domains</a>}>
          <DomainTable domains={domains.slice(0, 5)} />
        </Card>
      )}
      {events.length === 0 ? null : (
        <Card id="events" title="Latest events" bare aside={<a href="/live">Watch live</a>}>
          <ol class="feed">
            {events.map((stored) => (
              <FeedItem stored={stored} />
            ))}
          </ol>
        </Card>
      )}
    </Page>
  )
}

interface Step {
  readonly isDone: boolean
  readonly title: string
  readonly what: string
  readonly link: Html | null
}

function stepsOf({ domains, campaigns, events, hasMessages }: OverviewProps): readonly Step[] {
  const chosen = domains.filter(({ config }) => config.trackingDomains.length > 0)
  const isVerified = chosen.some(({ config }) => config.trackingDomains.some(({ status }) => status === 'verified'))
  const at = (domain: StoredDomain | undefined, part: string): string =>
    domain === undefined ? '/domains' : `${domainPath(domain.id)}#${part}`
  return [
    {
      isDone: domains.length > 0,
      title: 'Add your sending domain',
      what: 'The part behind the @ of your From address.',
      link: <Go href="/domains#add" text="Add a domain" />,
    },
    {
      isDone: chosen.length > 0,
      title: 'Choose a tracking domain',
      what: 'The host name, under your own domain, that links lead through.',
      link: <Go href={at(domains[0], 'tracking-domain')} text="Choose it" />,
    },
    {
      isDone: isVerified,
      title: 'Add its DNS record and verify it',
      what: 'One CNAME record. Until it is verified mail goes out exactly as it was written.',
      link: <Go href={at(chosen[0], 'records')} text="See the record" />,
    },
    {
      isDone: campaigns.length > 0 || hasMessages,
      title: 'Send a mail',
      what: 'Instrument it, save each message, hand it to whatever sends your mail.',
      link: (
        <pre class="sample">
          <code>{saveCampaignCode}</code>
        </pre>
      ),
    },
    {
      isDone: events.length > 0,
      title: 'See the first open or click',
      what: 'Open the mail and follow a link.',
      link: <Go href="/live" text="Watch events come in" />,
    },
  ]
}

const Go = ({ href, text }: { readonly href: string; readonly text: string }): Html => (
  <p class="actions">
    <a class="button main" href={href}>
      {text}
    </a>
  </p>
)
