// Random email-like documents, from ordinary to hostile, built from parts that have tripped tokenizers before. What they reach
// of what the library can decide is measured: `npm run reach`.

import fc from 'fast-check'

/** What most links of most mails look like. */
const plainHrefs = [
  'https://example.com/',
  'https://example.com/a?b=1&amp;c=2',
  'https://www.example.org/news/2026?utm_source=x&utm_medium=email#top',
  'http://example.org/p#frag',
]

/** One of each form of a merge tag. */
export const mergeTagsInDocuments = [
  '{{name}}',
  '{%name%}',
  '*|NAME|*',
  '%%name%%',
  '<%name%>',
  '<<name>>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the tag looks like this
  '${name}',
  '[[name]]',
  '@@name@@',
  '{!name}',
  '{$name}',
  '{name}',
  '##name##',
  '#name#',
  '%name%',
  '[Two Words]',
]

/** By what becomes of them, so that each is reached as often as the others. */
const hrefs = {
  web: [
    'https://example.com/?a=1&copy=2&reg;=3&not',
    'https://example.com/?q=a b',
    '  https://example.com/x\n',
    'https://exa\tmple.com/tab',
    'https://m&uuml;nchen.example/&#x3D;&#0;&#128;',
    'https://user@example.com:8080/p(1)[0]',
    'https://example.com/--x--',
    'HTTPS://EXAMPLE.COM/%zz',
    'https:///three',
    'https://example.com/\ud800',
    'https://example.com/\u{1f600}\u00a0',
    'https://example.com/\0\r\n',
    'https://links.example.com/elsewhere',
    `https://example.com/${'long/'.repeat(60)}`,
  ],
  empty: ['', ' ', '\n\t'],
  'merge-tag': ['{{url}}', '*|URL|*', ...mergeTagsInDocuments.map((tag) => `https://example.com/?to=${tag}`)],
  fragment: ['#top', '#', ' #\n'],
  scheme: ['mailto:a@b.example', 'tel:1', 'myapp://x', 'javascript:void(0)'],
  relative: ['http:rel', '//example.com/x', 'page.html', '?q'],
  'invalid-url': ['https://', 'https://exa mple.com', 'https://1.2.3.999/'],
  'already-tracked': [
    'https://links.example.com/c/abc',
    'https://links.example.com/o/abc/0.gif',
    'HTTPS://old.example.com/c/abc',
  ],
  'too-long': [`https://example.com/${'l\u00f6ng/'.repeat(1200)}`],
}

/** One for each way to say "leave this link alone", values that do not say it, and a mark that the caller goes by. */
export const optOutsInDocuments = [
  'data-no-track',
  'ses:no-track',
  'clicktracking="off"',
  'clicktracking=" OFF "',
  'clicktracking="on"',
  'data-pm-no-track',
  'data-msys-clicktrack="0"',
  'data-msys-clicktrack="1"',
  'mc:disable-tracking=""',
  'disable-tracking="true"',
  'class="button untracked"',
  'class="Untracked"',
  'class="tracked" class="untracked"',
  'data-skip-click',
  'data-mautic-disable-tracking="true"',
  'mautic:disable-tracking',
  'data-ph-no-track',
  'autotrack="false"',
  'DATA-NO-TRACK=x',
  'id="keep"',
  'title="no data-no-track"',
]

/** What plainly written links carry besides. */
const plainAttributes = [
  'style="color:#fff"',
  'target="_blank"',
  'title="a > b"',
  'id="x"',
  'rel="noopener"',
  'id="keep"',
  'class="untracked"',
]

const quote = fc.constantFrom('"', "'", '')
const space = fc.constantFrom(' ', '\n', '\t', '\r\n', '\f', '/', '  ', '')
const href = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(...Object.values(hrefs).map((list) => fc.constantFrom(...list))) },
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

/** A link whose tag is whole, as most are. */
const link = (url: fc.Arbitrary<string>, more: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('a', 'a', 'a', 'a', 'A', 'area', 'v:rect'),
      fc.array(more, { maxLength: 2 }),
      fc.constantFrom('"', '"', "'"),
      url,
      fc.array(more, { maxLength: 2 }),
      fc.constantFrom('>', '>', ' >', '/>'),
    )
    .map(
      ([name, before, mark, text, after, end]) =>
        `<${[name, ...before, `href=${mark}${text.replaceAll(mark, mark === '"' ? '&quot;' : '&#39;')}${mark}`, ...after].join(' ')}${end}`,
    )

