// Tags and attributes, state by state as in the tokenizer's chapter of the HTML standard. In the tables «» marks an href.
// https://html.spec.whatwg.org/multipage/parsing.html#tokenization

import { describe, expect, it } from 'vitest'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { expectSites, markSites } from './marked.ts'

type Table = readonly [what: string, marked: string][]

const dataAndTagOpen: Table = [
  ['nothing', ''],
  ['text', 'href="x"'],
  ['a lone <', 'a < b <a href=«x»>'],
  ['< and a digit', '<3 <a href=«x»>'],
  ['< and a sign, then a tag', '<@<a href=«x»>'],
  ['an attribute whose name ends alike', '<a xref=x>'],
  ['< and a bracket, then a tag', '<[<a href=«x»>'],
  ['< and a brace, then a tag', '<{<a href=«x»>'],
  ['a tag in the quotes of another', `<z title="<a href='x'>">`],
  ['a quote that is text, then a tag that is cut off', '"><body>x<a href="x'],
  ['< and white space', '< a href=x>'],
  ['< and a letter that is none of ASCII', '<\u00e5 href=x><a href=«y»>'],
  ['<<', '<<a href=«x»>'],
  ['<>', '<><a href=«x»>'],
  ['< at the end', '<a href=«x»><'],
  ['an escaped <', '&lt;a href=x>'],
  ['text around', 'x<a href=«x»>y</a>z'],
  ['two in one line', '<a href="«x»">1</a><a href="«y»">2</a>'],
  ['one in another', '<a href="«x»"><b><a href="«y»">'],
]

const endTagOpen: Table = [
  ['an end tag', '</a href=x><a href=«y»>'],
  ['</>', '</><a href=«x»>'],
  ['</ and white space: a bogus comment', '</ a href=x><a href=«y»>'],
  ['</ and a digit: a bogus comment', '</3 <a href=x><a href=«y»>'],
  ['< inside an end tag', '</p <a href=x><a href=«y»>'],
  ['a quote inside an end tag', '</p x="><a href=y>"><a href=«z»>'],
  ['</ at the end', '<a href=«x»></'],
]

const tagName: Table = [
  ['in upper case', '<A HREF="«x»">'],
  ['area', '<area href="«x»"><AREA HREF=«y»>'],
  ['link, base and form are none', '<link href=x><base href=x><form href=x action=x>'],
  ['longer names are others', '<abbr href=x><address href=x><article href=x><ab href=x><areas href=x>'],
  ['a NUL in the name', '<a\0 href=x>'],
  ['a < in the name', '<a<b href=x>'],
  ['a quote in the name', '<a"b href=x>'],
  ['an = in the name', '<a=b href=x>'],
  ['a colon in the name', '<a:b href=x>'],
  ['a solidus ends it', '<a/href=«x»>'],
  ['tab, line feed, form feed and carriage return end it', '<a\thref=«1»><a\nhref=«2»><a\fhref=«3»><a\rhref=«4»>'],
  ['vertical tab and no-break space do not', '<a\vhref=x><a\u00a0href=x>'],
  ['no attribute', '<a><area>'],
  ['right at the end of the name', '<a>href=x'],
]

const attributeName: Table = [
  ['in any case', '<a hReF=«x»>'],
  ['other names that hold it', '<a data-href=x xhref=x hrefx=x href-x=x xlink:href=x>'],
  ['= first: it belongs to the name', '<a =href=x>'],
  ['= first, then white space', '<a = href=«x»>'],
  ['== after the name', '<a href=«=x»>'],
  ['a quote in the name', '<a "href=x><a hr"ef=x><a href"=x>'],
  ['a quote as a name', '<a " href=«x»>'],
  ['a < in the name', '<a <href=x><a h<ref=x>'],
  ['a < as a name', '<a <a href=«x»>'],
  ['a NUL in the name', '<a hre\0f=x><a \0href=x>'],
  ['an umlaut in the name', '<a href\u00fc=x>'],
  ['between other attributes', '<a id=a class="b" href=«x» title=\'c\' hidden>'],
  ['a solidus before and after', '<a / href=«x» / ><a id/href="«y»"/ >'],
  ['many solidi', '<a////href=«x»>'],
]

const afterAttributeName: Table = [
  ['white space around =', '<a href\n=\t"«x»"><a href = «y»>'],
  ['carriage returns around =', "<a href\r\n=\r\n'«x»'>"],
  ['no value', '<a href«»><a href«» ><a href«» id=x>'],
  ['no value, white space before the next name', '<a href«»  title="x">'],
  ['a solidus between name and =', '<a href«»/=x>'],
  ['a solidus at the end', '<a href«»/>'],
  ['a solidus and white space', '<a href«» / >'],
]

