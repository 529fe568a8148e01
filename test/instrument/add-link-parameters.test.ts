import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLinkParameters, instrumentEmail, type LinkSite } from '../../src/index.ts'
import { corpusHint, readEmails } from '../differential/corpus.ts'
import { anyDocument } from '../kit/documents.ts'
import { fixed, signedDomain } from '../kit/domains.ts'
import { judgeSites } from '../kit/judge.ts'

const utm = (): Record<string, string> => ({ utm_source: 'newsletter', 'copy of': 'a&b' })
const added = 'utm_source=newsletter&amp;copy+of=a%26b'

describe('parameters go into the query', () => {
  it.each([
    ['without one', '"https://example.org/"', `"https://example.org/?${added}"`],
    ['without a path', '"https://example.org"', `"https://example.org?${added}"`],
    ['with one', '"https://example.org/?a=1"', `"https://example.org/?a=1&amp;${added}"`],
    ['with an empty one', '"https://example.org/?"', `"https://example.org/?${added}"`],
    ['with a question mark at its end', '"https://example.org/?q=why?"', `"https://example.org/?q=why?&amp;${added}"`],
    ['behind a reference without its semicolon', '"https://example.org/&#47"', `"https://example.org/&#47;?${added}"`],
    ['behind an open one by name', '"https://example.org/?a&amp"', `"https://example.org/?a&amp;&amp;${added}"`],
    [
      'behind an open one that is the question mark',
      '"https://example.org/&#63"',
      `"https://example.org/&#63;${added}"`,
    ],
    ['behind what is no reference', '"https://example.org/?a&b"', `"https://example.org/?a&b&amp;${added}"`],
    ['with one that ends in &', '"https://example.org/?a&"', `"https://example.org/?a&&amp;${added}"`],
    ['before a fragment', '"https://example.org/#top"', `"https://example.org/?${added}#top"`],
    ['before one that has a ?', '"https://example.org/#a?b"', `"https://example.org/?${added}#a?b"`],
    ['before an empty one', '"https://example.org/?a#"', `"https://example.org/?a&amp;${added}#"`],
    [
      'before one written as a reference',
      '"https://example.org/?a&#35;b"',
      `"https://example.org/?a&amp;${added}&#35;b"`,
    ],
    ['before one written by name', '"https://example.org/&num;b"', `"https://example.org/?${added}&num;b"`],
    ['behind references that are none', '"https://example.org/&#38;#b"', `"https://example.org/&#38;?${added}#b"`],
    ['before white space', '" https://example.org/ \n"', `" https://example.org/?${added} \n"`],
    [
      'before white space as a reference',
      '"https://example.org/&#32;&#x9;"',
      `"https://example.org/?${added}&#32;&#x9;"`,
    ],
    ['before a carriage return', '"https://example.org/?a\r"', `"https://example.org/?a&amp;${added}\r"`],
    ['behind an exclamation mark', '"https://example.org/?a!"', `"https://example.org/?a!&amp;${added}"`],
    [
      'behind what is no reference, with one in the fragment',
      '"https://example.org/?a&b#x&amp;y"',
      `"https://example.org/?a&b&amp;${added}#x&amp;y"`,
    ],
    ['between single quotes', "'https://example.org/'", `'https://example.org/?${added}'`],
    ['without quotes', 'https://example.org/ ', `https://example.org/?${added} `],
    [
      'with what is no reference before it',
      '"https://example.org/?a=1&copy=2"',
      `"https://example.org/?a=1&copy=2&amp;${added}"`,
    ],
  ])('%s', (_, href, expected) => {
    const { html, links } = addLinkParameters(`<p><a href=${href}>x</a>`, utm)
    expect(html).toBe(`<p><a href=${expected}>x</a>`)
    expect(links).toMatchObject([{ kind: 'extended', destination: judgeSites(html)[0]!.href.trim() }])
  })

  it('behind what is no reference, with a carriage return in the fragment', () => {
    const { html } = addLinkParameters('<a href="https://example.org/?a&b#\r">x</a>', utm)
    expect(html).toBe(`<a href="https://example.org/?a&b&amp;${added}#\r">x</a>`)
  })

  it.each([
    ['a name of digits', '&#63', { '1': 'x' }, 'https://example.org/?1=x'],
    ['a name that begins with a hex digit', '&#x3f', { fbclid: 'b' }, 'https://example.org/?fbclid=b'],
  ])('%s does not go on with a reference', (_, end, parameters, destination) => {
    const { html, links } = addLinkParameters(`<a href="https://example.org/${end}">x</a>`, () => parameters)
    expect(links).toMatchObject([{ kind: 'extended', destination }])
    expect(judgeSites(html)[0]!.href).toBe(destination)
  })

  it('in a conditional comment, quotes in a value without quotes are kept', () => {
    const html = '<!--[if mso]><a href=https://e.example/?q="x>x</a><![endif]-->'
    const result = addLinkParameters(html, () => ({ a: 'b' }))
    expect(result.html).toBe('<!--[if mso]><a href="https://e.example/?q=&quot;x&amp;a=b">x</a><![endif]-->')
    expect(judgeSites(result.html).map(({ href }) => href)).toEqual(['https://e.example/?q="x&a=b'])
  })

  it('in a conditional comment, where a value without quotes gets some', () => {
    const html = '<!--[if mso]><v:r href=https://example.org/></v:r><![endif]-->'
    expect(addLinkParameters(html, () => ({ a: '--' })).html).toBe(
      '<!--[if mso]><v:r href="https://example.org/?a=--"></v:r><![endif]-->',
    )
  })
})

