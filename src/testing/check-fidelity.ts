import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { compareHtml } from './compare-html.ts'
import { htmlSource } from './html-source.ts'
import type { Violation } from './violation.ts'

/**
 * Holds an instrumented email against its original, with parse5 as judge: only hrefs of links changed, each leads where it led,
 * and the pixel is shown and moves nothing. Gives every violation, in order: empty is what a test asserts.
 *
 * It knows nothing of how mailtrace finds links. A stored reference does not say where it leads, so of these the order is
 * checked.
 *
 * @param original what was passed to instrumentEmail.
 * @param instrumented the result, also when the pipeline has changed other things in it; of the same kind, string or bytes
 *   (UTF-8).
 * @throws {TypeError} if either is neither string nor `Uint8Array`, or they differ in that.
 * @throws {MailtraceError} `invalid-config`; `unsupported-platform` where parse5 is not installed.
 * @example
 * import { defineDomain, instrumentEmail } from 'mailtrace'
 * import { checkFidelity } from 'mailtrace/testing'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const html = '<p>Our <a href="https://example.org/sale">sale</a></p>'
 * const sent = instrumentEmail(html, domain).html
 * console.log(checkFidelity(html, sent, domain)) // []
 * console.log(checkFidelity(html, sent.replace('Our', 'A'), domain).map(({ was, is }) => [was, is])) // [ [ 'Our', 'A' ] ]
 */
export function checkFidelity<Html extends string | Uint8Array>(
  original: Html,
  instrumented: Html,
  domain: DomainConfig,
): readonly Violation[] {
  checkHtml(original, 'original')
  checkHtml(instrumented, 'instrumented')
  if (typeof original !== typeof instrumented) {
    throw new TypeError('original and instrumented are a string and bytes: pass two of a kind')
  }
  return compareHtml(htmlSource(original), htmlSource(instrumented), checkDomain(domain))
}

function checkHtml(html: unknown, name: string): void {
  if (typeof html !== 'string' && !(html instanceof Uint8Array)) {
    throw new TypeError(`${name} is ${quote(html)}: pass the email's HTML as a string or a Uint8Array`)
  }
}
