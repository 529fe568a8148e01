import { describe, expect, it } from 'vitest'
import { formatCookie, readCookie } from '../../../src/service/console/cookies.ts'
import { formToken, isOwnForm, isOwnVisit } from '../../../src/service/console/same-origin.ts'

const token = 'AAAAAAAAAAAAAAAAAAAAA_'
const post = (headers: Record<string, string>, url = 'http://console.example/domains'): Request =>
  new Request(url, { method: 'POST', headers: { cookie: `mailtrace-form=${token}`, ...headers } })

const origins: [what: string, headers: Record<string, string>, isOwn: boolean][] = [
  ['the browser says it is the same origin', { 'sec-fetch-site': 'same-origin' }, true],
  ['another site', { 'sec-fetch-site': 'cross-site' }, false],
  ['a sister of the host', { 'sec-fetch-site': 'same-site' }, false],
  ['an address that was typed', { 'sec-fetch-site': 'none' }, false],
  [
    'another site that says it is this one',
    { 'sec-fetch-site': 'cross-site', origin: 'http://console.example' },
    false,
  ],
  ['an older browser, the same origin', { origin: 'http://console.example' }, true],
  [
    'an older browser, behind a proxy that ends TLS',
    { origin: 'https://console.example', host: 'console.example' },
    true,
  ],
  ['an older browser, behind a proxy with a port', { origin: 'https://c.example:444', host: 'c.example:444' }, true],
  ['an older browser, another port', { origin: 'http://console.example:81' }, false],
  ['an older browser, another host', { origin: 'http://evil.example' }, false],
  ['an opaque origin', { origin: 'null' }, false],
  ['nothing said', {}, false],
]

describe('a form is taken from', () => {
  it.each(origins)('%s', (_, headers, isOwn) => {
    expect(isOwnForm(post(headers), token)).toBe(isOwn)
  })

  it.each([
    ['without a token', null],
    ['with an empty one', ''],
    ['with another', 'BAAAAAAAAAAAAAAAAAAAAA'],
  ])('nobody %s', (_, given) => {
    expect(isOwnForm(post({ 'sec-fetch-site': 'same-origin' }), given)).toBe(false)
  })

  it.each(['', 'mailtrace-form=', 'mailtrace-form=x', 'other=1'])('nobody whose cookies are %j', (cookie) => {
    const value = cookie.split('=')[1] ?? ''
    expect(isOwnForm(post({ 'sec-fetch-site': 'same-origin', cookie }), value)).toBe(false)
  })
})

describe('the token of forms', () => {
  it('is made and set where there is none', () => {
    const made = formToken(new Request('http://console.example/'))
    expect(made.token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(made.setCookie).toBe(`mailtrace-form=${made.token}; Path=/; HttpOnly; SameSite=Strict`)
  })

  it('stays where there is one', () => {
    expect(formToken(post({}))).toEqual({ token, setCookie: null })
  })

  it('is made anew where somebody else put something', () => {
    const made = formToken(post({ cookie: 'mailtrace-form="><script>' }))
    expect(made.token).not.toContain('<')
    expect(made.setCookie).not.toBeNull()
  })
})

it.each([
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
  [null, true],
])('somebody who comes from %s came by themselves: %s', (site, isOwn) => {
  const headers: HeadersInit = site === null ? {} : { 'sec-fetch-site': site }
  expect(isOwnVisit(new Request('http://console.example/', { headers }))).toBe(isOwn)
})

describe('a cookie', () => {
  it.each([
    ['http://localhost/', {}, 'n=v; Max-Age=60; Path=/; HttpOnly; SameSite=Strict'],
    ['http://localhost:8080/', {}, 'n-8080=v; Max-Age=60; Path=/; HttpOnly; SameSite=Strict'],
    ['https://localhost/', {}, 'n=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict'],
    [
      'http://localhost/',
      { 'x-forwarded-proto': 'https' },
      'n=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
    ['http://localhost/', { 'x-forwarded-proto': 'http' }, 'n=v; Max-Age=60; Path=/; HttpOnly; SameSite=Strict'],
  ])('for %s %j', (url, headers, cookie) => {
    expect(formatCookie(new Request(url, { headers }), 'n', 'v', 60)).toBe(cookie)
  })

  it.each([
    ['a=1; b=2', 'b', '2'],
    ['b=2', 'b', '2'],
    ['b=2=3;a=1', 'b', '2=3'],
    ['ab=2', 'b', null],
    ['', 'b', null],
  ])('in %j named %s is %j', (cookie, name, value) => {
    expect(readCookie(new Request('http://localhost/', { headers: { cookie } }), name)).toBe(value)
  })

  it('of a console at another port is another', () => {
    const headers = { cookie: 'a=1; a-8080=2' }
    const read = (url: string) => readCookie(new Request(url, { headers }), 'a')
    expect([read('http://localhost:8080/'), read('http://localhost:8081/'), read('http://localhost/')]).toEqual([
      '2',
      null,
      '1',
    ])
  })
})
