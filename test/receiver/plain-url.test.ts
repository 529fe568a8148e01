import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPlainHost } from '../../src/receiver/plain-url.ts'

const plain: readonly [url: string, host: string][] = [
  ['https://example.org/', 'example.org'],
  ['http://a-1.b.example/x/y.html', 'a-1.b.example'],
  ['https://shop.example/sale?utm_source=a&x=%C3%A9/?#top', 'shop.example'],
  ['https://e.example//a/~b/!$&()*+,;=:@%-_', 'e.example'],
  ['https://e.example/a..b/%2', 'e.example'],
]

/** Which the parser spells in another way, refuses, or whose host only it knows. */
const others: readonly string[] = [
  'https://example.org',
  'https://example.org?x',
  'HTTPS://example.org/',
  'https://Example.org/',
  'ftp://example.org/',
  'https://localhost/',
  'https://1.2.3.4/',
  'https://e.example1/',
  'https://xn--mnchen-3ya.example/',
  'https://e.example:443/',
  'https://me@e.example/',
  'https://e.example/a/../b',
  'https://e.example/./b',
  'https://e.example/%2e%2E/b',
  'https://e.example/%2E',
  'https://e.example/a b',
  "https://e.example/a'b",
  'https://e.example/a?b#c#d',
  'https://e.example/é',
  'https://e.example/a\nb',
  'https://e.example/\n',
  'https://e.example/\\b',
  ' https://e.example/',
]

describe('readPlainHost', () => {
  it.each(plain)('knows the host of %s', (url, host) => {
    expect(readPlainHost(url)).toBe(host)
    expect(new URL(url)).toMatchObject({ href: url, host })
  })

  it.each(others)('leaves %j to the parser', (url) => {
    expect(readPlainHost(url)).toBeNull()
  })

  it('never says anything but the URL parser', () => {
    const piece = fc.constantFrom(
      ...['https://', 'http://', '.', '..', '/', '?', '#', 'a', 'b-c', 'xn--', '1', 'com', '%', '%2e', '%2', 'E', ':'],
      ...['@', '\\', "'", '"', ' ', '\t', '|', '^', '~', '!', '&', '=', ';', '_', '{', 'é', '\u00ad'],
    )
    const url = fc
      .tuple(fc.constantFrom('https://e.example/', 'http://a.b', 'https://'), fc.array(piece, { maxLength: 8 }))
      .map(([start, pieces]) => start + pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(url, fc.webUrl({ withFragments: true, withQueryParameters: true })), (text) => {
        const host = readPlainHost(text)
        if (host !== null) expect(new URL(text)).toMatchObject({ href: text, host })
      }),
      { numRuns: 3000 },
    )
  })
})
