// Which URLs of a text are tracked: after linkify-it's own fixtures (links, not_links), which its package does not ship.

import { describe, expect, it } from 'vitest'
import { instrumentText } from '../../src/text/index.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'

const linksOf = (text: string) => instrumentText(text, storedDomain, fixed).links
const outcomesOf = (text: string) =>
  linksOf(text).map((link) => (link.kind === 'tracked' ? link.destination : `${link.reason} ${link.href}`))

describe('tracked', () => {
  it.each([
    ['mautic#6452: brackets around it', '[https://x/page]', 'https://x/page'],
    ['mautic#6452: balanced brackets in it', '(https://x/page_(a)).', 'https://x/page_(a)'],
    ['a sentence', 'My http://example.com site', 'http://example.com'],
    ['a full stop', 'See http://example.com/foo_bar.', 'http://example.com/foo_bar'],
    ['an ellipsis', 'http://example.com/foo_bar...', 'http://example.com/foo_bar'],
    ['a comma', 'http://example.com/foo_bar, and', 'http://example.com/foo_bar'],
    ['a semicolon', 'http://example.com/foo_bar; and', 'http://example.com/foo_bar'],
    ['an exclamation mark', 'http://example.com/123!', 'http://example.com/123'],
    ['a question mark', 'http://example.com/123?', 'http://example.com/123'],
    ['braces around it', '{http://example.com/foo_bar}', 'http://example.com/foo_bar'],
    ['quotes around it', '"http://example.com/foo_bar"', 'http://example.com/foo_bar'],
    ['apostrophes around it', "'http://example.com/foo_bar'", 'http://example.com/foo_bar'],
    ['angle brackets', '<http://example.com/foo>.', 'http://example.com/foo'],
    ['RFC 3986, appendix C', '<URL:http://example.com/foo>', 'http://example.com/foo'],
    ['a tag behind it', 'http://e.com/<br>', 'http://e.com/'],
    ['what begins like a merge tag behind it', 'http://e.com/<% x', 'http://e.com/'],
    ['a quoted line', '>>http://example.com', 'http://example.com'],
    ['a name before it', 'text:http://example.com/', 'http://example.com/'],
    ['a label', 'Link: http://example.com/', 'http://example.com/'],
    ['Markdown', '[sale](http://example.com/foo)', 'http://example.com/foo'],
    ['Markdown whose text is a URL', '[http://example.com/](http://example.org/)', 'http://example.com/'],
    ['upper case', 'HTTP://GOOGLE.COM', 'HTTP://GOOGLE.COM'],
    ['a local host', 'http://localhost:8000', 'http://localhost:8000'],
    ['an address', 'http://172.26.142.48/a/#../b.pdf', 'http://172.26.142.48/a/#../b.pdf'],
    ['an IPv6 address', 'http://[::1]/a', 'http://[::1]/a'],
    ['user information', 'http://user:pass@example.com:8080', 'http://user:pass@example.com:8080'],
    ['no slash', 'http://example.com?foo=bar', 'http://example.com?foo=bar'],
    ['nested brackets', 'http://e.com/r?t=s(d(a.n),%221min%22)&b=N', 'http://e.com/r?t=s(d(a.n),%221min%22)&b=N'],
    ['an apostrophe in it', "http://e.com/10'-x-30", "http://e.com/10'-x-30"],
    ['hyphens at its end', 'http://e.com/germany-inc-', 'http://e.com/germany-inc-'],
    ['commas in it', 'http://e.com/0,,9065-2473189,00.html', 'http://e.com/0,,9065-2473189,00.html'],
    ['an international host', 'http://✪df.ws/123', 'http://✪df.ws/123'],
    ['Chinese punctuation behind it', '见https 见 https://example.com/路径。你好', 'https://example.com/路径'],
    ['full-width brackets', '（https://example.com/a）', 'https://example.com/a'],
  ])('%s', (_, text, destination) => {
    expect(outcomesOf(text)[0]).toBe(destination)
  })
})

