// Owns the words for outcomes: why nothing is tracked, where the pixel is, how many links. The reasons themselves come
// from the library.

import type { DomainConfig } from '../config/domain-config.ts'
import type { Activation, InactiveReason, InstrumentedEmail } from '../index.ts'

const inactiveTexts: Record<InactiveReason, (name: string) => string> = {
  'tracking-disabled': (name) => `open and click tracking are both off for ${name}`,
  'no-tracking-domain': (name) => `${name} has no tracking domain`,
  'cname-unverified': (name) => `no tracking domain of ${name} has a verified CNAME record (see mailtrace dns)`,
}

export function activationText(activation: Activation, domain: DomainConfig): string {
  if (!activation.active) return `inactive: ${inactiveTexts[activation.reason](domain.name)}`
  const what = activation.open && activation.click ? 'opens and clicks' : activation.open ? 'opens only' : 'clicks only'
  return `active through ${activation.host}, ${what}`
}

export function linksText({ links }: Pick<InstrumentedEmail, 'links'>): string {
  const tracked = links.filter((link) => link.kind === 'tracked').length
  return `${tracked} tracked, ${links.length - tracked} skipped`
}

const noPixelTexts = {
  inactive: 'none: tracking is inactive',
  off: 'none: open tracking is off',
  'already-present': 'already there',
  'no-place': 'none: the markup has no safe place for it',
}

/** A tag up to the end of its name, if that is a usual one: any other could have control characters. */
const tagStart = /^<\/?[a-z][a-z0-9:-]{0,39}(?=[\s/>])/i

/** @param html the instrumented HTML */
export function pixelText({ html, pixel }: Pick<InstrumentedEmail, 'html' | 'pixel'>): string {
  if (pixel.kind === 'skipped') return noPixelTexts[pixel.reason]
  const at = html.indexOf(pixel.urls[0]!)
  const follows = html.slice(html.indexOf('>', at) + 1, at + 2_000).trimStart()
  const [next] = tagStart.exec(follows) ?? []
  const before = next === undefined ? '' : `, before ${next}>`
  return `on line ${createLineFinder(html)(at)}${before}`
}

/** Finds lines, from 1 as editors count. Offsets must come in order, so that many of them cost one pass. */
export function createLineFinder(html: string): (offset: number) => number {
  let line = 1
  let lineEnd = html.indexOf('\n')
  return (offset) => {
    for (; lineEnd !== -1 && lineEnd < offset; lineEnd = html.indexOf('\n', lineEnd + 1)) line++
    return line
  }
}
