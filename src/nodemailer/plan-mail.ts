import { optionChecks } from '../checks.ts'
import { type Ceilings, trackingActivation } from '../config/activation.ts'
import { type DomainConfig, defineDomain } from '../config/domain-config.ts'
import { lowestMode } from '../config/tracking-modes.ts'
import { instrumentEmail } from '../instrument/instrument-email.ts'
import type { LinkOutcome } from '../instrument/outcomes.ts'
import { instrumentText } from '../text/instrument-text.ts'
import { withTimeout } from '../timers.ts'
import { parseUrl } from '../url.ts'
import { readFromDomain, readUnsubscribeUrls } from './mail-headers.ts'
import type { UntouchedReason } from './mail-outcome.ts'
import { leave, type Plan, reportedCampaign } from './mail-plan.ts'
import { type CheckedMailTracking, readMailTracking } from './mail-tracking.ts'
import { type CompilingMail, type PartContent, readContent, readPart } from './part-content.ts'
import { attempt } from './plugin-failure.ts'
import type { CheckedPluginOptions, MailData } from './plugin-options.ts'
import { planRaw, rawBytes, readRawFromDomain } from './raw-message.ts'
import { askRecipients } from './recipient-modes.ts'

/** Decides about a message and makes its new parts. The message itself is not changed yet. */
export async function planMail(mail: CompilingMail, message: MailData, options: CheckedPluginOptions): Promise<Plan> {
  const isRaw = Boolean(message.raw)
  if (isRaw && !options.raw) return leave('raw')
  if (!isRaw && !message.html && !(options.text && message.text)) return leave('absent')
  const tracking = await attempt('mailtrace', () => readMailTracking(message))
  const read = isRaw ? await attempt('raw', () => readContent(mail, message, 'raw')) : null
  if (read?.kind === 'untouched') return leave(read.reason)
  const raw = read && rawBytes(read.content)
  const domain = await attempt('domain', () => findDomain(message, raw, options))
  if (domain === null) return leave('unknown-domain')
  const ceiling = await attempt('tracking', () => findCeiling(domain, message, tracking, options))
  const activation = trackingActivation(domain, ceiling)
  if (!activation.active) return leave(activation.reason)
  const { open: openTracking, click: clickTracking } = activation
  const limited = { ...tracking, openTracking, clickTracking }
  const sentAt = await attempt('now', () => optionChecks.time(options.now(), 'now()'))
  if (raw === null) return await instrumentParts(mail, message, domain, limited, sentAt, options)
  const text = options.text && clickTracking !== false
  return await attempt('raw', () => planRaw(raw, domain, { ...limited, ...options.email, text }, sentAt))
}

async function findDomain(
  message: MailData,
  raw: Uint8Array | null,
  { domain, timeoutMs }: CheckedPluginOptions,
): Promise<DomainConfig | null> {
  if (typeof domain !== 'function') return defineDomain(domain)
  const from = raw ? readRawFromDomain(raw) : readFromDomain(message)
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
  sentAt: number,
  options: CheckedPluginOptions,
): Promise<Plan> {
  const html = await attempt('html', () => readPart(mail, message, 'html'))
  const text = await attempt('text', (): PartContent | Promise<PartContent> => {
    if (!options.text || clickTracking === false) return { kind: 'untouched', reason: 'off' }
    // Without the HTML part it is not known which links opt out.
    if (html.kind === 'untouched' && html.reason !== 'absent') return html
    return readPart(mail, message, 'text')
  })
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
  // Each instrumented part says that tracking is active, as it was before the parts were read. So neither part was
  // instrumented here.
  if (!activation?.active) {
    const [first, second] = [reasonOf(html), reasonOf(text)]
    return leave(first === 'absent' ? second! : first!)
  }
  return {
    outcome: {
      kind: 'instrumented',
      domain: domain.name,
      activation,
      messageRef: copy?.messageRef ?? textCopy?.messageRef ?? null,
      campaignRef: reportedCampaign(activation, campaignRef),
      sentAt,
      pixel: copy?.pixel ?? { kind: 'skipped', reason: 'off' },
      links: copy?.links ?? [],
      textLinks: textCopy?.links ?? [],
      untouched: { html: reasonOf(html), text: reasonOf(text) },
    },
    html: copy?.html ?? null,
    text: textCopy?.text ?? null,
    raw: null,
  }
}

const reasonOf = (part: PartContent): UntouchedReason | null => (part.kind === 'untouched' ? part.reason : null)

/** A link that is private in the HTML part is private in the text: sendgrid/docs#5611. */
function optedOutUrl(link: LinkOutcome): readonly string[] {
  if (link.kind === 'tracked' || (link.reason !== 'opt-out' && link.reason !== 'caller')) return []
  const url = parseUrl(link.href)
  return url === null ? [] : [url.href]
}
