import { type TrackingRecord, trackingRecords } from '../../../domains/tracking-records.ts'
import type { HostCheck } from '../../../store/stored-domain.ts'
import type { Html } from '../../hono.ts'
import { domainPath } from '../links.ts'
import { Card } from '../parts/card.tsx'
import { Findings } from '../parts/findings.tsx'
import { HiddenToken } from '../parts/form.tsx'
import { Badge, Copied, StatusBadge, Time } from '../parts/small.tsx'
import { statusTexts } from '../text/status-texts.ts'
import type { DomainPageProps } from './domain-page.tsx'

/** The chosen one first, then the one in use, then former ones, the latest first. */
const inOrder = (records: readonly TrackingRecord[]): TrackingRecord[] =>
  records
    .toReversed()
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || Number(b.isActive) - Number(a.isActive))

export const RecordsCard = ({ visit, domain }: DomainPageProps): Html => {
  const records = inOrder(trackingRecords(domain.config))
  const former = records.filter(({ isCurrent, isActive }) => !isCurrent && !isActive)
  const wanted = records.filter((record) => !former.includes(record))
  return (
    <Card
      id="records"
      title="DNS records"
      aside={
        visit.canWrite && records.length > 0 ? (
          <form method="post" action={domainPath(domain.id, '/verify')}>
            <HiddenToken visit={visit} />
            <button type="submit" class="button" data-busy-text="Asking DNS…">
              Verify now
            </button>
          </form>
        ) : null
      }
    >
      {records.length === 0 ? (
        <p class="hint">The record to add appears here once a tracking domain is chosen.</p>
      ) : (
        <>
          <p class="hint">
            Add each record where the DNS of {domain.config.name} is kept. Many providers want the name without “.
            {domain.config.name}” at its end.
          </p>
          <div class="records">
            {wanted.map((record) => (
              <RecordBox record={record} check={domain.checks[record.name]} />
            ))}
          </div>
        </>
      )}
      {former.length === 0 ? null : (
        <>
          <h3 id="former">Former records</h3>
          <p class="hint">Keep them in DNS: links in sent mail lead through them and are still counted.</p>
          <div class="records">
            {former.map((record) => (
              <RecordBox record={record} check={domain.checks[record.name]} />
            ))}
          </div>
        </>
      )}
    </Card>
  )
}

const RecordBox = ({
  record: { name, type, value, status, isActive, isCurrent },
  check,
}: {
  readonly record: TrackingRecord
  readonly check: HostCheck | undefined
}): Html => (
  <article class={isCurrent || isActive ? 'record' : 'record former'} aria-label={`Record of ${name}`}>
    <div class="record-head">
      <h3>{name}</h3>
      {isActive ? <Badge tone="person">In use</Badge> : null}
      {isCurrent || isActive ? null : <Badge tone="neutral">Former</Badge>}
      <StatusBadge status={status} />
    </div>
    <dl class="facts">
      <dt>Type</dt>
      <dd class="mono">{type}</dd>
      <dt>Name</dt>
      <dd>
        <Copied text={name} what={`the name ${name}`} />
      </dd>
      <dt>Value</dt>
      <dd>
        {value === null ? (
          'not set: choose the tracking domain again'
        ) : (
          <Copied text={value} what={`the value for ${name}`} />
        )}
      </dd>
    </dl>
    <p class="more">
      {statusTexts[status].what}
      {check === undefined ? null : (
        <>
          {' '}
          Last checked <Time at={check.at} />.
        </>
      )}
    </p>
    {check === undefined || check.findings.length === 0 ? null : <Findings findings={check.findings} host={name} />}
  </article>
)
