// Long markup gives the same, read stretch by stretch, as read at once. Here stretches are so short that each document has many.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Markup, maxShortLength, readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { moveSite } from '../../src/html/site.ts'
import { scanStretches } from '../../src/html/stretches.ts'
import { instrumentEmail, type LinkSite, prepareEmail } from '../../src/index.ts'
import { kinds } from '../kit/documents.ts'
import { fixed, storedDomain } from '../kit/domains.ts'

const asLong = (text: string): Markup => {
  const whole = readMarkup(text)
  return { ...whole, long: { length: text.length, slice: (start, end) => readMarkup(text.slice(start, end)) } }
}

/** What is found stretch by stretch, and how many there were. */
function scanLong(text: string, length: number) {
  const sites: unknown[] = []
  let count = 0
  const places = scanStretches(
    asLong(text),
    (stretch) => {
      count++
      for (const site of stretch.sites) {
        expect(site.tagEnd).toBeLessThanOrEqual(stretch.markup.text.length)
        sites.push(moveSite(site, stretch.base))
      }
    },
    { length, behindLink: Math.floor(length / 4), tag: Math.floor(length / 4) },
  )
  const { afterBodyStart, beforeBodyEnd, beforeHtmlEnd, lastSafePoint } = places
  return { count, sites, places: { afterBodyStart, beforeBodyEnd, beforeHtmlEnd, lastSafePoint } }
}

function check(text: string, length: number): number {
  const { sites, afterBodyStart, beforeBodyEnd, beforeHtmlEnd, lastSafePoint } = scanLinks(readMarkup(text))
  const long = scanLong(text, length)
  expect(long.sites).toEqual(sites)
  expect(long.places).toEqual({ afterBodyStart, beforeBodyEnd, beforeHtmlEnd, lastSafePoint })
  return long.count
}

const filler = '<p class="x">y</p>'

describe('what is open at the end of a stretch is read with it', () => {
  it.each([
    ['a tag', `<body>${filler}<a title="${filler.repeat(9)}" href=x>y</a>${filler}`],
    ['a comment', `<body>${filler}<!-- ${filler.repeat(9)}<a href=x> --><a href=y>`],
    ['a conditional comment', `<body>${filler}<!--[if mso]>${filler.repeat(9)}<a href=x><![endif]--><a href=y>`],
    ['raw text', `<body>${filler}<style>${filler.repeat(9)}<a href=x></style><a href=y>`],
    ['raw text of the head', `<style>${filler.repeat(9)}<a href=x></style><body>${filler.repeat(9)}<a href=y>`],
    ['text', `<body>${filler}${'x'.repeat(200)}<a href=y>${filler}`],
    ['svg', `<body>${filler}<svg>${'<g>'.repeat(60)}<style><a href=x></svg>${filler}<a href=y>`],
    ['a select', `<body>${filler}<select>${'<option>'.repeat(30)}</select>${filler.repeat(9)}<a href=y>`],
    ['a template', `<body>${filler}<template>${filler.repeat(9)}</body></template>${filler.repeat(9)}</body>x`],
    ['a column group', `<body><table><colgroup>${'<col>'.repeat(40)}</colgroup>${filler.repeat(9)}<a href=y>`],
    ['what never ends', `<body>${filler.repeat(9)}<a href=x><!-- ${filler.repeat(20)}`],
    ['what stops the scan', `<body>${filler.repeat(9)}<svg></i>${filler.repeat(20)}<a href=x>`],
    ['a body without a tag', `${filler.repeat(20)}<a href=x>`],
    ['what begins no body', `${'<meta name="x">'.repeat(20)}<title>x`],
    ['a frameset', `${'<meta name="x">'.repeat(20)}<frameset>${filler.repeat(20)}<a href=x>`],
    ['what decides about later tags', `<body><template></template><col>${filler.repeat(20)}<svg><a href=x>`],
  ])('%s', (_, text) => {
    for (let length = 40; length < 200; length++) check(text, length)
  })
})

