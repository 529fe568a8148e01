// Asking what becomes of a single link.

import { type InstrumentOptions, instrumentEmail, type LinkOutcome, type SkipReason } from '../../../src/index.ts'
import { fixed, signedDomain } from '../../kit/domains.ts'

/** What becomes of the only link in this HTML. */
export function linkIn(html: string, options: InstrumentOptions = {}): LinkOutcome {
  const { links } = instrumentEmail(html, signedDomain, { ...fixed, ...options })
  if (links.length !== 1) throw new Error(`${links.length} links in ${html}`)
  return links[0]!
}

/**
 * An `a` whose href is this text: what HTML would read in another way stands as a character reference. In a body, where the
 * fast paths take it.
 */
export const anchor = (href: string): string =>
  `<body>x<a href="${href.replace(/[&"\r]/g, (character) => `&#${character.charCodeAt(0)};`)}">x</a>`

/** `tracked`, or the reason why not. */
export function outcomeOf(href: string, options: InstrumentOptions = {}): 'tracked' | SkipReason {
  const link = linkIn(anchor(href), options)
  return link.kind === 'tracked' ? 'tracked' : link.reason
}
