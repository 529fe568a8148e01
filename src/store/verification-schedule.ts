import type { RecordStatus, TrackingDomain } from '../config/domain-config.ts'
import { parseHost } from '../config/host.ts'
import type { HostCheck } from './stored-domain.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * How long after its last check a tracking host is checked again, in ms. Whoever waits for a record looks every few minutes; a
 * host in use is taken out of it within the hour; one that failed may come back, as `failed` is no end.
 */
const checkIntervalsMs: Readonly<Record<RecordStatus, number>> = {
  not_started: 10 * minuteMs,
  pending: 10 * minuteMs,
  verified: hourMs,
  temporary_failure: 10 * minuteMs,
  failed: 24 * hourMs,
}

/** How long a host belongs to whoever claimed its check, in ms: longer than any check takes. */
export const claimMs: number = 10 * minuteMs

/** When a tracking host is to be checked next, in ms since the epoch; `null` for what DNS cannot tell of. */
export function nextCheckAt(
  { host, scheme, status, cnameTarget, checkedAt = 0, configuredAt = 0 }: TrackingDomain,
  check: HostCheck | undefined,
): number | null {
  const parsed = parseHost(host, scheme)
  if (cnameTarget === undefined || parsed.kind === 'flawed' || parsed.port !== null) return null
  // An inconclusive check leaves `checkedAt` as it was.
  const due = Math.max(checkedAt, configuredAt, check?.at ?? 0) + checkIntervalsMs[status]
  // A configuration takes any time for true, a bigint none of these.
  return Math.min(Math.floor(due), Number.MAX_SAFE_INTEGER)
}
