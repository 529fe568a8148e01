// What becomes of an href, by the first rule that matches. URL is the judge of what parses.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InstrumentOptions, instrumentEmail, readTrackingUrl, type SkipReason } from '../../../src/index.ts'
import { corpusHint, hasCorpus, readUrlInputs } from '../../differential/corpus.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../../kit/domains.ts'
import { refusesBadPunycode } from '../../kit/platform.ts'
import { anchor, linkIn, outcomeOf } from './outcome-of.ts'

const skipAll = (): boolean => true
const longPath = 'x'.repeat(400)

/** Invalid where the platform says so; elsewhere they lead to where the browser of such a platform goes. */
const badPunycode: readonly [reason: SkipReason, href: string][] = refusesBadPunycode
  ? [
      ['invalid-url', 'https://xn--/'],
      ['invalid-url', 'https://xn--a.org/'],
      ['invalid-url', 'https://sub.xn--0.org/'],
    ]
  : []

/** By falling precedence; in each group the edge cases of one reason. */
const skipped: readonly [reason: SkipReason, href: string][] = [
  ['empty', ''],
  ['empty', ' '],
  ['empty', '\t\n\f\r '],
  ['empty', '\u0001\u001f'],

  ['fragment', '#'],
  ['fragment', '#top'],
  ['fragment', ' \n#top '],
  ['fragment', '#https://example.org/'],
  ['fragment', '##'],

  ['scheme', 'mailto:a@b.example'],
  ['scheme', 'MAILTO:a@b.example'],
  ['scheme', 'tel:+49-30-1'],
  ['scheme', 'sms:+4930?body=x'],
  ['scheme', 'cid:part1@example.org'],
  ['scheme', 'javascript:void(0)'],
  ['scheme', 'java\nscript:void(0)'],
  ['scheme', ' \u0001javascript:void(0)'],
  ['scheme', 'data:text/html,x'],
  ['scheme', 'file:///etc/passwd'],
  ['scheme', 'ftp://example.org/'],
  ['scheme', 'myapp://open/x'],
  ['scheme', 'httpsx://example.org/'],
  ['scheme', 'shttp://example.org/'],
  ['scheme', 'web+http://example.org/'],
  ['scheme', 'a-b.c+1:x'],
  ['scheme', 'example.org:8080/x'],
  ['scheme', 'localhost:3000'],
  ['scheme', 'view-source:https://example.org/'],
  ['scheme', 'whatsapp://send?text=https://example.org/'],

  ['relative', 'example.org'],
  ['relative', 'www.example.org/path'],
  ['relative', '/path'],
  ['relative', './path'],
  ['relative', '?query'],
  ['relative', '//example.org/path'],
  ['relative', '///example.org'],
  ['relative', '\\\\example.org'],
  ['relative', ':80'],
  ['relative', '://example.org'],
  ['relative', '!https://example.org/'],
  ['relative', '1http://example.org/'],
  ['relative', 'ht tp://example.org/'],
  ['relative', 'ht\u00a0tp://example.org/'],
  ['relative', '\u00a0https://example.org/'],
  ['relative', '\ufeffhttps://example.org/'],
  ['relative', 'https'],
  ['relative', 'http:'],
  ['relative', 'https:/'],
  ['relative', 'http:rel'],
  ['relative', 'http:/rel'],
  ['relative', 'http:?x'],
  ['relative', 'https:\\\\example.org/'],
  ['relative', 'https:/\\example.org/'],
  ['relative', '3D"https://example.org/"'],

  ['invalid-url', 'https://'],
  ['invalid-url', 'HTTP://'],
  ['invalid-url', 'https://?x'],
  ['invalid-url', 'https://#x'],
  ['invalid-url', 'https:///'],
  ['invalid-url', 'https://exa mple.org/'],
  ['invalid-url', 'https://example.org:99999/'],
  ['invalid-url', 'https://example.org:8a/'],
  ['invalid-url', 'https://:443/'],
  ['invalid-url', 'https://user@/'],
  ['invalid-url', 'https://user:pass@:8080/'],
  ['invalid-url', 'https://1.2.3.999/'],
  ['invalid-url', 'https://1.2.3.4.5/'],
  ['invalid-url', 'https://999999999999/'],
  ['invalid-url', 'https://example.256/'],
  ['invalid-url', 'https://[::1/'],
  ['invalid-url', 'https://[1:2]/'],
  ['invalid-url', 'https://[::1]x/'],
  ['invalid-url', 'https://exa%00mple.org/'],
  ['invalid-url', 'https://exa%2Fmple.org/'],
  ['invalid-url', 'https://exa<mple.org/'],
  ['invalid-url', 'https://exa^mple.org/'],
  ['invalid-url', 'https://exa|mple.org/'],
  ...badPunycode,
  ['invalid-url', 'https://\u00ad/'],
  ['invalid-url', 'https://%zz/'],
  ['invalid-url', 'https://example.org\u00a0'],
  ['invalid-url', 'https://exa\ud800mple.org/'],

  ['already-tracked', 'https://links.example.com/c/abc'],
  ['already-tracked', 'https://links.example.com/c/'],
  ['already-tracked', 'https://links.example.com/o/abc.gif'],
  ['already-tracked', 'http://links.example.com/c/abc'],
  ['already-tracked', 'HTTPS://LINKS.Example.COM/c/abc'],
  ['already-tracked', 'https://links.example.com./c/abc'],
  ['already-tracked', 'https://links.example.com:443/c/abc'],
  ['already-tracked', 'https://user@links.example.com/c/abc'],
  ['already-tracked', 'https:///links.example.com/c/abc'],
  ['already-tracked', 'https://links.example.com\\c\\abc'],
  ['already-tracked', 'https://links.example.com/x/../c/abc'],
  ['already-tracked', 'https://links.example.com/./c/abc'],
  ['already-tracked', 'https://links.example.com/%2e%2E/c/abc'],
  ['already-tracked', 'https://li%6Eks.example.com/c/abc'],
  ['already-tracked', 'https://links.exa\tmple.com/c/abc'],
  ['already-tracked', 'https://links.example.com/c/abc?utm_source=x#y'],
  ['already-tracked', 'https://old.example.com/c/abc'],
  ['already-tracked', 'https://old.example.com/o/abc.gif'],
]

