import type { Activation, InactiveReason } from '../config/activation.ts'
import type { DomainConfig } from '../config/domain-config.ts'
import type { OpenMode } from '../config/tracking-modes.ts'
import { type InstrumentedEmail, noPixelReasons } from '../instrument/outcomes.ts'

const inactiveTexts: Record<InactiveReason, (name: string) => string> = {
  'tracking-disabled': (name) => `open and click tracking are both off for ${name}`,
  'no-tracking-domain': (name) => `${name} has no tracking domain`,
  'cname-unverified': (name) => `no tracking domain of ${name} has a verified CNAME record (see mailtrace dns)`,
}

export function activationText(activation: Activation, domain: DomainConfig): string {
  if (!activation.active) return `inactive: ${inactiveTexts[activation.reason](domain.name)}`
  return `active through ${activation.host}, ${modesText(activation)}`
}

/** What is tracked, and how far if that is less than all. */
export function modesText({ open, click }: Extract<Activation, { active: true }>): string {
  if (open !== false && open === click) return `opens and clicks${modeText(open)}`
  if (click === false) return `opens only${modeText(open)}`
  if (open === false) return `clicks only${modeText(click)}`
  return `opens${modeText(open)} and clicks${modeText(click)}`
}

const modeText = (mode: OpenMode | false): string => (mode === false || mode === 'full' ? '' : ` (${mode})`)

/** The URLs of the pixels that were placed. */
export const pixelUrls = ({ pixel }: Pick<InstrumentedEmail, 'pixel'>): readonly string[] =>
  pixel.kind === 'placed' ? pixel.urls : []

export function linksText({ links }: Pick<InstrumentedEmail, 'links'>): string {
  const tracked = links.filter((link) => link.kind === 'tracked').length
  return `${tracked} tracked, ${links.length - tracked} skipped`
}

/** A tag up to the end of its name, if the name is a usual one; another could have control characters. */
const tagStart = /^<\/?[a-z][a-z0-9:-]{0,39}(?=[\s/>])/i

/** @param html the instrumented HTML */
export function pixelText({ html, pixel }: Pick<InstrumentedEmail, 'html' | 'pixel'>): string {
  if (pixel.kind === 'skipped') return `none: ${noPixelReasons[pixel.reason]}`
  const lineAt = createLineFinder(html)
  return pixel.urls.map((url) => placeText(html, html.indexOf(url), lineAt)).join(', and ')
}

function placeText(html: string, at: number, lineAt: (offset: number) => number): string {
  const follows = html.slice(html.indexOf('>', at) + 1, at + 2_000).trimStart()
  const [next] = tagStart.exec(follows) ?? []
  return `on line ${lineAt(at)}${next === undefined ? '' : `, before ${next}>`}`
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

/** `102,400`, in every locale. */
export const formatNumber = (value: number): string => value.toLocaleString('en-US')
