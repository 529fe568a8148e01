import { describe, expect, it, vi } from 'vitest'
import { createReceiver, type DomainConfig, type DomainLookup } from '../../src/receiver/index.ts'
import { secret } from '../kit/domains.ts'
import { clickUrl, destination, domain, openUrl, origin, otherDomain, setUp, storedRef } from './fixtures.ts'

const lookup: DomainLookup = async (host) =>
  [domain, otherDomain].find((config) => config.trackingDomains.some((known) => known.host === host))

describe.each([
  ['a list', [domain, otherDomain]],
  ['a lookup', lookup],
])('domains as %s', (_, domains) => {
  it('serves each on its own hosts', async () => {
    const { ask, settle, events } = setUp({ domains })
    expect((await ask(clickUrl())).status).toBe(302)
    expect((await ask(clickUrl(destination, otherDomain, 'https://links.other.example'))).status).toBe(302)
    await settle()
    expect(events.map((event) => event.domain).sort()).toEqual(['example.com', 'other.example'])
  })

  // Both domains' keys have the same id: nothing but the host picks, and nothing but the signature decides.
  it("never follows one domain's token on another's host", async () => {
    const { ask } = setUp({ domains })
    expect((await ask(clickUrl(destination, domain, 'https://links.other.example'))).status).toBe(404)
    expect((await ask(clickUrl(destination, otherDomain))).status).toBe(404)
    expect((await ask(openUrl(domain, 'https://links.other.example'))).status).toBe(404)
  })

  it('nor where both have one secret', async () => {
    const twin: DomainConfig = { ...otherDomain, signingKeys: domain.signingKeys! }
    const { ask } = setUp({ domains: [domain, twin] })
    expect((await ask(clickUrl(destination, domain, 'https://links.other.example'))).status).toBe(404)
  })

  it('takes no host from a header', async () => {
    const { ask } = setUp({ domains })
    for (const name of ['host', 'x-forwarded-host', 'forwarded', 'x-host', 'x-original-host']) {
      const headers = { [name]: name === 'forwarded' ? 'host=links.example.com' : 'links.example.com' }
      expect((await ask(clickUrl(destination, domain, 'https://links.other.example'), { headers })).status).toBe(404)
    }
  })

  it("names the host's domain when it asks for a stored reference", async () => {
    const findReference = vi.fn(() => null)
    const { ask } = setUp({ domains, findReference })
    await ask(`https://links.other.example/c/${storedRef}/0`)
    expect(findReference.mock.calls).toMatchObject([[{ domain: 'other.example' }, {}]])
  })

  it.each([
    ['http://links.example.com'],
    ['https://LINKS.example.COM'],
    ['https://links.example.com.'],
    ['https://links.example.com:443'],
    ['http://links.example.com:443'],
  ])('knows %s', async (at) => {
    expect((await setUp({ domains }).ask(`${at}/.well-known/mailtrace`)).status).toBe(204)
  })

  it.each([
    ['https://links.example.com:8443'],
    ['https://example.com'],
    ['https://a.links.example.com'],
    ['https://links.example.com..'],
    ['https://_'],
  ])('does not know %s', async (at) => {
    expect((await setUp({ domains }).ask(`${at}/.well-known/mailtrace`)).status).toBe(404)
  })
})

describe('a lookup', () => {
  it('is asked in canonical form, and not for what is no host', async () => {
    const asked: string[] = []
    let host = ''
    const { ask } = setUp({ domains: (name) => void asked.push(name), host: () => host })
    for (host of ['Links.EXAMPLE.com.', 'münchen.example', 'localhost:8080', '', 'a b', 'a/b', '[::1]', 'a@b', '\0']) {
      expect((await ask(clickUrl())).status).toBe(404)
    }
    host = `${'x'.repeat(9000)}.com`
    expect((await ask(clickUrl())).status).toBe(404)
    expect(asked).toEqual(['links.example.com', 'xn--mnchen-3ya.example', 'localhost:8080'])
  })

  it('is not asked for other paths and methods', async () => {
    const domains = vi.fn(lookup)
    const { ask } = setUp({ domains })
    await ask(`${origin}/wp-admin`)
    await ask(clickUrl(), { method: 'POST' })
    expect(domains).not.toHaveBeenCalled()
  })

  it.each([[null], [undefined]])('may answer %s', async (nothing) => {
    expect((await setUp({ domains: () => nothing }).ask(clickUrl())).status).toBe(404)
  })

  it('that gives a domain which does not list the host serves nothing', async () => {
    expect((await setUp({ domains: () => otherDomain }).ask(clickUrl())).status).toBe(404)
  })

  it('that gives the same object sees every change to it', async () => {
    const bytes = new TextEncoder().encode(secret)
    const held = {
      ...domain,
      trackingDomains: [...domain.trackingDomains],
      signingKeys: [{ id: 'k1', secret: bytes as string | Uint8Array }],
    }
    const { ask } = setUp({ domains: () => held })
    const url = clickUrl()
    const status = async () => (await ask(url)).status
    expect(await status()).toBe(302)
    expect(await status()).toBe(302)

    bytes[0]! ^= 1
    expect(await status()).toBe(404)
    bytes[0]! ^= 1
    expect(await status()).toBe(302)

    held.signingKeys[0] = { id: 'k2', secret: bytes }
    expect(await status()).toBe(404)
    held.signingKeys.push({ id: 'k1', secret })
    expect(await status()).toBe(302)

    held.name = 'example.org'
    expect(await status()).toBe(404)
    held.name = 'example.com'
    held.trackingDomains = []
    expect(await status()).toBe(404)
    held.trackingDomains = 'none' as never
    expect(await status()).toBe(503)
  })
})

