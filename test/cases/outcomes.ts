// How a case is run and read: each link in a word and its destination, and the HTML with tracking URLs as {0}, {1}.

import { expect, it } from 'vitest'
import { type InstrumentedEmail, type InstrumentOptions, instrumentEmail, readTrackingUrl } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'

/** A bug that users of another tracker met, and what must come out instead. */
export interface Case {
  /** The row's number, its sources, and what it is about. */
  readonly name: string
  readonly html: string
  /** Each link: `tracked DESTINATION`, or `REASON HREF`. */
  readonly links: readonly string[]
  /** The HTML that comes out; absent: the links alone are changed, each where its href stood. */
  readonly becomes?: string
  readonly options?: InstrumentOptions
}

/** Runs cases with click tracking alone. */
export function runCases(cases: readonly Case[]): void {
  it.each(cases)('$name', ({ html, links, becomes, options }) => {
    const result = instrumentEmail(html, signedDomain, {
      ...fixed,
      openTracking: false,
      maxUrlLength: 8192,
      ...options,
    })
    expect(linksOf(result)).toEqual(links)
    if (becomes !== undefined) expect(templateOf(result)).toBe(becomes)
    if (links.every((link) => !link.startsWith('tracked'))) expect(result.html).toBe(html)
    checkFidelity(html)
  })
}

export function linksOf({ links }: InstrumentedEmail): readonly string[] {
  return links.map((link) => {
    if (link.kind === 'skipped') return `${link.reason} ${link.href}`
    const reference = readTrackingUrl(link.url, signedDomain)
    expect(reference).toMatchObject({ kind: 'click', part: 'html', index: link.index, authenticated: true })
    return `tracked ${reference?.kind === 'click' && reference.destination}`
  })
}

/** The HTML that came out, with `{0}` for the URL of link 0 and `{pixel}` for the pixel's tag. */
export function templateOf({ html, links, pixel }: InstrumentedEmail): string {
  let template = html
  for (const link of links) {
    if (link.kind === 'tracked') template = template.replaceAll(link.url, `{${link.index}}`)
  }
  if (pixel.kind === 'placed') {
    const start = template.indexOf(`<img src="${pixel.urls[0]!}"`)
    template = `${template.slice(0, start)}{pixel}${template.slice(template.indexOf('>', start) + 1)}`
  }
  return template
}
