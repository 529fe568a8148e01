import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLinkParameters, instrumentEmail, type LinkSite } from '../../src/index.ts'
import { corpusHint, readEmails } from '../differential/corpus.ts'
import { anyDocument } from '../documents.ts'
import { fixed, signedDomain } from '../fidelity.ts'
import { judgeSites } from '../judge.ts'

const utm = (): Record<string, string> => ({ utm_source: 'newsletter', 'copy of': 'a&b' })
const added = 'utm_source=newsletter&amp;copy+of=a%26b'

describe('parameters go into the query', () => {
  it.each([
    ['without one', '"https://example.org/"', `"https://example.org/?${added}"`],
    ['without a path', '"https://example.org"', `"https://example.org?${added}"`],
    ['with one', '"https://example.org/?a=1"', `"https://example.org/?a=1&amp;${added}"`],
    ['with an empty one', '"https://example.org/?"', `"https://example.org/?${added}"`],
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
  ])('%s', (reason, html) => {
    const result = addLinkParameters(html, utm)
    expect(result.html).toBe(html)
    expect(result.links).toMatchObject([{ kind: 'skipped', reason }])
  })
})

it('the callback is told of each web link', () => {
  const asked: LinkSite[] = []
  addLinkParameters(
    '<a href="#x">x</a><a data-link-name="shop" href="https://example.org/?a&amp;b" id=i>y</a>',
    (link) => {
      asked.push(link)
      return null
    },
  )
  expect(asked).toMatchObject([
    { index: 1, element: 'a', name: 'shop', destination: 'https://example.org/?a&b', attributes: { id: 'i' } },
  ])
})

describe('what is refused', () => {
  it.each([
    ['utm_source=x', 'parameters is "utm_source=x": use a function'],
    [() => 'a=b', 'parameters gives "a=b": give an object of texts, or null'],
    [() => undefined, 'parameters gives undefined: give an object of texts, or null'],
    [() => ['a'], 'parameters gives an array: give an object of texts, or null'],
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

/** The same on a destination: what is added, where it goes. */
function extend(destination: string): string {
  const url = new URL(destination)
  for (const [name, value] of Object.entries(utm()))
    if (!url.searchParams.has(name)) url.searchParams.append(name, value)
  return url.search
}

function check(html: string): void {
  const result = addLinkParameters(html, utm)
  // Every other byte: with the values taken out, both are the same.
  const before = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false, maxUrlLength: 8192 })
  const after = instrumentEmail(result.html, signedDomain, { ...fixed, openTracking: false, maxUrlLength: 8192 })
  expect(after.links.length).toBe(before.links.length)
  for (const [index, link] of result.links.entries()) {
    const [one, other] = [before.links[index]!, after.links[index]!]
    if (link.kind === 'skipped') {
      expect(html.slice(one.start, one.end)).toBe(result.html.slice(other.start, other.end))
      continue
    }
    // It commutes with instrumenting: the tracked destination is the one that was extended.
    if (other.kind === 'tracked') expect(other.destination).toBe(link.destination)
    const [from, to] = [new URL(link.before), new URL(link.destination)]
    expect([to.origin, to.pathname, to.hash]).toEqual([from.origin, from.pathname, from.hash])
    expect(new URLSearchParams(to.search).toString()).toBe(new URLSearchParams(extend(link.before)).toString())
  }
  expect(addLinkParameters(result.html, utm).html).toBe(result.html)
}

describe('always', () => {
  it('any document', () => {
    fc.assert(fc.property(anyDocument, check), { numRuns: 500 })
  })

  const emails = readEmails()
  it.runIf(emails.length > 0)(`real mail${corpusHint}`, () => {
    for (const { text } of emails) check(text)
  })
})
