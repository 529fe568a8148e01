// What the markup declaration open state leads to: comments, bogus comments, doctypes, CDATA sections; and what of a comment
// Outlook reads. In the tables «» marks an href.
// https://html.spec.whatwg.org/multipage/parsing.html#markup-declaration-open-state

import { describe, expect, it } from 'vitest'
import { readMarkup } from '../../src/html/markup.ts'
import { scanImages, scanLinks } from '../../src/html/scan-html.ts'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { checkFidelity } from '../kit/fidelity.ts'
import { expectSites } from './marked.ts'

type Table = readonly [what: string, marked: string][]

const comments: Table = [
  ['an ordinary one', '<!-- <a href=x> --><a href=«y»>'],
  ['over several lines', '<!--\n<a href=x>\r\n--><a href=«y»>'],
  ['a > inside', '<!-- > <a href=x> --><a href=«y»>'],
  ['-- inside', '<!-- -- <a href=x> --><a href=«y»>'],
  ['--! inside', '<!-- --!<a href=x> --><a href=«y»>'],
  ['-- > does not end it', '<!-- -- > <a href=x> --><a href=«y»>'],
  ['-> does not end it', '<!-- -> <a href=x> --><a href=«y»>'],
  ['--!> ends it', '<!-- x --!><a href=«y»> -->'],
  ['--!-> does not, --!--> does', '<!-- --!-> <a href=x> --!--><a href=«y»>'],
  ['---> ends it', '<!-- x ---><a href=«y»>'],
  ['----!> ends it', '<!-- x ----!><a href=«y»>'],
  ['empty', '<!----><a href=«x»>'],
  ['<!--> is empty', '<!--><a href=«x»> -->'],
  ['<!---> is empty', '<!---><a href=«x»> -->'],
  ['<!--->: and no comment after it', '<!--->--><a href=«x»>'],
  ['<!---!> is open', '<!---!><a href=x> --><a href=«y»>'],
  ['<!--!> is open', '<!--!><a href=x> --><a href=«y»>'],
  ['<!----!> is empty', '<!----!><a href=«x»>'],
  ['<!-- inside', '<!-- <!-- <a href=x> --><a href=«y»> -->'],
  ['<!-- right at the start', '<!--<!--><a href=«x»> -->'],
  ['a quote inside', '<!-- " --><a href=«x»> " -->'],
  ['in an attribute', '<p title="<!--"><a href=«x»><p title="-->">'],
  ['in an unquoted value', '<a href=«--»>--><a href=«y»>'],
  ['--> outside', '--><a href=«x»>'],
  ['a comment, a tag, a comment', '<!--a--><a href=«x»><!--b-->'],
]

const bogusComments: Table = [
  ['<!', '<!x <a href=x><a href=«y»>'],
  ['<!>', '<!><a href=«x»>'],
  ['<!-', '<!- <a href=x><a href=«y»>'],
  ['<!-> ', '<!-><a href=«x»>'],
  ['<! with quotes: they mean nothing', '<!x "><a href=«y»>">'],
  ['<?', '<?xml version="1.0"?><a href=«x»>'],
  ['<? ends at the first >', '<?php if (1 > 0) <a href=«x»> ?><a href=«y»>'],
  ['<?>', '<?><a href=«x»>'],
  ['an Outlook condition for others', '<![if !mso]><a href=«x»><![endif]>'],
  ['an Office namespace', '<?xml:namespace prefix = o ns = "urn:x" /><a href=«x»>'],
  ['</ and white space, a quote', '</ x="><a href="«x»">'],
  ['<!ELEMENT', '<!ELEMENT a (b)><a href=«x»>'],
]

const doctypes: Table = [
  ['html', '<!doctype html><a href=«x»>'],
  ['in any case, public', '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/"><a href=«x»>'],
  ['a > in a quoted identifier ends it', '<!doctype html public "a><a href=«x»>">'],
  ['a > in a single-quoted one too', "<!doctype html system 'a><a href=«x»>'>"],
  ['empty', '<!doctype><a href=«x»>'],
  ['an internal subset', '<!doctype html [ <!entity x "y"> ]><a href=«x»>'],
  ['late', '<p><!doctype html "><a href=«x»>'],
]

const cdata: Table = [
  ['outside svg and math it is a bogus comment', '<![CDATA[<a href=x>]]><a href=«y»>'],
  ['in another case too', '<![cdata[<a href=x>]]><a href=«y»>'],
  ['inside svg', '<svg><![CDATA[<a href=x></svg>]]><a href=«y»></svg>'],
  ['inside math', '<math><![CDATA[<a href=x> ]] > ]>]]><a href=«y»></math>'],
  ['inside svg, ]]]>', '<svg><![CDATA[<a href=x>]]]><a href=«y»></svg>'],
  ['inside svg, ]]>]]>', '<svg><![CDATA[x]]><a href=«y»>]]></svg>'],
  ['inside svg, ]]> before it', '<svg>]]><![CDATA[ <a href=x>]]><a href=«y»></svg>'],
  ['inside svg, ]]> before it, white space', '<svg>]]><![CDATA[ ]]></svg><a href=«y»>'],
  ['inside svg, empty', '<svg><![CDATA[]]><a href=«y»></svg>'],
  ['inside svg, a tag right before its end', '<svg><![CDATA[<p>]]><style><a href=«x»></style></svg>'],
  ['inside svg, a declaration that is none', '<svg><!x><a href=«y»></svg>'],
  ['inside svg, in another case: a bogus comment', '<svg><![cdata[<a href=x>]]><a href=«y»></svg>'],
  ['after svg', '<svg></svg><![CDATA[<a href=x>]]><a href=«y»>'],
  ['after a self-closing svg', '<svg/><![CDATA[<a href=x>]]><a href=«y»>'],
  ['after what leaves svg', '<svg><p><![CDATA[<a href=x>]]><a href=«y»>'],
]

