import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import {
  checkInstrumentOptions,
  checkMessageOptions,
  checkPrepareOptions,
  type InstrumentOptions,
  type MessageOptions,
  type PrepareOptions,
} from './options.ts'
import type { InstrumentedEmail } from './outcomes.ts'
import { outputOften, outputOnce, prepare } from './prepare.ts'

/** An email that has been scanned once, for many recipients. */
export interface PreparedEmail<Html extends string | Uint8Array = string> {
  /**
   * One recipient's copy, as far as that recipient consents: `openTracking` and `clickTracking` lower what the domain and the
   * email allow. It is the same as if it had been instrumented for itself. All copies in mode `anonymous` are the same bytes.
   * Each call gives a `Uint8Array` of its own, which the caller may change.
   *
   * @throws {MailtraceError} `invalid-options`, also where mode `anonymous` has no `campaignRef`; `invalid-message-ref` if
   *   `messageRef` does not fit the domain's kind of references.
   *
   */
  instrument(options?: MessageOptions): InstrumentedEmail<Html>
}

/**
 * Instruments a finished HTML email: every link that can be tracked leads through the tracking host, and one 1x1 image
 * with a unique reference is added. Every other byte stays as it was, and every link site has an outcome.
 *
 * When tracking is inactive the identical string or array comes back, unscanned, with the reason in `activation`. With click
 * tracking off, `links` is empty. Odd HTML never throws.
 *
 * @param html a string, or a `Uint8Array` of UTF-8, which gives a `Uint8Array` in three quarters of the time that a string and
 *   encoding its result take. The array is neither kept nor changed. Bytes that are no UTF-8 stay as they are; in an href each
 *   ill-formed sequence reads as U+FFFD, as in a browser.
 * @throws {TypeError} if `html` is neither.
 * @throws {MailtraceError} `invalid-config`, `invalid-options` or `invalid-message-ref`; the message names the field.
 * @example
 * import { defineDomain, instrumentEmail } from 'mailtrace'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const { links, pixel } = instrumentEmail('<a href="https://example.org/">x</a>', domain)
 * console.log(links[0]?.kind, pixel.kind) // tracked placed
 */
export function instrumentEmail(
  html: Uint8Array,
  domain: DomainConfig,
  options?: InstrumentOptions,
): InstrumentedEmail<Uint8Array>
export function instrumentEmail(
  html: string,
  domain: DomainConfig,
  options?: InstrumentOptions,
): InstrumentedEmail<string>
export function instrumentEmail<Html extends string | Uint8Array>(
  html: Html,
  domain: DomainConfig,
  options: InstrumentOptions = {},
): InstrumentedEmail<Html> {
  checkHtml(html)
  const checked = checkDomain(domain)
  const { email, message } = checkInstrumentOptions(options, checked)
  return prepare(html, checked, email, outputOnce(html))(message)
}

/**
 * Scans an email once, so that each recipient's copy costs only its references and one copy of the text: for bulk mail
 * that is the same for all. `html`, `domain` and `options` are read now; later changes to them do not show.
 *
 * @throws as {@link instrumentEmail}
 * @example
 * import { defineDomain, prepareEmail } from 'mailtrace'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const prepared = prepareEmail('<a href="https://example.org/">x</a>', domain, { campaignRef: 'newsletter-2026-11-24' })
 * const consents = prepared.instrument({ messageRef: 'message-to-ada-4711' })
 * const refuses = prepared.instrument({ openTracking: false, clickTracking: 'anonymous' })
 * console.log(consents.messageRef, refuses.messageRef) // message-to-ada-4711 null
 */
export function prepareEmail(
  html: Uint8Array,
  domain: DomainConfig,
  options?: PrepareOptions,
): PreparedEmail<Uint8Array>
export function prepareEmail(html: string, domain: DomainConfig, options?: PrepareOptions): PreparedEmail<string>
export function prepareEmail<Html extends string | Uint8Array>(
  html: Html,
  domain: DomainConfig,
  options: PrepareOptions = {},
): PreparedEmail<Html> {
  checkHtml(html)
  const checked = checkDomain(domain)
  const email = checkPrepareOptions(options, checked)
  // Later changes to the array do not show. Not by `slice`: a Buffer's gives a view.
  const own = (typeof html === 'string' ? html : new Uint8Array(html as Uint8Array)) as Html
  const instrument = prepare(own, checked, email, outputOften(own))
  return { instrument: (messageOptions = {}) => instrument(checkMessageOptions(messageOptions, checked)) }
}

export function checkHtml(html: unknown): void {
  if (typeof html === 'string' || isUint8Array(html)) return
  throw new TypeError(`html is ${quote(html)}: pass the email's HTML as a string or a Uint8Array`)
}

/** Not `instanceof` alone: under test runners, an array may come from a realm with another `Uint8Array`. */
function isUint8Array(value: unknown): boolean {
  if (!ArrayBuffer.isView(value)) return false
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'
}
