// Long markup is read stretch by stretch. Each ends in the body, where nothing is open that changes how later text is read, so the
// next begins like a text of its own.

import { maxLinkTextLength } from './link-text.ts'
import { type Markup, maxShortLength } from './markup.ts'
import { type Scan, scanLinks, scanStretch } from './scan-html.ts'
import type { Site } from './site.ts'
import { createTree } from './tree-feedback.ts'

/** A part of the markup, with the sites in it. Their offsets are the part's own. */
export interface Stretch {
  readonly markup: Markup
  /** Where it begins in the whole. */
  readonly base: number
  readonly sites: readonly Site[]
}

/** Where a pixel can go. */
export type Places = Pick<Scan, 'afterBodyStart' | 'beforeBodyEnd' | 'beforeHtmlEnd' | 'lastSafePoint'>

/** In code units. */
interface Sizes {
  /** What is read at once, at first. */
  readonly length: number
  /** What must be read behind a link, for its text. */
  readonly behindLink: number
  /** Of the longest usual tag. It may begin right before the place from which on a stretch may end. */
  readonly tag: number
}

const usualSizes: Sizes = { length: maxShortLength, behindLink: maxLinkTextLength, tag: 8192 }

/** Finds every link site, and gives them stretch by stretch, in order. What it returns is the same as for the whole. */
export function scanStretches(
  markup: Markup,
  visit: (stretch: Stretch) => void,
  { length: usualLength, behindLink, tag }: Sizes = usualSizes,
): Places {
  const { long } = markup
  if (long === null) {
    const scan = scanLinks(markup)
    visit({ markup, base: 0, sites: scan.sites })
    return scan
  }
  let places: Places = { afterBodyStart: -1, beforeBodyEnd: -1, beforeHtmlEnd: -1, lastSafePoint: -1 }
  let tree = createTree(false)
  let length = usualLength
  for (let base = 0; ; ) {
    const isLast = base + length >= long.length
    const stretch = long.slice(base, isLast ? long.length : base + length)
    const before = { ...tree }
    const scan = scanStretch(stretch, tree, isLast ? Number.POSITIVE_INFINITY : length - behindLink - tag)
    // Not at the very end: what a `<` there begins is not known. And whoever reads the links must find all of their text in it.
    const hasEnded = scan.endedAt !== -1 && scan.endedAt < length
    if (!isLast && !(hasEnded && scan.sites.every(({ tagEnd }) => tagEnd + behindLink <= length))) {
      // Something is open that ends later. Twice the length each time keeps it linear.
      tree = before
      length *= 2
      continue
    }
    places = addPlaces(places, scan, base)
    visit({ markup: stretch, base, sites: scan.sites })
    if (isLast) return places
    base += scan.endedAt
    length = usualLength
  }
}

function addPlaces(places: Places, found: Places, base: number): Places {
  const last = (place: number, before: number): number => (place === -1 ? before : place + base)
  return {
    afterBodyStart: places.afterBodyStart === -1 ? last(found.afterBodyStart, -1) : places.afterBodyStart,
    beforeBodyEnd: last(found.beforeBodyEnd, places.beforeBodyEnd),
    beforeHtmlEnd: last(found.beforeHtmlEnd, places.beforeHtmlEnd),
    lastSafePoint: last(found.lastSafePoint, places.lastSafePoint),
  }
}
