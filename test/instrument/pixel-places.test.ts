import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkBytes, checkFidelity } from '../kit/fidelity.ts'

type Placement = 'end' | 'start'

/** The text with `|` where the pixel goes; `null`: nowhere. */
function place(html: string, pixelPlacement: Placement): string | null {
  const result = instrumentEmail(html, signedDomain, { ...fixed, clickTracking: false, pixelPlacement })
  const at = checkBytes(html, result)
  if (at === -1) expect(result.pixel).toEqual({ kind: 'skipped', reason: 'no-place' })
  return at === -1 ? null : `${html.slice(0, at)}|${html.slice(at)}`
}

/** The pixel goes where `|` stands. */
const atEnd: readonly [what: string, place: string][] = [
  ['before </body>', '<html><body>x|</body></html>'],
  ['before </BODY >', '<BODY>x|</BODY ></HTML>'],
  ['before the last of several', '<body>x</body><p>y</p>|</body></html>'],
  ['before the last, after </html> too', '<body>x</body></html><p>y|</body>'],
  ['not before one in a comment', '<body>x|</body><!-- </body> -->'],
  ['not before one in a conditional comment', '<body>x|</body><!--[if mso]></body><![endif]-->'],
  ['not before one in a style', '<body>x|</body><style></body></style>'],
  ['not before one in an attribute', '<body>x|</body><p title="</body>">'],
  ['not before one in a bogus comment', '<body>x|</body><!x </body >'],
  ['not before one in a textarea', '<body>x|</body><textarea></body></textarea>'],
  ['not before one in script', '<body>x|</body><script></body></script>'],
  ['not before one in a select', '<body>x|</body><select></body></select>'],
  ['not before one in a template', '<body>x|</body><template></body></template>'],
  ['not before another tag that begins alike', '<body>x|</body></bodyx>'],
  ['before </html> where there is no </body>', '<html><body>x|</html>'],
  ['before the last </html>', '<body>x</html>y|</html>'],
  ['at the end where there is neither', '<p>x|'],
  ['at the end of text alone', 'x|'],
  ['after a link', '<a href="mailto:a@b.example">x</a>|'],
  ['at the end, line break and all', '<p>x</p>\r\n|'],
  ['of nothing', '|'],
  ['before a trailing </', '<p>x|</'],
  ['before a trailing </, though the body has not begun', '<title>t</title>|</'],
  ['before a cut-off tag, though the body has not begun', '<title>t</title>|<p '],
  ['before a trailing <!', '<p>x|<!'],
  ['before a trailing <?', '<p>x|<?'],
  ['before a tag that is cut off', '<p>x|<a href="https://example.org/'],
  ['before an svg with a tag that is cut off', '<p>x|<svg><a hre'],
  ['before a template with a tag that is cut off', '<p>x|<template><a hre'],
  ['before an end tag that is cut off', '<p>x|</p '],
  ['after a trailing <', '<p>x<|'],
  ['after a trailing &', '<p>x&|'],
  ['before an unclosed comment', '<p>x|<!-- </p>'],
  ['before an unclosed comment, where text has begun the body before a tag of the head', 'x<meta name="a">|<!-- y'],
  ['before one, where the text stands between tags of the head', '<head><meta name="a">x<link rel="b">|<!-- y'],
  ['before one, where a link alone has begun the body', '<a>|<!-- y'],
  ['before one, where a tag alone has begun the body', '<p>|<!-- y'],
  ['before an unclosed doctype', '<p>x|<!doctype'],
  ['before an unclosed style', '<p>x|<style>p{}'],
  ['before an unclosed title', '<p>x|<title>y'],
  ['before an unclosed textarea', '<p>x|<textarea>y</p>'],
  ['before an unclosed script', '<p>x|<script>y</p>'],
  ['before a script that is escaped twice', '<p>x|<script><!--<script></script>y'],
  ['before plaintext', '<p>x|<plaintext></plaintext>y'],
  ['before plaintext, which begins the body', '|<plaintext>x'],
  ['before an unclosed svg', '<p>x|<svg><g>'],
  ['before an unclosed math', '<p>x|<math><mi>'],
  ['before an unclosed select', '<p>x|<select><option>y'],
  ['before an unclosed template', '<p>x|<template><p>y'],
  ['before an unclosed CDATA section in svg', '<p>x|<svg><![CDATA[</svg>'],
  ['after svg', '<p><svg><g></g></svg>|'],
  ['after a select', '<p><select><option>x</select>|'],
  ['after a template', '<p><template>x</template>|'],
  ['after a tag that leaves svg', '<p><svg><g><p>x|'],
  ['before what a flat scan cannot know', '<p>x|<svg></i>y</svg>'],
  ['before a tag after which a flat scan cannot know', '<p>x<template></template><table><col></table></p>|<svg>y'],
  ['before </body>, whatever follows cannot be known', '<body>x|</body><svg></i>y</svg></body>'],
  ['after raw text', '<p>x</p><style></style>|'],
  ['before an unclosed title, after raw text that begins the body', '<noembed></noembed>|<title>x'],
  ['after the end tag of a template that is none', '</template><p>x|'],
  ['before </body> after a noscript of the head', '<noscript></noscript>|</body>'],
  ['not before </body> in a noscript of the head, which ignores it', '<noscript></body><p>x|'],
  ['not before </html> in a noscript of the head, which ignores it', '<noscript></html><p>x|'],
  ['before the last </body> in which text is open', '<body>x|</body><title>'],
  ['after noscript, which is markup', '<body><noscript>x</noscript>|</body>'],
  ['before one in an unclosed noscript', '<body><noscript>x|</body>'],
  ['before a stop, whatever the href that stops it holds', '|<svg><title><a href=http://m/<frameset>'],
  ['after a < that is text and so begins the body', '<|<title>x'],
  ['before an unclosed tag, after a quote that is text', '"><body>x|<a href="https://example.org/'],
  ['where text comes before a frameset', 'x<frameset>|'],
  ['where text as short as a byte order mark comes before a frameset', '\xe9<frameset>|'],
  ['where such a mark is text, as it does not come first', '\n \n\ufeff<frameset>|'],
  ['where something visible comes before a frameset', '<br><frameset>|'],
  ['where an area comes before a frameset', '<area><frameset>|'],
  ['where something visible comes before a stop and a frameset', '<br>|<svg></i><frameset>'],
  ['before a col outside a table, where a comment is unclosed', '<body>|<col><!--'],
  ['before an end tag of that name, which is none', '|<svg></frameset>'],
  ['before a CDATA section that stops the scan, after text and a frameset', 'x<frameset>|<svg><desc><![CDATA['],
  ['before the body has begun, where a col begins it', '<title>t</title>|<col><!--'],
  ['before a column group that may be open', '<table>|<colgroup><col><!-- x'],
  ['before one with a template', '|<colgroup><template></template><template>x'],
  ['before one in a table with a template', '<table>|<colgroup><template>x'],
  ['before one with white space and a comment', '<table>|<colgroup> <!-- x --> <template>x'],
  ['after a col in a select, which ignores it', '<body><select><col></select>|<!-- x'],
  ['before a template with a col', '<body>|<template><col></template><!-- x'],
  ['after a col that the end of its group ends', '|<colgroup></col><template>x'],
  ['before a column group with an html tag, which does not end it', '<table>|<colgroup><html><template>x'],
  ['after a column group', '<colgroup></colgroup>|<template>x'],
  ['after a column group that another tag ends', '<table><colgroup><meta charset="x">|<template>x'],
  ['after a column group that raw text ends', '<table><colgroup><style></style>|<template>x'],
]

