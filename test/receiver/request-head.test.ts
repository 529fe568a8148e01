import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUrl } from '../../src/receiver/request-head.ts'
import { clickUrl, openUrl, origin, storedRef } from './fixtures.ts'

/** The judge: URL itself. Some spellings are read without it. */
function readByUrl(url: string) {
  try {
    const { protocol, host, pathname } = new URL(url)
    return { isHttp: protocol === 'http:', host, pathname }
  } catch {
    return { isHttp: false, host: '', pathname: '' }
  }
}

describe('readUrl says what URL says', () => {
  it.each([
    clickUrl(),
    openUrl(),
    `${clickUrl()}?utm=1`,
    `${openUrl()}#x`,
    `${clickUrl()}\\x`,
    `${origin}/c/${storedRef}/3`,
    `${origin}/o/${storedRef}/1.gif`,
    `${origin}/o/${storedRef}/1.gif/`,
    `${origin}/.well-known/mailtrace`,
    'http://links.example.com/c/x',
    'https://links.example.com:443/c/x',
    'https://links.example.com:8443/c/x',
    'https://links.example.com/c/../o/x',
    'https://links.example.com/c/./x',
    'https://links.example.com/c/%78',
    'https://links.example.com/c/x y',
    'https://LINKS.example.com/c/x',
    'https://links.example.com./c/x',
    'https://links_1.example.com/c/x',
    // Numbers that URL takes for an address.
    'https://127.1/c/x',
    'https://0x7f.1/c/x',
    'https://1.2.3.4/c/x',
    'https://1.2.3.0x4/c/x',
    'https://1.2.3.0xa/c/x',
    'https://example.0xf/c/x',
    'https://example.0/c/x',
    // No host names at all.
    'https://xn--a/c/x',
    'https://xn--a.example/c/x',
    'https://example.xn--a/c/x',
    'https://a..b/c/x',
    'https://.a/c/x',
    'https://-/c/x',
    'https:///c/x',
    'https:/links.example.com/c/x',
    ' https://links.example.com/c/x',
    'https://user@links.example.com/c/x',
    'https://[::1]/c/x',
    'https://links.example.com',
    'ftp://links.example.com/c/x',
    '/c/x',
    '',
  ])('%j', (url) => {
    expect(readUrl(url)).toEqual(readByUrl(url))
  })

  it('of anything like a minted URL', () => {
    const piece = fc.constantFrom(
      ...'/:.-_?#@%\\ \t',
      '//',
      '/c/',
      '/o/',
      '.gif',
      '..',
      'xn--',
      '0x',
      '127',
      'a',
      'Z',
      'é',
    )
    const text = fc.array(fc.oneof(piece, fc.stringMatching(/^[a-z0-9-]{1,6}$/)), { maxLength: 10 })
    const scheme = fc.constantFrom('https://', 'http://', 'HTTP://', 'https:/', '')
    fc.assert(
      fc.property(scheme, text, fc.constantFrom('', '/c/x', '/o/x.gif', '/c/x/3?y'), (start, pieces, end) => {
        const url = start + pieces.join('') + end
        expect(readUrl(url)).toEqual(readByUrl(url))
      }),
      { numRuns: 5000 },
    )
  })
})
