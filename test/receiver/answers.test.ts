import { describe, expect, it } from 'vitest'
import type { MissReason, ReceiverOptions } from '../../src/receiver/index.ts'
import {
  clickUrl,
  destination,
  domain,
  hang,
  openUrl,
  origin,
  otherDomain,
  setUp,
  signerOf,
  storedRef,
} from './fixtures.ts'

const gif = 'R0lGODlhAQABAPAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=='
const token = clickUrl().slice(`${origin}/c/`.length)
const openToken = openUrl().slice(`${origin}/o/`.length, -'.gif'.length)
const flipped = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`
const recased = token.replace(/[a-z]/, (letter) => letter.toUpperCase())
const unused = { ...domain, trackingDomains: [] }
// Of 8,192 characters, and of 8,194: no token of this host makes the length between.
const longDestination = `https://shop.example/${'x'.repeat(6062)}`
const longestUrl = clickUrl(longDestination)
const tooLongUrl = clickUrl(`${longDestination}x`)
const stored: Partial<ReceiverOptions> = { findReference: () => ({ destination, issuedAt: 1_768_000_000_000 }) }

interface Row {
  readonly what: string
  readonly url: string
  readonly method?: string
  readonly options?: Partial<ReceiverOptions>
  readonly status: number
  /** Default: no event */
  readonly event?: 'click' | 'open'
  /** Default: none */
  readonly location?: string
  /** Default: a small plain page, without a body for HEAD */
  readonly body?: 'gif' | 'empty'
  readonly headers?: Record<string, string>
  /** Default: nothing is missed */
  readonly missed?: MissReason
  /** The option that `onError` names. Default: no call */
  readonly failed?: string
}

const good: Row[] = [
  { what: 'a click', url: clickUrl(), status: 302, location: destination, body: 'empty', event: 'click' },
  { what: 'an open', url: openUrl(), status: 200, body: 'gif', event: 'open' },
  { what: 'HEAD of a click', method: 'HEAD', url: clickUrl(), status: 302, location: destination, body: 'empty' },
  {
    what: 'HEAD of an open',
    method: 'HEAD',
    url: openUrl(),
    status: 200,
    body: 'empty',
    headers: { 'content-type': 'image/gif' },
  },
  {
    what: 'a query that a gateway appended',
    url: `${clickUrl()}?utm=1&x=%zz`,
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a click of 8,192 characters',
    url: longestUrl,
    status: 302,
    location: longDestination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a click of 8,192 characters, to which a gateway appended a query',
    url: `${longestUrl}?utm=${'x'.repeat(400)}`,
    status: 302,
    location: longDestination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a long query behind an open',
    url: `${openUrl()}?${'x'.repeat(60_000)}`,
    status: 200,
    body: 'gif',
    event: 'open',
  },
  {
    what: 'a click on a former host whose record fails',
    url: clickUrl(destination, domain, 'https://old.example.com'),
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a click after tracking was switched off',
    url: clickUrl(),
    options: { domains: { ...domain, openTracking: false, clickTracking: false } },
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a click in the text part',
    url: `${origin}/c/${signerOf(domain).clicks({ mode: 'full', part: 'text', ref: 'm', issuedAt: 1000 })(0, destination)}`,
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a stored click',
    url: `${origin}/c/${storedRef}/3`,
    options: stored,
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a stored click of the text part',
    url: `${origin}/c/${storedRef}/t3`,
    options: stored,
    status: 302,
    location: destination,
    body: 'empty',
    event: 'click',
  },
  {
    what: 'a stored open',
    url: `${origin}/o/${storedRef}/0.gif`,
    options: stored,
    status: 200,
    body: 'gif',
    event: 'open',
  },
  {
    what: 'an open where no click may be followed',
    url: openUrl(),
    options: { mayRedirect: () => false },
    status: 200,
    body: 'gif',
    event: 'open',
  },
  { what: 'the probe of a host', url: `${origin}/.well-known/mailtrace`, status: 204, body: 'empty' },
  {
    what: 'the probe of a former host',
    url: 'http://old.example.com/.well-known/mailtrace',
    status: 204,
    body: 'empty',
  },
  { what: 'the probe by HEAD', method: 'HEAD', url: `${origin}/.well-known/mailtrace`, status: 204, body: 'empty' },
]

