// Owns mailtrace as a contender: as users call it, and with the trivial URLs that the others build.

import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { type DomainConfig, instrumentEmail, prepareEmail } from '../../src/index.ts'
import { decideLinks, type LinkRules } from '../../src/instrument/links/decide-links.ts'
import { findPixelPlaces } from '../../src/instrument/pixel.ts'
import { type Edit, spliceEdits } from '../../src/instrument/splice.ts'
import { type Contender, createUrlBuilder, messageRef, pixel, trackingOrigin } from './contender.ts'

const noRules: LinkRules = { hosts: [], skipLink: null, skipUrls: new Set(), isSure: () => true, firstIndex: 0 }

export const storedDomain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: new URL(trackingOrigin).host, status: 'verified' }],
}

export const signedDomain: DomainConfig = {
  ...storedDomain,
  signingKeys: [{ id: 'k1', secret: 'benchmark-secret-of-at-least-32-bytes' }],
}

/** The job of the others, on our scan, plan and splice. Also covers what Outlook reads in conditional comments. */
export const oursTrivial: Contender = {
  note: 'also rewrites the links that Outlook reads in conditional comments, and classifies every href',
  prepare: (html) => () => {
    const build = createUrlBuilder()
    const scan = scanLinks(readMarkup(html))
    const pixelAt = findPixelPlaces(scan, 'end')[0]!.at
    const edits: Edit[] = []
    let isPlaced = false
    for (const { site, destination, reason } of decideLinks(readMarkup(html), scan.sites, noRules)) {
      const url = reason === null ? build(destination) : null
      if (url === null) continue
      if (!isPlaced && site.start >= pixelAt) {
        edits.push({ start: pixelAt, end: pixelAt, text: pixel })
        isPlaced = true
      }
      edits.push({ start: site.start, end: site.end, text: site.inComment && !site.quoted ? `"${url}"` : url })
    }
    if (!isPlaced) edits.push({ start: pixelAt, end: pixelAt, text: pixel })
    return spliceEdits(html, edits)
  },
}

export const oursStored: Contender = {
  note: 'instrumentEmail, with an outcome for every link',
  prepare: (html) => () => instrumentEmail(html, storedDomain, { messageRef }).html,
}

export const oursSigned: Contender = {
  note: 'instrumentEmail, with an HMAC-SHA256 for every link',
  prepare: (html) => () => instrumentEmail(html, signedDomain, { messageRef }).html,
}

export const oursPreparedStored: Contender = preparedContender(storedDomain)
export const oursPreparedSigned: Contender = preparedContender(signedDomain)

function preparedContender(domain: DomainConfig): Contender {
  return {
    note: "prepared.instrument: one more recipient's copy, scanned before",
    prepare: (html) => {
      const prepared = prepareEmail(html, domain)
      return () => prepared.instrument({ messageRef }).html
    },
  }
}