describe('only names that are new', () => {
  it.each([
    ['one of two', 'https://example.org/?utm_source=x', 'https://example.org/?utm_source=x&amp;copy+of=a%26b'],
    ['none', 'https://example.org/?utm_source=x&amp;copy%20of=', null],
    ['in any writing', 'https://example.org/?utm%5Fsource&amp;copy+of', null],
    ['not in the fragment', 'https://example.org/#utm_source=x', `https://example.org/?${added}#utm_source=x`],
  ])('%s', (_, href, expected) => {
    const { html, links } = addLinkParameters(`<a href="${href}">x</a>`, utm)
    expect(html).toBe(`<a href="${expected ?? href}">x</a>`)
    expect(links).toMatchObject([expected === null ? { kind: 'skipped', reason: 'caller' } : { kind: 'extended' }])
  })
})

describe('what tracking leaves alone is left alone', () => {
  it.each([
    ['opt-out', '<a data-no-track href="https://example.org/">'],
    ['merge-tag', '<a href="https://example.org/{{x}}">'],
    ['scheme', '<a href="mailto:a@b.example">'],
    ['relative', '<a href="/x">'],
    ['fragment', '<a href="#x">'],
    ['empty', '<a href="">'],
    ['invalid-url', '<a href="https://a b/">'],
    ['ambiguous-markup', '<svg></b><a href="https://example.org/">'],
    ['too-long', `<a href="https://example.org/${'a'.repeat(8170)}">`],
    ['too-long', `<a href="https://example.org/${'\u4e2d'.repeat(1000)}">`],
  ])('%s', (reason, html) => {
    const result = addLinkParameters(html, utm)
    expect(result.html).toBe(html)
    expect(result.links).toMatchObject([{ kind: 'skipped', reason }])
  })
})

it.each([
  [{ name: '{{name}}' }, 'merge-tag'],
  [{ '{A': '}' }, 'merge-tag'],
  [{ long: 'x'.repeat(8192) }, 'too-long'],
])('parameters that would make a link one that is left alone are not added: %j', (parameters, reason) => {
  const html = '<a href="https://example.org/">x</a>'
  expect(addLinkParameters(html, () => parameters)).toMatchObject({ html, links: [{ kind: 'skipped', reason }] })
})

it('parameters that would make a redirect too long are not added', () => {
  // Each of these becomes nine characters: 8,120 without the parameters.
  const html = `<a href="https://example.org/${'\u4e2d'.repeat(900)}">x</a>`
  expect(addLinkParameters(html, () => ({ a: 'x'.repeat(60) })).links).toMatchObject([{ kind: 'extended' }])
  expect(addLinkParameters(html, () => ({ a: 'x'.repeat(80) }))).toMatchObject({
    html,
    links: [{ kind: 'skipped', reason: 'too-long' }],
  })
})

it('the callback is told of each web link', () => {
  const asked: LinkSite[] = []
  const html = '<a href="#x">x</a><a data-link-name="shop" href="https://example.org/?a&amp;b" id=i>y</a>'
  addLinkParameters(html, (link) => {
    asked.push(link)
    return null
  })
  expect(asked).toMatchObject([
    {
      index: 1,
      element: 'a',
      name: 'shop',
      destination: 'https://example.org/?a&b',
      attributes: { id: 'i' },
      start: html.indexOf('https:'),
      end: html.indexOf('" id'),
    },
  ])
})

