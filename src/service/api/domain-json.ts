import { trackingActivation } from '../../config/activation.ts'
import { trackingRecords } from '../../domains/tracking-records.ts'
import type { StoredDomain } from '../../store/stored-domain.ts'
import { isoTime } from './iso-time.ts'

/** A record as Resend's API lists it. */
interface RecordJson {
  readonly record: 'Tracking' | 'TrackingCAA'
  readonly type: 'CNAME' | 'CAA'
  /** Whole: `links.example.com`. */
  readonly name: string
  readonly value: string
  readonly ttl: 'Auto'
  readonly status: string
}

/** A domain as Resend's `GET /domains/:id` gives it. What is about sending and not about tracking is always the same. */
export function domainJson(domain: StoredDomain): object {
  return { ...domainRow(domain), records: recordsOf(domain) }
}

/** A domain as Resend's list has it: without its records. */
export function domainRow(domain: StoredDomain): object {
  const { id, createdAt, config } = domain
  return {
    object: 'domain',
    id,
    name: config.name,
    status: statusOf(domain),
    created_at: isoTime(createdAt),
    region: 'us-east-1',
    capabilities: { sending: 'enabled', receiving: 'disabled' },
    open_tracking: config.openTracking !== false,
    click_tracking: config.clickTracking !== false,
    // How far: Resend knows on and off only.
    open_tracking_mode: config.openTracking,
    click_tracking_mode: config.clickTracking,
    tracking_subdomain: subdomainOf(domain),
  }
}

/** `links` of `links.example.com` under `example.com`; a host beside the domain, whole. */
function subdomainOf({ config }: StoredDomain): string | undefined {
  const host = config.trackingDomains.at(-1)?.host
  const suffix = `.${config.name}`
  return host?.endsWith(suffix) ? host.slice(0, -suffix.length) : host
}

/** Of tracking alone, in Resend's words: whether the domain may send is not known here. */
function statusOf({ config }: StoredDomain): string {
  const current = config.trackingDomains.at(-1)
  if (current === undefined) return 'not_started'
  if (current.status === 'verified') return 'verified'
  // Until the new host is verified the previous one stays in use.
  const activation = trackingActivation({ ...config, openTracking: true })
  if (activation.active) return 'partially_verified'
  return current.status === 'temporary_failure' ? 'partially_failed' : current.status
}

/** Former hosts are listed, too, as their records must stay. CAA records are those that the last check missed. */
function recordsOf({ config, checks }: StoredDomain): readonly RecordJson[] {
  const tracking = trackingRecords(config).map(
    ({ record, type, name, value, status }): RecordJson => ({
      record,
      type,
      name,
      value: value ?? '',
      ttl: 'Auto',
      status,
    }),
  )
  const missing = new Map<string, RecordJson>()
  for (const finding of Object.values(checks).flatMap(({ findings }) => findings)) {
    if (!('fixedBy' in finding) || finding.fixedBy !== 'domain-owner' || finding.record === null) continue
    const { name, value } = finding.record
    missing.set(name, { record: 'TrackingCAA', type: 'CAA', name, value, ttl: 'Auto', status: 'pending' })
  }
  return [...tracking, ...missing.values()]
}
