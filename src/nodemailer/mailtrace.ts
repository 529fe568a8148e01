import { withTimeout } from '../timers.ts'
import { leave, type Plan } from './mail-plan.ts'
import { type CompilingMail, replacePart } from './part-content.ts'
import { planMail } from './plan-mail.ts'
import { attempt, type Failed, printFailure } from './plugin-failure.ts'
import { type CheckedPluginOptions, checkPluginOptions, type MailData, type PluginOptions } from './plugin-options.ts'

/** A plugin for nodemailer's `compile` step. */
export type CompilePlugin = (mail: CompilingMail, callback: (error?: Error | null) => void) => void

/**
 * Tracking for everything that a nodemailer transporter sends: its HTML part, and on request its plain-text part and what is given
 * as `raw`. Attachments, AMP and calendar parts, other alternatives and headers stay as they are, and so does the object that was given to `sendMail`.
 * Signatures are made afterwards, so they hold.
 *
 * All recipients of one message share its reference. What one message says of itself stands under its key `mailtrace` ({@link
 * MailTracking}). If something fails, the message goes out untracked, unless `strict` is set.
 *
 * @throws {MailtraceError} `invalid-config` or `invalid-options`; the message names the field.
 * @example
 * import { defineDomain } from 'mailtrace'
 * import { createTransport } from 'nodemailer'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const transporter = createTransport({ streamTransport: true, buffer: true })
 * transporter.use('compile', mailtrace({ domain, onOutcome: ({ kind }) => console.log(kind) })) // instrumented
 * await transporter.sendMail({
 *   from: 'news@example.com',
 *   to: 'ada@example.org',
 *   subject: 'News',
 *   html: '<a href="https://example.com/news">News</a>',
 * })
 */
export function mailtrace(options: PluginOptions): CompilePlugin {
  const checked = checkPluginOptions(options)
  return (mail, callback) => {
    void processMail(mail, checked).then(
      () => proceed(callback),
      (cause: unknown) => callback(cause instanceof Error ? cause : new Error(`${cause}`)),
    )
  }
}

/**
 * The callback may throw, as nodemailer 6 and 7 compile the message within it. Without a plugin, `sendMail` would throw the
 * error; here, nobody would catch it.
 */
function proceed(callback: (error?: Error | null) => void): void {
  try {
    callback()
  } catch (error) {
    callback(error as Error)
  }
}

/** Rejects in strict mode alone. */
async function processMail(mail: CompilingMail, options: CheckedPluginOptions): Promise<void> {
  const data = mail.data as Record<string, unknown>
  const message: MailData = data
  // The message is sent again, or the plugin is in use twice. A second pixel would count as a second message.
  if ((message.mailtrace as { readonly outcome?: unknown } | null | undefined)?.outcome !== undefined) return
  const fail = (failed: Failed): Plan => {
    if (options.isStrict) throw failed.cause
    void (async () => options.onError({ ...failed, message }))().catch((cause: unknown) =>
      printFailure({ source: failed.source, cause }),
    )
    return leave('failed')
  }
  const plan = await planMail(mail, message, options).catch(fail)
  // The sending was given up meanwhile.
  if ((message.signal as { readonly aborted?: unknown } | null | undefined)?.aborted === true) return
  // If nobody keeps the outcome, nobody knows the references of the message, and stored links would lead nowhere.
  const { outcome, raw, ...parts } = await attempt('onOutcome', async () => {
    await withTimeout(options.onOutcome(plan.outcome, message), options.timeoutMs, 'onOutcome')
    return plan
  }).catch(fail)
  for (const name of ['html', 'text'] as const) {
    const content = parts[name]
    if (content !== null) data[name] = replacePart(data[name], content)
  }
  if (raw !== null) data.raw = raw
  data.mailtrace = { ...(message.mailtrace as object | undefined), outcome }
}
