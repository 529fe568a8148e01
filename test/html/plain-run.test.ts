// The fast paths take what is plainly spelled, and must leave all else to the state machine. parse5 is the judge, on plainly
// spelled mail in which single characters were changed.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanLinks } from '../../src/html/scan-html.ts'
import { checkFidelity } from '../fidelity.ts'
import { expectSites } from './marked.ts'

/** Tags as newsletters spell them, one beside the other as the fast paths take them. */
const plainTag = fc.constantFrom(
  '<table width="100%" cellpadding="0" role="presentation">',
  '<tr>',
  '<td align="center" style="padding: 0 10px">',
  '</td></tr></table>',
  '<p style="margin:0">',
  '</p>',
  '<span class="a b">x</span>',
  '<img src="https://example.com/a.png" alt="" />',
  '<br/>',
  '<br>',
  '<b>y</b>',
  '<ul><li>z</li></ul>',
  '<a href="https://example.org/?a=1&amp;b=2" target="_blank" style="color:#fff">w</a>',
  '<a style="color:#fff" href="https://example.org/c" >w</a>',
  '<a href="https://example.org/d" class="untracked">w</a>',
  '<h1 id="a">v</h1>',
  '</body>',
  '</html>',
  '<style>p{}</style>',
  '<!--[if mso]><a href="https://example.org/e">x</a><![endif]-->',
  'Hello, ',
  '\r\n',
)

/** What tokenizers turn on. */
const unit = fc.constantFrom(...'<>/="\'-! \t\n\f\r\0&aAbhx\u00e9\u{1f600}')

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat({ max: 2 }),
  put: fc.option(unit),
})

const changedMail = fc
  .tuple(
    fc.constantFrom('<!doctype html><html><body>', '<div>', ''),
    fc.array(plainTag, { maxLength: 12 }),
    fc.array(change, { maxLength: 3 }),
  )
  .map(([start, tags, changes]) => {
    let html = start + tags.join('')
    for (const { at, drop, put } of changes) {
      const index = Math.floor(at * html.length)
      html = html.slice(0, index) + (put ?? '') + html.slice(index + drop)
    }
    return html
  })

/** Documents the property tries; raised by the same variable as the properties. */
const numRuns = Number(process.env.MAILTRACE_RUNS ?? 1500)

describe('plainly spelled mail', () => {
  it('with single characters changed keeps every link and every other byte', () => {
    fc.assert(
      fc.property(changedMail, fc.constantFrom('end' as const, 'start' as const), (html, pixelPlacement) => {
        checkFidelity(html, { pixelPlacement })
      }),
      { numRuns },
    )
  })

  it('of any length loses no link', () => {
    // The fast paths take so many pieces at once: no number of them is special.
    for (let count = 0; count < 100; count++) {
      const html = `<body>${'<p class="x">y</p>'.repeat(count)}<a href="https://example.org/">z</a></body>`
      expect(scanLinks(html).sites.length).toBe(1)
      expect(scanLinks(html).beforeBodyEnd).toBe(html.indexOf('</body>'))
    }
  })

  it.each([0, 1, 2, 3, 4, 5, 11, 12, 13, 14, 30])('with %i attributes in a tag loses no link', (count) => {
    const attributes = ' data-x="a>b"'.repeat(count)
    expectSites(`<body><p${attributes}><a${attributes} href="«x»"${attributes}>y</a><td${attributes}/><a href="«z»">`)
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('with values and texts of %i characters loses no link', (length) => {
    const filler = '>'.repeat(length)
    expectSites(`<body>${filler}<p style="${filler}">${filler}<a style="${filler}" href="«${filler}»">${filler}</a>`)
  })
})