const tracked: readonly [what: string, href: string, destination?: string][] = [
  ['a host alone', 'https://example.org'],
  ['http', 'http://example.org/'],
  ['any case', 'HtTpS://EXAMPLE.org/Path'],
  ['a query right after the host', 'https://example.org?a=1'],
  ['a fragment', 'https://example.org/p?a=1#sec?b=2'],
  ['a port', 'https://example.org:8443/'],
  ['an empty port', 'https://example.org:/'],
  ['user info', 'https://user:pass@example.org/'],
  ['an @ in user info', 'https://a@b@example.org/'],
  ['a dot at the end', 'https://example.org./'],
  ['labels with _ and -', 'https://a_b.-c-.example.org/'],
  ['an IPv4 address', 'https://192.0.2.1/'],
  ['an IPv4 address as one number', 'https://3221225985/'],
  ['an IPv4 address in hexadecimal', 'https://0xc0.0/'],
  ['a label of digits before the last', 'https://1.2.3.999.example.org/'],
  ['an IPv6 address', 'https://[2001:db8::1]:8443/p'],
  ['an IPv4 address in IPv6', 'https://[::ffff:192.0.2.1]/'],
  ['an IDN host', 'https://m\u00fcnchen.example/stra\u00dfe'],
  ['an IDN host with an emoji', 'https://\u{1f4a9}.example/'],
  ['a punycode host', 'https://xn--mnchen-3ya.example/'],
  ['a percent-encoded host', 'https://ex%61mple.org/'],
  ['three slashes', 'https:///example.org/'],
  ['a slash and a backslash after two', 'https:///\\example.org/'],
  ['backslashes in the path', 'https://example.org\\a\\b'],
  ['spaces inside', 'https://example.org/?q=a b  c'],
  ['escapes', 'https://example.org/%20%2B%26%2f%zz'],
  ['brackets and marks', 'https://example.org/f[0]=(a)\'b!*;,@$|^`{}<>"\\'],
  ['a + and a &', 'https://example.org/?a=1+2&b=3&&c'],
  ['not ASCII', 'https://example.org/\u00e9\u{1f600}?\u4e2d#\u00e9'],
  ['another URL inside', 'https://example.org/?u=https://links.example.com/c/abc'],
  ['white space at the edges', ' \t\r\n\f\u0001https://example.org/\u001f\n ', 'https://example.org/'],
  ['tab and line feed inside', 'ht\ntps:/\t/exam\r\nple.org/a\tb', 'https://example.org/ab'],
  ['an exclamation mark at the end', 'https://example.org/\u00e9!'],
  ['a form feed inside', 'https://example.org/a\fb'],
  ['a no-break space at the end', 'https://example.org/\u00a0', 'https://example.org/\u00a0'],
  ['other Unicode spaces', 'https://example.org/\u2003\u3000\ufeff', 'https://example.org/\u2003\u3000\ufeff'],
  ['lone surrogates', 'https://example.org/\ud800a\udfff', 'https://example.org/\ufffda\ufffd'],
  ['a pair of surrogates', 'https://example.org/\ud83d\ude00'],

  ['a tracking host alone', 'https://links.example.com/'],
  ['a tracking host, another path', 'https://links.example.com/preferences'],
  ['a tracking host, no slash after c', 'https://links.example.com/c'],
  ['a tracking host, a longer name', 'https://links.example.com/cc/abc'],
  ['a tracking host, capital C', 'https://links.example.com/C/abc'],
  ['a tracking host, /c/ further down', 'https://links.example.com/x/c/abc'],
  ['a tracking host, /c/ in the query', 'https://links.example.com/?/c/abc'],
  ['a tracking host, an encoded slash', 'https://links.example.com/c%2fabc'],
  ['a tracking host on another port', 'https://links.example.com:8443/c/abc'],
  ['below a tracking host', 'https://sub.links.example.com/c/abc'],
  ['a host that ends alike', 'https://mylinks.example.com/c/abc'],
  ['a host that begins alike', 'https://links.example.com.example.org/c/abc'],
  ['a tracking host as user info', 'https://links.example.com@example.org/c/abc'],
]

