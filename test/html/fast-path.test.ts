// The fast paths take what is plainly spelled, and must leave all else to the state machine. Random documents of that kind are
// among those of test/properties.

import { describe, expect, it } from 'vitest'
import { scanLinks } from '../../src/html/scan-html.ts'
import { expectSites } from './marked.ts'

describe('plainly spelled mail', () => {
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
