// What Outlook reads in a conditional comment is in no standard, and no parser tells it. So the judge of all other tests has a
// rule of its own, which could be wrong in the same way as the scanner's. Here nothing has to be told: the comments are built
// around documents whose links parse5 knows.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attributeValue } from '../../src/html/attribute-value.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { flatDocument, ordinaryDocument } from '../kit/documents.ts'
import { judgeSites } from '../kit/judge.ts'

/** Holds neither the end of a comment nor of a condition, nor a comment of its own. */
const content = fc.oneof(ordinaryDocument, flatDocument).map((html) => html.replace(/--|<!\[/g, ''))

const comment = fc.record({
  condition: fc.constantFrom('[if mso]', '[if gte mso 9]', '[if (mso)|(IE)]', '[if !(lte IE 8)]', '[if]'),
  content,
  end: fc.constantFrom('<![endif]-->', '<![endif] -->', '-->', '<![endif]--!>', '<![endif]<a href="x">-->'),
})

it('the links of a conditional comment are those of the document in it', () => {
  fc.assert(
    fc.property(fc.array(comment, { maxLength: 3 }), (comments) => {
      let html = '<p>'
      const expected: { element: string; href: string; inComment: boolean }[] = []
      for (const { condition, content, end } of comments) {
        html += `<!--${condition}>${content}${end}<a href="https://example.com/between">`
        for (const { element, href } of judgeSites(content)) expected.push({ element, href, inComment: true })
        expected.push({ element: 'a', href: 'https://example.com/between', inComment: false })
      }
      const found = scanLinks(readMarkup(html)).sites.map(({ element, start, end, inComment }) => ({
        element,
        href: attributeValue(readMarkup(html), start, end),
        inComment,
      }))
      expect(found).toEqual(expected)
    }),
  )
})

it.each([
  ['a downlevel-revealed one', '<!--[if !mso]><!--><a href="https://example.com/">x</a><!--<![endif]-->', ['page']],
  ['no condition', '<!-- <a href="https://example.com/"> -->', []],
  ['a condition that does not close', '<!--[if mso <a href="https://example.com/"> -->', []],
  ['white space before the condition', '<!-- [if mso]><a href="https://example.com/"><![endif]-->', []],
  ['an upper-case IF', '<!--[IF mso]><a href="https://example.com/"><![endif]-->', []],
])('%s', (_, html, places) => {
  expect(scanLinks(readMarkup(html)).sites.map(({ inComment }) => (inComment ? 'comment' : 'page'))).toEqual(places)
  expect(judgeSites(html).map(({ inComment }) => (inComment ? 'comment' : 'page'))).toEqual(places)
})
