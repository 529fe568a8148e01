import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { instrumentEmail, type LinkOutcome } from '../../src/index.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const html = read('newsletter.html')
const { links, pixel } = instrumentEmail(html, JSON.parse(read('domain.json')))

const shop = 'https://shop.example.com/coffee/huila?utm_source=newsletter&utm_campaign=spring-2026'
const tickets = 'https://tickets.example.org/cupping?date=2026-04-18&seats=2'

/** Every kind of link that the demo is there to show, in its order. */
const expected: [kind: string, element: LinkOutcome['element'], outcome: string, href: string][] = [
  [
    'entities in a query',
    'a',
    'tracked',
    'https://news.example.com/2026/spring?utm_source=newsletter&utm_medium=email&utm_campaign=spring-2026',
  ],
  ['an image', 'a', 'tracked', 'https://example.com/'],
  ['a fragment', 'a', 'fragment', '#huila'],
  ['a fragment', 'a', 'fragment', '#brewing'],
  ['a fragment', 'a', 'fragment', '#shops'],
  ['an image', 'a', 'tracked', shop],
  ["Outlook's button", 'v:roundrect', 'tracked', shop],
  ['the same URL again', 'a', 'tracked', shop],
  ['a text that is another URL', 'a', 'tracked', 'https://shop.example.com/plans?plan=monthly&grams=500'],
  ['a host and a path that are not ASCII', 'a', 'tracked', 'https://rösterei.example.org/führung?größe=klein'],
  [
    'escapes, brackets and a fragment',
    'a',
    'tracked',
    'https://blog.example.org/pour-over%20(2026)?steps[0]=bloom&steps[1]=pour#water',
  ],
  ['a raw &copy=', 'a', 'tracked', 'https://shop.example.com/recipe-card?id=17&copy=1'],
  ["MJML's own button", 'a', 'tracked', 'https://shop.example.com/grinders?sort=price&max=200'],
  ['an image map', 'area', 'tracked', 'https://example.com/shops/harbour'],
  ['an image map', 'area', 'tracked', 'https://example.com/shops/old-town'],
  ['an image map', 'area', 'tracked', 'https://example.com/shops/mill-lane'],
  ["Outlook's button", 'v:roundrect', 'tracked', tickets],
  ['the same URL again', 'a', 'tracked', tickets],
  ['mailto', 'a', 'scheme', 'mailto:hello@example.com?subject=Cupping%20on%20Saturday'],
  ['tel', 'a', 'scheme', 'tel:+493023125042'],
  ['plain', 'a', 'tracked', 'https://example.com/privacy'],
  ['an opt-out', 'a', 'opt-out', 'https://example.com/account/preferences'],
  ['a merge tag', 'a', 'merge-tag', '{{unsubscribe_url}}'],
]

describe('the demo newsletter', () => {
  it.each(expected.map((row, index) => [index, ...row] as const))(
    'link %i is %s',
    (index, _kind, element, outcome, href) => {
      const link = links[index]!
      expect([
        link.element,
        link.kind === 'tracked' ? link.kind : link.reason,
        link.kind === 'tracked' ? link.destination : link.href,
      ]).toEqual([element, outcome, href])
    },
  )

  it('has no other link, and a place for the pixel', () => {
    expect(links.length).toBe(expected.length)
    expect(pixel.kind).toBe('placed')
  })

  it('needs nothing from elsewhere to be shown', () => {
    const sources = [...html.matchAll(/\s(?:src|background)="([^"]*)"|url\(([^)]*)\)|@import|<link\b/g)]
    expect(sources.length).toBeGreaterThan(2)
    for (const [match, src = match, url = src] of sources) expect(url).toMatch(/^(data:|%23)/)
  })

  it('leads only to names that are reserved for examples', () => {
    for (const link of links) {
      const href = link.kind === 'tracked' ? link.destination : link.href
      if (/^https?:/.test(href)) expect(new URL(href).hostname).toMatch(/(^|\.)example\.(com|org)$/)
    }
  })
})