const refused: Row[] = [
  { what: 'a cut token', url: `${origin}/c/${token.slice(0, -1)}`, status: 404, missed: 'bad-reference' },
  { what: 'an extended token', url: `${origin}/c/${token}A`, status: 404, missed: 'bad-reference' },
  { what: 'a changed token', url: `${origin}/c/${flipped}`, status: 404, missed: 'bad-reference' },
  { what: 'a re-cased token', url: `${origin}/c/${recased}`, status: 404, missed: 'bad-reference' },
  { what: 'a path behind a token', url: `${origin}/c/${token}/x`, status: 404, missed: 'bad-reference' },
  { what: 'an encoded path', url: `${origin}/%63/${token}`, status: 404, missed: 'unknown-path' },
  {
    what: 'an encoded token',
    url: `${origin}/c/%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
    status: 404,
    missed: 'bad-reference',
  },
  { what: 'a doubled slash', url: `${origin}//c/${token}`, status: 404, missed: 'unknown-path' },
  { what: 'an upper-case path', url: `${origin}/C/${token}`, status: 404, missed: 'unknown-path' },
  { what: 'a token of another domain', url: clickUrl(destination, otherDomain), status: 404, missed: 'bad-reference' },
  {
    what: 'a token of another key of the same name',
    url: clickUrl(destination, { ...domain, signingKeys: otherDomain.signingKeys! }),
    status: 404,
    missed: 'bad-reference',
  },
  {
    what: 'a token of a key that is gone',
    url: clickUrl(),
    options: { domains: { ...domain, signingKeys: [{ id: 'k2', secret: 'x'.repeat(32) }] } },
    status: 404,
    missed: 'bad-reference',
  },
  { what: "an open's token on a click", url: `${origin}/c/${openToken}`, status: 404, missed: 'bad-reference' },
  {
    what: "a click's token on an open",
    url: `${origin}/o/${token}.gif`,
    status: 404,
    missed: 'bad-reference',
    body: 'gif',
  },
  {
    what: 'a changed open',
    url: `${origin}/o/${openToken.slice(0, -2)}.gif`,
    status: 404,
    missed: 'bad-reference',
    body: 'gif',
  },
  {
    what: 'a changed open, by HEAD',
    method: 'HEAD',
    url: `${origin}/o/x.gif`,
    status: 404,
    missed: 'bad-reference',
    body: 'empty',
    headers: { 'content-type': 'image/gif' },
  },
  {
    what: 'a stored click without a lookup',
    url: `${origin}/c/${storedRef}/3`,
    status: 404,
    missed: 'no-find-reference',
  },
  {
    what: 'a stored open without a lookup',
    url: `${origin}/o/${storedRef}/0.gif`,
    status: 404,
    missed: 'no-find-reference',
    body: 'gif',
  },
  {
    what: 'an unknown stored click',
    url: `${origin}/c/${storedRef}/3`,
    options: { findReference: () => null },
    status: 404,
    missed: 'unknown-reference',
  },
  {
    what: 'an unknown stored open',
    url: `${origin}/o/${storedRef}/0.gif`,
    options: { findReference: async () => undefined },
    status: 404,
    missed: 'unknown-reference',
    body: 'gif',
  },
  {
    what: 'a stored click without a destination',
    url: `${origin}/c/${storedRef}/3`,
    options: { findReference: () => ({}) },
    status: 404,
    missed: 'no-destination',
  },
  {
    what: 'a short stored reference',
    url: `${origin}/c/too-short/3`,
    options: stored,
    status: 404,
    missed: 'bad-reference',
  },
  { what: 'a URL of 8,194 characters', url: tooLongUrl, status: 404, missed: 'url-too-long' },
  {
    what: 'a URL of 8,194 characters before its query',
    url: `${tooLongUrl}?utm=1`,
    status: 404,
    missed: 'url-too-long',
  },
  {
    what: 'an open of 8,193 characters',
    url: `${origin}/o/${'A'.repeat(8193 - `${origin}/o/.gif`.length)}.gif`,
    status: 404,
    missed: 'url-too-long',
    body: 'gif',
  },
  { what: 'a query of 100 KB', url: `${clickUrl()}?${'x'.repeat(100_000)}`, status: 404, missed: 'url-too-long' },
  {
    what: "an open's query of 100 KB",
    url: `${openUrl()}?${'x'.repeat(100_000)}`,
    status: 404,
    missed: 'url-too-long',
    body: 'gif',
  },
  { what: 'a path of 100 KB', url: `${origin}/c/${'A'.repeat(100_000)}`, status: 404, missed: 'url-too-long' },
  { what: 'an unknown path', url: `${origin}/`, status: 404, missed: 'unknown-path' },
  { what: 'the paths themselves', url: `${origin}/c/`, status: 404, missed: 'bad-reference' },
  {
    what: 'a host that is not listed',
    url: clickUrl(destination, domain, 'https://links.example.org'),
    status: 404,
    missed: 'unknown-host',
  },
  {
    what: 'a host that is an address',
    url: clickUrl(destination, domain, 'http://[::1]'),
    status: 404,
    missed: 'unknown-host',
  },
  {
    what: 'the probe of an unknown host',
    url: 'https://links.example.org/.well-known/mailtrace',
    status: 404,
    missed: 'unknown-host',
  },
  {
    what: 'a domain without hosts',
    url: clickUrl(),
    options: { domains: [unused, otherDomain] },
    status: 404,
    missed: 'unknown-host',
  },
  {
    what: 'POST',
    method: 'POST',
    url: clickUrl(),
    status: 405,
    missed: 'wrong-method',
    headers: { allow: 'GET, HEAD' },
  },
  {
    what: 'OPTIONS',
    method: 'OPTIONS',
    url: openUrl(),
    status: 405,
    missed: 'wrong-method',
    headers: { allow: 'GET, HEAD' },
  },
  {
    what: 'a refused click',
    url: clickUrl(),
    options: { mayRedirect: () => false },
    status: 410,
    missed: 'redirect-refused',
  },
  {
    what: 'a click refused later',
    url: clickUrl(),
    options: { mayRedirect: async () => false },
    status: 410,
    missed: 'redirect-refused',
  },
  {
    what: 'HEAD of a refused click',
    method: 'HEAD',
    url: clickUrl(),
    options: { mayRedirect: () => false },
    status: 410,
    missed: 'redirect-refused',
    body: 'empty',
  },
]

const untouched = clickUrl()
const longQuery = (length: number) => `${untouched}?${'x'.repeat(length - untouched.length - 1)}`
good.push({
  what: 'a click of 65,536 characters with its query',
  url: longQuery(65_536),
  status: 302,
  location: destination,
  body: 'empty',
  event: 'click',
})
refused.push({
  what: 'a click of 65,537 characters with its query',
  url: longQuery(65_537),
  status: 404,
  missed: 'url-too-long',
})

const fails = (): never => {
  throw new Error('database of customers is down')
}
const retry = { 'retry-after': '10' }
const soon = { lookupTimeoutMs: 10 }
const failed: Row[] = [
  {
    what: 'a domain lookup that throws',
    url: clickUrl(),
    options: { domains: fails },
    status: 503,
    headers: retry,
    failed: 'domains',
  },
  {
    what: 'a domain lookup that rejects',
    url: openUrl(),
    options: { domains: async () => fails() },
    status: 503,
    headers: retry,
    failed: 'domains',
  },
  {
    what: 'a domain lookup that hangs',
    url: clickUrl(),
    options: { domains: hang, ...soon },
    status: 503,
    headers: retry,
    failed: 'domains',
  },
  {
    what: 'a probe when the lookup fails',
    url: `${origin}/.well-known/mailtrace`,
    options: { domains: fails },
    status: 503,
    headers: retry,
    failed: 'domains',
  },
  {
    what: 'a domain lookup that gives nonsense',
    url: clickUrl(),
    options: { domains: () => ({ name: 1 }) as never },
    status: 503,
    headers: retry,
    failed: 'domains',
  },
  {
    what: 'a reference lookup that throws',
    url: `${origin}/c/${storedRef}/3`,
    options: { findReference: fails },
    status: 503,
    headers: retry,
    failed: 'findReference',
  },
  {
    what: 'a reference lookup that hangs',
    url: `${origin}/c/${storedRef}/3`,
    options: { findReference: hang, ...soon },
    status: 503,
    headers: retry,
    failed: 'findReference',
  },
  {
    what: "an open's lookup that rejects",
    url: `${origin}/o/${storedRef}/0.gif`,
    options: { findReference: async () => fails() },
    status: 503,
    headers: retry,
    failed: 'findReference',
  },
  {
    what: 'a mayRedirect that throws',
    url: clickUrl(),
    options: { mayRedirect: fails },
    status: 503,
    headers: retry,
    failed: 'mayRedirect',
  },
  {
    what: 'a mayRedirect that hangs',
    url: clickUrl(),
    options: { mayRedirect: hang, ...soon },
    status: 503,
    headers: retry,
    failed: 'mayRedirect',
  },
  {
    what: 'a host hook that throws',
    url: clickUrl(),
    options: { host: fails },
    status: 503,
    headers: retry,
    failed: 'host',
  },
  {
    what: 'a clock that throws',
    url: clickUrl(),
    options: { now: fails },
    status: 503,
    headers: retry,
    failed: 'now',
  },
  {
    what: 'a clock that gives no time',
    url: clickUrl(),
    options: { now: () => Number.NaN },
    status: 503,
    headers: retry,
    failed: 'now',
  },
  {
    what: 'a clock that gives seconds',
    url: openUrl(),
    options: { now: () => 1_768_478_400 },
    status: 503,
    headers: retry,
    failed: 'now',
  },
  {
    what: 'a mayRedirect that does not decide',
    url: clickUrl(),
    options: { mayRedirect: () => 0 as unknown as boolean },
    status: 503,
    headers: retry,
    failed: 'mayRedirect',
  },
  {
    what: 'a stored reference that cannot be read',
    url: `${origin}/c/${storedRef}/3`,
    options: {
      findReference: () => ({
        get destination(): string {
          return fails()
        },
      }),
    },
    status: 503,
    headers: retry,
    failed: 'findReference',
  },
  {
    what: 'HEAD when a lookup fails',
    method: 'HEAD',
    url: clickUrl(),
    options: { domains: fails },
    status: 503,
    headers: retry,
    body: 'empty',
    failed: 'domains',
  },
]

describe.each([
  ['good', good],
  ['refused', refused],
  ['failed', failed],
])('%s requests', (_, rows) => {
  it.each(rows)('$what: $status', async (row) => {
    const { ask, settle, events, failures, misses } = setUp(row.options)
    const response = await ask(row.url, { method: row.method ?? 'GET' })
    await settle()

    expect(response.status).toBe(row.status)
    expect(response.headers.get('location')).toBe(row.location ?? null)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      ...row.headers,
    })
    expect(events.map((event) => event.type)).toEqual(row.event ? [row.event] : [])
    expect(misses.map((miss) => miss.reason)).toEqual(row.missed ? [row.missed] : [])
    expect(failures.map((failure) => failure.source)).toEqual(row.failed ? [row.failed] : [])

    const body = new Uint8Array(await response.arrayBuffer())
    if (row.body === 'gif') {
      expect(response.headers.get('content-type')).toBe('image/gif')
      expect(btoa(String.fromCharCode(...body))).toBe(gif)
    } else if (row.body === 'empty') {
      expect(body.length).toBe(0)
    } else {
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(new TextDecoder().decode(body)).toMatch(/^[A-Z][\w ,.]+\n$/)
    }
  })
})

