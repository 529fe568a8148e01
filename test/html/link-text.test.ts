// The visible text of a link: what a reader compares with where it leads.

import fc from 'fast-check'
import { type DefaultTreeAdapterMap, parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { readLinkText } from '../../src/html/link-text.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'

const textsOf = (html: string): readonly string[] =>
  scanLinks(readMarkup(html)).sites.map((site) => readLinkText(readMarkup(html), site))

const rows: readonly [what: string, html: string, ...texts: string[]][] = [
  ['text', '<a href=x>Read more</a> and more', 'Read more'],
  ['nothing', '<a href=x></a>x', ''],
  ['tags are taken out', '<a href=x><b class="x">R</b>ea<wbr>d<br></a>', 'Read'],
  ['an image has no text', '<a href=x><img alt="logo" src=y></a>', ''],
  ['a tag with a > in its quotes', '<a href=x>a<b title=">">b</b></a>', 'ab'],
  ['comments are taken out', '<a href=x>a<!-- </a> -->b<!x>c<?y?>d</ z>e</a>', 'abcde'],
  ['conditional comments too', '<a href=x><!--[if mso]>&nbsp;<![endif]-->a<![if !mso]>b<![endif]></a>', 'ab'],
  ['raw text is taken out', '<a href=x>a<style></a>b</style>c<script>d</script>e<title>f</title>g</a>', 'aceg'],
  ['raw text that nothing ends', '<a href=x>a<style>b</a>', 'a'],
  ['a raw end tag that is cut off', '<a href=x>a<style>b</style', 'a'],
  ['plaintext ends it', '<a href=x>a<plaintext>b</a>', 'a'],
  ['character references are decoded once', '<a href=x>a &amp;lt; &#98;&eacute;&copy c</a>', 'a &lt; b\u00e9\u00a9 c'],
  ['by the rule of text, not of attributes', '<a href=x>a&copy=1</a>', 'a\u00a9=1'],
  ['but not over tags', '<a href=x>&am<b>p;</b>&l<!---->t;</a>', '&amp;&lt;'],
  ['white space is collapsed', '<a href=x>\r\n a \t\f<b> b</b>\n</a>', 'a b'],
  ['a no-break space stays', '<a href=x>\u00a0a&nbsp; b</a>', '\u00a0a\u00a0 b'],
  ['NUL is dropped', '<a href=x>a\0b</a>', 'ab'],
  ['a < that is text', '<a href=x>a < b <3 <</a>', 'a < b <3 <'],
  ['up to the end tag in upper case', '<A HREF=x>a</b>b</A>c', 'ab'],
  ['no other end tag ends it', '<a href=x>a</abbr></area>b</a>c', 'ab'],
  ['up to the next link', '<a href=x>a<a href=y>b', 'a', 'b'],
  ['up to the next a, link or not', '<a href=x>a<a name=y>b', 'a'],
  ['not up to an area', '<a href=x>a<area href=y>b</a>', 'ab', ''],
  ['up to the end of the mail', '<a href=x>a', 'a'],
  ['up to a tag that is cut off', '<a href=x>a<b', 'a'],
  ['up to an end tag that is cut off', '<a href=x>a<b>b</', 'ab'],
  ['a CDATA section is a comment up to its first >', '<a href=x>a<![CDATA[b>c]]>d</a>', 'ac]]>d'],
  ['up to a comment that nothing ends', '<a href=x>a<!-- b', 'a'],
  ['the fast path knows where its tag ends', '<body><a id="a" href="x" title="b">c</a>', 'c'],
  ['an unquoted href', '<a href=x>>a</a>', '>a'],
  ['an area holds no text', '<area href=x>a', ''],
  ['a VML element', '<v:roundrect href=x><w:anchorlock/><center>Buy</center></V:RoundRect>c', 'Buy'],
  ['another VML element does not end it', '<v:rect href=x>a<v:oval></v:oval>b</v:rect>', 'ab'],
  ['a VML element that closes itself', '<v:rect href="x"/>a', ''],
  ['an a never closes itself', '<a href="x"/>a', 'a'],
  ['in a conditional comment', '<p><!--[if mso]><v:rect href="x"><center>a</center></v:rect>b<![endif]-->c', 'a'],
  ['up to its endif', '<!--[if mso]><a href="x">a<![endif]-->b</a>', 'a'],
  ['up to its end', '<!--[if mso]><a href="x">a-->b</a>', 'a'],
  ['up to its end with a !', '<!--[if mso]><a href="x">a--!>b</a>', 'a'],
  ['outside one, such ends are text', '<a href=x>a-->b--!>c</a>', 'a-->b--!>c'],
  ['after a stop', '<svg></i><a href=x>a<b>b</b></a>c', 'ab'],
  ['of a long link, what is within 8,192 characters', `<a href=x>${'<b>x'.repeat(4000)}`, 'x'.repeat(2048)],
  ['a tag over the bound is not text', `<a href=x>${'x'.repeat(8190)}<b>y`, 'x'.repeat(8190)],
]

describe('the text of a link', () => {
  it.each(rows)('%s: %s', (_, html, ...texts) => expect(textsOf(html)).toEqual(texts))

  it('is what parse5 has as its text', () => {
    const piece = fc.constantFrom(
      ...[
        'x',
        ' ',
        '\n',
        '&amp;',
        '&amp',
        '&lt;',
        '&nbsp',
        '&eacute;',
        '&#x41',
        '<',
        '< ',
        '&',
        ';',
        'é',
        '\u{1f600}',
        '>',
      ],
      ...[
        '<b>',
        '</b>',
        '<i class="a>b">',
        '</i>',
        '<span>',
        '</span>',
        '<br>',
        '<img alt=x>',
        '<B\n>',
        '</>',
        '</ x>',
      ],
      ...[
        '<!-- x -->',
        '<!-->',
        '<!--a--!>',
        '<!x>',
        '<?x>',
        '<style>a</style>',
        '<script><!--</script>',
        '<textarea>x</textarea>',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const html = `<body><a href="x">${pieces.join('')}</a>y`
        expect(textsOf(html)).toEqual([
          textOf(parse(html))
            .replace(/[\t\n\f\r ]+/g, ' ')
            .replace(/^ | $/g, ''),
        ])
      }),
    )
  })

  it('of 2,000 links that nothing ends is read in no time', () => {
    const html = `${'<v:x href=y>'.repeat(2_000)}<a href=x>${'<b x="'.repeat(100_000)}`
    expect(textsOf(html).at(-1)).toBe('')
  })
})

/** The text in the link, without that of raw text elements. */
function textOf(node: DefaultTreeAdapterMap['node'], inLink = false): string {
  if ('value' in node) return inLink ? node.value : ''
  if (!('childNodes' in node)) return ''
  const name = 'tagName' in node ? node.tagName : ''
  if (['style', 'script', 'textarea'].includes(name)) return ''
  return node.childNodes.map((child) => textOf(child, inLink || name === 'a')).join('')
}