it('a long body has many stretches', () => {
  const text = `<body>${`${filler}<a href="x">y</a>`.repeat(100)}</body></html>`
  expect(check(text, 200)).toBeGreaterThan(20)
})

it.each(Object.entries(kinds))('%s', (_, document) => {
  const counts: number[] = []
  fc.assert(
    fc.property(document, fc.integer({ min: 16, max: 400 }), (html, length) => {
      counts.push(check(`<body>${filler.repeat(3)}${html}`, length))
    }),
    { numRuns: Number(process.env.MAILTRACE_RUNS ?? 600) },
  )
  expect(counts.some((count) => count > 1)).toBe(true)
})

describe('a mail of several stretches', () => {
  const link = (name: number): string =>
    `<td id="${name}"><a title="${'t'.repeat((name * 37) % 900)}" href="https://example.org/${name}">` +
    `${'word '.repeat((name * 13) % 400)}</a><img src="x">`
  const html = `<html><body><table>${Array.from({ length: 300 }, (_, name) => link(name)).join('')}</table></body></html>`
  const bytes = new TextEncoder().encode(html)
  const image = '<img src="https://links.example.com/o/message-0123456789/0.gif">'

  it('is longer than what is read at once', () => expect(bytes.length).toBeGreaterThan(2.5 * maxShortLength))

  it('is instrumented as its text is, and skipLink is told the same', () => {
    const told: LinkSite[][] = [[], []]
    const options = (list: LinkSite[]) => ({
      ...fixed,
      pixelPlacement: 'both' as const,
      skipLink: (site: LinkSite) => list.push({ ...site }) % 7 === 0,
    })
    const ofText = instrumentEmail(html, storedDomain, options(told[0]!))
    const ofBytes = instrumentEmail(bytes, storedDomain, options(told[1]!))
    expect(new TextDecoder().decode(ofBytes.html)).toBe(ofText.html)
    expect({ ...ofBytes, html: '' }).toEqual({ ...ofText, html: '' })
    expect(told[1]).toEqual(told[0])
    expect(told[0]!.length).toBe(300)
  })

  it('tells all of the text of a link whose tag is long', () => {
    // A stretch ends from 87,040 on. The tag ends at 123,000, so that 5,000 of what is read at once are left for its text.
    const before = `<body>${filler}`.padEnd(86_000, ' ')
    const long = `${before}<a title="${'t'.repeat(37_000)}" href="https://example.org/">${'word '.repeat(3_000)}</a>${filler.repeat(9_000)}`
    const told: LinkSite[] = []
    const skipLink = (site: LinkSite): boolean => told.push({ ...site }) === 0
    instrumentEmail(long, storedDomain, { ...fixed, skipLink })
    instrumentEmail(new TextEncoder().encode(long), storedDomain, { ...fixed, skipLink })
    expect(told[1]).toEqual(told[0])
    expect(told[0]!.text.length).toBeGreaterThan(8000)
  })

  it.each([0, maxShortLength - 60, maxShortLength - 2, maxShortLength, bytes.length - 20])(
    'has a pixel already at %i, and no second one',
    (at) => {
      const place = html.indexOf('<td', at) === -1 ? html.lastIndexOf('<td') : html.indexOf('<td', at)
      const sent = new TextEncoder().encode(html.slice(0, place) + image + html.slice(place))
      expect(instrumentEmail(sent, storedDomain, { ...fixed, clickTracking: false })).toMatchObject({
        pixel: { kind: 'skipped', reason: 'already-present' },
      })
    },
  )

  it('is prepared once: later changes to the array do not show', () => {
    const given = new Uint8Array(bytes)
    const prepared = prepareEmail(given, storedDomain, { now: fixed.now })
    given.fill(0)
    const { html: copy, pixel } = prepared.instrument({ messageRef: fixed.messageRef })
    expect(pixel.kind).toBe('placed')
    expect(Buffer.compare(copy, instrumentEmail(bytes, storedDomain, fixed).html)).toBe(0)
  })
})
