import type { LinkOutcome } from '../instrument/outcomes.ts'
import { parseUrl } from '../url.ts'

/**
 * The URLs that the HTML part leaves alone on purpose: links that opt out, and what `skipLink` and `skipUrls` say. As `skipUrls`
 * of the text part, a link that is private in one is private in both.
 *
 * @see https://github.com/sendgrid/docs/issues/5611
 * @example
 * import { defineDomain, instrumentEmail } from 'mailtrace'
 * import { instrumentText, optedOutUrls } from 'mailtrace/text'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const { links } = instrumentEmail('<a href="https://example.com/reset?t=1" data-no-track>Reset</a>', domain)
 * const { text } = instrumentText('Reset: https://example.com/reset?t=1', domain, { skipUrls: optedOutUrls(links) })
 * console.log(text) // Reset: https://example.com/reset?t=1
 */
export function optedOutUrls(links: readonly LinkOutcome[]): readonly string[] {
  return links.flatMap((link) => {
    const isOptedOut = link.kind === 'skipped' && (link.reason === 'opt-out' || link.reason === 'caller')
    // An href that opts out may be a merge tag, or nothing at all.
    return isOptedOut ? (parseUrl(link.href)?.href ?? []) : []
  })
}
