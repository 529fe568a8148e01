import { optionChecks } from '../checks.ts'
import { type Activation, activate } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import type { OpenMode } from '../config/tracking-modes.ts'
import { scanLinks } from '../html/scan-html.ts'
import { mintOf } from '../tracking-url/mint.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import { decideLinks, type LinkElement } from './links/decide-links.ts'
import type { CheckedMessageOptions, CheckedPrepareOptions } from './options.ts'
import type { InstrumentedEmail, LinkOutcome, PixelOutcome } from './outcomes.ts'
import { findPixelPlaces, findPixels, pixelTag } from './pixel.ts'
import { type Edit, spliceEdits } from './splice.ts'

type Active = Activation & { readonly active: true }

/** What the references of a copy are made with: the message's own, or the campaign's in mode `anonymous`. */
interface Source {
  readonly ref: string
  /** In ms since the epoch. */
  readonly issuedAt: number
  /** Whether the reference was made just now, so that no text can have it yet. */
  readonly isNew: boolean
}

/** Scans an email and decides about its links once; gives what makes each recipient's copy. */
export function prepare(
  html: string,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
): (message: CheckedMessageOptions) => InstrumentedEmail {
  const ceiling = activate(domain, [email])
  refuseMissingCampaign(ceiling, email)
  const instrument = ceiling.active ? prepareActive(html, domain, email, ceiling) : null
  return (message) => {
    const activation = activate(domain, [email, message])
    if (activation.active && instrument !== null) return instrument(activation, message)
    const pixel = { kind: 'skipped', reason: 'inactive' } as const
    return { html, activation, messageRef: null, issuedAt: readTime(email), pixel, links: [] }
  }
}

function prepareActive(
  html: string,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
  ceiling: Active,
): (activation: Active, message: CheckedMessageOptions) => InstrumentedEmail {
  const scan = scanLinks(html)
  const rules = { hosts: domain.hosts, skipLink: email.skipLink, skipUrls: email.skipUrls }
  const links = ceiling.click === false ? [] : decideLinks(html, scan.sites, rules)
  const places = ceiling.open === false ? [] : findPixelPlaces(scan, email.pixelPlacement)
  const mint = mintOf(domain)

  // Read at the first anonymous copy: two of them never differ, not even around midnight.
  let campaign: Source | null = null
  const campaignOf = (): Source => {
    campaign ??= { ref: email.campaignRef!, issuedAt: cutToDay(readTime(email)), isNew: false }
    return campaign
  }
  const campaignUrls: string[] = []
  const campaignCopies = new Map<string, InstrumentedEmail>()

  /** Click URLs of the campaign are minted once, however many copies have them. */
  function campaignClick(index: number, destination: string): string {
    const click = mint.clicks({ mode: 'anonymous', part: 'html', ...campaignOf() })
    campaignUrls[index] ??= click(index, destination)
    return campaignUrls[index]
  }

  let present: ReadonlySet<string> | null = null

  /** Whether the text has a pixel with this reference. Only asked where it can have one, so most calls never look. */
  function isPresent(mode: OpenMode, { ref, isNew }: Source): boolean {
    if (isNew) return false
    present ??= presentRefs(html, domain)
    return present.has(presentKey(mode === 'anonymous', ref))
  }

  function makeCopy({ open, click, ...activation }: Active, own: Source): InstrumentedEmail {
    const edits: Edit[] = []
    const mintClick =
      click === 'anonymous' || click === false ? campaignClick : mint.clicks({ mode: click, part: 'html', ...own })

    const outcomes = (click === false ? [] : links).map((link, index): LinkOutcome => {
      const { site, href, destination, name, reason } = link
      const { start, end } = site
      const element = site.element as LinkElement
      if (reason !== null) return { kind: 'skipped', index, element, name, href, reason, start, end }
      // Megabytes of destination are not signed to find out that the URL is too long.
      const isLong = mint.carriesDestination && destination.length > email.maxUrlLength
      const url = isLong ? '' : mintClick(index, destination)
      if (isLong || url.length > email.maxUrlLength) {
        return { kind: 'skipped', index, element, name, href, reason: 'too-long', start, end }
      }
      // In a comment, an unquoted token that ends in `--` would close the comment together with the tag's `>`.
      edits.push({ start, end, text: site.inComment && !site.quoted ? `"${url}"` : url })
      return { kind: 'tracked', index, element, name, destination, url, start, end }
    })

    const pixel = ((): PixelOutcome => {
      if (open === false) return { kind: 'skipped', reason: 'off' }
      const source = open === 'anonymous' ? campaignOf() : own
      if (isPresent(open, source)) return { kind: 'skipped', reason: 'already-present' }
      if (places.length === 0) return { kind: 'skipped', reason: 'no-place' }
      const urls = places.map(({ pixel, at }) => {
        const url = mint.open({ mode: open, pixel, ref: source.ref, issuedAt: source.issuedAt })
        const before = edits.findLastIndex((edit) => edit.end <= at)
        edits.splice(before + 1, 0, { start: at, end: at, text: pixelTag(url) })
        return url
      })
      return { kind: 'placed', urls }
    })()

    const hasOwnLink = click !== 'anonymous' && outcomes.some(({ kind }) => kind === 'tracked')
    const hasOwnPixel = open !== 'anonymous' && (pixel.kind === 'placed' || pixel.reason === 'already-present')
    return {
      html: spliceEdits(html, edits),
      activation: { ...activation, open, click },
      messageRef: hasOwnLink || hasOwnPixel ? own.ref : null,
      issuedAt: own.issuedAt,
      pixel,
      links: outcomes,
    }
  }

  return (activation, { messageRef }) => {
    refuseMissingCampaign(activation, email)
    const { open, click } = activation
    if (![open, click].every((mode) => mode === false || mode === 'anonymous')) {
      const issuedAt = readTime(email)
      return makeCopy(activation, { ref: messageRef ?? randomRef(), issuedAt, isNew: messageRef === null })
    }
    const key = `${open} ${click}`
    const copy = campaignCopies.get(key) ?? makeCopy(activation, campaignOf())
    campaignCopies.set(key, copy)
    return copy
  }
}

function refuseMissingCampaign(activation: Activation, { campaignRef }: CheckedPrepareOptions): void {
  if (campaignRef !== null || !activation.active) return
  if (activation.open !== 'anonymous' && activation.click !== 'anonymous') return
  throw optionChecks.error('campaignRef is missing: mode "anonymous" reports opens and clicks with it')
}

/** Of the pixels in a text. A stored one does not say what its reference is. */
function presentRefs(html: string, domain: CheckedDomain): ReadonlySet<string> {
  const keys = findPixels(html, domain).flatMap(({ reference: { mode, messageRef, campaignRef } }) => {
    const ref = messageRef ?? campaignRef!
    if (mode === null) return [presentKey(true, ref), presentKey(false, ref)]
    return presentKey(mode === 'anonymous', ref)
  })
  return new Set(keys)
}

const presentKey = (isCampaign: boolean, ref: string): string => `${isCampaign ? 'campaign' : 'message'} ${ref}`

/** In ms since the epoch, in whole seconds, as tokens carry it. */
function readTime({ now }: CheckedPrepareOptions): number {
  return Math.floor(optionChecks.time(now(), 'now()') / 1000) * 1000
}

const dayMs = 24 * 60 * 60 * 1000
const cutToDay = (time: number): number => Math.floor(time / dayMs) * dayMs
