import { optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { trackingRecords } from '../domains/tracking-records.ts'
import { MailtraceError, quote } from '../errors.ts'
import { isUnescapedName } from './dns-name.ts'

/** A DNS record to publish. */
export interface DnsRecord {
  /** Lower-case A-labels without trailing dot. */
  readonly name: string
  readonly type: 'CNAME' | 'CAA'
  /** As it stands in a zone file, but for the trailing dot of a host name. */
  readonly value: string
}

/** In seconds. An hour: long enough for caches, short enough for a correction. */
const defaultTtlSeconds = 3600

/**
 * The CNAME records that a domain's tracking needs, oldest first. Those of former tracking domains are among them, as
 * links in sent mail go through them. A host with a port, which is for local use, has none. The CAA record that may be
 * needed is named by `verifyTrackingDomain`.
 *
 * @throws {MailtraceError} `invalid-config`, also for a tracking domain without `cnameTarget`.
 *
 * @example
 * import { expectedRecords } from 'mailtrace/dns'
 *
 * const [record] = expectedRecords({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'pending', cnameTarget: 'k7w2q.tracking.example.net' }],
 * })
 * console.log(record?.name, record?.type, record?.value) // links.example.com CNAME k7w2q.tracking.example.net
 */
export function expectedRecords(domain: DomainConfig): readonly DnsRecord[] {
  const { hosts } = checkDomain(domain)
  return trackingRecords(domain).flatMap(({ name, type, value }, index) => {
    if (hosts[index]!.port !== null) return []
    if (value === null) throw missingTarget(index, name)
    return { name, type, value }
  })
}

/** The error for a tracking domain without `cnameTarget`. */
export function missingTarget(index: number, host: string): MailtraceError {
  return new MailtraceError(
    'invalid-config',
    `trackingDomains[${index}].cnameTarget is missing: set the name that the CNAME record of ${host} must point at`,
  )
}

/**
 * Writes records as lines of a zone file (RFC 1035 section 5.1), with absolute names: they mean the same in any zone. What
 * would end a line or a value, or mean something else in a zone file, is refused.
 *
 * @param options `ttlSeconds`: 1 to 2,147,483,647. Default: 3600
 * @throws {MailtraceError} `invalid-options`.
 *
 * @example
 * import { zoneSnippet } from 'mailtrace/dns'
 *
 * const record = { name: 'links.example.com', type: 'CNAME', value: 'k7w2q.tracking.example.net' } as const
 * console.log(zoneSnippet([record]).trimEnd()) // links.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
 */
export function zoneSnippet(
  records: readonly DnsRecord[],
  options: { readonly ttlSeconds?: number | undefined } = {},
): string {
  optionChecks.object(options, 'options', ['ttlSeconds'])
  const { ttlSeconds = defaultTtlSeconds } = options
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > 0x7fff_ffff) {
    throw optionChecks.error(`ttlSeconds is ${quote(ttlSeconds)}: use a whole number of 1 to 2147483647`)
  }
  return records.map((record, index) => zoneLine(record, `records[${index}]`, ttlSeconds)).join('')
}

/** Flags, tag and value, as findings write them; the value has no quote and no backslash. */
const caaValue = /^\d{1,3} [a-z0-9]{1,15} "[\x20\x21\x23-\x5b\x5d-\x7e]*"$/i

function zoneLine({ name, type, value }: DnsRecord, path: string, ttlSeconds: number): string {
  checkZoneName(name, `${path}.name`)
  if (type === 'CNAME') checkZoneName(value, `${path}.value`)
  else if (type !== 'CAA') throw optionChecks.error(`${path}.type is ${quote(type)}: use CNAME or CAA`)
  else if (!caaValue.test(value)) {
    throw optionChecks.error(
      `${path}.value is ${quote(value)}: use flags, tag and text, like 0 issue "letsencrypt.org"`,
    )
  }
  return `${name}. ${ttlSeconds} IN ${type} ${type === 'CNAME' ? `${value}.` : value}\n`
}

function checkZoneName(name: string, path: string): void {
  if (typeof name !== 'string' || !isUnescapedName(name.toLowerCase())) {
    throw optionChecks.error(
      `${path} is ${quote(name)}: use a name of letters, digits, "-", "_" and dots, without one at its end`,
    )
  }
}
