// Random email-like documents, from ordinary to hostile, built from parts that have tripped tokenizers before.

import fc from 'fast-check'

const hrefs = [
  'https://example.com/',
  'https://example.com/a?b=1&amp;c=2',
  'https://example.com/?a=1&copy=2&reg;=3&not',
  'http://example.org/p#frag',
  'https://example.com/?q=a b',
  '  https://example.com/x\n',
  'https://exa\tmple.com/tab',
  'https://m&uuml;nchen.example/&#x3D;&#0;&#128;',
  'https://user@example.com:8080/p(1)[0]',
  'https://example.com/--x--',
  'HTTPS://EXAMPLE.COM/%zz',
  'https:///three',
  'http:rel',
  '//example.com/x',
  'https://',
  'https://exa mple.com',
  'https://1.2.3.999/',
  'mailto:a@b.example',
  'tel:1',
  'myapp://x',
  'javascript:void(0)',
  '#top',
  '',
  ' ',
  '{{url}}',
  'https://example.com/{{x}}',
  'https://links.example.com/c/abc',
  'https://example.com/\ud800',
  'https://example.com/\u{1f600}\u00a0',
  'https://example.com/\0\r\n',
]

const quote = fc.constantFrom('"', "'", '')
const space = fc.constantFrom(' ', '\n', '\t', '\r\n', '\f', '/', '  ', '')
const href = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hrefs) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)

const value = fc.oneof(href, fc.constantFrom('x', 'a > b', '<a href=x>', '-->', '</style>', 'text/html'))
const attribute = fc
  .tuple(
    space,
    fc.constantFrom(
      'href',
      'HREF',
      'href',
      'data-href',
      'title',
      'class',
      'style',
      '=href',
      'hre\0f',
      '"',
      'data-no-track',
      'color',
      'encoding',
      'a<b',
    ),
    fc.constantFrom('=', ' = ', '=\n', '', '=='),
    quote,
    value,
  )
  .map(
    ([gap, name, sign, mark, text]) =>
      `${gap === '' ? ' ' : gap}${name}${sign}${sign === '' ? '' : `${mark}${text}${mark}`}`,
  )

const attributes = fc.array(attribute, { maxLength: 3 }).map((list) => list.join(''))
const tagEnd = fc.constantFrom('>', '>', '>', '/>', ' >', ' / >', '', '\n>')

const plainNames = [
  'p',
  'div',
  'td',
  'tr',
  'table',
  'tbody',
  'b',
  'i',
  'font',
  'span',
  'br',
  'img',
  'center',
  'h1',
  'ul',
  'li',
  'nobr',
  'button',
  'caption',
  'form',
  'input',
  'option',
  'ruby',
  'object',
  'colgroup',
  'o:p',
  'abbr',
]
const linkNames = ['a', 'A', 'area', 'AREA', 'v:roundrect', 'V:rect', 'abbr', 'link', 'base']
const headNames = ['html', 'head', 'body', 'BODY', 'meta', 'title', 'noscript', 'style', 'link']
const rawNames = [
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
  'STYLE',
  'Script',
]
const treeNames = [
  'svg',
  'math',
  'select',
  'template',
  'frameset',
  'desc',
  'foreignObject',
  'mi',
  'annotation-xml',
  'mtext',
  'col',
  'g',
  'path',
  'option',
  'textpath',
  'frame',
]

