// A check that came to nothing must never take a host out of use.

import { printable } from '../printable.ts'
import { inTime } from '../timers.ts'
import { failureReason } from './failure-reason.ts'
import type { Finding } from './finding.ts'

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
 * Asks the host whether it answers over TLS, with a receiver behind it.
 *
 * @param origin `https://links.example.com`
 * @param isInUse whether new links go through the host: a check that may have failed on this side then changes nothing
 */
export async function checkTls(
  origin: string,
  probe: Probe,
  timeoutMs: number,
  isInUse: boolean,
): Promise<readonly Finding[]> {
  const url = origin + wellKnownPath
  let reason: string
  try {
    const { status } = await ask(url, probe, timeoutMs)
    if (status === 204) return []
    reason = `status ${printable(String(status), 20)} instead of 204`
  } catch (error) {
    reason = failureReason(error)
    if (isInUse && !tlsRefusal.test(reason)) {
      const message = `the CNAME record is right, but whether ${url} answers could not be found out (${reason}): check again later`
      return [{ kind: 'probe-failed', message, url, reason }]
    }
  }
  const message = `the CNAME record is right, but ${url} does not answer yet (${reason}): see that the host has a certificate and that the receiver knows it`
  return [{ kind: 'tls-not-ready', message, url, reason }]
}

/** Lets go of the body, too: unread it would hold the connection, also that of an answer which comes too late. */
function ask(url: string, probe: Probe, timeoutMs: number): Promise<ProbeAnswer> {
  return inTime(timeoutMs, (signal) => {
    const asked = (async () => await probe(url, { redirect: 'manual', signal }))()
    asked.then(({ body }) => body?.cancel()).catch(() => {})
    return asked
  })
}