const atStart: readonly [what: string, place: string][] = [
  ['after <body>', '<html><head><title>t</title></head><body>|x</body></html>'],
  ['after <BODY> with attributes', '<BODY style="a>b" bgcolor=red>|x'],
  ['after the first', '<body>|x<body>y'],
  ['not after one in a comment', '<!-- <body> --><body>|x'],
  ['not after one in a style', '<style><body></style><body>|x'],
  ['not after one in a title', '<title><body></title><body>|x'],
  ['not after one in a template', '<template><body></template><body>|x'],
  ['not after one in a select', '<select><body></select><body>|x'],
  ['even before text that swallows the rest', '<body>|x<style>'],
  ['even before what a flat scan cannot know', '<body>|<svg></i>'],
  ['as for the end without <body>', '<!doctype html><p>x|'],
  ['as for the end without <body>, before </body>', '<p>x|</body>'],
  ['as for the end without <body>, before </html>', '<p>x|</html>'],
  ['never before a doctype', '<!doctype html>|'],
  ['not after a cut-off <body', '<p>x|<body '],
]

/** There is no place: what would be added is not shown, or is no image. */
const nowhere: readonly [what: string, html: string][] = [
  ['a frameset', '<html><frameset><frame></frameset></html>'],
  ['a frameset later', '<p></p><frameset>'],
  ['a frameset after an svg that stops the scan', ' <svg></i><frameset>'],
  ['a frameset after white space that is written as references', '&#32;&Tab;&NewLine;&#x0A;<frameset>'],
  ['a frameset that stops the scan in an integration point', '<math><mi><frameset>'],
  ['a frameset after a byte order mark', '\ufeff<frameset>'],
  ['a frameset after what a template holds', '<template><body>x<br></template><frameset>'],
  ['a frameset after a link without text', '<a><frameset>'],
  ['a frameset after a title', '<title>x</title><frameset>'],
  ['an unclosed title', '<title>x'],
  ['an unclosed title after white space', '<html>\n<head>\n<title>x'],
  ['an unclosed title after white space that is written as a reference', '<head>&#32;&#x20<title>x'],
  ['an unclosed title after tags of the head', '<base><basefont><bgsound><link><meta><title>x'],
  [
    'an unclosed title after tags of the head, as few spell them',
    '<html lang=x><base href=x><link rel=x><meta name=x><title>x',
  ],
  ['an unclosed title after what a template holds', '<template><p></template><title>x'],
  ['an unclosed title after raw text of the head', '<style></style><script></script><noframes></noframes><title>x'],
  ['an unclosed style', '<html><head><style>p{}'],
  ['an unclosed comment', '<!-- x'],
  ['an unclosed template', '<template>x'],
]