describe('an href that cannot be tracked is left alone, with the reason', () => {
  it.each(skipped)('%s: %j', (reason, href) => {
    expect(outcomeOf(href)).toBe(reason)
    const html = anchor(href)
    expect(instrumentEmail(html, signedDomain, { ...fixed, openTracking: false }).html).toBe(html)
  })

  it.each([
    ['without a value', '<a href>x</a>'],
    ['without a value, with a sign', '<a href=>x</a>'],
    ['a NUL, which HTML replaces', '<a href="\0#top">x</a>'],
  ])('%s', (_, html) => {
    expect(linkIn(html)).toMatchObject({ kind: 'skipped', reason: html.includes('#') ? 'relative' : 'empty' })
  })
})

describe('an href that can be tracked is stored as it was written', () => {
  it.each(tracked)('%s: %j', (_, href, destination = href) => {
    const link = linkIn(anchor(href))
    expect(link).toMatchObject({ kind: 'tracked', destination })
    const reference = readTrackingUrl(link.kind === 'tracked' ? link.url : '', signedDomain)
    expect(reference).toMatchObject({ kind: 'click', destination })
  })
})

describe('the first rule that matches decides', () => {
  const svg = '<svg></p-unknown><'
  const rules: readonly [expected: string, html: string, options?: InstrumentOptions][] = [
    ['ambiguous-markup', `${svg}a data-no-track href="">`],
    ['opt-out', '<a data-no-track href="">'],
    ['opt-out', '<a data-no-track href="{{x}}">'],
    ['empty', '<a href=" ">', { skipLink: skipAll }],
    ['merge-tag', '<a href="#{{x}}">'],
    ['merge-tag', '<a href="mailto:{{x}}">'],
    ['merge-tag', '<a href="/{{x}}">'],
    ['merge-tag', '<a href="https://{{x}} y/">'],
    ['merge-tag', '<a href="https://links.example.com/c/{{x}}">', { skipLink: skipAll }],
    ['fragment', '<a href="#mailto:x">'],
    ['scheme', '<a href="mailto:/x">'],
    ['invalid-url', '<a href="https://a b/c/">', { skipLink: skipAll }],
    ['already-tracked', `<a href="https://links.example.com/c/${longPath}">`, { skipLink: skipAll, maxUrlLength: 256 }],
    ['caller', `<a href="https://example.org/${longPath}">`, { skipLink: skipAll, maxUrlLength: 256 }],
    ['too-long', `<a href="https://example.org/${longPath}">`, { maxUrlLength: 256 }],
  ]

  it.each(rules)('%s: %s', (reason, html, options) => {
    expect(linkIn(html, options)).toMatchObject({ kind: 'skipped', reason })
  })

  it('asks the caller only about what could be tracked', () => {
    const asked: string[] = []
    const html = [...skipped.map(([, href]) => href), 'https://example.org/'].map(anchor).join('')
    instrumentEmail(html, signedDomain, { ...fixed, skipLink: ({ href }) => asked.push(href) > 0 })
    expect(asked).toEqual(['https://example.org/'])
  })
})

