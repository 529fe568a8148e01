import { trackingRecords } from '../../../domains/tracking-records.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { HiddenToken, TextField } from '../parts/form.tsx'
import { StatusBadge, Time } from '../parts/small.tsx'
import type { DomainPageProps } from './domain-page.tsx'
import { VersionField } from './version-field.tsx'

export const TrackingDomainCard = (props: DomainPageProps): Html => {
  const { visit, domain, changeAllowedAt, refusedHost = null } = props
  const records = trackingRecords(domain.config)
  const current = records.find(({ isCurrent }) => isCurrent)
  const active = records.find(({ isActive }) => isActive)
  return (
    <Card
      id="tracking-domain"
      title="Custom tracking domain"
      aside={current === undefined ? null : <StatusBadge status={current.status} />}
    >
      {current === undefined ? (
        <p class="hint">
          Links and images of your mail lead through a host name of your own, like links.{domain.config.name}. Choose it
          with care: it can be changed later, but never removed, because sent links depend on it.
        </p>
      ) : (
        <dl class="facts">
          <dt>Tracking domain</dt>
          <dd class="mono strong">{current.name}</dd>
          <dt>In use for new mail</dt>
          <dd>
            {active === undefined ? (
              <>None: no tracking domain is verified, so mail goes out untracked.</>
            ) : active === current ? (
              <>Yes, since its record is verified.</>
            ) : (
              <>
                <span class="mono">{active.name}</span>, the previous one, stays in use until {current.name} is
                verified.
              </>
            )}
          </dd>
          <dt>Next change</dt>
          <dd>
            {changeAllowedAt === null || changeAllowedAt <= visit.now ? (
              'Allowed now; one change in 24 hours.'
            ) : (
              <>
                Allowed from <Time at={changeAllowedAt} /> on: one change in 24 hours.
              </>
            )}
          </dd>
        </dl>
      )}
      {visit.canWrite ? <HostForm {...props} refusedHost={refusedHost} isChange={current !== undefined} /> : null}
    </Card>
  )
}

const HostForm = ({
  visit,
  domain,
  refusedHost = null,
  isChange,
}: DomainPageProps & { readonly isChange: boolean }): Html => (
  <form method="post" action={domainPath(domain.id, '/tracking-domain')} class="inline-form">
    <HiddenToken visit={visit} />
    <VersionField domain={domain} />
    <TextField
      id="host"
      name="host"
      label={isChange ? 'Change to' : 'Host name'}
      help={
        isChange
          ? `Links in sent mail go on working through every former one. A label like go means go.${domain.config.name}.`
          : `A label like links means links.${domain.config.name}.`
      }
      value={refusedHost?.value ?? ''}
      placeholder={isChange ? 'go' : 'links'}
      error={refusedHost?.error ?? null}
    />
    <button type="submit" class={isChange ? 'button' : 'button main'}>
      {isChange ? 'Change tracking domain' : 'Set tracking domain'}
    </button>
  </form>
)
