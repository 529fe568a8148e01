// Everything that must hold for any text whatever, checked against parse5 and URL.

import { expect } from 'vitest'
import { attributeValue } from '../../src/html/attribute-value.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import type { DomainConfig, InstrumentedEmail, LinkOutcome, LinkSite } from '../../src/index.ts'
import { instrumentEmail, prepareEmail, readTrackingUrl } from '../../src/index.ts'
import { pixelTag } from '../../src/instrument/pixel-tag.ts'
import { checkFidelity as judgeFidelity } from '../../src/testing/index.ts'
import { judgeHtml } from '../../src/testing/judge.ts'
import { flattenTree, reopensFormatting } from '../../src/testing/judged-tree.ts'
import { fixed, messageRef, signedDomain } from './domains.ts'
import { isStopNeeded, judgeDocument, judgeSites } from './judge.ts'
import { checkReason } from './reasons.ts'

export { pixelTag }

/** A caller's rule, by an attribute that the fast path takes. */
export const keepById = ({ attributes }: LinkSite): boolean => attributes.id === 'keep'

/** Without these, a flat scan has to find every site. */
const treeTags = /<(?:svg|math|select|template|frameset)[\s/>]/i

/** Only reported ranges and the pixel differ; gives the offset of the pixel in the original, or -1. */
export function checkBytes(html: string, result: InstrumentedEmail): number {
  let expected = ''
  let copied = 0
  const originalOffsets: { readonly out: number; readonly original: number }[] = [{ out: 0, original: 0 }]
  for (const link of result.links) {
    if (link.kind !== 'tracked') continue
    expect(link.start).toBeGreaterThanOrEqual(copied)
    const isQuoted = /["']/.test(html.charAt(link.start - 1))
    const quotes = !isQuoted && isInConditional(html, link.start) ? '"' : ''
    expected += html.slice(copied, link.start) + quotes + link.url + quotes
    copied = link.end
    originalOffsets.push({ out: expected.length, original: copied })
  }
  expected += html.slice(copied)
  if (result.pixel.kind === 'skipped') {
    expect(result.html).toBe(expected)
    return -1
  }
  // Its style is pinned in test/cases/pixel.test.ts.
  const tag = pixelTag(result.pixel.urls[0]!)
  const parts = result.html.split(tag)
  expect(parts.length).toBe(2)
  expect(parts.join('')).toBe(expected)
  const last = originalOffsets.findLast(({ out }) => out <= parts[0]!.length)!
  return last.original + parts[0]!.length - last.out
}

function isInConditional(html: string, offset: number): boolean {
  return judgeSites(html).some((site) => site.inComment && site.attribute[0] <= offset && offset <= site.attribute[1])
}

export interface FidelityOptions {
  /**
   * The pixel must not even re-open formatting elements. By default it may: browsers do so for whatever comes next after
   * `<p><b></p>`, and what follows the pixel then stands in them.
   */
  readonly exactTree?: true
  readonly pixelPlacement?: 'end' | 'start'
  readonly domain?: DomainConfig
}

export function checkFidelity(
  html: string,
  { exactTree, pixelPlacement = 'end', domain = signedDomain }: FidelityOptions = {},
): InstrumentedEmail {
  const maxUrlLength = 8192
  const offered = new Map<number, LinkSite>()
  const skipLink = (link: LinkSite): boolean => {
    offered.set(link.index, link)
    return keepById(link)
  }
  const options = { ...fixed, pixelPlacement, maxUrlLength, skipLink }
  const result = instrumentEmail(html, domain, options)

  // Link sites: parse5's are ours. After a stop, each of them is at least among what may be one.
  const scan = scanLinks(readMarkup(html))
  const judged = judgeSites(html)
  const isComplete = scan.certainUntil === html.length && !scan.sites.some((site) => site.ambiguous)
  if (!treeTags.test(html)) expect(isComplete).toBe(true)
  if (scan.certainUntil < html.length) expect(isStopNeeded(html, scan.certainUntil)).toBe(true)
  const asked = { domain, keep: keepById, maxUrlLength, offered: new Map(offered), lengthOf: lengthIn(domain) }
  const outcomes = new Map(judged.map((site) => [site, [] as LinkOutcome[]]))
  let last = -1
  for (const link of result.links) {
    const index = judged.findLastIndex(({ attribute }) => attribute[0] <= link.start)
    const site = judged[index]
    // parse5's range of an attribute without a value ends before its `=`.
    const isSite = site !== undefined && (link.start === link.end || link.end <= site.attribute[1])
    if (link.kind === 'skipped' && link.reason === 'ambiguous-markup') {
      if (isSite && link.href === site.href) outcomes.get(site)!.push(link)
      continue
    }
    expect(isSite, 'a false site').toBe(true)
    expect([link.element, hrefOf(html, scan, link.index)]).toEqual([site!.element, site!.href])
    expect(index).toBeGreaterThan(last)
    last = index
    outcomes.get(site!)!.push(link)

    checkReason(link, site!, asked)

    // The destination: what parse5 and URL see in the original.
    if (link.kind === 'skipped') {
      expect(link.href).toBe(site!.href)
      continue
    }
    const reference = readTrackingUrl(link.url, domain)
    expect(reference).toMatchObject({ kind: 'click', part: 'html', index: link.index, messageRef })
    if (reference?.kind === 'click' && reference.authenticated) expect(reference.destination).toBe(link.destination)
    expect(new URL(link.destination).href).toBe(new URL(site!.href).href)
  }
  for (const [site, links] of outcomes) expect(links.length, `outcomes of ${site.href}`).toBeGreaterThan(0)
  if (isComplete) expect(result.links.length).toBe(judged.length)

  // All that changed are these links and the pixel, as our users' tests see it.
  expect(judgeFidelity(html, result.html, domain)).toEqual([])
  expect(judgeSites(result.html).map(({ href }) => href)).toEqual(
    judged.map((site) => {
      const tracked = outcomes.get(site)!.find((link) => link.kind === 'tracked')
      return tracked?.kind === 'tracked' ? tracked.url : site.href
    }),
  )
  const pixelAt = checkBytes(html, result)
  if (pixelAt !== -1 && result.pixel.kind === 'placed') {
    if (exactTree) expect(reopensFormatting(html, pixelAt)).toBe(false)
    // The hrefs change nothing in the tree but themselves, pixel or not.
    const withPixelOnly = html.slice(0, pixelAt) + pixelTag(result.pixel.urls[0]!) + html.slice(pixelAt)
    expect(flattenTree(judgeDocument(result.html), new Set())).toEqual(flattenTree(judgeHtml(withPixelOnly), new Set()))
  }

  // Twice is once; prepared is the same.
  const again = instrumentEmail(result.html, domain, options)
  expect(again.html).toBe(result.html)
  const { messageRef: _, ...prepareOptions } = options
  expect(prepareEmail(html, domain, prepareOptions).instrument({ messageRef })).toEqual(result)
  return result
}

/** The length of a destination's tracking URL, told by a link to it that stands alone. */
const lengthIn =
  (domain: DomainConfig) =>
  (destination: string): number => {
    const html = `<a href="${destination.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">`
    const link = instrumentEmail(html, domain, { ...fixed, openTracking: false, maxUrlLength: 8192 }).links[0]!
    return link.kind === 'tracked' ? link.url.length : Number.POSITIVE_INFINITY
  }

function hrefOf(html: string, scan: ReturnType<typeof scanLinks>, index: number): string {
  const { start, end } = scan.sites[index]!
  return attributeValue(readMarkup(html), start, end)
}