describe('what is refused', () => {
  it.each([
    ['utm_source=x', 'parameters is "utm_source=x": use a function'],
    [() => 'a=b', 'parameters gives "a=b": give an object of texts, or null'],
    [() => undefined, 'parameters gives undefined: give an object of texts, or null'],
    [() => ['a'], 'parameters gives an array: give an object of texts, or null'],
    [async () => ({ a: 'b' }), 'parameters gives an object: give an object of texts, or null'],
    [() => new Map([['a', 'b']]), 'parameters gives an object: give an object of texts, or null'],
    [() => new URLSearchParams({ a: 'b' }), 'parameters gives an object: give an object of texts, or null'],
    [() => ({ a: 1 }), 'parameters gives 1 for "a": give a text'],
  ])('%s', (parameters, message) =>
    expect(() => addLinkParameters('<a href="https://example.org/">', parameters as unknown as () => null)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    ),
  )
  it('HTML that is none', () =>
    expect(() => addLinkParameters(null as unknown as string, () => null)).toThrow(
      new TypeError("html is null: pass the email's HTML as a string or a Uint8Array"),
    ))
})

type Parameters = Record<string, string>

/** The query as it must be then. */
function extend(destination: string, parameters: Parameters): string {
  const query = new URL(destination).searchParams
  const known = new Set(query.keys())
  for (const [name, value] of Object.entries(parameters)) if (!known.has(name)) query.append(name, value)
  return query.toString()
}

function check(html: string, parameters: Parameters): void {
  const result = addLinkParameters(html, () => parameters)
  const options = { ...fixed, openTracking: false, maxUrlLength: 8192 } as const
  const before = instrumentEmail(html, signedDomain, options).links
  const after = instrumentEmail(result.html, signedDomain, options).links
  // No link is lost, and what parse5 sees is what was said.
  expect(after.length).toBe(before.length)
  const seen = judgeSites(result.html)
  if (seen.length === result.links.length) {
    for (const [index, link] of result.links.entries()) {
      if (link.kind === 'extended') expect(clean(seen[index]!.href)).toBe(link.destination)
    }
  }
  for (const [index, link] of result.links.entries()) {
    const [one, other] = [before[index]!, after[index]!]
    if (link.kind === 'skipped') {
      expect(html.slice(one.start, one.end)).toBe(result.html.slice(other.start, other.end))
      continue
    }
    // It commutes with instrumenting: the tracked destination is the one that was extended.
    if (one.kind === 'tracked') expect(other).toMatchObject({ kind: 'tracked', destination: link.destination })
    const [from, to] = [new URL(link.before), new URL(link.destination)]
    expect([to.origin, to.pathname, to.hash]).toEqual([from.origin, from.pathname, from.hash])
    expect(new URLSearchParams(to.search).toString()).toBe(extend(link.before, parameters))
  }
  expect(addLinkParameters(result.html, () => parameters).html).toBe(result.html)
}

/** As URL cleans a value up. */
const clean = (href: string): string =>
  href
    .replace(/^[\0-\x20]+|[\0-\x20]+$/g, '')
    .replace(/[\t\n\r]/g, '')
    .toWellFormed()

const parameters = fc.dictionary(
  fc.oneof(fc.constantFrom('a', '1', 'fbclid', 'copy', 'amp', 'x y', 'é'), fc.string({ minLength: 1, maxLength: 4 })),
  fc.oneof(fc.constantFrom('', '--', '#', '"'), fc.string({ maxLength: 4 })),
  { minKeys: 1, maxKeys: 3 },
)
const piece = fc.constantFrom(
  ...'?&#/=;"ab1',
  ...['&#63', '&#x3f', '&#35', '&amp', '&amp;', '&copy', '&num;', '&quot', '&lt', '%', ' ', 'a=b'],
)
const awkwardLinks = fc
  .tuple(fc.constantFrom('"', "'", ''), fc.array(piece, { maxLength: 6 }), fc.boolean())
  .map(([mark, pieces, inComment]) => {
    const link = `<a href=${mark}https://example.org/${pieces.join('').replaceAll(mark || ' ', '')}${mark}>x</a>`
    return inComment ? `<!--[if mso]>${link}<![endif]-->` : link
  })

describe('always', () => {
  it('any document', () => {
    fc.assert(fc.property(fc.oneof(anyDocument, awkwardLinks), parameters, check), { numRuns: 500 })
  })

  const emails = readEmails()
  it.runIf(emails.length > 0)(`real mail${corpusHint}`, () => {
    for (const { text } of emails) check(text, utm())
  })
})
