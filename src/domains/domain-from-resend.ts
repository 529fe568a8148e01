import {
  checkDomain,
  type DomainConfig,
  type RecordStatus,
  recordStatuses,
  type TrackingDomain,
} from '../config/domain-config.ts'
import { parseHost } from '../config/host.ts'
import { MailtraceError, quote } from '../errors.ts'
import { registrableDomain } from './registrable-domain.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Turns the JSON of Resend's `GET /domains/:id` into the configuration that instrumentEmail takes.
 *
 * The status of a tracking domain is that of its `Tracking` record: the domain's own status also waits for SPF and DKIM
 * and says nothing of links. Of several Tracking records the one that `tracking_subdomain` names is the current one,
 * the others are former. A `tracking_subdomain` without a record counts as `not_started`. Record names are read as a
 * full host, relative to a parent zone or as a label under the domain, whichever gives the tracking subdomain.
 *
 * Add `signingKeys` to the result; without them references are stored.
 *
 * @throws {MailtraceError} `invalid-resend-domain`, naming the field.
 * @see https://resend.com/docs/api-reference/domains/get-domain
 *
 * @example
 * import { domainFromResend } from 'mailtrace/domains'
 *
 * const domain = domainFromResend({
 *   name: 'example.com',
 *   open_tracking: true,
 *   click_tracking: true,
 *   tracking_subdomain: 'links',
 *   records: [
 *     { record: 'Tracking', type: 'CNAME', name: 'links', value: 'links1.resend-dns.com', status: 'verified' },
 *   ],
 * })
 * console.log(domain.trackingDomains[0]?.host, domain.trackingDomains[0]?.status) // links.example.com verified
 */
export function domainFromResend(json: unknown): DomainConfig {
  const fields = object(json, 'domain')
  const name = hostName(fields.name, 'name')
  const subdomain = fields.tracking_subdomain ?? ''
  const currentHost = subdomain === '' ? undefined : readSubdomain(hostName(subdomain, 'tracking_subdomain'), name)
  const listed = list(fields.records ?? [], 'records').flatMap((value, index) =>
    readRecord(object(value, `records[${index}]`), `records[${index}]`, name, currentHost),
  )
  const current =
    listed.find(({ host }) => host === currentHost) ??
    (currentHost === undefined ? [] : { host: currentHost, status: 'not_started' as const })
  const seen = new Set([currentHost])
  const former = listed.filter(({ host }) => !seen.has(host) && seen.add(host))
  const domain: DomainConfig = {
    name,
    openTracking: flag(fields.open_tracking, 'open_tracking'),
    clickTracking: flag(fields.click_tracking, 'click_tracking'),
    trackingDomains: former.concat(current),
  }
  try {
    checkDomain(domain)
  } catch (error) {
    // Names that are each right may be too long when joined, or may be no name of a sending domain.
    throw error instanceof MailtraceError ? invalid(error.message) : error
  }
  return domain
}

function readRecord(record: Fields, path: string, name: string, currentHost: string | undefined): TrackingDomain[] {
  if (record.record !== 'Tracking') return []
  const { status } = record
  if (!recordStatuses.some((known) => known === status)) {
    throw invalid(`${path}.status is ${quote(status)}: expected one of ${recordStatuses.join(', ')}`)
  }
  return [
    {
      host: readHost(hostName(record.name, `${path}.name`), name, currentHost),
      status: status as RecordStatus,
      cnameTarget: hostName(record.value, `${path}.value`),
    },
  ]
}

/** `links` and `links.mail.example.com` on `mail.example.com` are the same. */
function readSubdomain(subdomain: string, name: string): string {
  return subdomain.endsWith(`.${rootOf(name)}`) ? subdomain : `${subdomain}.${name}`
}

/**
 * The host that a record's name means: the reading that is the current host, else a full host if it is one, else the
 * reading that lies under the domain. On `mail.example.com`, `links.mail` is relative to the zone `example.com`.
 */
function readHost(recordName: string, name: string, currentHost: string | undefined): string {
  const root = rootOf(name)
  const labels = name.split('.')
  const zones = labels.map((_, index) => labels.slice(index).join('.')).filter((zone) => zone.endsWith(root))
  const relative = zones.map((zone) => `${recordName}.${zone}`)
  if (currentHost !== undefined && [recordName, ...relative].includes(currentHost)) return currentHost
  if (recordName.endsWith(`.${root}`)) return recordName
  // There is one: the domain itself is the first of the zones.
  return relative.findLast((reading) => reading.endsWith(`.${name}`))!
}

function rootOf(name: string): string {
  return registrableDomain(name) ?? name
}

function hostName(value: unknown, path: string): string {
  // A label alone is a host name too; `parseHost` would read a label of digits as an IPv4 address.
  const host = typeof value === 'string' ? parseHost(`${value.replace(/\.$/, '')}.invalid`) : null
  if (host?.kind !== 'name' || host.port !== null) throw invalid(`${path} is ${quote(value)}: expected a host name`)
  return host.name.replace(/\.invalid$/, '')
}

function flag(value: unknown, path: string): boolean {
  // Tracking is off for Resend's domains until it is switched on, and older answers leave the switches out.
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw invalid(`${path} is ${quote(value)}: expected true or false`)
  return value
}

function object(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${path} is ${quote(value)}: expected an object`)
  }
  return value as Fields
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${path} is ${quote(value)}: expected an array`)
  return value
}

function invalid(message: string): MailtraceError {
  return new MailtraceError('invalid-resend-domain', `${message}; pass the domain object of Resend's API`)
}
