import { describe, expect, it } from 'vitest'
import { forwardedHost } from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, setUp } from './fixtures.ts'

const request = (forwarded: string | null) =>
  new Request('http://10.0.0.7:3000/c/x?y#z', {
    headers: forwarded === null ? {} : { 'x-forwarded-host': forwarded, host: 'inside.example' },
  })

describe('forwardedHost', () => {
  it.each([
    [undefined, 'links.example.com', 'links.example.com'],
    [undefined, ' links.example.com ', 'links.example.com'],
    [undefined, 'links.example.com:8443', 'links.example.com:8443'],
    // What a reader sent, and what the proxy was asked for.
    [1, 'made-up.example, links.example.com', 'links.example.com'],
    [2, 'made-up.example, links.example.com, inside.example', 'links.example.com'],
    [10, 'links.example.com,2,3,4,5,6,7,8,9,10', 'links.example.com'],
    // Where it is missing, the URL's.
    [1, null, '10.0.0.7:3000'],
    [1, '', '10.0.0.7:3000'],
    [1, 'links.example.com,', '10.0.0.7:3000'],
    [2, 'links.example.com', '10.0.0.7:3000'],
  ])('behind %s of the own proxies reads %j', (proxies, forwarded, host) => {
    expect(forwardedHost(proxies)(request(forwarded))).toBe(host)
  })

  it.each([
    ['http://links.example.com', 'links.example.com'],
    ['HTTPS://links.example.com?x', 'links.example.com'],
    ['https://links.example.com#x', 'links.example.com'],
    ['https://links.example.com:8443/c/x', 'links.example.com:8443'],
    ['https://', null],
    ['/c/x', null],
  ])('falls back to the host of %s', (url, host) => {
    expect(forwardedHost()({ method: 'GET', url, headers: new Headers() })).toBe(host)
  })

  it.each([[0], [11], [1.5], [Number.NaN]])('refuses %s proxies', (proxies) => {
    const message = `proxies is ${proxies}: use a whole number of 1 to 10`
    expect(() => forwardedHost(proxies)).toThrow(expect.objectContaining({ code: 'invalid-options', message }))
  })

  it('serves links behind a proxy that rewrites Host, and says which host was asked', async () => {
    const { ask, settle, events } = setUp({ host: forwardedHost() })
    const url = clickUrl(destination, domain, 'http://10.0.0.7:3000')
    expect((await ask(url, { headers: { 'x-forwarded-host': 'links.example.com' } })).status).toBe(302)
    await settle()
    expect(events).toMatchObject([{ host: 'links.example.com' }])
  })
})
