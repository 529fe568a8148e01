import { maxTimeoutMs, optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig, defineDomain } from '../config/domain-config.ts'
import type { ClickMode, OpenMode } from '../config/tracking-modes.ts'
import { prepareEmail } from '../instrument/instrument-email.ts'
import type { PrepareOptions } from '../instrument/options.ts'
import type { MailOutcome } from './mail-outcome.ts'
import { type PluginFailure, printFailure } from './plugin-failure.ts'

/** What was given to `sendMail`, with nodemailer's defaults: `from`, `to`, `subject`, and any key of the application's own. */
export type MailData = Readonly<Record<string, unknown>>

/** How far one recipient consents. Both fields are required: what a lookup does not know must not pass for consent. */
export interface RecipientModes {
  readonly openTracking: boolean | OpenMode
  readonly clickTracking: boolean | ClickMode
}

/** What all messages of a transporter have in common. */
export interface PluginOptions extends Pick<PrepareOptions, 'pixelPlacement' | 'maxUrlLength' | 'now'> {
  /**
   * The sending domain of all messages, or a lookup by the domain of their From address (lower-case A-labels). The mail of a
   * domain that it does not know (`null`) goes out untouched.
   *
   */
  readonly domain:
    | DomainConfig
    | ((
        fromDomain: string,
        message: MailData,
      ) => DomainConfig | null | undefined | PromiseLike<DomainConfig | null | undefined>)
  /** Whether the URLs of the plain-text part are tracked too. Default: `false` */
  readonly text?: boolean | undefined
  /**
   * Whether a message that is given as `raw` is instrumented too, as a whole, by `instrumentMessage`. One that is DKIM-signed stays as
   * it is. The lookup for `domain` gets the domain of its own From. Default: `false`
   */
  readonly raw?: boolean | undefined
  /**
   * How far a recipient consents, by the address as the message has it. It is asked once for each recipient in To, Cc, Bcc
   * and the envelope; the lowest answer holds for the message. Default: all consent
   *
   */
  readonly tracking?:
    | ((recipient: string, message: MailData) => RecipientModes | PromiseLike<RecipientModes>)
    | undefined
  /**
   * Called with what became of each message, before it is sent: the place to store it. If it fails, an instrumented message
   * goes out untracked instead, as nobody would know its references.
   *
   */
  readonly onOutcome?: ((outcome: MailOutcome, message: MailData) => unknown) | undefined
  /** Called with what failed in the plugin. Default: a line on standard error, without recipients */
  readonly onError?: ((failure: PluginFailure) => unknown) | undefined
  /** Whether a failure in the plugin fails the send, instead of sending the message untracked. Default: `false` */
  readonly strict?: boolean | undefined
  /** How long each of `domain`, `tracking` and `onOutcome` may take for a message, in ms, 1 to 60000. Default: 5000 */
  readonly timeoutMs?: number | undefined
}

export interface CheckedPluginOptions {
  readonly domain: PluginOptions['domain']
  readonly text: boolean
  readonly raw: boolean
  readonly tracking: PluginOptions['tracking'] | null
  readonly onOutcome: (outcome: MailOutcome, message: MailData) => unknown
  readonly onError: (failure: PluginFailure) => unknown
  readonly isStrict: boolean
  readonly timeoutMs: number
  readonly email: Pick<PrepareOptions, 'pixelPlacement' | 'maxUrlLength'>
  readonly now: () => number
}

const emailFields = ['pixelPlacement', 'maxUrlLength', 'now'] as const
const fields = ['domain', 'text', 'raw', 'tracking', 'onOutcome', 'onError', 'strict', 'timeoutMs', ...emailFields]

/** Stands in for a domain that is looked up later, so that the options can be checked now. */
const anyDomain: DomainConfig = defineDomain({
  name: 'example.com',
  openTracking: false,
  clickTracking: false,
  trackingDomains: [],
})

export function checkPluginOptions(options: PluginOptions): CheckedPluginOptions {
  optionChecks.object(options, 'options', fields)
  const { domain, text = false, raw = false, tracking = null, onOutcome = () => {}, onError = printFailure } = options
  const { strict = false, timeoutMs = 5000, pixelPlacement, maxUrlLength, now = Date.now } = options
  // It is kept as it is, so that a later change to a plain configuration shows.
  if (typeof domain !== 'function') checkDomain(domain)
  if (tracking !== null) optionChecks.function(tracking, 'tracking')
  prepareEmail('', anyDomain, { pixelPlacement, maxUrlLength, now })
  return {
    domain,
    text: optionChecks.boolean(text, 'text'),
    raw: optionChecks.boolean(raw, 'raw'),
    tracking,
    onOutcome: optionChecks.function(onOutcome, 'onOutcome'),
    onError: optionChecks.function(onError, 'onError'),
    isStrict: optionChecks.boolean(strict, 'strict'),
    timeoutMs: optionChecks.integer(timeoutMs, 'timeoutMs', 1, maxTimeoutMs),
    email: { pixelPlacement, maxUrlLength },
    now,
  }
}
