// The fast paths take what is spelled as most mail spells it, and must leave all else to the state machine. Random documents of that kind are
// among those of test/properties.

import { describe, expect, it } from 'vitest'
import { commonLinkAttributes } from '../../src/html/fast-path.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { expectSites } from './marked.ts'

/** Each is passed over as a whole in a body. */
const bodyPieces: readonly [what: string, piece: string][] = [
  ['a tag', '<p>'],
  ['text before a tag', 'x > y " \n&amp;<p>'],
  ['an attribute', '<td align="center">'],
  ['twelve of them', `<td${' data-x="<a> y"'.repeat(12)}>`],
  ['an unquoted attribute', '<font color=#ff0000 SIZE=2>'],
  ['unquoted before quoted and the other way round', '<td a=1 b="2" c=100%>'],
  ['an empty value', '<p a="">'],
  ['values of one to nine characters', [...'123456789'].map((n) => `<p a="${'x'.repeat(Number(n))}">`).join('')],
  ['a solidus at the end', '<br/><br /><img src="x"/><img src="x" />'],
  ['upper case', '<P><TR><TD><TH></TD><BR><B><FONT face="x">'],
  ...[
    'td tr th tbody table thead div p img br span strong b h1 h2 h3 h4 h5 h6',
    'hr u i em font center li ul meta o:p TD TR TH DIV P BR FONT B',
  ].map((names) => [names, names.replace(/\S+ ?/g, (name) => `<${name.trim()} id="x">`)] as [string, string]),
  ['end tags', '</a></p></TD></b></BR></h1></H6></hr></o:p></x y></select>'],
  ['a comment', '<!----><!-- x --><!--a-b - c-->'],
  ['attributes on lines of their own', '<td \n\t a="1"\r\n  b=2  c="3">'],
  ['up to 64 pieces', '<p>x</p>'.repeat(32)],
]

/** In a body, passed over up to the `|`. */
const bodyEnds: readonly [what: string, marked: string][] = [
  ['text alone', '<p>|x'],
  ['a name of no list', '<p>|<section>'],
  ['a longer name', '<p>|<tdx>'],
  ['a name in both cases', '<p>|<Td>'],
  ['single quotes', "<p>|<p a='x'>"],
  ['no value', '<p>|<p a>'],
  ['a value that goes on after its quote', '<p>|<p a="x"y>'],
  ['an unquoted value with a quote in it', '<p>|<p a=x"y>'],
  ['an unquoted value with more than letters and digits', '<p>|<p a=x/y>'],
  ['a line end alone', '<p>|<p\na="x">'],
  ['a form feed among spaces', '<p>|<p  \f  a="x">'],
  ['two spaces and no attribute', '<p>|<p  >'],
  ['a tab', '<p>|<p\ta="x">'],
  ['white space at the = sign', '<p>|<p a ="x">'],
  ['thirteen attributes', `<p>|<p${' a="x"'.repeat(13)}>`],
  ['a tag that is cut off', '<p>|<p a="x"'],
  ['</body>', '<p>|</body>'],
  ['</html>', '<p>|</HTML>'],
  ['an end tag with a quote', '<p>|</p a=">">'],
  ['two hyphens in a comment', '<p>|<!-- a -- b -->'],
  ['a tag in a comment', '<p>|<!-- <p> -->'],
  ['a conditional comment', '<p>|<!--[if mso]>x<![endif]-->'],
  ['a comment that ends at once', '<p>|<!-->'],
  ['a comment that ends at once, with a hyphen', '<p>|<!--->'],
  ['<!-- and a hyphen', '<p>|<!----->'],
  ['raw text', '<p>|<style><p></style>'],
]

const headPieces: readonly [what: string, piece: string][] = [
  ['a doctype', '<!doctype html>'],
  ['a doctype in upper case', '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/">'],
  ['html with attributes', '<html lang="en" xmlns:o="urn:x" xml:lang="">'],
  ['tags of the head', '<head>\t\n\f\r <meta charset="utf-8"/><link rel="x" /><base href="x"></head>'],
  ['end tags of the head', '</style></title></head>'],
  ['a comment', '<!-- x --><!--a-b-->'],
  ['conditions that hide nothing', '<!--[if !mso]><!--><!--<![endif]-->'],
  ['up to 16 pieces', '<meta name="x">'.repeat(16)],
]

