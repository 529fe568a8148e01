// Owns where the open pixel goes: where a browser shows it exactly once, and it moves nothing that is there.

import type { Scan } from '../html/scan-html.ts'

/** The offset at which the pixel goes in; -1 if there is no safe point. */
export function placePixel(scan: Scan, placement: 'end' | 'start'): number {
  const places = [scan.beforeBodyEnd, scan.beforeHtmlEnd, scan.lastSafePoint]
  if (placement === 'start') places.unshift(scan.afterBodyStart)
  return places.find((place) => place !== -1) ?? -1
}
