// What the caller of instrumentEmail is told about a link.

import { describe, expect, it } from 'vitest'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { instrumentEmail, type LinkSite } from '../../src/index.ts'
import { fixed, signedDomain } from '../kit/domains.ts'

/** What skipLink is called with. */
function sitesOf(html: string): readonly LinkSite[] {
  const sites: LinkSite[] = []
  instrumentEmail(html, signedDomain, { ...fixed, skipLink: (site) => sites.push(site) < 0 })
  return sites
}

const url = 'https://example.org/'

describe('skipLink is told', () => {
  it('everything about a link', () => {
    const html = `<p>\u{1f600}<A ID=1 HREF=' ${url}?a=1&amp;b\n=2 ' Title="x &lt; y" hidden>`
    const start = html.indexOf(' https')
    expect(sitesOf(html)).toEqual([
      {
        index: 0,
        element: 'a',
        href: ` ${url}?a=1&b\n=2 `,
        destination: `${url}?a=1&b=2`,
        name: null,
        text: '',
        start,
        end: html.indexOf("' Title"),
        attributes: { id: '1', href: ` ${url}?a=1&b\n=2 `, title: 'x < y', hidden: '' },
      },
    ])
  })

  it('the whole name of a shape that is longer than any known one', () => {
    expect(sitesOf(`<v:averyverylongname href=${url}>`).map(({ element }) => element)).toEqual(['v:averyverylongname'])
  })

  it('the position among all link sites, not only those it is asked about', () => {
    const html = `<a href="#x"><a href="${url}1"><a><a href=""><area href=${url}2><v:rect href=${url}3>`
    expect(sitesOf(html).map(({ index, element }) => [index, element])).toEqual([
      [1, 'a'],
      [3, 'area'],
      [4, 'v:rect'],
    ])
  })

  it('everything about a link that the fast path took', () => {
    const html = `<body><p>x</p><a id="keep" href="${url}?a=1&amp;b=2" title="&lt;">y</a>`
    const start = html.indexOf('https')
    expect(scanLinks(readMarkup(html)).sites[0]!.hasCommonAttributes).toBe(true)
    expect(sitesOf(html)).toMatchObject([
      {
        index: 0,
        element: 'a',
        href: `${url}?a=1&b=2`,
        destination: `${url}?a=1&b=2`,
        start,
        end: html.indexOf('" title'),
        attributes: { id: 'keep', href: `${url}?a=1&b=2`, title: '<' },
      },
    ])
  })

  it('of a conditional comment, offsets of the whole text', () => {
    const html = `<p>x</p><!--[if mso]><v:rect id="b" href="${url}"><![endif]-->`
    const [site] = sitesOf(html)
    expect(site).toMatchObject({ element: 'v:rect', attributes: { id: 'b', href: url } })
    expect(html.slice(site!.start, site!.end)).toBe(url)
  })
})

/** Each tag's attributes, as the tokenizer has them. */
const attributes: readonly [what: string, tag: string, expected: readonly [name: string, value: string][]][] = [
  [
    'names in lower case',
    `<a HREF=${url} CLASS=B>`,
    [
      ['href', url],
      ['class', 'B'],
    ],
  ],
  [
    'only ASCII in lower case',
    `<a href=${url} \u212a\u00c4=x>`,
    [
      ['href', url],
      ['\u212a\u00c4', 'x'],
    ],
  ],
  [
    'of duplicates the first',
    `<a id=1 href=${url} ID=2>`,
    [
      ['id', '1'],
      ['href', url],
    ],
  ],
  [
    'of three, the first without a value',
    `<a id href=${url} id=2 id=3>`,
    [
      ['id', ''],
      ['href', url],
    ],
  ],
  [
    'character references decoded once',
    `<a title="&amp;lt;&#x3D;&copy=1&copy;" href=${url}>`,
    [
      ['title', '&lt;=&copy=1\u00a9'],
      ['href', url],
    ],
  ],
  [
    'line ends normalized',
    `<a title="a\r\nb\rc" href=${url}>`,
    [
      ['title', 'a\nb\nc'],
      ['href', url],
    ],
  ],
  [
    'NUL replaced',
    `<a ti\0tle="a\0b" href=${url}>`,
    [
      ['ti\ufffdtle', 'a\ufffdb'],
      ['href', url],
    ],
  ],
  [
    'odd names',
    `<a =x=1 " <b 'c=2 href=${url}>`,
    [
      ['=x', '1'],
      ['"', ''],
      ['<b', ''],
      ["'c", '2'],
      ['href', url],
    ],
  ],
  [
    'names of every object',
    `<a __proto__=1 constructor=2 toString=3 hasOwnProperty=4 href=${url}>`,
    [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['tostring', '3'],
      ['hasownproperty', '4'],
      ['href', url],
    ],
  ],
  [
    'a solidus between',
    `<a id=1/2 /class=x/ href=${url}>`,
    [
      ['id', '1/2'],
      ['class', 'x/'],
      ['href', url],
    ],
  ],
]

describe('the attributes', () => {
  it.each(attributes)('%s: %j', (_, tag, expected) => {
    const [site] = sitesOf(tag)
    expect(Object.entries(site!.attributes)).toEqual(expected)
  })

  it('inherit nothing: `__proto__` is a name like any other', () => {
    const [polluting, plain] = sitesOf(`<a __proto__="x" href=${url}><a href=${url}>`)
    expect(Object.getPrototypeOf(plain!.attributes)).toBeNull()
    expect(Object.keys(polluting!.attributes)).toEqual(['__proto__', 'href'])
    expect(plain!.attributes.constructor).toBeUndefined()
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('of one link are not those of another', () => {
    const [first, second] = sitesOf(`<a id=1 href=${url}><a class=x href=${url}>`)
    expect(first!.attributes).toEqual({ id: '1', href: url })
    expect(second!.attributes).toEqual({ class: 'x', href: url })
  })
})

describe('what skipLink says', () => {
  const html = `<a href="${url}1" class="keep">1</a><a href="${url}2">2</a>`

  it('true leaves the link alone', () => {
    const { links } = instrumentEmail(html, signedDomain, {
      ...fixed,
      skipLink: ({ attributes }) => attributes.class === 'keep',
    })
    expect(links.map((link) => (link.kind === 'tracked' ? link.kind : link.reason))).toEqual(['caller', 'tracked'])
    expect(links[0]).toEqual({
      kind: 'skipped',
      index: 0,
      element: 'a',
      name: null,
      href: `${url}1`,
      reason: 'caller',
      start: 9,
      end: 30,
    })
  })

  it('an error it throws reaches the caller', () => {
    const skipLink = (): boolean => {
      throw new RangeError('mine')
    }
    expect(() => instrumentEmail(html, signedDomain, { ...fixed, skipLink })).toThrow(new RangeError('mine'))
  })

  it('is not asked when click tracking is off', () => {
    let count = 0
    const skipLink = (): boolean => ++count > 0
    instrumentEmail(html, signedDomain, { ...fixed, skipLink, clickTracking: false })
    instrumentEmail(html, { ...signedDomain, trackingDomains: [] }, { ...fixed, skipLink })
    expect(count).toBe(0)
  })
})
