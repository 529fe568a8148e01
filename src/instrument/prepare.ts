import type { CheckedDomain } from '../config/domain-config.ts'
import type { OpenMode } from '../config/tracking-modes.ts'
import { type Markup, readMarkup } from '../html/markup.ts'
import { moveSite } from '../html/site.ts'
import { scanStretches } from '../html/stretches.ts'
import { type Active, type PartEdits, type PartMint, prepareCopies, type Referent } from './copies.ts'
import { type DecidedLink, decideLinks, type LinkElement, type LinkRules } from './links/decide-links.ts'
import type { SkipReason } from './links/skip-reasons.ts'
import type { CheckedMessageOptions, CheckedPrepareOptions } from './options.ts'
import type { InstrumentedEmail, LinkOutcome, NoPixelReason, PixelOutcome } from './outcomes.ts'
import { findPixelPlaces, findPixels, type PixelPlace } from './pixel.ts'
import { pixelTagEnd, pixelTagStart } from './pixel-tag.ts'
import { createByteSplicer, type Edit, spliceHtml } from './splice.ts'

/** Scans an email and decides about its links once; gives what makes each recipient's copy. */
export function prepare<Html extends string | Uint8Array>(
  html: Html,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
  { splice, share }: Output<Html>,
): (message: CheckedMessageOptions) => InstrumentedEmail<Html> {
  return prepareCopies<InstrumentedEmail<Html>>(domain, email, {
    leaveAlone(activation, issuedAt) {
      const pixel = { kind: 'skipped', reason: 'inactive' } as const
      return { html: splice([]), activation, messageRef: null, issuedAt, pixel, links: [] }
    },
    share: ({ pixel, ...copy }) => ({
      ...copy,
      html: share(copy.html),
      pixel: pixel.kind === 'placed' ? { ...pixel, urls: [...pixel.urls] } : { ...pixel },
      links: copy.links.map((link) => ({ ...link })),
    }),
    prepare(ceiling, mintFor) {
      const editsFor = prepareMarkup(readMarkup(html), domain, email, ceiling, mintFor('html'), alone)
      return (activation, recipient) => {
        const { edits, namesRecipient, pixel, links } = editsFor(activation, recipient)
        const { issuedAt } = recipient
        return {
          html: splice(edits),
          activation,
          messageRef: namesRecipient ? recipient.ref : null,
          issuedAt,
          pixel,
          links,
        }
      }
    },
  })
}

/** How copies are made of what was passed in. */
export interface Output<Html> {
  /** Without edits, it gives what was passed in, or a copy. */
  readonly splice: (edits: readonly Edit[]) => Html
  /** What each recipient gets of a copy that several share. */
  readonly share: (html: Html) => Html
}

/** For one copy. If nothing is edited, it is what was passed in. */
export function outputOnce<Html extends string | Uint8Array>(html: Html): Output<Html> {
  return { splice: (edits) => spliceHtml(html, edits), share: (copy) => copy }
}

/** For many copies. Whoever gets one may change it; the bytes must stay. */
export function outputOften<Html extends string | Uint8Array>(html: Html): Output<Html> {
  if (typeof html === 'string') return outputOnce<Html>(html)
  const output: Output<Uint8Array> = { splice: createByteSplicer(html), share: (copy) => new Uint8Array(copy) }
  return output as unknown as Output<Html>
}

/** What the rest of the message means for this HTML. */
export type Surroundings = Pick<LinkRules, 'firstIndex' | 'isSure'>

const alone: Surroundings = { firstIndex: 0, isSure: () => true }

export interface HtmlEdits extends PartEdits {
  readonly pixel: PixelOutcome
  readonly links: readonly LinkOutcome[]
}

