import { optionChecks } from '../checks.ts'
import { type RequestHead, readUrl } from './request-head.ts'

/** A `host` hook. */
export type ReadHost = (request: RequestHead) => string | null

/**
 * Reads the host from `X-Forwarded-Host`, for a proxy of yours that rewrites `Host` and writes or appends the host it was
 * asked for there. With one proxy it is the last entry, with two the last but one. Without such an entry it is the host of
 * the request's URL. Whoever can get around the proxy chooses the host; that chooses whose keys must verify a link, and
 * forges nothing.
 *
 * @param proxies how many proxies of yours append to the header, 1 to 10. Default: 1
 * @throws {MailtraceError} `invalid-options` for another number.
 *
 * @example
 * import { forwardedHost } from 'mailtrace/receiver'
 *
 * const host = forwardedHost(1) // one proxy of yours
 * const request = new Request('http://10.0.0.7/', { headers: { 'x-forwarded-host': 'links.example.com' } })
 * console.log(host(request)) // links.example.com
 */
export function forwardedHost(proxies = 1): ReadHost {
  optionChecks.integer(proxies, 'proxies', 1, 10)
  return (request) => {
    const entry = request.headers.get('x-forwarded-host')?.split(',').at(-proxies)?.trim()
    return entry || readUrl(request.url).host || null
  }
}