describe('what no server should hand over', () => {
  it.each([
    ['a path for a URL', '/c/x'],
    ['a host that is none', 'https://links.example.com:99999/c/x'],
    ['nothing', ''],
  ])('%s: 400', async (_, url) => {
    const { receiver, misses } = setUp()
    const { status, body } = await receiver.answer({ method: 'GET', url, headers: new Headers() })
    await receiver.drain()
    expect([status, body]).toEqual([400, 'Bad request.\n'])
    expect(misses).toEqual([{ reason: 'bad-url', type: null, host: null, domain: null }])
  })

  it.each([
    ['no request at all', undefined],
    [
      'one that cannot be read',
      {
        get method(): never {
          throw new Error('gone')
        },
      },
    ],
    [
      'one that throws nothing at all',
      {
        get method(): never {
          throw null
        },
      },
    ],
  ])('%s: 503, and onError hears of it', async (what, request) => {
    const { receiver, failures } = setUp()
    const response = await receiver(request as never)
    expect([response.status, await response.text()]).toEqual([
      503,
      'This link cannot be followed right now. Please try again in a moment.\n',
    ])
    const cause = what.includes('nothing') ? null : expect.any(Error)
    expect(failures).toEqual([{ source: 'receiver', cause, events: [] }])
  })

  it('any answer has its text', async () => {
    const texts: unknown[] = []
    const { receiver } = setUp({ mayRedirect: () => false })
    const headers = new Headers()
    for (const [method, url] of [
      ['POST', clickUrl()],
      ['GET', clickUrl()],
      ['GET', `${origin}/x`],
    ] as const) {
      const { status, body } = await receiver.answer({ method, url, headers })
      texts.push([status, body])
    }
    expect(texts).toEqual([
      [405, 'Only GET and HEAD are answered here.\n'],
      [410, 'This link has been switched off.\n'],
      [404, 'There is nothing here. If you followed a link, it may have been cut or changed.\n'],
    ])
  })
})

