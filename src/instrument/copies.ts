import { optionChecks } from '../checks.ts'
import { type Activation, activate } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { type ClickMode, startOfDay } from '../config/tracking-modes.ts'
import { type Mint, mintOf } from '../tracking-url/mint.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import type { CheckedMessageOptions, CheckedPrepareOptions } from './options.ts'
import type { Edit } from './splice.ts'

export type Active = Activation & { readonly active: true }

/** Whom the references of a copy name: its recipient or, in mode `anonymous`, the campaign. */
export interface Referent {
  readonly ref: string
  /** In ms since the epoch. */
  readonly issuedAt: number
  /** Whether the reference was made just now. No text can have such a one. */
  readonly isNew: boolean
}

/** Makes the tracking URLs of one part of a message. */
export interface PartMint {
  readonly mint: Mint
  campaignOf(): Referent
  /** Makes the click URLs of one copy; `null` for one that would be longer than allowed. */
  clicksOf(click: ClickMode | false, recipient: Referent): (index: number, destination: string) => string | null
}

/** What is to be done to one copy of a part. */
export interface PartEdits {
  /** In order, by offsets in the part. */
  readonly edits: readonly Edit[]
  /** Whether a URL in it carries the recipient's reference. */
  readonly namesRecipient: boolean
}

interface CopyMaker<Copy> {
  /** The copy of a recipient who is not tracked. */
  leaveAlone(activation: Activation, issuedAt: number): Copy
  /** What one recipient gets of a copy that several share. */
  share(copy: Copy): Copy
  /** Reads the part once, as far as it can be tracked; gives what makes each recipient's copy. */
  prepare(
    ceiling: Active,
    mintFor: (part: 'html' | 'text') => PartMint,
  ): (activation: Active, recipient: Referent) => Copy
}

/**
 * Makes copies of any kind of part. Each copy is tracked as far as everyone allows it, and what is anonymous is made once for
 * all recipients.
 */
export function prepareCopies<Copy>(
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
  { leaveAlone, share, prepare }: CopyMaker<Copy>,
): (message: CheckedMessageOptions) => Copy {
  // Read at the first anonymous copy: two of them never differ, not even around midnight.
  let campaign: Referent | null = null
  const campaignOf = (): Referent => {
    campaign ??= { ref: email.campaignRef!, issuedAt: startOfDay(readTime(email)), isNew: false }
    return campaign
  }
  let campaignCopies: Map<string, Copy> | null = null

  function createMint(part: 'html' | 'text'): PartMint {
    const mint = mintOf(domain)
    const campaignUrls: string[] = []
    let campaignClicks: ((index: number, destination: string) => string) | null = null

    /** Click URLs of the campaign are minted once, however many copies have them. */
    function campaignClick(index: number, destination: string): string {
      campaignClicks ??= mint.clicks({ mode: 'anonymous', part, ...campaignOf() })
      campaignUrls[index] ??= campaignClicks(index, destination)
      return campaignUrls[index]
    }

    return {
      mint,
      campaignOf,
      clicksOf(click, recipient) {
        const mintClick =
          click === 'anonymous' || click === false ? campaignClick : mint.clicks({ mode: click, part, ...recipient })
        return (index, destination) => {
          // A destination of megabytes is not signed only to find its URL too long.
          if (mint.carriesDestination && destination.length > email.maxUrlLength) return null
          const url = mintClick(index, destination)
          return url.length > email.maxUrlLength ? null : url
        }
      },
    }
  }

  const ceiling = activate(domain, [email])
  refuseMissingCampaign(ceiling, email)
  const makeCopy = ceiling.active ? prepare(ceiling, createMint) : null

  return (message) => {
    const activation = activate(domain, [email, message])
    if (!activation.active || makeCopy === null) return leaveAlone(activation, readTime(email))
    refuseMissingCampaign(activation, email)
    const { open, click } = activation
    if (![open, click].every((mode) => mode === false || mode === 'anonymous')) {
      const { messageRef } = message
      const issuedAt = readTime(email)
      return makeCopy(activation, { ref: messageRef ?? randomRef(), issuedAt, isNew: messageRef === null })
    }
    const key = `${open} ${click}`
    campaignCopies ??= new Map()
    const copy = campaignCopies.get(key) ?? makeCopy(activation, campaignOf())
    campaignCopies.set(key, copy)
    return share(copy)
  }
}

function refuseMissingCampaign(activation: Activation, { campaignRef }: CheckedPrepareOptions): void {
  if (campaignRef !== null || !activation.active) return
  if (activation.open !== 'anonymous' && activation.click !== 'anonymous') return
  throw optionChecks.error('campaignRef is missing: mode "anonymous" reports opens and clicks with it')
}

/** In ms since the epoch, in whole seconds, as tokens carry it. */
function readTime({ now }: CheckedPrepareOptions): number {
  return Math.floor(optionChecks.time(now(), 'now()') / 1000) * 1000
}
