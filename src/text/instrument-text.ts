import type { Activation } from '../config/activation.ts'
import { type CheckedDomain, checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { quote } from '../errors.ts'
import { type Active, type PartEdits, type PartMint, prepareCopies, type Referent } from '../instrument/copies.ts'
import type { CheckedMessageOptions, CheckedPrepareOptions } from '../instrument/options.ts'
import type { LinkOutcome } from '../instrument/outcomes.ts'
import { type Edit, spliceEdits } from '../instrument/splice.ts'
import { decideTextLinks, type TextLinkRules } from './decide-text-links.ts'
import {
  checkPrepareTextOptions,
  checkTextMessageOptions,
  checkTextOptions,
  type PrepareTextOptions,
  type TextMessageOptions,
  type TextOptions,
} from './text-options.ts'

/**
 * What became of one URL: as in the HTML part, without what only an element has. `index` counts the URLs of the text from 0;
 * `start` and `end` are the half-open range of the URL in the text that was passed in, in UTF-16 code units.
 */
export type TextLinkOutcome = Bare<LinkOutcome>
type Bare<Outcome> = Outcome extends unknown ? Omit<Outcome, 'element' | 'name'> : never

export interface InstrumentedText {
  readonly text: string
  /** Whether clicks in this copy are tracked, through which host and how far. `open` is `false`: a text has no pixel. */
  readonly activation: Activation
  /** `null` where nothing in the text carries it. */
  readonly messageRef: string | null
  /** When the references were made, in ms since the epoch: whole seconds; the UTC day in mode `anonymous`. */
  readonly issuedAt: number
  /** Every web URL in order. Empty when click tracking is off. */
  readonly links: readonly TextLinkOutcome[]
}

/** A plain-text part that has been read once, for many recipients. */
export interface PreparedText {
  /**
   * One recipient's copy: the same as if it had been instrumented for itself. `clickTracking` lowers what the domain and the
   * text allow. All copies in mode `anonymous` are the same text.
   *
   * @throws {MailtraceError} `invalid-options` or `invalid-message-ref`, as {@link instrumentText}.
   */
  instrument(options?: TextMessageOptions): InstrumentedText
}

/**
 * Instruments the plain-text part of a message: every web URL that is written with its scheme leads through the tracking
 * host. Nothing else changes: no line is joined, broken or filled anew. References are those of `part: 'text'`, so that they
 * never collide with the HTML part's; outcomes and reasons are the same.
 *
 * A URL of which mail clients may see more than linkify-it does is left alone (`ambiguous-markup`): what they would see
 * beyond it would become a part of the tracking URL.
 *
 * Give both parts of a message the same `messageRef`, and give `skipUrls` what the HTML part leaves alone.
 *
 * @param text as its reader sees it: decoded, not quoted-printable.
 * @throws {TypeError} if `text` is not a string.
 * @throws {MailtraceError} `invalid-config`, `invalid-options` or `invalid-message-ref`; the message names the field.
 * @example
 * import { defineDomain } from 'mailtrace'
 * import { instrumentText } from 'mailtrace/text'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const { text, links } = instrumentText('Our sale (https://example.org/sale).', domain, { messageRef: 'message-4711-ada' })
 * console.log(text) // Our sale (https://links.example.com/c/message-4711-ada/t0).
 * console.log(links[0]?.kind) // tracked
 */
export function instrumentText(text: string, domain: DomainConfig, options: TextOptions = {}): InstrumentedText {
  checkText(text)
  const checked = checkDomain(domain)
  const { email, message } = checkTextOptions(options, checked)
  return prepare(text, checked, email)(message)
}

/**
 * Reads a text once, so that each recipient's copy costs only its references. `domain` and `options` are read now; later
 * changes to them do not show.
 *
 * @throws as {@link instrumentText}
 * @example
 * import { defineDomain } from 'mailtrace'
 * import { prepareText } from 'mailtrace/text'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * const prepared = prepareText('Our sale: https://example.org/sale', domain)
 * console.log(prepared.instrument({ messageRef: 'message-4711-ada' }).text)
 * // Our sale: https://links.example.com/c/message-4711-ada/t0
 */
export function prepareText(text: string, domain: DomainConfig, options: PrepareTextOptions = {}): PreparedText {
  checkText(text)
  const checked = checkDomain(domain)
  const instrument = prepare(text, checked, checkPrepareTextOptions(options, checked))
  return { instrument: (messageOptions = {}) => instrument(checkTextMessageOptions(messageOptions, checked)) }
}

function checkText(text: unknown): void {
  if (typeof text !== 'string') throw new TypeError(`text is ${quote(text)}: pass the plain-text part as a string`)
}

function prepare(
  text: string,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
): (message: CheckedMessageOptions) => InstrumentedText {
  return prepareCopies<InstrumentedText>(domain, email, {
    leaveAlone: (activation, issuedAt) => ({ text, activation, messageRef: null, issuedAt, links: [] }),
    share: (copy) => ({ ...copy, links: copy.links.map((link) => ({ ...link })) }),
    prepare(_, mintFor) {
      const editsFor = prepareTextLinks(
        text,
        { hosts: domain.hosts, skipUrls: email.skipUrls, isSure: () => true },
        mintFor('text'),
        0,
      )
      return (activation, recipient) => {
        const { edits, namesRecipient, links } = editsFor(activation, recipient)
        const { issuedAt } = recipient
        return {
          text: spliceEdits(text, edits),
          activation,
          messageRef: namesRecipient ? recipient.ref : null,
          issuedAt,
          links,
        }
      }
    },
  })
}

/** Reads a text once; gives what is to be done for each recipient. `firstIndex`: of its first URL in the whole message. */
export function prepareTextLinks(
  text: string,
  rules: TextLinkRules,
  { clicksOf }: PartMint,
  firstIndex: number,
): (activation: Active, recipient: Referent) => PartEdits & Pick<InstrumentedText, 'links'> {
  const decided = decideTextLinks(text, rules)
  return ({ click }, recipient) => {
    if (click === false) return { edits: [], namesRecipient: false, links: [] }
    const edits: Edit[] = []
    const mintClick = clicksOf(click, recipient)
    const links = decided.map(({ href, destination, reason, start, end }, position): TextLinkOutcome => {
      const index = firstIndex + position
      const url = reason === null ? mintClick(index, destination) : null
      if (url === null) return { kind: 'skipped', index, href, reason: reason ?? 'too-long', start, end }
      edits.push({ start, end, text: url })
      return { kind: 'tracked', index, destination, url, start, end }
    })
    return { edits, namesRecipient: click !== 'anonymous' && edits.length > 0, links }
  }
}
