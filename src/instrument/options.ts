import { optionChecks } from '../checks.ts'
import { type Ceilings, checkSwitches, switchFields, type TrackingSwitches } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { MailtraceError, quote } from '../errors.ts'
import { maxMessageRefBytes } from '../tracking-url/payload.ts'
import { maxTrackingUrlLength, storedRefPattern } from '../tracking-url/tracking-url.ts'
import { parseUrl } from '../url.ts'
import type { LinkSite } from './links/decide-links.ts'

/** Where pixels go, the default first. */
export const pixelPlacements = ['end', 'start', 'both'] as const
export type PixelPlacement = (typeof pixelPlacements)[number]

/** What a call may say about an email, whoever receives it. */
export interface PrepareOptions extends TrackingSwitches {
  /**
   * What anonymous opens and clicks are reported with, the same for all recipients. The rules of `messageRef` hold for it.
   * Mode `anonymous` needs it. Default: none
   *
   */
  readonly campaignRef?: string | undefined
  /**
   * Default: `'end'`. `'start'` escapes Gmail's clip of long mails. `'both'` places two where they are apart: events say
   * which was loaded, so a mail that was clipped or left early can be told from one that was seen to its end.
   */
  readonly pixelPlacement?: PixelPlacement | undefined
  /** Called for each link that would be tracked; `true` leaves it alone. Anything but a boolean is an error. */
  readonly skipLink?: ((link: LinkSite) => boolean) | undefined
  /**
   * Destinations that are never tracked, as those of the List-Unsubscribe header, where RFC 8058 wants a bare POST answered.
   * Compared as URLs, so that it makes no difference how the mail writes them.
   */
  readonly skipUrls?: readonly string[] | undefined
  /**
   * Longest tracked URL, in characters, 256 to 8192. Default: 2048. Destinations that take over 8,192 characters in a
   * redirect are too long in any case.
   */
  readonly maxUrlLength?: number | undefined
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

/** What a call may say about one recipient's copy. */
export interface MessageOptions extends TrackingSwitches {
  /**
   * One message to one recipient: the key under which the application finds both. Must hold no personal data, as it stands in
   * URLs. With signing keys 1 to 128 UTF-8 bytes; stored, 16 to 128 unguessable characters of `[A-Za-z0-9_-]`.
   * Default: 22 random characters
   */
  readonly messageRef?: string | undefined
}

export interface InstrumentOptions extends PrepareOptions, MessageOptions {}

export interface CheckedPrepareOptions extends Ceilings {
  readonly campaignRef: string | null
  readonly pixelPlacement: PixelPlacement
  readonly skipLink: ((link: LinkSite) => boolean) | null
  /** As `URL` serialises them. */
  readonly skipUrls: ReadonlySet<string>
  readonly maxUrlLength: number
  readonly now: () => number
}

export interface CheckedMessageOptions extends Ceilings {
  readonly messageRef: string | null
}

const prepareFields = [
  ...switchFields,
  'campaignRef',
  'pixelPlacement',
  'skipLink',
  'skipUrls',
  'maxUrlLength',
  'now',
] as const
const messageFields = [...switchFields, 'messageRef']
export const instrumentFields: readonly string[] = ['messageRef', ...prepareFields]
const defaultMaxUrlLength = 2048
const minMaxUrlLength = 256
const noUrls: ReadonlySet<string> = new Set()

export function checkInstrumentOptions(
  options: InstrumentOptions,
  domain: CheckedDomain,
  fields: readonly string[] = instrumentFields,
): { readonly email: CheckedPrepareOptions; readonly message: CheckedMessageOptions } {
  optionChecks.object(options, 'options', fields)
  const email = readPrepareOptions(options, domain)
  const { openTracking, clickTracking } = email
  return { email, message: { openTracking, clickTracking, messageRef: readMessageRef(options.messageRef, domain) } }
}

export function checkPrepareOptions(
  options: PrepareOptions,
  domain: CheckedDomain,
  fields: readonly string[] = prepareFields,
): CheckedPrepareOptions {
  optionChecks.object(options, 'options', fields)
  return readPrepareOptions(options, domain)
}

export function checkMessageOptions(
  options: MessageOptions,
  domain: CheckedDomain,
  fields: readonly string[] = messageFields,
): CheckedMessageOptions {
  optionChecks.object(options, 'options', fields)
  const { openTracking, clickTracking } = checkSwitches(options)
  return { openTracking, clickTracking, messageRef: readMessageRef(options.messageRef, domain) }
}

function readPrepareOptions(options: PrepareOptions, domain: CheckedDomain): CheckedPrepareOptions {
  const { campaignRef, pixelPlacement, skipLink = null, skipUrls, maxUrlLength, now = Date.now } = options
  if (skipLink !== null) optionChecks.function(skipLink, 'skipLink')
  const { openTracking, clickTracking } = checkSwitches(options)
  // Field by field: a spread here took 1.3 us a call.
  return {
    openTracking,
    clickTracking,
    campaignRef: campaignRef === undefined ? null : checkCampaignRef(campaignRef, domain),
    pixelPlacement:
      pixelPlacement === undefined ? 'end' : optionChecks.oneOf(pixelPlacement, 'pixelPlacement', pixelPlacements),
    skipLink,
    skipUrls: skipUrls === undefined ? noUrls : readSkipUrls(skipUrls),
    maxUrlLength:
      maxUrlLength === undefined
        ? defaultMaxUrlLength
        : optionChecks.integer(maxUrlLength, 'maxUrlLength', minMaxUrlLength, maxTrackingUrlLength),
    now: optionChecks.function(now, 'now'),
  }
}

function readSkipUrls(skipUrls: unknown): ReadonlySet<string> {
  const urls = optionChecks.list(skipUrls, 'skipUrls').map((value, index) => {
    const url = typeof value === 'string' ? parseUrl(value) : null
    // The text is not shown: an unsubscribe URL names its recipient.
    if (url === null) throw optionChecks.error(`skipUrls[${index}] is no absolute URL: use URLs like those in the mail`)
    return url.href
  })
  return new Set(urls)
}

function readMessageRef(messageRef: unknown, domain: CheckedDomain): string | null {
  if (messageRef === undefined) return null
  const flaw = findRefFlaw(messageRef, domain)
  if (flaw !== null) throw new MailtraceError('invalid-message-ref', `messageRef ${flaw}`)
  return messageRef as string
}

function checkCampaignRef(campaignRef: unknown, domain: CheckedDomain): string {
  const flaw = findRefFlaw(campaignRef, domain)
  if (flaw !== null) throw optionChecks.error(`campaignRef ${flaw}`)
  return campaignRef as string
}

/** What is wrong with a reference, and what to do. The value is never shown: it may well be an address. */
function findRefFlaw(ref: unknown, domain: CheckedDomain): string | null {
  if (typeof ref !== 'string') return `is ${typeof ref === 'number' ? 'a number' : quote(ref)}: use a string`
  const isStored = domain.keys.length === 0
  if (isStored ? storedRefPattern.test(ref) : fitsPayload(ref)) return null
  const advice = isStored
    ? 'without signing keys, use 16 to 128 unguessable characters of A-Z, a-z, 0-9, "_", "-"'
    : `use 1 to ${maxMessageRefBytes} bytes of well-formed UTF-8`
  return `is a string of ${ref.length} characters that does not fit: ${advice}`
}

function fitsPayload(ref: string): boolean {
  if (ref === '' || !ref.isWellFormed()) return false
  // 3 bytes are the most that one UTF-16 code unit takes in UTF-8.
  return ref.length * 3 <= maxMessageRefBytes || new TextEncoder().encode(ref).length <= maxMessageRefBytes
}
