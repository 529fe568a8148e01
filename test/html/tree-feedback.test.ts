// What of tree construction changes how later text is tokenized: svg and math, select, template, frameset, column groups. In
// the tables «» marks an href, ‹› one that comes after a stop, where a flat scan can no longer know.
// https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign

import { describe, expect, it } from 'vitest'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { checkFidelity } from '../kit/fidelity.ts'
import { expectSites } from './marked.ts'

type Table = readonly [what: string, marked: string][]

const foreign: Table = [
  ['a link in svg', '<svg><a href=«x»></a></svg>'],
  ['xlink:href in svg is another name', '<svg><a xlink:href=x></svg>'],
  ['a link in math', '<math><a href=«x»></math>'],
  ['style in svg is no raw text', '<svg><style><a href=«x»></style></svg>'],
  ['script in svg is no raw text', '<svg><script><a href=«x»></script></svg>'],
  ['title in math is no raw text', '<math><title><a href=«x»></title></math>'],
  [
    'textarea, xmp, iframe, noembed, noframes neither',
    '<svg><textarea><xmp><iframe><noembed><noframes><a href=«x»></svg>',
  ],
  ['after the end tag raw text is raw again', '<svg></svg><style><a href=x></style><a href=«y»>'],
  ['after the end tag in upper case', '<SVG></Svg><style><a href=x></style><a href=«y»>'],
  ['a self-closing svg holds nothing', '<svg/><style><a href=x></style><a href=«y»>'],
  ['a self-closing svg with white space', '<svg / ><style><a href=«x»></style></svg>'],
  ['an unquoted solidus closes nothing', '<svg x=a/><style><a href=«x»></style></svg>'],
  ['a self-closing element in svg', '<svg><g/></svg><style><a href=x></style>'],
  ['a self-closing style in svg', '<svg><style/><a href=«x»></svg>'],
  ['nested svg', '<svg><svg></svg><style><a href=«x»></style></svg><style><a href=x></style>'],
  ['nested g', '<svg><g><g></g><style><a href=«x»></style></g></svg><style><a href=x></style>'],
  [
    'an end tag closes what is open inside it',
    '<svg><g><path></g><style><a href=«x»></style></svg><style><a href=x></style>',
  ],
  ['</svg> closes everything', '<svg><g><path></svg><style><a href=x></style>'],
  ['svg in math', '<math><svg></svg><style><a href=«x»></style></math>'],
  ['unclosed', '<svg><g><style><a href=«x»>'],
  ['an end tag in raw text', '<style></svg></style><a href=«x»>'],
]

const breakouts: Table = [
  ...'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var'
    .split(' ')
    .map((name) => [`<${name}>`, `<svg><g><${name}><style><a href=x></style><a href=«y»>`] as [string, string]),
  ['<P> in upper case', '<svg><P><style><a href=x></style>'],
  ['<p/> self-closing', '<svg><p/><style><a href=x></style>'],
  ['<font color>', '<svg><font color=red><style><a href=x></style>'],
  ['<font FACE>', '<math><font FACE><style><a href=x></style>'],
  ['<font size>', '<svg><font id=x size=1><style><a href=x></style>'],
  ['<font SIZE>', '<svg><font SIZE=1><style><a href=x></style>'],
  ['<font> without them stays', '<svg><font id=color><style><a href=«x»></style></font></svg>'],
  ['</p>', '<svg></p><style><a href=x></style>'],
  ['</br>', '<math></br><style><a href=x></style>'],
  ['a link does not', '<svg><a href=«x»><style><a href=«y»>'],
  ['a section does not', '<svg><section><style><a href=«x»>'],
]

const foreignStops: Table = [
  ['an end tag that names nothing open', '<svg></i><a href=‹x›>'],
  ['one that names what is open outside', '<b><svg></b><style><a href=‹x›></style>'],
  ['one that was closed before', '<svg><g></g></g><a href=‹x›>'],
  ['a start tag in svg desc', '<svg><desc><b><a href=‹x›>'],
  ['a start tag in svg title', '<svg><title><style><a href=‹x›></style></title></svg>'],
  ['a start tag in svg foreignObject', '<svg><foreignObject><div><a href=‹x›>'],
  ['a start tag in one that is deeper', '<svg><g><foreignObject><style><a href=‹x›></style><a href=‹y›>'],
  ['a start tag in svg FOREIGNOBJECT', '<svg><FOREIGNOBJECT><div><a href=‹x›>'],
  ['a start tag in mi', '<math><mi><b><a href=‹x›>'],
  ['a start tag in mo', '<math><mo><b><a href=‹x›>'],
  ['a start tag in mn', '<math><mn><b><a href=‹x›>'],
  ['a start tag in ms', '<math><ms><b><a href=‹x›>'],
  ['a start tag in mtext', '<math><mtext><b><a href=‹x›>'],
  ['a start tag in annotation-xml', '<math><annotation-xml encoding="text/html"><b><a href=‹x›>'],
  ['</p> in an integration point', '<svg><desc></p><a href=‹x›>'],
  ['</br> in an integration point', '<math><mi></br><a href=‹x›>'],
  ['CDATA in an integration point', '<svg><desc><![CDATA[<a href=‹x›>]]>'],
]