const value: Table = [
  ['missing, after =', '<a href=«»>'],
  ['missing, after = and white space', '<a href=«» >'],
  ['empty in quotes', '<a href="«»"><a href=\'«»\'>'],
  ['> and < in double quotes', '<a href="«a>b<c»">'],
  ['an apostrophe in double quotes', '<a href="«doc\'x»">'],
  ['a quotation mark in single quotes', "<a href='«a\"b»'>"],
  ['line ends and tabs in quotes', '<a href="«\r\n x\ty\n»">'],
  ['a backslash escapes nothing', '<a href="«x\\»" title="y>">'],
  ['an escaped quote', '<a href="«a&quot;b&#34;c»">'],
  ['another tag in quotes', '<a href="«<a href=x>»">'],
  ['a comment in quotes', '<a href="«<!--»"><a href="«-->»">'],
  ['unquoted, up to white space', '<a href=«a» b>'],
  ['unquoted, up to >', '<a href=«a»>b>'],
  ['unquoted, with a solidus at the end', '<a href=«a/»><a href=«b/» />'],
  ['unquoted, a solidus alone', '<a href=«/»>'],
  ['unquoted, quotes inside', '<a href=«a"b\'c»>'],
  ['unquoted, <, =, ` inside', '<a href=«a<b=c`d»>'],
  ['unquoted, & inside', '<a href=«a?b&c&amp;d»>'],
  ['unquoted, a no-break space inside', '<a href=«a\u00a0b»>'],
  ['unquoted, ends at a form feed', '<a href=«a»\fb>'],
  ['unquoted, begins with =', '<a href=«=a»>'],
  ['nothing between a quoted value and the next name', '<a id="a"href="«x»"title=y>'],
  ['a solidus after a quoted value', '<a href="«x»"/><a href="«y»"/id=z>'],
  ['a > in another value', '<a title="a > b" href=«x»>'],
  ['href=x in another value', '<a title="href=x" href=«y»>'],
  ['a quote inside another unquoted value', '<a title=a"b href=«x»>'],
  ['emoji before and inside', '\u{1f600}<a title="\u{1f600}" href="«\u{1f600}»">'],
  ['lone surrogates', '\ud800<a href="«\udc00»">'],
  ['a byte order mark', '\ufeff<a href="«x»">'],
]

const duplicates: Table = [
  ['the first counts', '<a href=«a» href=b>'],
  ['the first in any case', '<a HREF=«a» href=b>'],
  ['the first without a value', '<a href«» href=b>'],
  ['the first empty', '<a href="«»" href="b">'],
  ['after another name', '<a data-href=a href=«b» href=c>'],
]

describe.each([
  ['data and tag open', dataAndTagOpen],
  ['end tag open', endTagOpen],
  ['tag name', tagName],
  ['attribute name', attributeName],
  ['after attribute name', afterAttributeName],
  ['attribute value', value],
  ['duplicates', duplicates],
])('%s', (_, table) => {
  it.each(table)('%s: %j', (_, marked) => expectSites(marked))

  it.each(table)('after plain text and tags, %s: %j', (_, marked) => {
    expectSites(`<!doctype html><body><p style="a:b">x <b>y</b></p>\n${marked}`)
  })
})

describe('the end of the text', () => {
  it('inside a tag: there is no tag', () => {
    const whole = `<a id=x/y title='t' alt="b" href = "x" hidden / >`
    for (let end = 1; end < whole.length; end++) expect(scanLinks(readMarkup(whole.slice(0, end))).sites).toEqual([])
    expectSites(whole.replace('"x"', '"«x»"'))
  })

  it.each([
    '<a href="x',
    "<a href='x",
    '<a href=x',
    '<a href',
    '<a href=',
    '<a ',
    '<a',
    '<a href="x" ',
    '<a href="x"/',
    '</a href="x"',
    '<!--<a href=x>',
    '<!<a href=x',
    '<?<a href=x',
    '</ <a href=x',
    '<![CDATA[<a href=x',
    '<title><a href=x>',
    '<style><a href=x></style',
    '<script><a href=x></script ',
    '<plaintext><a href=x>',
    '<svg><![CDATA[<a href=x>]]',
  ])('%s', (html) => {
    expect(markSites(`<a href=y>${html}`)).toBe(`<a href=«y»>${html}`)
    expectSites(`<a href=«y»>${html}`)
  })
})

describe('what a site says of itself', () => {
  it.each([
    ['a plain link', '<body><p>|<a id="x" href="1">|y</a>'],
    ['any link', '<p>|<AREA\n href=1 >|</p>'],
    ['one in a conditional comment', '<p>x</p><!--[if mso]>|<v:rect href="1"/>|<![endif]-->'],
    ['a plain one there', '<body><!--[if mso]>|<a href="1">|<![endif]-->'],
  ])('where its start tag stands, %s: %s', (_, marked) => {
    const html = marked.replaceAll('|', '')
    const { tagStart, nameEnd, start, end, tagEnd } = scanLinks(readMarkup(html)).sites[0]!
    expect(`${html.slice(0, tagStart)}|${html.slice(tagStart, tagEnd)}|${html.slice(tagEnd)}`).toBe(marked)
    expect(html.slice(start, end)).toBe('1')
    expect(html.slice(tagStart, nameEnd)).toMatch(/^<\w+(?::\w+)?$/)
  })

  it('names its element in lower case, and whether the value is quoted', () => {
    const html = '<A HREF=1><area href="2"><V:RoundRect href=\'3\'><a href>'
    expect(scanLinks(readMarkup(html)).sites.map(({ element, quoted }) => [element, quoted])).toEqual([
      ['a', false],
      ['area', true],
      ['v:roundrect', true],
      ['a', false],
    ])
  })

  it('gives the end of the name or of the = where there is no value', () => {
    const [name, sign, spaced] = scanLinks(readMarkup('<a href><a href=><a href = >')).sites
    expect([name, sign, spaced].map((site) => [site!.start, site!.end])).toEqual([
      [7, 7],
      [16, 16],
      [26, 26],
    ])
  })
})