describe.each([
  ['comments', comments],
  ['bogus comments', bogusComments],
  ['doctypes', doctypes],
  ['CDATA', cdata],
])('%s', (_, table) => {
  it.each(table)('%s: %j', (_, marked) => expectSites(marked))
  it.each(table)('in a body, %s: %j', (_, marked) => expectSites(`<body><p class="x">y</p>${marked}`))
})

/** What Outlook reads, in whichever condition. */
const conditional: Table = [
  ['mso', '<!--[if mso]><a href="«x»">y</a><![endif]-->'],
  ['gte mso 9', '<!--[if gte mso 9]><a href="«x»"><![endif]-->'],
  ['(mso)|(IE)', '<!--[if (mso)|(IE)]><a href="«x»"><![endif]-->'],
  ['(gt mso 9)&(!IE)', '<!--[if (gt mso 9)&(!IE)]><a href="«x»"><![endif]-->'],
  ['vml', '<!--[if vml]><a href="«x»"><![endif]-->'],
  ['no condition', '<!--[if]><a href="«x»"><![endif]-->'],
  ['no white space', '<!--[ifmso]><a href="«x»"><![endif]-->'],
  ['white space inside', '<!--[if\nmso ]><a href="«x»"><![endif]-->'],
  ['a VML button', '<!--[if mso]><v:roundrect href="«x»" arcsize="8%"><w:anchorlock/></v:roundrect><![endif]-->'],
  ['single quotes', "<!--[if mso]><a href='«x»'><![endif]-->"],
  ['no quotes', '<!--[if mso]><a href=«x»><![endif]-->'],
  ['no value', '<!--[if mso]><a href«»><![endif]-->'],
  ['several', '<!--[if mso]><a href="«1»"><area href="«2»"><v:rect href="«3»"><![endif]--><a href="«4»">'],
  ['up to the endif', '<!--[if mso]><a href="«x»"><![endif]><a href="y"><![endif]-->'],
  ['without an endif, to the end of the comment', '<!--[if mso]><a href="«x»">-->'],
  ['without an endif, ended by --!>', '<!--[if mso]><a href="«x»">--!><a href="«y»">'],
  ['an endif in another case is none', '<!--[if mso]><a href="«x»"><![ENDIF]><a href="«y»">-->'],
  ['ended by --!>', '<!--[if mso]><a href="«x»"><![endif]--!><a href="«y»">'],
  ['raw text inside', '<!--[if mso]><style><a href=x></style><a href="«y»"><![endif]-->'],
  ['raw text left open inside ends with it', '<!--[if mso]><style><a href=x><![endif]--><a href="«y»">'],
  ['a tag left open inside ends with it', '<!--[if mso]><a href="x<![endif]--><a href="«y»">'],
  ['svg left open inside ends with it', '<!--[if mso]><svg><![endif]--><style><a href=x></style><a href="«y»">'],
  ['svg open around: not inside', '<svg><!--[if mso]><style><a href=x></style><![endif]--></svg>'],
  ['what a flat scan cannot know inside ends with it', '<!--[if mso]><svg></i><a href=‹x›><![endif]--><a href="y">'],
  ['in the head', '<head><!--[if mso]><a href="«x»"><![endif]--><title><a href=x></title></head>'],
  ['in a template', '<template><!--[if mso]><a href="«x»"><![endif]--></template>'],
  ['in svg', '<svg><!--[if mso]><a href="«x»"><![endif]--></svg>'],
  ['a comment right after', '<!--[if mso]><a href="«x»"><![endif]--><!--<a href=x>--><a href="«y»">'],
]

/** Comments that are none of Outlook's. */
const ordinary: Table = [
  ['white space before', '<!-- [if mso]><a href=x><![endif]-->'],
  ['no ]>', '<!--[if mso><a href=x><![endif]-->'],
  ['] > ', '<!--[if mso] ><a href=x>-->'],
  ['in upper case', '<!--[IF mso]><a href=x><![endif]-->'],
  ['another word', '<!--[endif]><a href=x>-->'],
  ['for others: the content is no comment', '<!--[if !mso]><!--><a href=«x»><!--<![endif]-->'],
  ['for others, the other way', '<!--[if !mso]>--><a href=«x»><!--<![endif]-->'],
  ['inside a style', '<style><!--[if mso]><a href=x><![endif]--></style>'],
  ['inside a title', '<title><!--[if mso]><a href=x><![endif]--></title>'],
  ['inside a script', '<script><!--[if mso]><a href=x><![endif]--></script>'],
  ['inside an attribute', '<p title="<!--[if mso]><a href=x><![endif]-->">'],
  ['inside a CDATA section', '<svg><![CDATA[<!--[if mso]><a href=x><![endif]-->]]></svg>'],
  ['inside a bogus comment', '<!-[if mso]><a href=«x»><![endif]-->'],
  ['unclosed', '<!--[if mso]><a href=x><![endif]>'],
]

