// Owns how a check of DNS is told: a table of records, what to fix, a snippet to paste into the zone.

import type { DomainConfig, RecordStatus } from '../config.ts'
import { type DnsRecord, type Verification, zoneSnippet } from '../dns/index.ts'
import { trackingRecords } from '../domains/index.ts'
import { type Cell, formatTable, paint, printable } from './text.ts'

/** One host's check, with the status before it and after it. */
export interface HostCheck extends Verification {
  readonly before: RecordStatus
  readonly after: RecordStatus
}

/** The records that findings name beyond the CNAME records: CAA records that are to be added. */
export function missingRecords(checks: readonly HostCheck[]): readonly DnsRecord[] {
  const named = checks.flatMap(({ findings }) =>
    findings.flatMap((finding) =>
      'fixedBy' in finding && finding.fixedBy === 'domain-owner' && finding.record !== null ? [finding.record] : [],
    ),
  )
  // Hosts under one name share its CAA records.
  return [...new Map(named.map((record) => [`${record.name} ${record.value}`, record])).values()]
}

/** @param domain as it is after the check */
export function formatDnsReport(
  domain: DomainConfig,
  checks: readonly HostCheck[],
  records: readonly DnsRecord[],
  isProbed: boolean,
): string {
  const rows = checks.map(({ host, cnameTarget, outcome, before, after }): Cell[] => [
    host,
    'CNAME',
    cnameTarget,
    { text: outcome, format: outcome === 'verified' ? 'green' : outcome === 'not-verified' ? 'red' : 'yellow' },
    before === after ? after : `${before} -> ${after}`,
  ])
  const findings = checks
    .flatMap((check) => check.findings)
    .map(({ kind, message }) => `${paint('yellow', `${kind}:`)} ${printable(message, 2_000)}\n`)
  const active = trackingRecords(domain).find((record) => record.isActive)
  const untested = isProbed ? '' : ' Whether it has a certificate was not looked at: add --probe.'
  return [
    formatTable(['record', 'type', 'must point at', 'found', 'status'], rows),
    active
      ? `\nNew links go through ${active.name}.${untested}\n`
      : '\nNew links are not tracked: no record is verified.\n',
    findings.length > 0 ? `\n${findings.join('')}` : '',
    `\n${paint('dim', '; for the zone file')}\n${zoneSnippet(records)}`,
  ].join('')
}