/** Tags that look like the stops above and are none. */
const noForeignStops: Table = [
  ['svg desc without tags', '<svg><desc>x</desc><style><a href=«x»></style></svg>'],
  ['svg title without tags', '<svg><title>x</title></svg><style><a href=x></style><a href=«y»>'],
  ['a self-closing desc', '<svg><desc/><b><style><a href=x></style>'],
  ['desc in math is no integration point', '<math><desc><g><a href=«x»></desc></math>'],
  ['mi in svg is no integration point', '<svg><mi><g><a href=«x»></mi></svg>'],
]

const select: Table = [
  ['a link', '<select><a href=«x»></select>'],
  ['raw text in a select', '<select><style><a href=‹x›></style></select>'],
  ['svg in a select', '<select><svg><a href=‹x›></select>'],
  ['plaintext in a select', '<select><plaintext><a href=‹x›>'],
  ['script in a select is raw text', '<select><script><a href=x></script><a href=«y»></select>'],
  ['textarea in a select is raw text', '<select><textarea><a href=x></textarea><a href=«y»>'],
  ['after a select', '<select></select><style><a href=x></style><a href=«y»>'],
  ['an unclosed select', '<select><option>x<a href=«y»>'],
  ['a select in an attribute', '<p title="<select>"><style><a href=x></style><a href=«y»>'],
  [
    'a select in a template in a select',
    '<select><template><select></select></template><style><a href=‹x›></style></select>',
  ],
  ['a select in a template', '<template><select></template><style><a href=x></style><a href=«y»>'],
]

const template: Table = [
  ['a link in a template', '<template><a href=«x»></template>'],
  ['raw text in a template', '<template><style><a href=x></style><a href=«y»></template>'],
  ['svg in a template', '<template><svg><style><a href=«x»></style></svg></template>'],
  ['a template and a col, then raw text', '<template><col><style><a href=‹x›></style></template>'],
  ['a col and a template, then svg', '<table><col></table><template></template><svg><a href=‹x›></svg>'],
  ['a template and a col, then plaintext', '<template><col><plaintext><a href=‹x›>'],
  ['a template and a col, then plain tags', '<template><col></template><a href=«x»>'],
  ['a col alone', '<table><col></table><style><a href=x></style><a href=«y»>'],
  ['a template alone', '<template></template><style><a href=x></style><a href=«y»>'],
]

const frameset: Table = [
  ['a frameset', '<frameset><a href=‹x›></frameset>'],
  ['a frameset after a head', '<html><head><title>t</title></head><FRAMESET cols="*"><frame><a href=‹x›>'],
  ['noframes in a frameset', '<frameset><noframes><a href=‹x›></noframes></frameset>'],
  ['after tags that a reader does not see', '<p><b><frameset><a href=‹x›>'],
  ['after what a template holds', '<template><body>x<br></template><frameset><a href=‹x›>'],
  ['after a body tag in a template', '<template><body></template><frameset><a href=‹x›>'],
  ['after a title', '<title>x</title><frameset><a href=‹x›>'],
  ['after a style with a > right before its end', '<style>a>b</style><frameset><a href=‹x›>'],
  ['after a noembed', '<noembed>x</noembed><frameset><a href=‹x›>'],
  ['after white space', '\t\n\f\r <frameset><a href=‹x›>'],
  ['after empty comments', '<!--><!---><frameset><a href=‹x›>'],
  ['after a byte order mark and NUL', '\ufeff\0<frameset><a href=‹x›>'],
  ['after white space by reference', '&#32;&#9&#x20;&#XA;&Tab;&NewLine;<frameset><a href=‹x›>'],
  ['after text by number, which could be white space', '&#65;<frameset><a href=‹x›>'],
]

/** It is ignored after any of these: raw text stays raw, and every link is found. */
const ignoredFrameset: Table = [
  '<body>',
  'x',
  '.',
  'x\ufeff',
  '   \ufeff',
  '&amp;',
  '&tab;',
  '&NewLine',
  '&#32;x',
  '< ',
  '<',
  '</title>x',
  '<svg>x</svg>',
  '<table>',
  '<p><IMG/>',
  '<template></template><br>',
  ...'applet area br button dd dt embed hr iframe image img keygen li listing marquee object pre select table textarea wbr xmp'
    .split(' ')
    .map((name) => (['iframe', 'select', 'textarea', 'xmp'].includes(name) ? `<${name}></${name}>` : `<${name}>`)),
].map((before) => [before, `${before}<frameset><style><a href=x></style><a href=«y»>`])

describe.each([
  ['foreign content', foreign],
  ['what leaves foreign content', breakouts],
  ['stops in foreign content', foreignStops],
  ['no stops in foreign content', noForeignStops],
  ['select', select],
  ['template', template],
  ['frameset', frameset],
  ['an ignored frameset', ignoredFrameset],
])('%s', (_, table) => {
  it.each(table)('%s: %j', (_, marked) => {
    expectSites(marked)
    checkFidelity(marked.replace(/[«»‹›]/g, ''))
  })
})

