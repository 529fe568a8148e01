// Owns the options of a call: checked once, defaults applied, so that nothing inside is optional.

import { optionChecks } from '../checks.ts'
import { type Ceilings, checkSwitches, switchFields, type TrackingSwitches } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { MailtraceError, quote } from '../errors.ts'
import { maxMessageRefBytes } from '../tracking-url/payload.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import { maxTrackingUrlLength, storedRefPattern } from '../tracking-url/tracking-url.ts'
import type { LinkSite } from './links/decide-links.ts'

/** What a call may say about an email, whoever receives it. */
export interface PrepareOptions extends TrackingSwitches {
  /** Default: `'end'`. `'start'` escapes Gmail's clip of long mails. */
  readonly pixelPlacement?: 'end' | 'start'
  /** Called for each link that would be tracked; `true` leaves it alone. */
  readonly skipLink?: (link: LinkSite) => boolean
  /**
   * Longest tracked URL, in characters, 256 to 8192. Default: 2048. Destinations that take over 8,192 characters in a
   * redirect are too long in any case.
   */
  readonly maxUrlLength?: number
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: () => number
}

/** What a call may say about one recipient's copy. */
export interface MessageOptions {
  /**
   * One message to one recipient: the key under which the application finds both. Must hold no personal data, as it stands in
   * URLs. With signing keys 1 to 128 UTF-8 bytes; stored, 16 to 128 unguessable characters of `[A-Za-z0-9_-]`.
   * Default: 22 random characters
   */
  readonly messageRef?: string
}

export interface InstrumentOptions extends PrepareOptions, MessageOptions {}

export interface CheckedOptions extends Ceilings {
  readonly pixelPlacement: 'end' | 'start'
  readonly skipLink: ((link: LinkSite) => boolean) | null
  readonly maxUrlLength: number
  readonly now: () => number
}

const prepareFields = [...switchFields, 'pixelPlacement', 'skipLink', 'maxUrlLength', 'now']
const messageFields = ['messageRef']
const instrumentFields = [...messageFields, ...prepareFields]
const defaultMaxUrlLength = 2048
const minMaxUrlLength = 256

/** The messageRef is left to {@link checkMessageRef}, as its rule is the domain's. */
export function checkInstrumentOptions(options: InstrumentOptions): CheckedOptions {
  optionChecks.object(options, 'options', instrumentFields)
  return readOptions(options)
}

export function checkPrepareOptions(options: PrepareOptions): CheckedOptions {
  optionChecks.object(options, 'options', prepareFields)
  return readOptions(options)
}

export function checkMessageOptions(options: MessageOptions): MessageOptions {
  optionChecks.object(options, 'options', messageFields)
  return options
}

function readOptions(options: PrepareOptions): CheckedOptions {
  const { pixelPlacement = 'end', skipLink = null, maxUrlLength = defaultMaxUrlLength, now = Date.now } = options
  if (pixelPlacement !== 'end' && pixelPlacement !== 'start') {
    throw optionChecks.error(`pixelPlacement is ${quote(pixelPlacement)}: use "end" or "start"`)
  }
  if (skipLink !== null) optionChecks.function(skipLink, 'skipLink')
  optionChecks.integer(maxUrlLength, 'maxUrlLength', minMaxUrlLength, maxTrackingUrlLength)
  if (typeof now !== 'function')
    throw optionChecks.error(`now is ${quote(now)}: use a function that gives ms since the epoch`)
  const { openTracking, clickTracking } = checkSwitches(options)
  // Field by field: a spread here took 1.3 us a call.
  return {
    openTracking,
    clickTracking,
    pixelPlacement,
    skipLink,
    maxUrlLength,
    now,
  }
}

/** Gives the messageRef to use; a new one if there is none. */
export function checkMessageRef(messageRef: string | undefined, domain: CheckedDomain): string {
  if (messageRef === undefined) return randomRef()
  if (typeof messageRef !== 'string') throw invalidRef(messageRef, 'use a string')
  if (domain.keys.length === 0) {
    if (storedRefPattern.test(messageRef)) return messageRef
    throw invalidRef(
      messageRef,
      'without signing keys, use 16 to 128 unguessable characters of A-Z, a-z, 0-9, "_", "-"',
    )
  }
  // 3 bytes are the most that one UTF-16 code unit takes in UTF-8.
  const isShort = messageRef.length * 3 <= maxMessageRefBytes
  if (messageRef === '' || !messageRef.isWellFormed() || (!isShort && utf8Length(messageRef) > maxMessageRefBytes)) {
    throw invalidRef(messageRef, `use 1 to ${maxMessageRefBytes} bytes of well-formed UTF-8`)
  }
  return messageRef
}

/** The time in whole seconds, as tokens carry it. */
export function readSeconds(now: () => number): number {
  const time = now()
  const seconds = typeof time === 'number' ? Math.floor(time / 1000) : Number.NaN
  if (seconds >= 0 && seconds <= 0xffff_ffff) return seconds
  throw optionChecks.error(`now gives ${quote(time)}: it must give milliseconds since the epoch, up to the year 2106`)
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length

/** Without the value: a messageRef that does not fit may well be an address. */
function invalidRef(value: unknown, advice: string): MailtraceError {
  let what = typeof value === 'number' ? 'a number' : quote(value)
  if (typeof value === 'string') what = `a string of ${value.length} characters that does not fit`
  return new MailtraceError('invalid-message-ref', `messageRef is ${what}: ${advice}`)
}
