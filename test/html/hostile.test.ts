// Text made to be slow, deep or long. It must neither throw nor take longer than any test may; what it means is in the table,
// so that nothing is cut short. How time grows with size is the benchmark's to say.

import { expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain } from '../fidelity.ts'

const many = 100_000
const million = 1_000_000
const megabytes = 5 * 1024 * 1024

const link = '<a href="https://x.example/">'
const x = 'x'.repeat(megabytes)

/** `links` are the links found, `tracked` those of them that are tracked. */
const hostile: readonly [what: string, html: () => string, links: number, tracked: number, pixel: string][] = [
  ['<a unclosed', () => '<a '.repeat(many), 0, 0, 'placed'],
  ['<a href=" unclosed', () => '<a href="'.repeat(many), 0, 0, 'placed'],
  ["<a href=' unclosed", () => `${link}${"<a href='".repeat(many + 1)}`, 1, 1, 'placed'],
  ['<a href=x unclosed', () => '<a href=x '.repeat(many), 0, 0, 'placed'],
  ['<a<a<a', () => '<a'.repeat(many), 0, 0, 'placed'],
  ['<', () => '<'.repeat(many), 0, 0, 'placed'],
  ['</', () => '</'.repeat(many), 0, 0, 'no-place'],
  ['quotes', () => `<p ${'"'.repeat(many)}>${link}`, 1, 1, 'placed'],
  ['= signs', () => `<p ${'='.repeat(many)}>${link}`, 1, 1, 'placed'],
  ['solidi', () => `<p ${'/'.repeat(many)}>${link}`, 1, 1, 'placed'],
  ['white space in a tag', () => `<p${' \n'.repeat(many)}>${link}`, 1, 1, 'placed'],
  ['attributes', () => `<a${' x=1'.repeat(many * 2)} href="https://x.example/"${' y'.repeat(many)}>`, 1, 1, 'placed'],
  ['hrefs', () => `<a${' href=https://x.example/'.repeat(many)}>`, 1, 1, 'placed'],
  [
    'plain tags that are none at the last moment',
    () => `<body>${'<p style="a" style="b"x>'.repeat(many)}${link}`,
    1,
    1,
    'placed',
  ],
  [
    'one attribute too many, all of one name',
    () => `<body>${`<p${' style=""'.repeat(13)}>`.repeat(many / 10)}${link}`,
    1,
    1,
    'placed',
  ],
  ['a host of 5 MB', () => `<a href="https://${'a.'.repeat(megabytes / 2)}example">`, 1, 0, 'placed'],
  ['5 MB of escapes', () => `<a href="https://x.example/${'%20'.repeat(megabytes / 3)}">`, 1, 0, 'placed'],
  [
    'plain links that are none at the last moment',
    () => `<body>${'<a style="a" href="#"x>'.repeat(many)}${link}`,
    many + 1,
    1,
    'placed',
  ],
  ['plain tags with an odd attribute', () => `<body>${'<p style="a" b=\'c\'>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['end tags', () => `<body>${'</p>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['end tags cut short', () => `<body>${'</bod '.repeat(many)}`, 0, 0, 'placed'],
  ['</body>', () => `<body>${'</body>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['<body>', () => `${'<body>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['<!--', () => '<!--'.repeat(many), 0, 0, 'no-place'],
  ['<!-- >', () => '<!-- >'.repeat(many), 0, 0, 'no-place'],
  ['<!-->', () => `${'<!-->'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['hyphens in a comment', () => `<!--${'-'.repeat(million)}!${link}-->${link}`, 1, 1, 'placed'],
  ['--! in a comment', () => `<!--${'--!'.repeat(many)}-->${link}`, 1, 1, 'placed'],
  ['<!', () => `${'<!'.repeat(many)}>${link}`, 1, 1, 'placed'],
  ['<!--[if', () => '<!--[if'.repeat(many), 0, 0, 'no-place'],
  ['<!--[if mso]> with a link, unclosed', () => `<!--[if mso]>${link}`.repeat(many), 0, 0, 'no-place'],
  ['<!--[if mso]> closed once at the end', () => `${`<!--[if mso]>${link}`.repeat(many)}-->`, 1, 1, 'placed'],
  ['<!--[if without ]>', () => `${'<!--[if mso href-->'.repeat(many)}${link}]>`, 1, 1, 'placed'],
  [
    'conditional comments',
    () => `${`<!--[if mso]>${link}<![endif]-->`.repeat(many / 10)}`,
    many / 10,
    many / 10,
    'placed',
  ],
  [
    'conditional comments left open inside',
    () => '<!--[if mso]><a href="--><!--[if mso]><style>href-->'.repeat(many),
    0,
    0,
    'placed',
  ],
  ['svg', () => '<svg>'.repeat(million), 0, 0, 'placed'],
  ['svg with g', () => `<svg>${'<g>'.repeat(million)}${link}`, 1, 1, 'placed'],
  ['svg with g, closed again', () => `<svg>${'<g>'.repeat(many)}${'</g>'.repeat(many)}</svg>${link}`, 1, 1, 'placed'],
  ['svg with g, closed at once', () => `<svg><h>${'<g>'.repeat(many)}</h></svg>${link}`, 1, 1, 'placed'],
  ['math with svg', () => `${'<math><svg>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['svg, opened and left', () => `${'<svg><p>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['CDATA', () => `<svg>${'<![CDATA['.repeat(many)}`, 0, 0, 'placed'],
  ['CDATA closed each time', () => `<svg>${'<![CDATA[ ]]]>'.repeat(many)}</svg>${link}`, 1, 1, 'placed'],
  ['links after a stop', () => `<svg></i>${link.repeat(many)}`, many, 0, 'placed'],
  ['<a after a stop', () => `<svg></i>${'<a '.repeat(many)}`, 0, 0, 'placed'],
  ['<a"> after a stop', () => `<svg></i>${'<a x=">'.repeat(many)}`, 0, 0, 'placed'],
  ['templates', () => '<template>'.repeat(many), 0, 0, 'no-place'],
  ['templates, closed again', () => `${'<template>'.repeat(many)}${'</template>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['selects', () => `${'<select>'.repeat(many)}`, 0, 0, 'placed'],
  ['titles', () => `${'<title>'.repeat(many)}`, 0, 0, 'no-place'],
  [
    "end tags that look like the title's",
    () => `<title>${'</titl></titlee'.repeat(many)}</title>${link}`,
    1,
    1,
    'placed',
  ],
  ['scripts escaped twice', () => `<script>${'<!--<script>'.repeat(many)}</script></script>${link}`, 1, 1, 'placed'],
  ['scripts escaped and not', () => `<script>${'<!--<script>-->'.repeat(many)}</script>${link}`, 1, 1, 'placed'],
  ['styles', () => `${'<style></style>'.repeat(many)}${link}`, 1, 1, 'placed'],
  ['5 MB of text', () => `${x}${link}`, 1, 1, 'placed'],
  ['5 MB of text in two bytes', () => `\u{1f600}${x}${link}`, 1, 1, 'placed'],
  ['a name of 5 MB', () => `<${x}>${link}`, 1, 1, 'placed'],
  ['an attribute of 5 MB', () => `<p title="${x}">${link}`, 1, 1, 'placed'],
  ['an attribute of 5 MB, unquoted', () => `<p title=${x}>${link}`, 1, 1, 'placed'],
  ['an attribute of 5 MB, unclosed', () => `<a href="#"><p title="${x}><a href='https://x.example/'>`, 1, 0, 'placed'],
  ['an attribute name of 5 MB', () => `<p ${x}>${link}`, 1, 1, 'placed'],
  ['an href of 5 MB', () => `<a href="https://x.example/${x}">${link}`, 2, 1, 'placed'],
  [
    'an href of 5 MB of white space',
    () => `<a href="${' \n'.repeat(megabytes / 2)}https://x.example/">`,
    1,
    1,
    'placed',
  ],
  ['an href of & signs', () => `<a href="https://x.example/?${'&'.repeat(million)}">`, 1, 0, 'placed'],
  [
    'an href of references',
    () => `<a href="https://x.example/?${'&amp;&copy;&notin&#1;&#xfffffff;'.repeat(many)}">`,
    1,
    0,
    'placed',
  ],
  [
    'an href of half merge tags',
    () => `<a href="https://x.example/?${'{{a{%*|<%[[a[b:{c ##d '.repeat(many)}">`,
    1,
    0,
    'placed',
  ],
  [
    'an href of percent signs and letters',
    () => `<a href="https://x.example/?${'%AAa'.repeat(many)}%z">`,
    1,
    0,
    'placed',
  ],
  ['an href of dots', () => `<a href="https://${'a.'.repeat(many)}">`, 1, 0, 'placed'],
  ['an href of dots and a bad end', () => `<a href="https://${'a.'.repeat(many)}!">`, 1, 0, 'placed'],
  ['a class of words', () => `<a class="${'untracke '.repeat(many)}" href="https://x.example/">`, 1, 1, 'placed'],
  ['pixels of others', () => '<img src="https://links.example.com/o/AAAA.gif">'.repeat(many / 10), 0, 0, 'placed'],
  [
    'everything unclosed',
    () => '<a href="<!--[if mso]><svg><![CDATA[<title><script><!--<select><template>{{%'.repeat(many),
    1,
    0,
    'placed',
  ],
  [
    'everything unclosed, in another order',
    () => "<template><select><svg><g x='<!--[if".repeat(many),
    0,
    0,
    'no-place',
  ],
]

it.each(hostile)('%s', (_, html, links, tracked, pixel) => {
  const result = instrumentEmail(html(), signedDomain, fixed)
  expect([
    result.links.length,
    result.links.filter(({ kind }) => kind === 'tracked').length,
    result.pixel.kind === 'placed' ? 'placed' : result.pixel.reason,
  ]).toEqual([links, tracked, pixel])
})