describe('at the end', () => {
  it.each(atEnd)('%s: %s', (_, expected) => {
    const html = expected.replace('|', '')
    expect(place(html, 'end')).toBe(expected)
    checkFidelity(html, { exactTree: true })
  })
})

describe('at the start', () => {
  it.each(atStart)('%s: %s', (_, expected) => {
    const html = expected.replace('|', '')
    expect(place(html, 'start')).toBe(expected)
    checkFidelity(html, { exactTree: true, pixelPlacement: 'start' })
  })
})

describe('nowhere', () => {
  it.each(nowhere)('%s: %s', (_, html) => {
    for (const placement of ['end', 'start'] as const) {
      expect(place(html, placement)).toBeNull()
      checkFidelity(html, { exactTree: true, pixelPlacement: placement })
    }
  })
})

describe('beside a link', () => {
  it('right before an href that changes', () => {
    const html = '<body><a href="https://example.org/">x</a>'
    const { html: start } = instrumentEmail(html, signedDomain, { ...fixed, pixelPlacement: 'start' })
    expect(start).toMatch(/^<body><img src="[^"]+" [^>]+><a href="https:\/\/links\.example\.com\/c\/[^"]+">x<\/a>$/)
  })

  it('between two hrefs that change', () => {
    const html = '<a href="https://example.org/1">x</a></body><a href="https://example.org/2">y</a>'
    const { html: end } = instrumentEmail(html, signedDomain, fixed)
    expect(end).toMatch(/^<a href="[^"]+">x<\/a><img src="[^"]+" [^>]+><\/body><a href="[^"]+">y<\/a>$/)
  })
})

describe('in a table out of which a link was pushed', () => {
  // The link is opened again for the image, and what a table may hold follows into it. A reader sees neither.
  it.each([
    ['an unclosed script follows', '<table><a><tr>|<script>x'],
    ['an unclosed style follows', '<table><a><tr>|<style>x'],
    ['an unclosed template follows', '<table><a><tr>|<template>x'],
    ['a script follows </body>', '<table><a><tr>|</body><script>x</script>'],
  ])('%s: %s', (_, expected) => {
    const html = expected.replace('|', '')
    expect(place(html, 'end')).toBe(expected)
    checkFidelity(html)
  })
})