describe('a stop', () => {
  it('leaves the links before it certain, and says up to where that holds', () => {
    const html = '<a href=1><svg><a href=2></i><a href=3>'
    const { sites, certainUntil } = scanLinks(readMarkup(html))
    expect(sites.map(({ ambiguous }) => ambiguous)).toEqual([false, false, true])
    expect(html.slice(certainUntil)).toBe('<a href=3>')
  })

  it('reports a link that is the stop itself once', () => expectSites('<svg><title><a href=«http://l»>'))

  it('reports every later candidate, links in raw text and comments among them', () => {
    expectSites('<svg></i><style><a href=‹1›></style><!-- <area href="‹2›"> --><v:rect href=‹3›><abbr href=4><a>')
  })

  it.each([
    ['in a bogus comment', `<svg></i><!<a href=‹x›>`],
    ["in an end tag's quotes", `<svg></i></p x='<a href=‹x›>'>`],
    ["in a tag's quotes", `<svg></i><p x='<a href=‹x›>'>`],
    ['in a closing script', '<svg></i><script><a href=‹x›></script>'],
    ['behind one that its quotes would hide', '<math></r></<a f="><a href=‹http://l›>'],
    ['behind one in a processing instruction', `<frameset><?<a x='><a href=‹http://"›>`],
    ['behind many, all of which would go on to the end', `<svg></i>${'<a b=">c="'.repeat(3)}<a href=‹x›>`],
    ['in an unquoted value, once', '<svg></i><a x=<a href=‹x›>'],
    ['behind one in the same word, where none can begin, not', '<svg></i><a/x=<a/href=1><a/href=‹x›>'],
    ['behind one that the end of the text cuts off', `<svg></i><a x='><a href=‹x›>`],
    ['behind one whose quotes end within its value', `<svg></i><a x='<a href=‹z'› y>`],
    ['right behind the stop, where there is a <, and else not', '<svg></i>xa href=1><a href=‹x›>'],
    ['of a tag that the end of the text cuts off, not', '<svg></i><a href=‹x›><a href=y'],
    ['twice in a row, each with its own', '<svg></i><a href=‹1›><a id=x href="‹2›"><a href=‹3›>'],
    ['of a name that ends in a solidus, tab or >', '<svg></i><a/href=‹1›><area\thref=‹2›><a><v:x/href=‹3›>'],
    ['the first href of two', '<svg></i><a href=‹x› href=y>'],
    ['in upper case', '<svg></i><A HREF=‹x›><AREA HREF="‹y›">'],
    ['none of a longer name, of an end tag, without a name', '<svg></i><ab href=x></a href=x>< a href=x><v href=x>'],
  ])('reports a candidate %s: %s', (_, marked) => expectSites(marked))

  it('reports a candidate in the attribute of another, and both', () => {
    const html = `<svg></i><a title="<a href=1>" href='2'>`
    const { sites } = scanLinks(readMarkup(html))
    expect(sites.map(({ start, end, quoted }) => [html.slice(start, end), quoted])).toEqual([
      ['2', true],
      ['1', false],
    ])
  })

  it('in a conditional comment, says of a candidate where it stands in the whole text', () => {
    const html = '<p><!--[if mso]><svg></i><a  href=1 ><![endif]-->'
    expect(scanLinks(readMarkup(html)).sites).toEqual([
      {
        element: 'a',
        tagStart: html.indexOf('<a'),
        nameEnd: html.indexOf('  href'),
        start: html.indexOf('1'),
        end: html.indexOf('1') + 1,
        tagEnd: html.indexOf('<![endif]'),
        quoted: false,
        hasCommonAttributes: false,
        inComment: true,
        ambiguous: true,
      },
    ])
  })

  it('says of a candidate all that it says of a link', () => {
    const html = '<svg></i><V:Rect id="x" href="1">'
    expect(scanLinks(readMarkup(html)).sites).toEqual([
      {
        element: 'v:rect',
        tagStart: html.indexOf('<V'),
        nameEnd: html.indexOf(' id'),
        start: html.indexOf('1'),
        end: html.indexOf('1') + 1,
        tagEnd: html.length,
        quoted: true,
        hasCommonAttributes: false,
        inComment: false,
        ambiguous: true,
      },
    ])
  })

  it('reports no tag that is cut off', () => {
    expectSites('<svg></i><a href=‹1›><a href="2>')
  })

  it('does not come without svg, math, select, template or frameset', () => {
    const html = '</svg></math></select></template></frameset></g><desc><b><mi><b><col><style></style><plaintext>'
    expect(scanLinks(readMarkup(html)).certainUntil).toBe(html.length)
  })

  it.each([
    '<svgs>',
    '<maths>',
    '<selected>',
    '<templates>',
    '<framesets>',
    '</svg>',
    '<!-- <svg> -->',
    '<p x="<svg>">',
  ])('does not come after %s either', (tag) => expectSites(`${tag}</i><style><a href=x></style><a href=«y»>`))
})