it('the long URLs are as long as they say', () => {
  expect([longestUrl.length, tooLongUrl.length]).toEqual([8192, 8194])
})

describe('destinations', () => {
  it.each([
    [
      'an IDN',
      'https://münchen.example/straße?q=grüße#größe',
      'https://xn--mnchen-3ya.example/stra%C3%9Fe?q=gr%C3%BC%C3%9Fe#gr%C3%B6%C3%9Fe',
    ],
    ['spaces', 'https://shop.example/a b?c d', 'https://shop.example/a%20b?c%20d'],
    ['line breaks', 'https://shop.example/a\r\nSet-Cookie: x=1', 'https://shop.example/aSet-Cookie:%20x=1'],
    ['encoded line breaks', 'https://shop.example/%0d%0aSet-Cookie:x', 'https://shop.example/%0d%0aSet-Cookie:x'],
    ['a lone percent', 'https://shop.example/100%', 'https://shop.example/100%'],
    ['no path', 'https://shop.example?a=1', 'https://shop.example/?a=1'],
    ['an emoji', 'https://shop.example/🎉', 'https://shop.example/%F0%9F%8E%89'],
    ['plain http', 'http://shop.example/', 'http://shop.example/'],
    ['the tracking host elsewhere than under /c/ and /o/', `${origin}/unsubscribe`, `${origin}/unsubscribe`],
    ["another host's /c/", 'https://shop.example/c/1', 'https://shop.example/c/1'],
  ])('with %s leads on in ASCII', async (_, to, location) => {
    const { ask, settle, events } = setUp()
    const response = await ask(clickUrl(to))
    await settle()
    expect([response.status, response.headers.get('location')]).toEqual([302, location])
    expect(events).toMatchObject([{ destination: to }])
  })

  const bad = [
    ['javascript', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['another scheme', 'ftp://shop.example/'],
    ['no scheme', '//shop.example/'],
    ['a path', '/x'],
    ['no text', ''],
    ['no slashes', 'https:shop.example'],
    ['one slash', 'https:/shop.example/'],
    ['backslashes', 'https:\\\\shop.example/'],
    ['a space before it', ' https://shop.example/'],
    ['no host', 'https://'],
    ['an impossible port', 'https://shop.example:99999/'],
    ['a loop', `${origin}/c/x`],
    ["a loop by an open's path", `${origin}/o/x`],
    ['a loop in other words', 'HTTP://LINKS.EXAMPLE.COM.:80/x/../%2e/c/x'],
    ['a loop by way of a former host', 'https://old.example.com/c/x'],
    ["a loop by way of a former host's pixel", 'http://OLD.example.com/o/x.gif'],
  ] as const

  it.each(bad)('with %s is not followed, though it is signed', async (_, to) => {
    const { ask, settle, events } = setUp()
    const response = await ask(clickUrl(to))
    await settle()
    expect([response.status, response.headers.get('location'), events]).toEqual([404, null, []])
  })

  it('with a loop is not followed where the domain has one host alone', async () => {
    const trackingDomains = [{ host: 'links.example.com', status: 'verified' }] as const
    const { ask } = setUp({ domains: { ...domain, trackingDomains } })
    expect((await ask(clickUrl(`${origin}/c/x`))).status).toBe(404)
    expect((await ask(clickUrl('https://shop.example/c/x'))).status).toBe(302)
  })

  it.each(bad)('with %s is not followed, though it is stored', async (_, to) => {
    const { ask, settle, events } = setUp({ findReference: () => ({ destination: to }) })
    const response = await ask(`${origin}/c/${storedRef}/3`)
    await settle()
    expect([response.status, response.headers.get('location'), events]).toEqual([404, null, []])
  })

  it.each([
    ['a URL object', new URL('https://shop.example/')],
    ['a list', ['https://shop.example/']],
    ['an object with a text', { toString: () => 'https://shop.example/' }],
    ['a number', 7],
  ])('as %s in a store is not followed', async (_, to) => {
    const { ask, settle, events } = setUp({ findReference: () => ({ destination: to as never }) })
    const response = await ask(`${origin}/c/${storedRef}/3`)
    await settle()
    expect([response.status, response.headers.get('location'), events]).toEqual([404, null, []])
  })
})