const plainLink = link(fc.constantFrom(...plainHrefs), fc.constantFrom(...plainAttributes))
const anyLink = link(
  fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...plainHrefs) }, { weight: 3, arbitrary: href }),
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...optOutsInDocuments) },
    { weight: 3, arbitrary: fc.constantFrom(...plainAttributes) },
  ),
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
  { weight: 5, arbitrary: anyLink },
  { weight: 2, arbitrary: plainLink },
  { weight: 4, arbitrary: tag(linkNames) },
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
  fc.array(piece, { maxLength, size: 'max' }).map((list) => list.join(''))

const ordinaryBody = join(
  fc.oneof(
    fc.tuple(fc.oneof(plainLink, anyLink)).map(([tag]) => `${tag}x</a>`),
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

/** Tags as newsletters spell them, one beside the other as the fast paths take them. */
const plainTag = fc.constantFrom(
  '<table width="100%" cellpadding="0" role="presentation">',
  '<tr>',
  '<td align="center" style="padding: 0 10px">',
  '</td></tr></table>',
  '<p style="margin:0">',
  '</p>',
  '<span class="a b">x</span>',
  '<img src="https://example.com/a.png" alt="" />',
  '<br/>',
  '<br>',
  '<b>y</b>',
  '<ul><li>z</li></ul>',
  '<a href="https://example.org/?a=1&amp;b=2" target="_blank" style="color:#fff">w</a>',
  '<a style="color:#fff" href="https://example.org/c" >w</a>',
  '<a href="https://example.org/d" class="untracked">w</a>',
  '<a id="keep" href="https://example.org/f">w</a>',
  '<h1 id="a">v</h1>',
  '</body>',
  '</html>',
  '<style>p{}</style>',
  '<!--[if mso]><a href="https://example.org/e">x</a><![endif]-->',
  'Hello, ',
  '\r\n',
)

/** What tokenizers turn on. */
const unit = fc.constantFrom(...'<>/="\'-! \t\n\f\r\0&aAbhx\u00e9\u{1f600}')

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat({ max: 2 }),
  put: fc.option(unit),
})

/** Plainly spelled mail in which single characters were changed: what the fast paths take, and what they must not. */
export const changedMail: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('<!doctype html><html><body>', '<div>', ''),
    fc.array(plainTag, { maxLength: 12 }),
    fc.array(change, { maxLength: 3 }),
  )
  .map(([start, tags, changes]) => {
    let html = start + tags.join('')
    for (const { at, drop, put } of changes) {
      const index = Math.floor(at * html.length)
      html = html.slice(0, index) + (put ?? '') + html.slice(index + drop)
    }
    return html
  })

/** Documents without svg, math, select, template and frameset: every site has to be found. */
export const flatDocument: fc.Arbitrary<string> = join(flat, 24)

/** Documents with them. */
export const treeDocument: fc.Arbitrary<string> = join(
  fc.oneof({ weight: 3, arbitrary: flat }, { weight: 2, arbitrary: tag(treeNames) }),
  24,
)

/** Anything at all, with a link thrown in now and then. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
      {
        weight: 3,
        arbitrary: fc.string({
          unit: fc.constantFrom(...'<>/="\'-![]&; \n\r\0\fabhrefHREFsvtpmoi:?#x'),
          maxLength: 60,
        }),
      },
      { weight: 1, arbitrary: anyLink },
    ),
    { maxLength: 3 },
  )
  .map((list) => list.join(''))

export const anyDocument: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: ordinaryDocument },
  { weight: 3, arbitrary: flatDocument },
  { weight: 3, arbitrary: treeDocument },
  { weight: 1, arbitrary: anyText },
)

/** What the properties try one by one. */
export const kinds = {
  newsletters: ordinaryDocument,
  'plain mail, single characters changed': changedMail,
  'tag soup': flatDocument,
  'tag soup with svg, math, select, template, frameset': treeDocument,
  'any text': anyText,
} as const
