import { activeHost } from '../config/activation.ts'
import { checkDomain, type DomainConfig, type RecordStatus } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'

/** One tracking domain and the CNAME record that it needs. */
export interface TrackingRecord {
  readonly record: 'Tracking'
  readonly type: 'CNAME'
  /** `links.example.com` */
  readonly name: string
  /** What the record must point at; `null` where the configuration does not say. */
  readonly value: string | null
  readonly status: RecordStatus
  /** The one that new links go through: the newest that is verified. */
  readonly isActive: boolean
  /** The one that was chosen last. Until it is verified the previous one stays active. */
  readonly isCurrent: boolean
}

/**
 * Every tracking domain with its record and status, oldest first. Former ones are listed because they must stay in
 * DNS: links in sent mail go through them.
 *
 * @throws {MailtraceError} `invalid-config`.
 *
 * @example
 * import { trackingRecords } from 'mailtrace/domains'
 *
 * const records = trackingRecords({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [
 *     { host: 'links.example.com', status: 'verified' },
 *     { host: 'go.example.com', status: 'pending' },
 *   ],
 * })
 * console.log(records.find(({ isActive }) => isActive)?.name) // links.example.com
 * console.log(records.find(({ isCurrent }) => isCurrent)?.name) // go.example.com
 */
export function trackingRecords(domain: DomainConfig): readonly TrackingRecord[] {
  const checked = checkDomain(domain)
  const active = activeHost(checked)
  return checked.hosts.map((host, index) => {
    const target = domain.trackingDomains[index]?.cnameTarget
    return {
      record: 'Tracking',
      type: 'CNAME',
      name: host.host,
      value: target === undefined ? null : hostText(target),
      status: host.status,
      isActive: host === active,
      isCurrent: index === checked.hosts.length - 1,
    }
  })
}
