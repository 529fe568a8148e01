// Where tags mean nothing: RCDATA, RAWTEXT, script data, PLAINTEXT. In the tables «» marks an href.
// https://html.spec.whatwg.org/multipage/parsing.html#rcdata-state

import { describe, it } from 'vitest'
import { expectSites } from './marked.ts'

type Table = readonly [what: string, marked: string][]

const rawNames = ['title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'script']

describe.each(rawNames)('%s', (name) => {
  const upper = name.toUpperCase()
  it.each([
    ['hides a link', `<${name}><a href=x></${name}><a href=«y»>`],
    ['with attributes', `<${name} id="a>b" c><a href=x></${name}><a href=«y»>`],
    ['in upper case', `<${upper}><a href=x></${name}><a href=«y»>`],
    ['with an end tag in upper case', `<${name}><a href=x></${upper}><a href=«y»>`],
    ['with white space in the end tag', `<${name}><a href=x></${name}\n ><a href=«y»>`],
    ['with a solidus in the end tag', `<${name}><a href=x></${name}/><a href=«y»>`],
    ['with attributes in the end tag', `<${name}><a href=x></${name} a="><a href=x>"><a href=«y»>`],
    ['self-closing: that means nothing', `<${name}/><a href=x></${name}><a href=«y»>`],
    ['not ended by a longer name', `<${name}></${name}x><a href=x></${name}><a href=«y»>`],
    ['not ended by a shorter name', `<${name}></${name.slice(0, -1)}><a href=x></${name}><a href=«y»>`],
    ['not ended by white space before the name', `<${name}></ ${name}><a href=x></${name}><a href=«y»>`],
    ['not ended by a second start tag', `<${name}><${name}><a href=x></${name}><a href=«y»></${name}>`],
    ['not ended by another raw text element', `<${name}></p></plaintext><a href=x></${name}><a href=«y»>`],
    ['not ended inside a comment, as there are none', `<${name}><!-- x </${name}><a href=«y»> -->`],
    ['ended after <', `<${name}><</${name}><a href=«y»>`],
    ['ended after </', `<${name}></</${name}><a href=«y»>`],
    ['unclosed', `<a href=«x»><${name}><a href=y>`],
    ['an end tag that is cut off', `<a href=«x»><${name}><a href=y></${name}`],
    ['an end tag whose attribute is cut off', `<a href=«x»><${name}><a href=y></${name} a="><a href=z>`],
    ['a start tag that is cut off', `<a href=«x»><${name} a="><a href=y>`],
    ['a stray end tag', `</${name}><a href=«x»>`],
    ['empty', `<${name}></${name}><a href=«x»>`],
    ['twice', `<${name}><a href=x></${name}><a href=«y»><${name}><a href=x></${name}><a href=«z»>`],
  ])('%s', (_, marked) => {
    expectSites(marked)
    expectSites(`<!doctype html><html><body><p>x</p>${marked}`)
  })
})

const otherNames: Table = [
  ['noscript is markup', '<noscript><a href=«x»></noscript>'],
  ['noscript in the head too', '<head><noscript><a href=«x»></noscript></head>'],
  ['pre and listing are markup', '<pre><a href=«x»></pre><listing><a href=«y»></listing>'],
  ['names that begin alike', '<styles><a href=«1»></styles><titlex><a href=«2»><script-x><a href=«3»>'],
  ['a NUL in the name', '<style\0><a href=«x»></style>'],
  ['letters that are none of ASCII', '<style></\u017ftyle><a href=x></style><\u017fcript><a href=«y»>'],
]

const scriptData: Table = [
  ['<!-- escapes: an end tag still ends it', '<script><!-- <a href=x></script><a href=«y»> -->'],
  ['<!--> does not escape', '<script><!--><script></script><a href=«y»></script>'],
  ['<!---> does not escape', '<script><!---><script></script><a href=«y»></script>'],
  ['<script> inside escapes twice', '<script><!--<script></script><a href=x></script><a href=«y»>'],
  ['<script> inside, with white space', '<script><!--<script </script><a href=x></script><a href=«y»>'],
  ['<script/ inside', '<script><!--<script/</script><a href=x></script><a href=«y»>'],
  ['<SCRIPT> inside', '<script><!--<SCRIPT></script><a href=x></script><a href=«y»>'],
  ['<scripty> inside does not', '<script><!--<scripty></script><a href=«x»></script>'],
  ['<script at once followed by </script>', '<script><!--<script</script><a href=«x»></script>'],
  [
    '<script> escapes twice again, once the first is ended',
    '<script><!--<script></script><script></script><a href=x></script><a href=«y»>',
  ],
  ['--> ends the escape', '<script><!--<script>--></script><a href=«x»>'],
  ['---> ends the escape', '<script><!--<script>---></script><a href=«x»>'],
  ['-- > does not', '<script><!--<script>-- ></script><a href=x></script><a href=«y»>'],
  ['a < between two hyphens starts anew', '<script><!--<script>-<-></script><a href=x></script><a href=«y»>'],
  ['a letter before -> does not', '<script><!--<script>x-></script><a href=x></script><a href=«y»>'],
  ['--!> does not', '<script><!--<script>--!></script><a href=x></script><a href=«y»>'],
  ['-> does not', '<script><!--<script>-></script><a href=x></script><a href=«y»>'],
  ['--\0> does not', '<script><!--<script>--\0></script><a href=x></script><a href=«y»>'],
  ['-< starts anew', '<script><!--<script>--<></script><a href=x></script><a href=«y»>'],
  ['a second <script> changes nothing', '<script><!--<script><script></script></script><a href=«x»>'],
  ['escaped again after -->', '<script><!-- --><!--<script></script><a href=x></script><a href=«y»>'],
  ['<script> outside an escape', '<script><script></script><a href=«x»></script>'],
  [
    '</scriptx> does not end the second escape',
    '<script><!--<script></scriptx></script><a href=x></script><a href=«y»>',
  ],
  ['</script/> ends the second escape', '<script><!--<script></script/><a href=x></script><a href=«y»>'],
  ['unclosed escape', '<a href=«x»><script><!-- <a href=y>'],
  ['unclosed second escape', '<a href=«x»><script><!--<script></script><a href=y>'],
  ['<!- is no escape', '<script><!-<script></script><a href=«x»></script>'],
  ['style has no escapes', '<style><!--<style></style><a href=«x»></style>'],
]

const plaintext: Table = [
  ['never ends', '<a href=«x»><plaintext></plaintext><a href=y>'],
  ['in upper case', '<PLAINTEXT><a href=x>'],
  ['self-closing', '<plaintext/><a href=x>'],
  ['in a button', '<button><plaintext></button><a href=x>'],
  ['its end tag alone means nothing', '</plaintext><a href=«x»>'],
  ['inside raw text', '<style><plaintext></style><a href=«x»>'],
  ['inside a comment', '<!-- <plaintext> --><a href=«x»>'],
  ['inside svg it is an element', '<svg><plaintext><a href=«x»></svg>'],
]

describe.each([
  ['other names', otherNames],
  ['script data', scriptData],
  ['plaintext', plaintext],
])('%s', (_, table) => {
  it.each(table)('%s: %j', (_, marked) => expectSites(marked))
})