describe('no URL', () => {
  it.each([
    'www.example.com',
    'example.com/a',
    '//example.com/a',
    'ada@example.com',
    'mailto:ada@example.com',
    'ftp://example.com',
    'hppt://example.com',
    'http://.example.com',
    'http://-example.com',
    'http://example.com_',
    '_http://example.com',
    'xhttps://example.com',
    'http://',
    'http://..',
    'http://#',
    'https://{{host}}/x',
  ])('%s', (text) => {
    expect(instrumentText(text, storedDomain, fixed)).toMatchObject({ text, links: [], messageRef: null })
  })
})

describe('left alone, with its reason', () => {
  it.each([
    ['a bracket that is never closed', 'https://e.com/a(b', 'ambiguous-markup https://e.com/a'],
    ['a URL in another', 'ftp://e.com/https://example.org/', 'ambiguous-markup https://example.org/'],
    ['a URL in an address', 'ada@https://e.com/', 'ambiguous-markup https://e.com/'],
    ['one that goes on in the next line', '<https://e.com/a\r\nb>', 'ambiguous-markup https://e.com/a'],
    ['a colon', 'https://e.com/a: x', 'ambiguous-markup https://e.com/a:'],
    ['a colon behind a host', 'https://e.com: x', 'ambiguous-markup https://e.com'],
    ['emphasis', '*https://e.com/a*', 'ambiguous-markup https://e.com/a*'],
    ['a full stop in quotes', '"See https://e.com/a."', 'ambiguous-markup https://e.com/a.'],
    ['a full stop in quotes, behind a host', '"See https://e.com."', 'ambiguous-markup https://e.com'],
    ['a backslash behind a host', 'https://e.com\\a', 'ambiguous-markup https://e.com'],
    ['a merge tag in it', 'https://e.com/?u={{name}}', 'merge-tag https://e.com/?u={{name}}'],
    ['a merge tag with spaces', 'https://e.com/?u={{ name }}', 'merge-tag https://e.com/?u='],
    ['a merge tag behind it', 'https://e.com/<%= x %>', 'merge-tag https://e.com/'],
    ['a merge tag of 256 characters', `https://e.com/{{ ${'x'.repeat(251)}}}`, 'merge-tag https://e.com/'],
    ['a longer one, which is none', `https://e.com/{{ ${'x'.repeat(252)}}}`, 'ambiguous-markup https://e.com/'],
    ['braces that nothing closes', 'https://e.com/?u={{ name', 'ambiguous-markup https://e.com/?u='],
    ['a tracked one', 'https://old.example.com/c/abc', 'already-tracked https://old.example.com/c/abc'],
    ['no valid host', 'https://1.2.3.999/', 'invalid-url https://1.2.3.999/'],
  ])('%s', (_, text, outcome) => {
    expect(outcomesOf(text)).toEqual([outcome])
    expect(instrumentText(text, storedDomain, fixed).text).toBe(text)
  })

  it('one behind a URL in another', () => {
    expect(outcomesOf('ftp://e.com/https://e.com,https://e.org/')).toEqual([
      'ambiguous-markup https://e.com',
      'ambiguous-markup https://e.org/',
    ])
  })

  it('too long', () => {
    const url = `https://e.com/${'a'.repeat(9000)}`
    expect(linksOf(url)).toMatchObject([{ kind: 'skipped', reason: 'too-long' }])
    const international = `https://e.com/${'ä'.repeat(1500)}`
    expect(linksOf(international)).toMatchObject([{ kind: 'skipped', reason: 'too-long' }])
  })

  it('too long for maxUrlLength', () => {
    const options = { ...fixed, messageRef: 'm'.repeat(128), maxUrlLength: 256 }
    expect(instrumentText('https://e.com/', signedDomain, options).links).toMatchObject([{ reason: 'too-long' }])
  })
})

it('1 MB of URLs, marks and brackets takes no longer than it has to', () => {
  for (const piece of [
    'http://',
    '"https://x.example/a"',
    ',https://x.example/(',
    '{{ https://x.example/a{{ ',
    '/-',
    ')"',
  ]) {
    const started = performance.now()
    instrumentText(piece.repeat(1_000_000 / piece.length), storedDomain, fixed)
    // Quadratic, each of these takes minutes.
    expect(performance.now() - started, piece).toBeLessThan(20_000)
  }
})
