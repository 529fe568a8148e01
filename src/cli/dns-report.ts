import type { DomainConfig, RecordStatus } from '../config/domain-config.ts'
import { type DnsRecord, type Verification, zoneSnippet } from '../dns/index.ts'
import { trackingRecords } from '../domains/index.ts'
import type { MailtraceErrorCode } from '../errors.ts'
import { findBlockedHost } from '../inspection/warnings.ts'
import { printable } from '../printable.ts'
import { type Cell, formatTable, paint } from './terminal.ts'

/** One host's check, with the status before it and after it. */
export interface HostCheck extends Verification {
  readonly before: RecordStatus
  readonly after: RecordStatus
}

/** Why a host cannot be checked, each with the code with which the library refuses it. */
export const uncheckableReasons = {
  // It has a port, which DNS knows nothing of.
  local: 'invalid-host',
  // Nobody said where its record must point.
  'no-target': 'invalid-config',
} as const satisfies Record<string, MailtraceErrorCode>
export type UncheckableReason = keyof typeof uncheckableReasons

/** One host of which there is nothing to check. */
export interface SkippedHost {
  readonly host: string
  readonly status: RecordStatus
  readonly reason: UncheckableReason
  readonly message: string
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
  skipped: readonly SkippedHost[],
  records: readonly DnsRecord[],
  isProbed: boolean,
): string {
  const rows = new Map([
    ...checks.map((check) => [check.host, formatCheck(check)] as const),
    ...skipped.map((host) => [host.host, formatSkipped(host)] as const),
  ])
  const listed = trackingRecords(domain)
  const current = listed.findLast((record) => record.isCurrent)
  const blocked = current && findBlockedHost(current.name)
  const notes = [
    ...checks.flatMap((check) => check.findings),
    ...skipped.map(({ message }) => ({ kind: 'skipped', message })),
    ...(blocked ? [{ kind: 'blocked-host', message: blocked }] : []),
  ].map(({ kind, message }) => `${paint('yellow', `${kind}:`)} ${printable(message, 2_000)}\n`)
  const active = listed.find((record) => record.isActive)
  const isUntested = !isProbed && checks.some(({ host }) => host === active?.name)
  const untested = isUntested ? ' Whether it has a certificate was not looked at: add --probe.' : ''
  return [
    formatTable(
      ['record', 'type', 'must point at', 'found', 'status'],
      // A host that was added meanwhile was not checked.
      listed.flatMap(({ name }) => (rows.has(name) ? [rows.get(name)!] : [])),
    ),
    active
      ? `\nNew links go through ${active.name}.${untested}\n`
      : '\nNew links are not tracked: no record is verified.\n',
    notes.length > 0 ? `\n${notes.join('')}` : '',
    records.length > 0 ? `\n${paint('dim', '; for the zone file')}\n${zoneSnippet(records)}` : '',
  ].join('')
}

const formatCheck = ({ host, cnameTarget, outcome, before, after }: HostCheck): Cell[] => [
  host,
  'CNAME',
  cnameTarget,
  { text: outcome, format: outcome === 'verified' ? 'green' : outcome === 'not-verified' ? 'red' : 'yellow' },
  before === after ? after : `${before} -> ${after}`,
]

const formatSkipped = ({ host, status, reason }: SkippedHost): Cell[] => [
  host,
  reason === 'local' ? '-' : 'CNAME',
  reason === 'local' ? '-' : '?',
  { text: 'skipped', format: 'yellow' },
  status,
]
