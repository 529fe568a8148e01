// Owns the question whether a tracking host answers over TLS, with a receiver behind it. It must never wait for longer
// than it was told to, and a check that came to nothing must never take a host out of use.

import type { VerificationOutcome } from '../domains/apply-verification.ts'
import type { Finding } from './finding.ts'
import { failureReason } from './resolver.ts'

/**
 * Requests a URL without following redirects; the platform's `fetch` is one. Where a certificate is at fault, the `code`
 * or message of its rejection, or of the `cause`, must say so, as those of Node, Bun and Deno do: anything else counts
 * as not having got through.
 */
export type Probe = (
  url: string,
  init: { readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<ProbeAnswer>

interface ProbeAnswer {
  readonly status: number
  readonly body?: { cancel(): Promise<unknown> } | null
}

/** What came of the probe. */
export interface TlsCheck {
  readonly outcome: Exclude<VerificationOutcome, 'not-verified'>
  readonly findings: readonly Finding[]
}

/** Answered with 204 by the receiver on every host that it knows. */
const wellKnownPath = '/.well-known/mailtrace'

/**
 * What says for certain that TLS is not as it should be, rather than that the host was not reached: OpenSSL's codes in
 * Node and Bun (`CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
 * `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE`, `EPROTO`), rustls's words in Deno.
 *
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const tlsRefusal =
  /CERT|CRL_|ERR_SSL_|EPROTO|SIGNATURE|ISSUER|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH|certificate|fatal alert|corrupt message/

/**
 * Asks the host. `origin`: `https://links.example.com`. `isInUse`: whether new links go through the host, so that a
 * check which may have failed at the asking side changes nothing.
 */
export async function checkTls(origin: string, probe: Probe, timeoutMs: number, isInUse: boolean): Promise<TlsCheck> {
  const url = origin + wellKnownPath
  let reason: string
  try {
    const { status } = await askInTime(url, probe, timeoutMs)
    if (status === 204) return { outcome: 'verified', findings: [] }
    reason = `status ${status} instead of 204`
  } catch (error) {
    reason = failureReason(error)
    if (isInUse && !tlsRefusal.test(reason)) {
      const message = `the CNAME record is right, but whether ${url} answers could not be found out (${reason}): check again later`
      return { outcome: 'inconclusive', findings: [{ kind: 'probe-failed', message, url, reason }] }
    }
  }
  const message = `the CNAME record is right, but ${url} does not answer yet (${reason}): see that the host has a certificate and that the receiver knows it`
  return { outcome: 'not-ready', findings: [{ kind: 'tls-not-ready', message, url, reason }] }
}

/** The answer, or a rejection when the time is up, whether or not the probe heeds its signal. */
async function askInTime(url: string, probe: Probe, timeoutMs: number): Promise<ProbeAnswer> {
  const controller = new AbortController()
  const asked = (async () => probe(url, { redirect: 'manual', signal: controller.signal }))()
  // An unread body would hold the connection, also that of an answer which comes too late.
  asked.then(({ body }) => body?.cancel()).catch(() => {})
  // A timer of its own, as that of AbortSignal.timeout does not keep a process from ending in the midst of the wait.
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
      reject(reason)
      controller.abort(reason)
    }, timeoutMs)
  })
  try {
    return await Promise.race([asked, timeUp])
  } finally {
    clearTimeout(timer)
  }
}