describe('the longest tracked URL', () => {
  const trackedLength = (path: string): number => {
    const link = linkIn(anchor(`https://example.org/${path}`), { maxUrlLength: 8192 })
    return link.kind === 'tracked' ? link.url.length : Number.NaN
  }

  it('may be as long as maxUrlLength, and no longer', () => {
    const path = 'x'.repeat(900)
    const maxUrlLength = trackedLength(path)
    expect(maxUrlLength).toBeGreaterThan(1200)
    expect(outcomeOf(`https://example.org/${path}`, { maxUrlLength })).toBe('tracked')
    expect(outcomeOf(`https://example.org/${path}`, { maxUrlLength: maxUrlLength - 1 })).toBe('too-long')
  })

  it('is 2048 characters unless the caller says so', () => {
    const fits = Array.from({ length: 200 }, (_, n) => 'x'.repeat(1300 + n)).findLast(
      (path) => trackedLength(path) <= 2048,
    )!
    expect(outcomeOf(`https://example.org/${fits}`)).toBe('tracked')
    expect(outcomeOf(`https://example.org/${fits}x`)).toBe('too-long')
  })

  it('is not 2049 characters', () => {
    // In base64url no text has 4n+1 characters, so the name of the host has to be of another length.
    const domain = { ...signedDomain, trackingDomains: [{ host: 'li.example.com', status: 'verified' } as const] }
    const outcomes = Array.from({ length: 40 }, (_, n) => anchor(`https://example.org/${'x'.repeat(1420 + n)}`)).map(
      (html) => {
        const [long, usual] = [{ maxUrlLength: 8192 }, {}].map(
          (options) => instrumentEmail(html, domain, { ...fixed, ...options }).links[0]!,
        )
        return [long!.kind === 'tracked' && long!.url.length, usual!.kind]
      },
    )
    expect(outcomes).toContainEqual([2048, 'tracked'])
    expect(outcomes).toContainEqual([2049, 'skipped'])
  })

  it('must not make the redirect longer than 8,192 characters, wherever its destination is kept', () => {
    const stored = (href: string) => instrumentEmail(anchor(href), storedDomain, { messageRef }).links[0]
    const [fits, over] = [`https://example.org/${'x'.repeat(8172)}`, `https://example.org/${'x'.repeat(8173)}`]
    expect(stored(fits)).toMatchObject({ kind: 'tracked', destination: fits })
    expect(stored(over)).toMatchObject({ kind: 'skipped', reason: 'too-long' })
    // Each of these becomes nine characters, in 17,114 of which a signed URL of 7,687 would end.
    expect(outcomeOf(`https://example.org/${'\u4e2d'.repeat(1900)}`, { maxUrlLength: 8192 })).toBe('too-long')
  })

  it('counts the bytes of what is not ASCII', () => {
    expect(trackedLength('\u{1f600}'.repeat(300))).toBe(trackedLength('x'.repeat(1200)))
  })
})

describe('URL is the judge of what parses', () => {
  const absoluteWeb = /^https?:\/\//i

  it.skipIf(!hasCorpus)(`on the URL standard's own tests${corpusHint}`, () => {
    const inputs = readUrlInputs()
      .map((input) => input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, ''))
      .filter((input) => absoluteWeb.test(input) && !input.includes('\0'))
    expect(inputs.length).toBeGreaterThan(300)
    const isOther = new Set(['merge-tag', 'too-long'])
    for (const input of inputs) {
      const outcome = outcomeOf(input, { maxUrlLength: 8192 })
      if (!isOther.has(outcome)) expect([input, outcome]).toEqual([input, judged(input)])
    }
    expect(inputs.filter((input) => outcomeOf(input) === 'merge-tag').length).toBeLessThan(10)
  })

  it('on hosts made of what hosts are made of', () => {
    const label = fc.oneof(
      fc.constantFrom('example', 'com', 'xn--', 'XN--a', 'xn--mnchen-3ya', '0x7f', '1', '256', '', 'a_b', '-', 'a--b'),
      fc.string({ unit: fc.constantFrom(...'ab0xX-9_.\u00fc\u00df\u00ad%41[]:@ '), maxLength: 6 }),
    )
    const rest = fc.constantFrom('', '/', '/p', '?q', '#f', ':80', ':99999', '\\x', '\ud800', '/%zz', '.', '@b')
    fc.assert(
      fc.property(
        fc.constantFrom('https://', 'http://', 'HTTP://', 'https:///'),
        fc.array(label, { minLength: 1, maxLength: 4 }),
        rest,
        (start, labels, end) => {
          const href = `${start}${labels.join('.')}${end}`
          const outcome = outcomeOf(href)
          if (outcome !== 'merge-tag') expect([href, outcome]).toEqual([href, judged(href)])
        },
      ),
      { numRuns: 3000 },
    )
  })

  // On Node 20 and 22, an optimised URL.canParse takes one-byte text for UTF-8, and refuses every host with an umlaut.
  // https://github.com/AikidoSec/firewall-node/pull/1086
  it('in a process that has parsed thousands of URLs', () => {
    // Short: V8 keeps a longer piece of a text as a reference into it, which that path does not take.
    const { links } = instrumentEmail(anchor('https://\u00fc.de').repeat(20_000), signedDomain, fixed)
    expect(links.filter(({ kind }) => kind === 'tracked').length).toBe(20_000)
  })

  /** Not by URL.canParse, for the reason above. */
  const judged = (href: string): string => {
    try {
      return new URL(href.toWellFormed()) && 'tracked'
    } catch {
      return 'invalid-url'
    }
  }
})
