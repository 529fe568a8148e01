import { trackingActivation } from '../../../config/activation.ts'
import type { StoredDomain } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Badge } from '../parts/small.tsx'
import { inactiveTexts } from '../text/status-texts.ts'
import type { Visit } from '../visit.ts'
import { ConfigurationCard, type ConfigurationChoice } from './domain-configuration.tsx'
import { RecordsCard } from './domain-records.tsx'
import { TrackingDomainCard } from './domain-tracking-domain.tsx'
import type { Refused } from './domains-page.tsx'

/** What was done, told on the page after it. */
export const doneTexts = {
  added: 'The domain was added. Next: choose the host name that links lead through.',
  configuration: 'Saved. It holds for mail that is sent from now on; sent links keep working.',
  host: 'The tracking domain is set. Next: add its DNS record, then verify.',
  verified: 'DNS was asked just now; what was found stands with each record.',
} as const

export type Done = keyof typeof doneTexts

export interface DomainPageProps {
  readonly visit: Visit
  readonly domain: StoredDomain
  /** When the tracking domain may be changed, in ms since the epoch; `null`: at any time. */
  readonly changeAllowedAt: number | null
  readonly done?: Done | null
  /** Somebody else changed the domain meanwhile. */
  readonly isConflict?: boolean
  /** What was chosen and could not be saved. */
  readonly choice?: ConfigurationChoice | null
  readonly refusedHost?: Refused | null
}

export const DomainPage = (props: DomainPageProps): Html => {
  const { visit, domain, done = null, isConflict = false } = props
  const activation = trackingActivation(domain.config)
  return (
    <Page
      visit={visit}
      section="/domains"
      title={domain.config.name}
      crumbs={[{ href: '/domains', name: 'Domains' }]}
      lead={activation.active ? `Mail is tracked through ${activation.host}.` : inactiveTexts[activation.reason].what}
      aside={
        <Badge tone={activation.active ? 'good' : 'warn'}>
          {activation.active ? 'Tracking is active' : inactiveTexts[activation.reason].name}
        </Badge>
      }
    >
      {done === null ? null : (
        <Notice tone="good" isNews>
          {doneTexts[done]}
        </Notice>
      )}
      {isConflict ? <Conflict /> : null}
      <ConfigurationCard {...props} />
      <TrackingDomainCard {...props} />
      <RecordsCard {...props} />
      {visit.canWrite ? (
        <Card id="remove" title="Remove this domain">
          <p class="hint">
            Links in mail that was sent lead through its tracking domains. What a removal would break, and what to put
            in place first, stands on the next page; nothing is removed yet.
          </p>
          <p>
            <a class="button" href={domainPath(domain.id, '/remove')}>
              See what a removal would break
            </a>
          </p>
        </Card>
      ) : null}
    </Page>
  )
}

const Conflict = (): Html => (
  <Notice tone="bad" isNews title="Not saved: somebody else changed this domain meanwhile">
    <p>Below is the domain as it is now. What you entered still stands in its form: look at it and save again.</p>
  </Notice>
)