/** Scans HTML once; gives what is to be done for each recipient. */
export function prepareMarkup(
  markup: Markup,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
  ceiling: Active,
  { mint, campaignOf, clicksOf }: PartMint,
  { firstIndex, isSure }: Surroundings,
): (activation: Active, recipient: Referent) => HtmlEdits {
  const { skipLink, skipUrls } = email
  const links: DecidedLink[] = []
  const found = scanStretches(markup, ({ markup, base, sites }) => {
    if (ceiling.click === false) return
    const rules = { hosts: domain.hosts, skipLink, skipUrls, isSure, firstIndex: firstIndex + links.length, base }
    for (const link of decideLinks(markup, sites, rules)) {
      links.push(base === 0 ? link : { ...link, site: moveSite(link.site, base) })
    }
  })
  const places = findPixelPlaces(found, email.pixelPlacement)
  let present: ReadonlySet<string> | null = null

  /** Whether the text has a pixel with this reference. A new reference is in no text, so most calls never look. */
  function isPresent(mode: OpenMode, { ref, isNew }: Referent): boolean {
    if (isNew) return false
    present ??= presentRefs(markup, domain)
    return present.size > 0 && present.has(presentKey(mode === 'anonymous', ref))
  }

  function whyNoPixel(open: OpenMode | false, referent: Referent): NoPixelReason | null {
    if (open === false) return 'off'
    if (isPresent(open, referent)) return 'already-present'
    return places.length === 0 ? 'no-place' : null
  }

  function makeEdit(start: number, end: number, url: string, { ref }: Referent, before: string, after: string): Edit {
    const varying = mint.refAt === null ? null : { at: before.length + mint.refAt, text: ref }
    return { start, end, text: before + url + after, varying }
  }

  return ({ open, click }, recipient) => {
    const edits: Edit[] = []
    const outcomes: LinkOutcome[] = []
    const pixelUrls: string[] = []
    let mintClick: ReturnType<typeof clicksOf> | null = null
    const clickReferent = click === 'anonymous' ? campaignOf() : recipient
    const openReferent = open === 'anonymous' ? campaignOf() : recipient
    const noPixel = whyNoPixel(open, openReferent)
    let hasNamingLink = false

    function placePixel({ pixel, at }: PixelPlace): void {
      if (open === false || noPixel !== null) return
      const url = mint.open({ mode: open, pixel, ref: openReferent.ref, issuedAt: openReferent.issuedAt })
      pixelUrls.push(url)
      edits.push(makeEdit(at, at, url, openReferent, pixelTagStart, pixelTagEnd))
    }

    function trackLink(link: DecidedLink, index: number): void {
      if (click === false) return
      const { site, destination, name, reason } = link
      mintClick ??= clicksOf(click, recipient)
      const url = reason === null ? mintClick(index, destination) : null
      if (url === null) {
        outcomes.push(skippedLink(link, index, reason ?? 'too-long'))
        return
      }
      const { start, end } = site
      const element = site.element as LinkElement
      // In a comment, an unquoted token that ends in `--` would close the comment together with the tag's `>`.
      const quote = site.inComment && !site.quoted ? '"' : ''
      edits.push(makeEdit(start, end, url, clickReferent, quote, quote))
      outcomes.push({ kind: 'tracked', index, element, name, destination, url, start, end })
      hasNamingLink ||= click !== 'anonymous'
    }

    // In document order, as edits must be.
    let nextPlace = 0
    for (const [at, link] of links.entries()) {
      while (nextPlace < places.length && places[nextPlace]!.at < link.site.end) placePixel(places[nextPlace++]!)
      trackLink(link, firstIndex + at)
    }
    while (nextPlace < places.length) placePixel(places[nextPlace++]!)

    const hasNamingPixel = open !== 'anonymous' && (noPixel === null || noPixel === 'already-present')
    return {
      edits,
      namesRecipient: hasNamingLink || hasNamingPixel,
      pixel: noPixel === null ? { kind: 'placed', urls: pixelUrls } : { kind: 'skipped', reason: noPixel },
      links: outcomes,
    }
  }
}

function skippedLink({ site, href, name }: DecidedLink, index: number, reason: SkipReason): LinkOutcome {
  const { element, start, end } = site
  return { kind: 'skipped', index, element: element as LinkElement, name, href, reason, start, end }
}

const noRefs: ReadonlySet<string> = new Set()

/**
 * The references of the pixels in a text. A stored one does not say whether it names a message or a campaign, so it counts as
 * both.
 */
function presentRefs(markup: Markup, domain: CheckedDomain): ReadonlySet<string> {
  const pixels = findPixels(markup, domain)
  if (pixels.length === 0) return noRefs
  const keys = pixels.flatMap(({ reference: { mode, messageRef, campaignRef } }) => {
    const ref = messageRef ?? campaignRef!
    if (mode === null) return [presentKey(true, ref), presentKey(false, ref)]
    return presentKey(mode === 'anonymous', ref)
  })
  return new Set(keys)
}

const presentKey = (isCampaign: boolean, ref: string): string => `${isCampaign ? 'campaign' : 'message'} ${ref}`