describe('what Outlook reads in a conditional comment', () => {
  it.each(conditional.filter(([, marked]) => !marked.includes('‹')))('%s: %j', (_, marked) => expectSites(marked))

  it('they do not nest: the first --> ends both', () => {
    expectSites('<!--[if mso]><!--[if gte mso 9]><a href=x><![endif]--><a href=«y»><![endif]-->')
  })

  it('a stop inside one is none outside', () => {
    const html = '<!--[if mso]><a href="1"><svg></i><a href="2"><![endif]--><a href="3">'
    expect(scanLinks(readMarkup(html)).sites.map(({ ambiguous, inComment }) => [ambiguous, inComment])).toEqual([
      [false, true],
      [true, true],
      [false, false],
    ])
    expect(scanLinks(readMarkup(html)).certainUntil).toBe(html.length)
  })

  it('a frameset inside one is a stop, whatever text comes before', () => {
    const html = '<!--[if mso]>x<frameset><a href="1"><![endif]-->'
    expect(scanLinks(readMarkup(html)).sites).toMatchObject([{ ambiguous: true, inComment: true }])
  })

  it('says which sites stand in a comment', () => {
    const html = '<a href=1><!--[if mso]><a href=2><![endif]--><a href=3>'
    expect(scanLinks(readMarkup(html)).sites.map(({ inComment }) => inComment)).toEqual([false, true, false])
  })
})

describe('what it does not', () => {
  it.each(ordinary)('%s: %j', (_, marked) => expectSites(marked))
})

describe('images', () => {
  it.each([
    ['in a conditional comment', '<!--[if mso]><img src="1"><a href="2"><![endif]-->'],
    ['behind a stop', '<svg></i><img src="1"><a href="2"><v:rect href="3">'],
  ])('%s are none that a browser shows: %s', (_, html) => expect(scanImages(readMarkup(html))).toEqual([]))
})

describe('writing into a comment', () => {
  const link = 'https://example.org/x'

  it.each([
    [
      'an unquoted value gets quotes',
      `<!--[if mso]><a href=${link}><![endif]-->`,
      '<!--[if mso]><a href="URL"><![endif]-->',
    ],
    [
      'a quoted one keeps its own',
      `<!--[if mso]><a href='${link}'><![endif]-->`,
      "<!--[if mso]><a href='URL'><![endif]-->",
    ],
    ['outside it stays unquoted', `<a href=${link}>`, '<a href=URL>'],
    [
      'an attribute right after',
      `<!--[if mso]><a href=${link} id=x><![endif]-->`,
      '<!--[if mso]><a href="URL" id=x><![endif]-->',
    ],
  ])('%s', (_, html, expected) => {
    const { html: after, links } = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false })
    const [outcome] = links
    expect(outcome?.kind === 'tracked' && after.replace(outcome.url, 'URL')).toBe(expected)
    checkFidelity(html, { exactTree: true })
  })

  it('a token that ends in -- does not end the comment', () => {
    const count = 20_000
    const anchors = Array.from({ length: count }, (_, i) => `<a href=${link}${'y'.repeat(i % 3)}${i}>`)
    const html = anchors.map((tag) => `<!--[if mso]>${tag}<![endif]-->`).join('')
    const { html: after, links } = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false })
    // Two hyphens end one in 4096 of the tokens whose bytes are a multiple of three.
    expect(links.some((outcome) => outcome.kind === 'tracked' && outcome.url.endsWith('--'))).toBe(true)
    expect(scanLinks(readMarkup(after)).sites.length).toBe(count)
  })
})

const vml: Table = [
  ['a button', '<v:roundrect href="«x»">'],
  ['any shape', '<v:rect href=«1»><v:shape href=«2»><v:image href=«3»><v:oval href=«4»><v:x href=«5»>'],
  ['in upper case', '<V:RECT HREF=«x»>'],
  ['without a name after the colon', '<v: href=«x»>'],
  ['self-closing', '<v:rect href="«x»"/>'],
  ['in svg', '<svg><v:rect href="«x»"/></svg>'],
  ['after a stop', '<svg></i><v:rect href="‹x›">'],
  ['other prefixes', '<o:a href=x><w:anchorlock href=x><vv:rect href=x><v href=x><v-rect href=x><v\x1arect href=x>'],
  ['an end tag', '</v:rect href=x>'],
  ['in raw text', '<style><v:rect href=x></style>'],
  ['v: alone, cut off', '<v:rect href="x"'],
]

describe('VML elements', () => {
  it.each(vml)('%s: %j', (_, marked) => expectSites(marked))
})
