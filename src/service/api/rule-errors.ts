import { MailtraceError, type MailtraceErrorCode } from '../../errors.ts'
import { isoTime } from './iso-time.ts'
import type { Refusal } from './refuse.ts'

/** The rules that whoever calls the API can break. All else that is thrown is a fault of this side. */
const statuses: Partial<Record<MailtraceErrorCode, Refusal['status']>> = {
  'invalid-host': 422,
  'host-outside-domain': 422,
  'host-is-sending-domain': 422,
  'host-is-root-domain': 422,
  'change-too-soon': 422,
  'removal-refused': 422,
  'domain-taken': 403,
  'host-taken': 403,
  'version-conflict': 409,
  'removal-unacknowledged': 409,
}

/** What to do, in words of this API. */
const advice: Partial<Record<MailtraceErrorCode, (message: string) => string>> = {
  'removal-refused': () =>
    'tracking_subdomain can be changed, never removed, as the links in sent mail go through it: choose another one, or set open_tracking and click_tracking to false',
  'removal-unacknowledged': (message) =>
    `${message}; to remove it all the same, call DELETE /domains/ID?acknowledge=impact`,
}

/** The answer for a rule of the product; `null` for what is none. `code` is mailtrace's own, which clients can rely on. */
export function ruleRefusal(error: unknown, now: number): Refusal | null {
  if (!(error instanceof MailtraceError)) return null
  const { code, message, allowedAt } = error
  if (code === 'unknown-domain') return { status: 404, name: 'not_found', message }
  const status = statuses[code]
  if (status === undefined) return null
  const refusal: Refusal = {
    status,
    name: 'validation_error',
    message: advice[code]?.(message) ?? message,
    details: { code },
  }
  if (allowedAt === undefined) return refusal
  return {
    ...refusal,
    details: { code, allowed_at: isoTime(allowedAt) },
    headers: { 'retry-after': `${Math.ceil((allowedAt - now) / 1000)}` },
  }
}
