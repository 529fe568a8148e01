import type { DomainConfig } from '../config/domain-config.ts'
import type { PixelOutcome } from '../instrument/outcomes.ts'
import { readLatin1 } from '../latin1.ts'
import { readHeader } from '../message/header.ts'
import { instrumentMessage } from '../message/instrument-message.ts'
import type { InstrumentMessageOptions } from '../message/message-options.ts'
import type { PartOutcome } from '../message/message-outcomes.ts'
import { readFromDomain } from './mail-headers.ts'
import type { MailOutcome } from './mail-outcome.ts'
import { leave, type Plan, reportedCampaign } from './mail-plan.ts'

/** The bytes that nodemailer makes of what is given as `raw`. */
export const rawBytes = (content: unknown): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : (content as Uint8Array)

/**
 * The domain of the message's own From; the `from` beside `raw` goes into the envelope alone. `null` where there is none, or
 * where there are several and nobody knows which counts.
 */
export function readRawFromDomain(raw: Uint8Array): string | null {
  const fields = readHeader(readLatin1(raw), 0)?.fields ?? []
  const [field, another] = fields.filter(({ name }) => name === 'from')
  if (field === undefined || another !== undefined) return null
  return readFromDomain({ from: new TextDecoder().decode(raw.subarray(field.valueStart, field.end)) })
}

/** What is to become of a whole message, whose tracking is active. */
export function planRaw(
  raw: Uint8Array,
  domain: DomainConfig,
  options: InstrumentMessageOptions,
  sentAt: number,
): Plan {
  const copy = instrumentMessage(raw, domain, { ...options, now: () => sentAt })
  const { activation, message, messageRef, parts } = copy
  const instrumented = parts.filter((part) => part.kind === 'instrumented')
  if (!activation.active || instrumented.length === 0) return leave('parts', parts)
  const pages = instrumented.filter((part) => part.type === 'text/html')
  const texts = instrumented.filter((part) => part.type === 'text/plain')
  const outcome: MailOutcome = {
    kind: 'instrumented',
    domain: domain.name,
    activation,
    messageRef,
    campaignRef: reportedCampaign(activation, options.campaignRef),
    sentAt,
    pixel: pixelOf(pages),
    links: pages.flatMap(({ links }) => links),
    textLinks: texts.flatMap(({ links }) => links),
    untouched: {
      html: pages.length > 0 ? null : 'parts',
      text: texts.length > 0 ? null : options.text ? 'parts' : 'off',
    },
    parts,
  }
  return { outcome, html: null, text: null, raw: message === raw ? null : message }
}

type Page = PartOutcome & { readonly kind: 'instrumented' }

/** Every HTML part has a pixel of its own. */
function pixelOf(pages: readonly Page[]): PixelOutcome {
  const urls = pages.flatMap(({ pixel }) => (pixel.kind === 'placed' ? pixel.urls : []))
  return urls.length > 0 ? { kind: 'placed', urls } : (pages[0]?.pixel ?? { kind: 'skipped', reason: 'off' })
}
