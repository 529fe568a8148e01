import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDomain } from '../../src/config/domain-config.ts'
import { type DomainConfig, instrumentEmail, readTrackingUrl, type TrackingReference } from '../../src/index.ts'
import { mintOf } from '../../src/tracking-url/mint.ts'
import { secret, signedDomain, storedDomain } from '../kit/domains.ts'

const next = { host: 'next.example.com', status: 'pending' } as const
const stored: DomainConfig = { ...storedDomain, trackingDomains: [...storedDomain.trackingDomains, next] }
const signed: DomainConfig = { ...signedDomain, trackingDomains: stored.trackingDomains }
const storedRef = 'V1StGXR8_Z5jdHi6B-myT'

interface Urls {
  readonly click: string
  readonly open: string
}

function urlsOf(domain: DomainConfig, messageRef: string, destination = 'https://shop.example/a?b=1'): Urls {
  const html = `<body><a href="${destination.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">x</a></body>`
  const { links, pixel } = instrumentEmail(html, domain, { messageRef, now: () => 1_767_225_600_999 })
  const [link] = links
  if (link?.kind !== 'tracked' || pixel.kind !== 'placed') throw new Error('the example is not tracked')
  return { click: link.url, open: pixel.urls[0]! }
}

const signedUrls = urlsOf(signed, 'msg')
const storedUrls = urlsOf(stored, storedRef)
const origin = 'https://links.example.com'
const token = signedUrls.click.slice(`${origin}/c/`.length)

const signedClick: TrackingReference = {
  kind: 'click',
  mode: 'full',
  part: 'html',
  index: 0,
  destination: 'https://shop.example/a?b=1',
  messageRef: 'msg',
  campaignRef: null,
  issuedAt: 1_767_225_600_000,
  authenticated: true,
}
const signedOpen: TrackingReference = {
  kind: 'open',
  mode: 'full',
  pixel: 'end',
  messageRef: 'msg',
  campaignRef: null,
  issuedAt: 1_767_225_600_000,
  authenticated: true,
}
const storedClick: TrackingReference = {
  kind: 'click',
  mode: null,
  part: 'html',
  index: 0,
  destination: null,
  messageRef: storedRef,
  campaignRef: null,
  issuedAt: null,
  authenticated: false,
}
const storedOpen: TrackingReference = {
  kind: 'open',
  mode: null,
  pixel: 'end',
  messageRef: storedRef,
  campaignRef: null,
  issuedAt: null,
  authenticated: false,
}

