// A notation for link sites: «» stands around the value of each href, ‹› around one whose tag may be none.

import { expect } from 'vitest'
import { attributeValue } from '../../src/html/attribute-value.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { judgeSites } from '../kit/judge.ts'

/** The text with its link sites marked, as the scanner sees them. */
export function markSites(html: string): string {
  let marked = ''
  let copied = 0
  for (const { start, end, ambiguous } of scanLinks(readMarkup(html)).sites) {
    const [open, close] = ambiguous ? '‹›' : '«»'
    marked += html.slice(copied, start) + open + html.slice(start, end) + close
    copied = end
  }
  return marked + html.slice(copied)
}

/** That the scanner marks a text like this, and that parse5 sees the same links. */
export function expectSites(marked: string): void {
  const html = marked.replace(/[«»‹›]/g, '')
  expect(markSites(html)).toBe(marked)
  const sites = scanLinks(readMarkup(html)).sites.filter(({ ambiguous }) => !ambiguous)
  const judged = judgeSites(html)
  const seen = marked.includes('‹') ? judged.slice(0, sites.length) : judged
  expect(sites.map(({ element, start, end }) => [element, attributeValue(readMarkup(html), start, end)])).toEqual(
    seen.map(({ element, href }) => [element, href]),
  )
}
