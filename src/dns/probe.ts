// Owns the question whether a tracking host answers over TLS, with a receiver behind it.

import type { Finding } from './finding.ts'
import { failureReason } from './resolver.ts'

/** Requests a URL without following redirects; the platform's `fetch` is one. */
export type Probe = (
  url: string,
  init: { readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<{ readonly status: number; readonly body?: { cancel(): Promise<unknown> } | null }>

/** Answered with 204 by the receiver on every host that it knows. */
const wellKnownPath = '/.well-known/mailtrace'

/** The finding `tls-not-ready`, or none. `origin`: `https://links.example.com`. */
export async function checkTls(origin: string, probe: Probe, timeoutMs: number): Promise<readonly Finding[]> {
  const url = origin + wellKnownPath
  let reason: string
  try {
    const { status, body } = await probe(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    // An unread body would hold the connection.
    body?.cancel().catch(() => {})
    if (status === 204) return []
    reason = `status ${status} instead of 204`
  } catch (error) {
    reason = failureReason(error)
  }
  const message = `the CNAME record is right, but ${url} does not answer yet (${reason}): see that the host has a certificate and that the receiver knows it`
  return [{ kind: 'tls-not-ready', message, url, reason }]
}
