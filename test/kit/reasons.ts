// What becomes of a link, told from what parse5 sees of it: the rules once more, spelled in another way than the source's.

import { expect } from 'vitest'
import type { DomainConfig, LinkOutcome, LinkSite } from '../../src/index.ts'
import type { JudgedSite } from './judge.ts'

/** Each opt-out, and whether this value of it is one. */
export const optOutRules: Readonly<Record<string, (value: string) => boolean>> = {
  'data-no-track': () => true,
  'ses:no-track': () => true,
  'data-pm-no-track': () => true,
  'mc:disable-tracking': () => true,
  'data-skip-click': () => true,
  'data-ph-no-track': () => true,
  clicktracking: (value) => /^\s*off\s*$/i.test(value),
  'data-msys-clicktrack': (value) => value.trim() === '0',
  'disable-tracking': (value) => /^\s*true\s*$/i.test(value),
  'mautic:disable-tracking': () => true,
  'data-mautic-disable-tracking': (value) => /^\s*true\s*$/i.test(value),
  autotrack: (value) => /^\s*false\s*$/i.test(value),
  class: (value) => /(?:^|[\t\n\f\r ])untracked(?:[\t\n\f\r ]|$)/.test(value),
}

/** Some characters of which every merge tag has two. */
const mayHaveMergeTag = /[{}[\]%*$#<>@].*[{}[\]%*$#<>@]/s
const hasMergeTag = /\{\{.*\}\}|%%.*%%|\*\|.*\|\*/s

/** What the href's text is to the URL standard's parser. */
const clean = (href: string): string =>
  href
    .replace(/^[\0-\x20]+|[\0-\x20]+$/g, '')
    .replace(/[\t\n\r]/g, '')
    .toWellFormed()

const parse = (text: string): URL | null => {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Which reasons the href leaves open; `null` for those of a link that can be tracked. */
function problemsOf(href: string, { trackingDomains }: DomainConfig): readonly (string | null)[] {
  const text = clean(href)
  if (text === '') return ['empty']
  if (hasMergeTag.test(text)) return ['merge-tag']
  const url = parse(text)
  const others = ((): readonly (string | null)[] => {
    if (text.startsWith('#')) return ['fragment']
    if (!/^https?:\/\//i.test(text))
      return [/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^https?:/i.test(text) ? 'scheme' : 'relative']
    if (url === null) return ['invalid-url']
    const isOurs = trackingDomains.some(({ host }) => host === url.host) && /^\/[co]\//.test(url.pathname)
    return [isOurs ? 'already-tracked' : null]
  })()
  return mayHaveMergeTag.test(text) ? ['merge-tag', ...others] : others
}

/** What {@link checkReason} holds a link against. */
export interface Asked {
  readonly domain: DomainConfig
  readonly keep: (link: LinkSite) => boolean
  readonly maxUrlLength: number
  /** What the caller's rule was asked about, by index. */
  readonly offered: ReadonlyMap<number, LinkSite>
  /** The length of the tracking URL of a destination, however long. */
  readonly lengthOf: (destination: string) => number
}

/** That the outcome of a link is the one that its element, as parse5 sees it, calls for. */
export function checkReason(link: LinkOutcome, site: JudgedSite, asked: Asked): void {
  const reason = link.kind === 'tracked' ? null : link.reason
  const offered = asked.offered.get(link.index)
  const isOptedOut = Object.entries(optOutRules).some(
    ([name, optsOut]) => name in site.attributes && optsOut(site.attributes[name]!),
  )
  if (isOptedOut) {
    expect([reason, offered]).toEqual(['opt-out', undefined])
    return
  }
  const problems = problemsOf(site.href, asked.domain)
  if (reason === null || reason === 'caller' || reason === 'too-long') {
    expect(problems).toContain(null)
    // The caller's rule is asked about every link that would be tracked, and sees it as parse5 does.
    expect(offered).toMatchObject({ element: site.element, href: site.href, destination: clean(site.href) })
    expect({ ...offered!.attributes }).toEqual(site.attributes)
    expect(reason === 'caller').toBe(asked.keep(offered!))
    if (reason !== 'caller') {
      const destination = clean(site.href)
      const isTooLong = new URL(destination).href.length > 8192 || asked.lengthOf(destination) > asked.maxUrlLength
      expect(reason).toBe(isTooLong ? 'too-long' : null)
    }
  } else {
    expect(problems).toContain(reason)
    expect(offered).toBe(undefined)
  }
}
