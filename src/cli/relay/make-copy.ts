import type { Activation } from '../../config/activation.ts'
import type { DomainConfig } from '../../config/domain-config.ts'
import { type InstrumentedMessage, instrumentMessage, type LinkElement, type PartOutcome } from '../../message/index.ts'
import { readRawFromDomain } from '../../nodemailer/raw-message.ts'
import { readHeaderFields } from './message-header.ts'
import { readSubject } from './read-subject.ts'
import { readSteering, removeSteering } from './steering.ts'

/** What a copy was given, so that its clicks and opens can be told whose they are: one line of the events file. */
export interface MintedMessage {
  readonly type: 'message'
  /** When the relay had the message, in ms since the epoch. */
  readonly time: number
  /** The sending domain, as its configuration names it. */
  readonly domain: string
  /** `null` where nothing in it carries one. */
  readonly messageRef: string | null
  /** What anonymous opens and clicks are reported with; `null` without. */
  readonly campaignRef: string | null
  /** As the message has it, brackets included; `null` without. */
  readonly messageId: string | null
  /** Decoded; `null` without. */
  readonly subject: string | null
  /** Whom this copy goes to. */
  readonly recipients: readonly string[]
  /** Through which host, and how far. */
  readonly activation: Activation & { readonly active: true }
  /** As the references have it, in ms since the epoch. */
  readonly issuedAt: number
  readonly links: readonly MintedLink[]
}

export interface MintedLink {
  readonly part: 'html' | 'text'
  readonly index: number
  /** `null` in plain text. */
  readonly element: LinkElement | null
  /** What the sender calls it; `null` without. */
  readonly name: string | null
  readonly destination: string
}

/** What goes to the upstream. */
export interface Copy {
  readonly message: Uint8Array
  /** `null` where the message goes out untracked. */
  readonly minted: MintedMessage | null
  /** What became of it, for whoever watches. Without recipients and references. */
  readonly text: string
  /** Whether its sender wanted something else. */
  readonly isFlawed: boolean
}

export interface CopyRules {
  /** By name. */
  readonly domains: ReadonlyMap<string, DomainConfig>
  readonly withText: boolean
  readonly dkimSigned: 'leave' | 'instrument'
  readonly now: () => number
}

/**
 * The copy that some recipients get. A message of a domain that is not known, one that cannot be tracked, and one whose steering is
 * wrong go untracked: a message that arrives is worth more than its tracking, and what was meant to lower the tracking must never
 * raise it by a typing error.
 */
export function makeCopy(raw: Buffer, recipients: readonly string[], isOneOfSeveral: boolean, rules: CopyRules): Copy {
  const steering = readSteering(raw, recipients, isOneOfSeveral)
  const message = removeSteering(raw)
  const leave = (text: string, isFlawed = false): Copy => ({
    message,
    minted: null,
    text: `untracked: ${text}`,
    isFlawed,
  })
  const domain = rules.domains.get(readRawFromDomain(message) ?? '')
  if (domain === undefined) return leave('From names no domain of --domain')
  if (steering.flaws.length > 0) return leave(steering.flaws.join('; '), true)
  const time = rules.now()
  let copy: InstrumentedMessage
  try {
    copy = instrumentMessage(message, domain, {
      text: rules.withText,
      dkimSigned: rules.dkimSigned,
      openTracking: steering.openTracking,
      clickTracking: steering.clickTracking,
      ...(steering.messageRef !== null && { messageRef: steering.messageRef }),
      ...(steering.campaignRef !== null && { campaignRef: steering.campaignRef }),
      now: () => time,
    })
  } catch (error) {
    return leave((error as Error).message, true)
  }
  const { activation, parts } = copy
  if (!activation.active) return leave(activation.reason)
  if (copy.message === message) return leave(whyNot(parts))
  const fields = readHeaderFields(message)
  const field = (wanted: string): string | null => fields.find(({ name }) => name === wanted)?.value ?? null
  const minted: MintedMessage = {
    type: 'message',
    time,
    domain: domain.name,
    messageRef: copy.messageRef,
    campaignRef: steering.campaignRef,
    messageId: field('message-id'),
    subject: readSubject(field('subject')),
    recipients,
    activation,
    issuedAt: copy.issuedAt,
    links: parts.flatMap(linksOf),
  }
  return { message: copy.message, minted, text: describe(minted), isFlawed: false }
}

const whyNot = (parts: readonly PartOutcome[]): string =>
  [...new Set(parts.map((part) => (part.kind === 'skipped' ? part.reason : 'nothing to track')))].join(', ')

function linksOf(part: PartOutcome): readonly MintedLink[] {
  if (part.kind === 'skipped') return []
  if (part.type === 'text/plain') {
    return part.links.flatMap((link) => (link.kind === 'skipped' ? [] : linkOf('text', link, null, null)))
  }
  return part.links.flatMap((link) => (link.kind === 'skipped' ? [] : linkOf('html', link, link.element, link.name)))
}

const linkOf = (
  part: MintedLink['part'],
  { index, destination }: { readonly index: number; readonly destination: string },
  element: LinkElement | null,
  name: string | null,
): MintedLink => ({ part, index, element, name, destination })

const describe = ({ links, activation }: MintedMessage): string =>
  `tracked: ${links.length} ${links.length === 1 ? 'link' : 'links'}${activation.open === false ? '' : ', opens'}`