describe('keys', () => {
  it('rotate: the first signs, all verify', async () => {
    const rotated = { ...domain, signingKeys: [{ id: 'k2', secret: 'x'.repeat(32) }, ...domain.signingKeys!] }
    const { ask } = setUp({ domains: rotated })
    expect((await ask(clickUrl(destination, domain))).status).toBe(302)
    expect((await ask(clickUrl(destination, rotated))).status).toBe(302)
  })

  it('may come later: stored links still resolve', async () => {
    const { ask } = setUp({ findReference: () => ({ destination }) })
    expect((await ask(`${origin}/c/${storedRef}/3`)).status).toBe(302)
    expect((await ask(clickUrl())).status).toBe(302)
  })
})

describe('the length of a URL', () => {
  // 8,192 characters as it was minted.
  const longest = clickUrl(`https://shop.example/${'x'.repeat(6039)}`)

  it('is that of what was minted, whatever a proxy calls the host', async () => {
    const inside = `http://${'inside-'.repeat(30)}.example:8080`
    const host = () => 'links.example.com'
    for (const at of [inside, 'http://x']) {
      expect((await setUp({ host }).ask(longest.replace(origin, at))).status).toBe(302)
    }
  })
})

describe('the host hook', () => {
  it('says which host was asked', async () => {
    const { ask, settle, events } = setUp({ host: () => 'links.example.com' })
    expect((await ask(clickUrl(destination, domain, 'http://10.0.0.7:3000'))).status).toBe(302)
    await settle()
    expect(events).toMatchObject([{ host: 'links.example.com' }])
  })

  it.each([
    ['http://10.0.0.7:3000', 'links.example.com:80'],
    ['http://10.0.0.7:3000', 'links.example.com:080'],
    // A proxy that ended TLS.
    ['http://10.0.0.7:3000', 'links.example.com:443'],
    ['https://10.0.0.7:3000', 'links.example.com:443'],
  ])('at %s may name a default port: %s', async (at, host) => {
    const asked: string[] = []
    const domains: DomainLookup = (name) => {
      asked.push(name)
      return domain
    }
    const url = clickUrl(destination, domain, at)
    expect((await setUp({ host: () => host }).ask(url)).status).toBe(302)
    expect((await setUp({ host: () => host, domains }).ask(url)).status).toBe(302)
    expect(asked).toEqual(['links.example.com'])
  })

  it.each([
    ['https://10.0.0.7:3000', 'links.example.com:80'],
    ['http://10.0.0.7:3000', 'links.example.com:8080'],
    ['http://10.0.0.7:3000', 'links.example.com:80:80'],
  ])('at %s names no host by %s', async (at, host) => {
    expect((await setUp({ host: () => host }).ask(clickUrl(destination, domain, at))).status).toBe(404)
  })

  it('may answer later', async () => {
    const { ask } = setUp({ host: async () => 'links.example.com' })
    expect((await ask(clickUrl(destination, domain, 'http://10.0.0.7:3000'))).status).toBe(302)
  })

  it('is the own host that a destination must not come back to', async () => {
    const { ask } = setUp({ host: () => 'links.example.com' })
    expect((await ask(clickUrl(`${origin}/c/x`, domain, 'http://10.0.0.7:3000'))).status).toBe(404)
  })

  it('may be as long as a name of 253 characters with a trailing dot and a port', async () => {
    const name = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(49)}.example.com`
    const trackingDomains = [{ host: `${name}:65535`, status: 'verified' }] as const
    const host = () => `${name}.:65535`
    expect(host()).toHaveLength(260)
    const { ask } = setUp({ host, domains: { ...domain, trackingDomains } })
    expect((await ask(clickUrl())).status).toBe(302)
  })

  it.each([[null], [undefined], [7], [''], ['x'.repeat(10_000)]])('that gives %j names no host', async (host) => {
    expect((await setUp({ host: () => host as never }).ask(clickUrl())).status).toBe(404)
  })
})

it('a host that two domains list is refused', () => {
  const twin = { ...otherDomain, trackingDomains: [{ host: 'OLD.example.com', status: 'verified' }] } as const
  expect(() => createReceiver({ domains: [domain, twin], onEvent: () => {} })).toThrow(
    expect.objectContaining({
      code: 'invalid-options',
      message: 'domains has host "old.example.com" in "example.com" and "other.example": give each host to one domain',
    }),
  )
})