describe('what instrumentEmail wrote', () => {
  it.each([
    ['a signed click', signedUrls.click, signed, signedClick],
    ['a signed open', signedUrls.open, signed, signedOpen],
    ['a stored click', storedUrls.click, stored, storedClick],
    ['a stored open', storedUrls.open, stored, storedOpen],
    ['a stored click after keys were added', storedUrls.click, signed, storedClick],
    ['a stored open after keys were added', storedUrls.open, signed, storedOpen],
    [
      'a stored click of the text part',
      `${origin}/c/${storedRef}/t7`,
      stored,
      { ...storedClick, part: 'text', index: 7 },
    ],
    ['a stored open at the start', `${origin}/o/${storedRef}/1.gif`, stored, { ...storedOpen, pixel: 'start' }],
    ['the last index', `${origin}/c/${storedRef}/4294967295`, stored, { ...storedClick, index: 4294967295 }],
  ] as const)('%s', (_, url, domain, expected) => {
    expect(readTrackingUrl(url, domain)).toEqual(expected)
  })

  it('is read after tracking was switched off, and whatever the status of its host', () => {
    for (const status of ['not_started', 'pending', 'verified', 'failed', 'temporary_failure'] as const) {
      const later: DomainConfig = {
        ...signed,
        openTracking: false,
        clickTracking: false,
        trackingDomains: [{ host: 'links.example.com', status }],
      }
      expect(readTrackingUrl(signedUrls.click, later)).toEqual(signedClick)
      expect(readTrackingUrl(storedUrls.open, later)).toEqual(storedOpen)
    }
  })

  it('is read back for any messageRef and destination', () => {
    const messageRef = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((text) => Buffer.byteLength(text) <= 128)
    // No merge tags, and nothing that the URL parser removes: what is left is stored as it is written.
    const path = fc
      .string({ unit: fc.constantFrom(...'az09-._~/?#&=+"\'()é中📬\u0301\u00a0'), maxLength: 80 })
      .filter((text) => text.split('#').length < 3)
    fc.assert(
      fc.property(messageRef, path, (ref, rest) => {
        const destination = `https://shop.example/${rest}`
        const urls = urlsOf(signed, ref, destination)
        expect(readTrackingUrl(urls.click, signed)).toEqual({ ...signedClick, messageRef: ref, destination })
        expect(readTrackingUrl(urls.open, signed)).toEqual({ ...signedOpen, messageRef: ref })
      }),
      { numRuns: 500 },
    )
  })

  it('is read back for any stored messageRef', () => {
    const ref = fc.string({
      unit: fc.constantFrom(...'AZaz09_-'),
      minLength: 16,
      maxLength: 128,
    })
    fc.assert(
      fc.property(ref, (messageRef) => {
        const urls = urlsOf(stored, messageRef)
        expect(readTrackingUrl(urls.click, stored)).toEqual({ ...storedClick, messageRef })
        expect(readTrackingUrl(urls.open, stored)).toEqual({ ...storedOpen, messageRef })
      }),
      { numRuns: 200 },
    )
  })

  it('is read no longer once the destination changed by a character', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...'AZaz09_-'), (seed, character) => {
        const at = seed % token.length
        fc.pre(token[at] !== character)
        expect(
          readTrackingUrl(`${origin}/c/${token.slice(0, at)}${character}${token.slice(at + 1)}`, signed),
        ).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})

describe('the host', () => {
  const tokenPath = `/c/${token}`

  const read: [what: string, url: string][] = [
    ['the active one', `https://links.example.com${tokenPath}`],
    ['a former one', `https://old.example.com${tokenPath}`],
    ['one that is not verified yet', `https://next.example.com${tokenPath}`],
    ['over http', `http://links.example.com${tokenPath}`],
  ]
  it.each(read)('reads %s', (_, url) => {
    expect(readTrackingUrl(url, signed)).toEqual(signedClick)
  })

  const refused: [what: string, url: string][] = [
    ['another one', `https://links.example.org${tokenPath}`],
    ['the sending domain itself', `https://example.com${tokenPath}`],
    ['one below', `https://x.links.example.com${tokenPath}`],
    ['one that ends alike', `https://xlinks.example.com${tokenPath}`],
    ['one that begins alike', `https://links.example.com.evil.example${tokenPath}`],
    ['one as user info', `https://links.example.com@evil.example${tokenPath}`],
    ['another port', `https://links.example.com:8443${tokenPath}`],
    ['the port of http over https', `https://links.example.com:80${tokenPath}`],
    ['another scheme', `ftp://links.example.com${tokenPath}`],
    ['no scheme', `//links.example.com${tokenPath}`],
    ['a path alone', tokenPath],
    ['another spelling: upper case', `https://LINKS.Example.COM${tokenPath}`],
    ['another spelling: a trailing dot', `https://links.example.com.${tokenPath}`],
    ['another spelling: the default port', `https://links.example.com:443${tokenPath}`],
    ['another spelling: the default port of http', `http://links.example.com:80${tokenPath}`],
    ['another spelling: the scheme in upper case', `HTTPS://links.example.com${tokenPath}`],
    ['another spelling: white space before it', ` https://links.example.com${tokenPath}`],
    ['another spelling: a line break behind it', `https://links.example.com${tokenPath}\n`],
    ['another spelling: user info', `https://user@links.example.com${tokenPath}`],
    ['another spelling: backslashes', `https:\\\\links.example.com\\c\\${token}`],
    ['another spelling: a line break within', `https://links.example.com/c/${token.slice(0, 5)}\n${token.slice(5)}`],
    ['another spelling: a dot segment', `https://links.example.com/.${tokenPath}`],
    ['another spelling: two dots', `https://links.example.com/c/../${tokenPath}`],
    ['another spelling: two dots, percent-encoded', `https://links.example.com/x/%2e%2e${tokenPath}`],
    ['a host of 512,000 combining marks', `https://a${'\u0301\u0323'.repeat(256_000)}${tokenPath}`],
    ['a host of a million CJK characters', `https://${'\u4e2d'.repeat(1_000_000)}${tokenPath}`],
    ['a URL in a query', `https://evil.example/?u=https://links.example.com${tokenPath}`],
  ]
  it.each(refused)('refuses %s', (_, url) => {
    expect(readTrackingUrl(url, signed)).toBeNull()
  })

  it('counts with its port, for local use', () => {
    const local: DomainConfig = {
      ...signed,
      trackingDomains: [{ host: 'localhost:8080', status: 'verified', scheme: 'http' }],
    }
    const urls = urlsOf(local, 'msg')
    expect(urls.click).toBe(`http://localhost:8080${tokenPath}`)
    expect(readTrackingUrl(urls.click, local)).toEqual(signedClick)
    expect(readTrackingUrl(`http://localhost${tokenPath}`, local)).toBeNull()
    expect(readTrackingUrl(`http://localhost:8081${tokenPath}`, local)).toBeNull()
  })

  it('in U-labels, is written in A-labels', () => {
    const idn: DomainConfig = { ...signed, trackingDomains: [{ host: 'klick.bücher.example', status: 'verified' }] }
    expect(urlsOf(idn, 'msg').click).toBe(`https://klick.xn--bcher-kva.example${tokenPath}`)
    expect(readTrackingUrl(`https://klick.xn--bcher-kva.example${tokenPath}`, idn)).toEqual(signedClick)
    expect(readTrackingUrl(`https://klick.bücher.example${tokenPath}`, idn)).toBeNull()
  })
})

describe('around the path', () => {
  const tails: [what: string, tail: string][] = [
    ['a query', '?utm_source=x&a=%20'],
    ['an empty query', '?'],
    ['a query that looks like a path', '?/../../x'],
    ['a fragment', '#top'],
    ['both', '?a=b#c'],
  ]
  it.each(tails)('%s is ignored', (_, tail) => {
    expect(readTrackingUrl(signedUrls.click + tail, signed)).toEqual(signedClick)
    expect(readTrackingUrl(signedUrls.open + tail, signed)).toEqual(signedOpen)
    expect(readTrackingUrl(storedUrls.click + tail, signed)).toEqual(storedClick)
    expect(readTrackingUrl(storedUrls.open + tail, signed)).toEqual(storedOpen)
  })

  const junk = [
    '/',
    '//',
    '/x',
    '.',
    '.gif',
    '.gif/',
    '%20',
    '%2F',
    '%00',
    ';a=b',
    '&a=b',
    '=',
    ',',
    ')',
    '>',
    '"',
    'é',
    '*',
  ]
  it.each(junk)('%j after it makes a bad URL', (tail) => {
    for (const url of [signedUrls.click, signedUrls.open, storedUrls.click, storedUrls.open]) {
      expect(readTrackingUrl(url + tail, signed)).toBeNull()
    }
  })

  const paths = [
    '',
    '/',
    '/c',
    '/c/',
    '/o/',
    '/o/.gif',
    '/c//',
    '/C/TOKEN',
    '//c/TOKEN',
    '/x/c/TOKEN',
    '/c/%2e%2e/TOKEN',
    '/c/TOKEN/0/0',
  ]
  it.each(paths)('%j is no path of a reference', (path) => {
    expect(readTrackingUrl(origin + path.replace('TOKEN', token), signed)).toBeNull()
  })
})

describe("an open's reference is no click's", () => {
  const openToken = signedUrls.open.slice(`${origin}/o/`.length, -'.gif'.length)

  it.each([
    ["an open's token on the path of clicks", `/c/${openToken}`],
    ["a click's token on the path of opens", `/o/${token}.gif`],
    ["an open's token without .gif", `/o/${openToken}`],
    ["a stored click's path among opens", `/o/${storedRef}/0`],
    ["a stored open's path among clicks", `/c/${storedRef}/0.gif`],
  ])('%s', (_, path) => {
    expect(readTrackingUrl(origin + path, signed)).toBeNull()
  })
})

describe('other keys and domains', () => {
  const otherSecret = 'another secret of the tests, 37 bytes'
  const cases: [what: string, domain: DomainConfig, isRead: boolean][] = [
    [
      'a new key before it',
      { ...signed, signingKeys: [{ id: 'k2', secret: otherSecret }, ...signed.signingKeys!] },
      true,
    ],
    ['a new key instead of it', { ...signed, signingKeys: [{ id: 'k2', secret: otherSecret }] }, false],
    ['its id with another secret', { ...signed, signingKeys: [{ id: 'k1', secret: otherSecret }] }, false],
    ['its secret as bytes', { ...signed, signingKeys: [{ id: 'k1', secret: Buffer.from(secret) }] }, true],
    ['no keys', stored, false],
    ['an empty list of keys', { ...signed, signingKeys: [] }, false],
    ['another sending domain with the same host and key', { ...signed, name: 'example.org' }, false],
    ['the sending domain spelled otherwise', { ...signed, name: 'EXAMPLE.com.' }, true],
  ]
  it.each(cases)('%s', (_, domain, isRead) => {
    expect(readTrackingUrl(signedUrls.click, domain)).toEqual(isRead ? signedClick : null)
    expect(readTrackingUrl(signedUrls.open, domain)).toEqual(isRead ? signedOpen : null)
    expect(readTrackingUrl(storedUrls.click, domain), 'stored references know no keys').toEqual(storedClick)
  })

  it('the first key signs', () => {
    const rotated: DomainConfig = {
      ...signed,
      signingKeys: [{ id: 'k2', secret: otherSecret }, ...signed.signingKeys!],
    }
    const { click } = urlsOf(rotated, 'msg')
    expect(click).not.toBe(signedUrls.click)
    expect(readTrackingUrl(click, rotated)).toEqual(signedClick)
    expect(readTrackingUrl(click, signed)).toBeNull()
  })
})

describe('the longest URL', () => {
  it('is measured without the query that a gateway may append', () => {
    expect(readTrackingUrl(`${signedUrls.click}?${'x'.repeat(8192)}`, signed)).not.toBeNull()
    expect(readTrackingUrl(`https://links.example.com/c/${'A'.repeat(8192)}`, signed)).toBeNull()
  })

  it('has 8,192 characters', () => {
    const clickUrl = mintOf(checkDomain(signed)).clicks({ mode: 'full', part: 'html', ref: 'msg', issuedAt: 0 })
    const lengths: number[] = []
    for (let length = 6040; length < 6090; length++) {
      const url = clickUrl(0, `https://shop.example/${'x'.repeat(length)}`)
      for (const spelling of [url, url.replace('https:', 'http:')]) {
        lengths.push(spelling.length)
        expect(readTrackingUrl(spelling, signed) === null, `${spelling.length}`).toBe(spelling.length > 8192)
        expect(readTrackingUrl(`${spelling}?x`, signed) === null, `${spelling.length}`).toBe(spelling.length > 8192)
      }
    }
    expect(lengths).toEqual(expect.arrayContaining([8190, 8191, 8192, 8193, 8194]))
  })

  it('that can be written can be read', () => {
    for (let length = 6050; length < 6100; length++) {
      const html = `<a href="https://shop.example/${'x'.repeat(length)}">x</a>`
      const [link] = instrumentEmail(html, signed, { messageRef: 'msg', maxUrlLength: 8192 }).links
      if (link?.kind === 'tracked') {
        expect(link.url.length).toBeLessThanOrEqual(8192)
        expect(readTrackingUrl(link.url, signed)).toMatchObject({ kind: 'click', destination: link.destination })
      } else {
        expect(link).toMatchObject({ kind: 'skipped', reason: 'too-long' })
      }
    }
  })
})

describe('what is no URL', () => {
  it.each([
    [undefined, 'url is undefined: pass the URL as a string'],
    [new URL('https://links.example.com/c/x'), 'url is an object: pass the URL as a string'],
  ])('%s is a TypeError', (url, message) => {
    expect(() => readTrackingUrl(url as unknown as string, signed)).toThrow(new TypeError(message))
  })

  it('any text reads as null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.webPath()), (url) => {
        expect(readTrackingUrl(url, signed)).toBeNull()
        expect(readTrackingUrl(origin + url, signed)).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })
})
