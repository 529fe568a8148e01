import type { CheckedDomain } from '../config/domain-config.ts'
import type { OpenMode } from '../config/tracking-modes.ts'
import { scanLinks } from '../html/scan-html.ts'
import { type Active, type PartTools, prepareCopies, type Source } from './copies.ts'
import { decideLinks, type LinkElement } from './links/decide-links.ts'
import type { CheckedMessageOptions, CheckedPrepareOptions } from './options.ts'
import type { InstrumentedEmail, LinkOutcome, PixelOutcome } from './outcomes.ts'
import { findPixelPlaces, findPixels, pixelTag } from './pixel.ts'
import { type Edit, spliceEdits } from './splice.ts'

/** Scans an email and decides about its links once; gives what makes each recipient's copy. */
export function prepare(
  html: string,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
): (message: CheckedMessageOptions) => InstrumentedEmail {
  return prepareCopies<InstrumentedEmail>(domain, email, {
    part: 'html',
    leaveAlone(activation, issuedAt) {
      const pixel = { kind: 'skipped', reason: 'inactive' } as const
      return { html, activation, messageRef: null, issuedAt, pixel, links: [] }
    },
    prepare: (ceiling, tools) => prepareActive(html, domain, email, ceiling, tools),
  })
}

function prepareActive(
  html: string,
  domain: CheckedDomain,
  email: CheckedPrepareOptions,
  ceiling: Active,
  { mint, campaignOf, clicksOf }: PartTools,
): (activation: Active, own: Source) => InstrumentedEmail {
  const scan = scanLinks(html)
  const rules = { hosts: domain.hosts, skipLink: email.skipLink, skipUrls: email.skipUrls }
  const links = ceiling.click === false ? [] : decideLinks(html, scan.sites, rules)
  const places = ceiling.open === false ? [] : findPixelPlaces(scan, email.pixelPlacement)

  let present: ReadonlySet<string> | null = null

  /** Whether the text has a pixel with this reference. Only asked where it can have one, so most calls never look. */
  function isPresent(mode: OpenMode, { ref, isNew }: Source): boolean {
    if (isNew) return false
    present ??= presentRefs(html, domain)
    return present.has(presentKey(mode === 'anonymous', ref))
  }

  return ({ open, click, ...activation }, own) => {
    const edits: Edit[] = []
    const mintClick = clicksOf(click, own)

    const outcomes = (click === false ? [] : links).map((link, index): LinkOutcome => {
      const { site, href, destination, name, reason } = link
      const { start, end } = site
      const element = site.element as LinkElement
      const url = reason === null ? mintClick(index, destination) : null
      if (url === null) {
        return { kind: 'skipped', index, element, name, href, reason: reason ?? 'too-long', start, end }
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
