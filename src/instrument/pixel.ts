// Owns the open pixel as it stands in HTML: its tag, and which ones a text already carries.

import type { CheckedDomain } from '../config/domain-config.ts'
import { attributeValue } from '../html/attribute-value.ts'
import { scanImages } from '../html/scan-html.ts'
import { createPathReader } from '../tracking-url/read-tracking-url.ts'
import { isTrackingUrl, trackingFolders } from '../tracking-url/tracking-url.ts'
import { parseUrl } from '../url.ts'
import { toDestination } from './links/destination.ts'

/**
 * Never `display:none`: Gmail does not load such images (mautic#2316). Out of the flow and pulled back by its own size, it
 * moved nothing in any layout in Chromium, where no style added 19 px and `display:block` 1 px. `!important`, as mails often
 * style all images: `img{width:100%!important}` made 400 px of it, `*{margin:0!important}` a scroll bar. A client that
 * strips all this still shows a 1x1 image, by the attributes.
 */
const pixelStyle = [
  'position:absolute',
  'margin:-1px 0 0 -1px',
  'border:0',
  'padding:0',
  'width:1px',
  'height:1px',
  'min-width:1px',
  'min-height:1px',
]
  .map((declaration) => `${declaration}!important`)
  .join(';')

export function pixelTag(url: string): string {
  return `<img src="${url}" width="1" height="1" alt="" style="${pixelStyle}">`
}

/** The messageRefs of this domain's pixels that a browser would load from this text. */
export function findOpenReferences(html: string, domain: CheckedDomain): ReadonlySet<string> {
  const refs = new Set<string>()
  // Hardly any text has one, and this look costs 4 us in 46 KB. It misses slashes that are written as character references,
  // which neither mailtrace nor what re-writes mail does.
  if (!html.includes(trackingFolders.open)) return refs
  const readPath = createPathReader(domain)
  for (const { start, end } of scanImages(html)) {
    const src = toDestination(attributeValue(html, start, end))
    const url = parseUrl(src)
    if (url === null || !isTrackingUrl(url, domain.hosts)) continue
    const reference = readPath(url.pathname)
    if (reference?.kind === 'open' && reference.messageRef !== null) refs.add(reference.messageRef)
  }
  return refs
}
