// Owns texts that are made to be slow: each breaks a scanner that looks ahead without remembering, or that gives back
// what it has read.

export interface HostileInput {
  readonly name: string
  /** How many of its parts; the run takes a quarter of it, then all. */
  readonly count: number
  build(count: number): string
}

const repeated = (name: string, part: string, count = 400_000, lead = '', end = ''): HostileInput => ({
  name,
  count,
  build: (times) => lead + part.repeat(times) + end,
})

export const hostileInputs: readonly HostileInput[] = [
  repeated('unclosed double quotes', '<p a="'),
  repeated('unclosed single quotes', "<p a='"),
  repeated('quotes that close in the next tag', '<p a="x>'),
  repeated('unclosed links', '<a '),
  repeated('links with an unclosed href', '<a href="'),
  repeated('comment openers', '<!--'),
  repeated('comments that end in the next but one', '<!-- -- >'),
  repeated('empty comments', '<!---->'),
  repeated('conditional comment openers', '<!--[if'),
  repeated('conditional comments without an end', '<!--[if mso]><a href="https://example.com/">'),
  repeated('conditional comments', '<!--[if mso]><a href="https://example.com/">x</a><![endif]-->', 100_000),
  repeated('ends of conditions without a comment', '<![endif]-->'),
  repeated('conditions without an end', '<!--[if mso]>-->'),
  repeated('beginnings of </body>', '</bod'),
  repeated('</body> tags', '</body>'),
  repeated('<body> tags', '<body>'),
  repeated('unclosed tags', '<div'),
  repeated('open tags', '<div>'),
  repeated('formatting elements', '<b><i><font>'),
  repeated('unclosed style elements', '<style>'),
  repeated('style elements', '<style></style>'),
  repeated('ends of style in style', '</styl', 400_000, '<style>'),
  repeated('unclosed textarea elements', '<textarea>'),
  repeated('script escapes', '<!--<script>', 400_000, '<script>'),
  repeated('nested svg', '<svg>'),
  repeated('svg with stray end tags', '<svg></p>'),
  repeated('nested templates', '<template>'),
  repeated('selects', '<select><option>'),
  repeated('tables', '<table><tr><td>'),
  repeated('`<` runs', '<', 4_000_000),
  repeated('`</` runs', '</', 2_000_000),
  repeated('`<!` runs', '<!', 2_000_000),
  repeated('`<a` runs', '<a', 2_000_000),
  repeated('quote runs in a tag', '"', 4_000_000, '<a '),
  repeated('`=` runs in a tag', '=', 4_000_000, '<a '),
  repeated('`/` runs in a tag', '/', 4_000_000, '<a '),
  repeated('white space in a tag', ' ', 4_000_000, '<a '),
  repeated('white space in an end tag', ' ', 4_000_000, '</a'),
  repeated('attributes of a link', ' b="c"', 400_000, '<a href="https://example.com/"', '>'),
  repeated('hrefs of one link', ' href="https://example.com/"', 400_000, '<a', '>'),
  repeated('attributes of a paragraph', ' b="c"', 400_000, '<p', '>'),
  repeated('paragraphs with an attribute too many', `<p${' a="b"'.repeat(13)}>`, 100_000),
  repeated('entities in an href', '&amp;', 400_000, '<a href="https://example.com/?', '">'),
  repeated('unfinished entities in an href', '&amp', 400_000, '<a href="https://example.com/?', '">'),
  repeated('ampersands in an href', '&', 4_000_000, '<a href="https://example.com/?', '">'),
  repeated('white space in an href', '\n', 4_000_000, '<a href="', '">'),
  repeated('white space within an href', ' ', 4_000_000, '<a href="https://example.com/', 'x">'),
  repeated('percent signs in an href', '%', 4_000_000, '<a href="https://example.com/', '">'),
  repeated('braces in an href', '{', 4_000_000, '<a href="https://example.com/', '">'),
  repeated('brackets in an href', '[a', 2_000_000, '<a href="https://example.com/', '">'),
  repeated('merge tag openers in hrefs', '<a href="https://example.com/{{*|%%<%">', 100_000),
  repeated('labels in a host', 'a.', 2_000_000, '<a href="https://', '">'),
  repeated('tracking paths in an href', '/c/', 1_000_000, '<a href="https://example.com', '">'),
  repeated('tiny links', '<a href=//a>x</a>', 1_000_000),
  repeated('tiny links that are tracked', '<a href=http://a.b>x</a>', 400_000),
  repeated('one plain text', 'x', 50_000_000),
  repeated('one attribute of 50 MB', 'x', 50_000_000, '<p title="', '">'),
  repeated('one attribute of 50 MB in a link', 'x', 50_000_000, '<a href="https://example.com/" title="', '">'),
  repeated('one unclosed attribute of 50 MB', 'x', 50_000_000, '<p title="'),
  repeated('one tag name of 50 MB', 'x', 50_000_000, '<'),
  repeated('two-byte text', '\u{1f389}<', 1_000_000),
]
