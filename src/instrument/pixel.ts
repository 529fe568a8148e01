import type { CheckedDomain } from '../config/domain-config.ts'
import { attributeValue } from '../html/attribute-value.ts'
import { includesText, type Markup } from '../html/markup.ts'
import { scanImages } from '../html/scan-html.ts'
import type { Places } from '../html/stretches.ts'
import { createUrlReader, type TrackingReference } from '../tracking-url/read-tracking-url.ts'
import { trackingFolders } from '../tracking-url/tracking-url.ts'
import { toDestination } from './links/destination.ts'
import type { PixelPlacement } from './options.ts'

/** A place for a pixel in the original HTML. */
export interface PixelPlace {
  readonly pixel: 'start' | 'end'
  readonly at: number
}

/** Where pixels go, in document order: at places where a browser shows each once, and nothing that is there moves. */
export function findPixelPlaces(found: Places, placement: PixelPlacement): readonly PixelPlace[] {
  const { afterBodyStart: start, beforeBodyEnd, beforeHtmlEnd, lastSafePoint } = found
  const end = beforeBodyEnd !== -1 ? beforeBodyEnd : beforeHtmlEnd !== -1 ? beforeHtmlEnd : lastSafePoint
  const hasStart = start !== -1 && placement !== 'end' && (placement === 'start' || start !== end)
  const hasEnd = end !== -1 && (placement !== 'start' || start === -1)
  const places: PixelPlace[] = []
  if (hasStart) places.push({ pixel: 'start', at: start })
  if (hasEnd) places.push({ pixel: 'end', at: end })
  return start > end ? places.reverse() : places
}

/** An image of ours. */
interface FoundPixel {
  readonly reference: TrackingReference & { readonly kind: 'open' }
  readonly url: string
  /** The whole tag. */
  readonly start: number
  readonly end: number
}

/** This domain's pixels that a browser would load, in document order. */
export function findPixels(markup: Markup, domain: CheckedDomain): readonly FoundPixel[] {
  // Hardly any text has a pixel of ours, and this look costs 4 us in 46 KB. It misses slashes that are written as character
  // references; neither mailtrace nor software that rewrites mail writes them so.
  if (!includesText(markup, trackingFolders.open)) return []
  const readUrl = createUrlReader(domain)
  return scanImages(markup).flatMap(({ start, end, tagStart, tagEnd }) => {
    const url = toDestination(attributeValue(markup, start, end))
    const reference = readUrl(url)
    return reference?.kind === 'open' ? [{ reference, url, start: tagStart, end: tagEnd }] : []
  })
}