const tag = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...names), attributes, tagEnd)
        .map(([name, list, end]) => `<${name}${list}${end}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...names), fc.constantFrom('>', '>', ' x="a>b">', '/>', ' ', ''))
        .map(([name, end]) => `</${name}${end}`),
    },
  )

const text = fc.oneof(
  fc.constantFrom(
    'text',
    ' ',
    '\n',
    '&amp;',
    '<',
    '</',
    '<!',
    '<?',
    '\0',
    '\r',
    'a < b',
    '\u{1f600}',
    ']]>',
    '-->',
    '--!>',
    '"',
    "'",
    '>',
    '<![endif]',
    '\ufeff',
  ),
  fc.string({ unit: fc.constantFrom(...'<>/="\'-![]& \n\r\0aAvp:?'), maxLength: 12 }),
)

const declaration = fc.constantFrom(
  '<!doctype html>',
  '<!DOCTYPE html PUBLIC "a>b">',
  '<!-->',
  '<!--->',
  '<!---->',
  '<!-- x -->',
  '<!-- <a href=x> -->',
  '<!--x--!>',
  '<!--x--!-->',
  '<!--',
  '<!x>',
  '<?php x ?>',
  '</ x>',
  '</>',
  '<![CDATA[',
  '<![CDATA[ <a href=https://example.com/c> ]]>',
  '<![if !mso]>',
  '<![endif]>',
  '<!--[if !mso]><!-->',
  '<!--<![endif]-->',
  '<!--[if mso',
  '<!--[if mso]>',
  '<![endif]-->',
)

const scripts = fc.constantFrom(
  '<script><!--<script></script>-->',
  '<script><!-- </script>',
  '<script><!--<script></script><a href=x></script>',
  '<script></scriptx></script>',
  '<script><!--></script>',
  '<script><!--->x</script>',
  '<style></style ',
  '<title></titl></title>',
  '<textarea></textarea/x="',
  '<script>-->',
  '<script><!--<scripty></script>',
)

const conditional = (content: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('[if mso]>', '[if gte mso 9]>', '[if (mso)|(IE)]>', '[if mso', '[if]>'),
      content,
      fc.constantFrom('<![endif]', '', '<![endif]<![endif]'),
    )
    .map(([start, inside, end]) => `<!--${start}${inside}${end}-->`)

/** What most mail is made of: no tag whose meaning hangs on the whole tree. */
const flatPiece = fc.oneof(
  { weight: 6, arbitrary: tag(linkNames) },
  { weight: 6, arbitrary: tag(plainNames) },
  { weight: 3, arbitrary: tag(headNames) },
  { weight: 2, arbitrary: tag(rawNames) },
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: declaration },
  { weight: 1, arbitrary: scripts },
)
const flatContent = fc.array(flatPiece, { maxLength: 5 }).map((list) => list.join(''))
const flat = fc.oneof({ weight: 12, arbitrary: flatPiece }, { weight: 1, arbitrary: conditional(flatContent) })

const join = (piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength }).map((list) => list.join(''))

const ordinaryBody = join(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('a', 'A', 'area'), fc.constantFrom(...hrefs))
      .map(([name, url]) => `<${name} href="${url.replaceAll('"', '&quot;')}">x</${name}>`),
    fc.constantFrom(
      '<p>',
      '</p>',
      '<table><tr><td>',
      '</td></tr></table>',
      'Hello ',
      '<b>x</b>',
      '<img src="x.png">',
      '<br>',
      '<!--[if mso]><v:roundrect href="https://example.com/v"></v:roundrect><![endif]-->',
      '<div style="a:b">',
      '</div>',
      '\n',
    ),
  ),
  20,
)

/** Documents as newsletters are written. */
export const ordinaryDocument: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('<!doctype html>', ''), ordinaryBody, fc.boolean())
  .map(([doctype, body, whole]) =>
    whole ? `${doctype}<html><head><title>t</title><style>p{}</style></head><body>${body}</body></html>` : body,
  )

/** Documents without svg, math, select, template and frameset: every site has to be found. */
export const flatDocument: fc.Arbitrary<string> = join(flat, 24)

/** Documents with them. */
export const treeDocument: fc.Arbitrary<string> = join(
  fc.oneof({ weight: 3, arbitrary: flat }, { weight: 2, arbitrary: tag(treeNames) }),
  24,
)

/** Anything at all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'<>/="\'-![]&; \n\r\0\fabhrefHREFsvtpmoi:?#x'), maxLength: 80 }),
)

export const anyDocument: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: ordinaryDocument },
  { weight: 3, arbitrary: flatDocument },
  { weight: 3, arbitrary: treeDocument },
  { weight: 1, arbitrary: anyText },
)