const headEnds: readonly [what: string, marked: string][] = [
  ['white space alone', '<head>| '],
  ['text', '<head>|x<meta name="x">'],
  ['a title', '<head>|<title><meta name="x"></title>'],
  ['a body', '<head>|<body>'],
  ['a name of the body', '<head>|<p>'],
  ['an unquoted value', '<head>|<meta name=x>'],
  ['in upper case', '<head>|<META>'],
  ['a doctype with a tag in it', '<head>|<!doctype "<p>'],
  ['another end tag', '<head>|</p>'],
  ['a comment with a tag', '<head>|<!-- <p> -->'],
  ['a condition that hides something', '<head>|<!--[if mso]><p><![endif]-->'],
]

describe('the fast path', () => {
  it.each(bodyPieces)('passes over %s', (_, piece) => {
    expect(scanLinks(readMarkup(`<body>${piece}`))).toMatchObject({ fastInHead: 0, fastInBody: piece.length })
  })

  it.each(bodyEnds)('ends before %s: %s', (_, marked) => {
    expect(scanLinks(readMarkup(`<body>${marked.replace('|', '')}`)).fastInBody).toBe(marked.indexOf('|'))
  })

  it.each(headPieces)('in the head, passes over %s', (_, piece) => {
    expect(scanLinks(readMarkup(piece))).toMatchObject({ fastInHead: piece.length, fastInBody: 0 })
  })

  it.each(headEnds)('in the head, ends before %s: %s', (_, marked) => {
    expect(scanLinks(readMarkup(marked.replace('|', ''))).fastInHead).toBe(marked.indexOf('|'))
  })

  it.each(['<svg>', '<template>', '<select>', '<table><colgroup>'])('is not taken in %s', (tag) => {
    expect(scanLinks(readMarkup(`<body>${tag}<p x="y">`)).fastInBody).toBe(
      tag.startsWith('<table>') ? '<table>'.length : 0,
    )
  })

  it.each(['<svg>', '<template>'])('in the head is not taken in %s', (tag) => {
    expect(scanLinks(readMarkup(`${tag}<meta x="y">`)).fastInHead).toBe(0)
  })

  it('is taken again and again', () => {
    const html = `${'<meta name="x">'.repeat(200)}<body>${'<p>x</p>'.repeat(200)}`
    const { fastInHead, fastInBody } = scanLinks(readMarkup(html))
    expect((fastInHead + fastInBody) / html.length).toBeGreaterThan(0.9)
  })

  it('is not taken where a frameset may still come', () => {
    expect(scanLinks(readMarkup('<section><p><b>')).fastInBody).toBe(0)
    expect(scanLinks(readMarkup('<section>x<p><b>')).fastInBody).toBe('<b>'.length)
  })

  it('is taken for a link of the usual spelling', () => {
    const attributes = commonLinkAttributes.map((name) => ` ${name}="x"`).join('')
    const html = `<body><a${attributes} href="1"${attributes}><a href="2" ><a href="3">`
    expect(scanLinks(readMarkup(html)).sites.map(({ hasCommonAttributes }) => hasCommonAttributes)).toEqual([
      true,
      true,
      true,
    ])
  })

  it.each([
    '<a class="x" href="1">',
    '<a href="1" class="x">',
    '<a href="1" data-no-track>',
    "<a href='1'>",
    '<a href=1>',
    '<A HREF="1">',
    '<a  href="1">',
    '<a href="1"  >',
    '<a href="1"/>',
    '<a href="1"id="x">',
    '<a id=x href="1">',
    '<a ="x" href="1">',
    `<a${' id="x"'.repeat(7)} href="1">`,
    `<a href="1"${' id="x"'.repeat(7)}>`,
    '<area href="1">',
  ])('is not taken for %s', (tag) => {
    expect(scanLinks(readMarkup(`<body>${tag}`)).sites).toMatchObject([{ hasCommonAttributes: false }])
  })

  it('is not taken for a link outside a body', () => {
    expect(scanLinks(readMarkup('<a href="1">')).sites).toMatchObject([{ hasCommonAttributes: false }])
  })
})

describe('mail as most is spelled', () => {
  it('of any length loses no link', () => {
    // The fast paths take so many pieces at once: no number of them is special.
    for (let count = 0; count < 100; count++) {
      const html = `<body>${'<p class="x">y</p>'.repeat(count)}<a href="https://example.org/">z</a></body>`
      expect(scanLinks(readMarkup(html)).sites.length).toBe(1)
      expect(scanLinks(readMarkup(html)).beforeBodyEnd).toBe(html.indexOf('</body>'))
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
