import { optionChecks } from '../checks.ts'
import { type Ceilings, type InactiveReason, trackingActivation } from '../config/activation.ts'
import { type DomainConfig, defineDomain } from '../config/domain-config.ts'
import { lowestMode } from '../config/tracking-modes.ts'
import { instrumentEmail } from '../instrument/instrument-email.ts'
import type { LinkOutcome } from '../instrument/outcomes.ts'
import { withTimeout } from '../receiver/timers.ts'
import { instrumentText } from '../text/instrument-text.ts'
import { parseUrl } from '../url.ts'
import { readFromDomain, readUnsubscribeUrls } from './mail-headers.ts'
import type { MailOutcome, UntouchedReason } from './mail-outcome.ts'
import { type CheckedMailTracking, readMailTracking } from './mail-tracking.ts'
import { type CompilingMail, type PartContent, readPart } from './part-content.ts'
import { attempt } from './plugin-failure.ts'
import type { CheckedPluginOptions, MailData } from './plugin-options.ts'
import { askRecipients } from './recipient-modes.ts'

/** What is to become of a message. */
export interface Plan {
  readonly outcome: MailOutcome
  /** What the parts get as their content; `null` for one that stays. */
  readonly html: string | null
  readonly text: string | null
}

/** A plan under which nothing changes. */
export const leave = (reason: UntouchedReason | InactiveReason): Plan => ({
  outcome: { kind: 'untouched', reason },
  html: null,
  text: null,
})

/** Decides about a message and makes its new parts. Changes nothing of it yet. */
export async function planMail(mail: CompilingMail, message: MailData, options: CheckedPluginOptions): Promise<Plan> {
  if (message.raw) return leave('raw')
  if (!message.html && !(options.text && message.text)) return leave('absent')
  const tracking = await attempt('mailtrace', () => readMailTracking(message))
  const domain = await attempt('domain', () => findDomain(message, options))
  if (domain === null) return leave('unknown-domain')
  const ceiling = await attempt('tracking', () => findCeiling(domain, message, tracking, options))
  const activation = trackingActivation(domain, ceiling)
  if (!activation.active) return leave(activation.reason)
  const { open: openTracking, click: clickTracking } = activation
  return await instrumentParts(mail, message, domain, { ...tracking, openTracking, clickTracking }, options)
}

async function findDomain(
  message: MailData,
  { domain, timeoutMs }: CheckedPluginOptions,
): Promise<DomainConfig | null> {
  if (typeof domain !== 'function') return defineDomain(domain)
  const from = readFromDomain(message)
  const found = from === null ? null : await withTimeout(domain(from, message), timeoutMs, 'domain')
  return found ? defineDomain(found) : null
}

/** The lowest of what the message and its recipients allow. */
async function findCeiling(
  domain: DomainConfig,
  message: MailData,
  { openTracking, clickTracking }: Ceilings,
  options: CheckedPluginOptions,
): Promise<Ceilings> {
  const own = { openTracking, clickTracking }
  // Where nothing is tracked anyway, nobody is asked.
  const asked = trackingActivation(domain, own).active ? await askRecipients(message, options) : []
  const all = [own, ...asked]
  return {
    openTracking: lowestMode(all.map((each) => each.openTracking)),
    clickTracking: lowestMode(all.map((each) => each.clickTracking)),
  }
}

async function instrumentParts(
  mail: CompilingMail,
  message: MailData,
  domain: DomainConfig,
  { campaignRef, messageRef, skipLink, skipUrls: ownSkipUrls = [], openTracking, clickTracking }: CheckedMailTracking,
  options: CheckedPluginOptions,
): Promise<Plan> {
  const html = await attempt('html', () => readPart(mail, message, 'html'))
  const text = await attempt('text', (): PartContent | Promise<PartContent> => {
    if (!options.text || clickTracking === false) return { kind: 'untouched', reason: 'off' }
    // What the HTML part opts out of is not known.
    if (html.kind === 'untouched' && html.reason !== 'absent') return html
    return readPart(mail, message, 'text')
  })
  const sentAt = await attempt('now', () => optionChecks.time(options.now(), 'now()'))
  const shared = { campaignRef, clickTracking, maxUrlLength: options.email.maxUrlLength, now: () => sentAt }
  const skipUrls = await attempt('mailtrace', () => [
    ...readUnsubscribeUrls(message),
    ...(optionChecks.list(ownSkipUrls, 'skipUrls') as readonly string[]),
  ])
  const copy = await attempt('html', () => {
    if (html.kind === 'untouched') return null
    const { pixelPlacement } = options.email
    return instrumentEmail(html.text, domain, {
      ...shared,
      messageRef,
      openTracking,
      pixelPlacement,
      skipLink,
      skipUrls,
    })
  })
  const textCopy = await attempt('text', () => {
    if (text.kind === 'untouched') return null
    return instrumentText(text.text, domain, {
      ...shared,
      messageRef: copy?.messageRef ?? messageRef,
      skipUrls: [...skipUrls, ...(copy?.links ?? []).flatMap(optedOutUrl)],
    })
  })
  const { activation } = copy ?? textCopy ?? {}
  // Whoever is asked for either part gets an active one, as it was active before they were read.
  if (!activation?.active) {
    const [first, second] = [reasonOf(html), reasonOf(text)]
    return leave(first === 'absent' ? second! : first!)
  }
  const isAnonymous = [activation.open, activation.click].includes('anonymous')
  return {
    outcome: {
      kind: 'instrumented',
      domain: domain.name,
      activation,
      messageRef: copy?.messageRef ?? textCopy?.messageRef ?? null,
      campaignRef: isAnonymous ? campaignRef! : null,
      sentAt,
      pixel: copy?.pixel ?? { kind: 'skipped', reason: 'off' },
      links: copy?.links ?? [],
      textLinks: textCopy?.links ?? [],
      untouched: { html: reasonOf(html), text: reasonOf(text) },
    },
    html: copy?.html ?? null,
    text: textCopy?.text ?? null,
  }
}

const reasonOf = (part: PartContent): UntouchedReason | null => (part.kind === 'untouched' ? part.reason : null)

/** A link that is private in the HTML part is private in the text: sendgrid/docs#5611. */
function optedOutUrl(link: LinkOutcome): readonly string[] {
  if (link.kind === 'tracked' || (link.reason !== 'opt-out' && link.reason !== 'caller')) return []
  const url = parseUrl(link.href)
  return url === null ? [] : [url.href]
}
