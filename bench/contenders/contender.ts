// The job that all rewriters are given, and what each must get right before it is timed.

import { type DefaultTreeAdapterTypes, parse } from 'parse5'

/** One way to do the job. */
export interface Contender {
  /** What it does beyond the job, or leaves out. */
  readonly note?: string
  /** A floor does less than the job: nobody can be faster. */
  readonly isFloor?: boolean
  /** Takes in one mail, untimed. Each call of what it gives does the whole job once, and is timed. */
  prepare(html: string): () => string | Uint8Array | Promise<string>
}

export const trackingOrigin = 'https://links.example.com'
/** Of the shape that stored references need. */
export const messageRef = 'V1StGXR8_Z5jdHi6B-myT'
export const pixel = `<img src="${trackingOrigin}/o/${messageRef}/0.gif" width="1" height="1" alt="" style="position:absolute;margin:-1px 0 0 -1px;border:0;width:1px;height:1px">`

/** Gives the URL that replaces a destination; `null` for what is no web link and stays as it is. */
export type UrlBuilder = (destination: string) => string | null

/**
 * The same trivial URLs for everyone. It wants the decoded destination, the attribute's value, because a tracker has to keep
 * that: with `&amp;` in it, readers would get to other pages.
 */
export function createUrlBuilder(): UrlBuilder {
  const destinations: string[] = []
  return (destination) => {
    const isWeb = destination.startsWith('https://') || destination.startsWith('http://')
    return isWeb ? `${trackingOrigin}/c/${messageRef}/${destinations.push(destination) - 1}` : null
  }
}

/** Says what is wrong with a result, by parse5; `null` if nothing is. What stands in comments does not count. */
export function findFault(original: string, result: string): string | null {
  const before = countLinks(original, /^https?:/)
  const after = countLinks(result, new RegExp(`^${trackingOrigin}/c/`))
  if (after.links !== before.links) return `rewrote ${after.links} of ${before.links} links`
  return after.pixels === 1 ? null : `placed ${after.pixels} pixels`
}

function countLinks(html: string, href: RegExp): { links: number; pixels: number } {
  const count = { links: 0, pixels: 0 }
  const open: DefaultTreeAdapterTypes.ParentNode[] = [parse(html, { scriptingEnabled: false })]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of node.childNodes) {
      if (!('attrs' in child)) continue
      open.push(child)
      const value = (name: string): string => child.attrs.find((attribute) => attribute.name === name)?.value ?? ''
      if ((child.tagName === 'a' || child.tagName === 'area') && href.test(value('href'))) count.links++
      if (child.tagName === 'img' && value('src').startsWith(`${trackingOrigin}/o/`)) count.pixels++
    }
  }
  return count
}
