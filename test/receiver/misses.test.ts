import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReceiver, type DomainConfig, type ReceiverOptions } from '../../src/receiver/index.ts'
import { clickUrl, destination, domain, hang, openUrl, origin, otherDomain, setUp, storedRef } from './fixtures.ts'

const { signingKeys: _keys, ...keyless } = domain
const printed = { warn: vi.fn(), error: vi.fn() }

beforeEach(() => {
  printed.warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  printed.error = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

// Each of these turned every link of a mail into a 404.
describe('a receiver that is set up wrongly', () => {
  interface Row {
    readonly what: string
    readonly options: Partial<ReceiverOptions>
    readonly url?: string
    readonly reason: string
    readonly domain: string | null
    readonly host?: string
    readonly line: string
  }
  const findReference = () => null
  const once = 'Said once: use onMiss for all'
  const rows: Row[] = [
    {
      what: 'without the keys that signed the mail',
      options: { domains: keyless, findReference },
      reason: 'no-signing-keys',
      domain: 'example.com',
      line: `mailtrace: 404 for a click at "links.example.com": no-signing-keys, a signed link, but its domain has no signingKeys here. ${once}`,
    },
    {
      what: 'without the host of the mail',
      options: { domains: { ...domain, trackingDomains: [{ host: 'link.example.com', status: 'verified' }] } },
      reason: 'unknown-host',
      domain: null,
      line: `mailtrace: 404 for a click at "links.example.com": unknown-host, no tracking domain in "domains" has this host; behind a proxy that rewrites it set host: forwardedHost(). ${once}`,
    },
    {
      what: 'behind a proxy that rewrites Host',
      options: {},
      url: clickUrl(destination, domain, 'http://receiver:3000'),
      reason: 'unknown-host',
      domain: null,
      host: 'receiver:3000',
      line: `mailtrace: 404 for a click at "receiver:3000": unknown-host, no tracking domain in "domains" has this host; behind a proxy that rewrites it set host: forwardedHost(). ${once}`,
    },
    {
      what: 'with another name of the sending domain',
      options: { domains: { ...domain, name: 'mail.example.com' } },
      reason: 'bad-reference',
      domain: 'mail.example.com',
      line: `mailtrace: 404 for a click at "links.example.com": bad-reference, cut or changed, or signed by another domain: name and signingKeys must be those that sent the mail. ${once}`,
    },
    {
      what: 'with other keys than the mail',
      options: { domains: { ...domain, signingKeys: otherDomain.signingKeys } },
      reason: 'bad-reference',
      domain: 'example.com',
      line: `mailtrace: 404 for a click at "links.example.com": bad-reference, cut or changed, or signed by another domain: name and signingKeys must be those that sent the mail. ${once}`,
    },
    {
      what: 'without a lookup for stored links',
      options: {},
      url: `${origin}/c/${storedRef}/3`,
      reason: 'no-find-reference',
      domain: 'example.com',
      line: `mailtrace: 404 for a click at "links.example.com": no-find-reference, a stored link, but there is no findReference. ${once}`,
    },
    {
      what: 'with a lookup that knows no link',
      options: { findReference },
      url: `${origin}/c/${storedRef}/3`,
      reason: 'unknown-reference',
      domain: 'example.com',
      line: `mailtrace: 404 for a click at "links.example.com": unknown-reference, findReference does not know it. ${once}`,
    },
    {
      what: 'with a lookup of domains that gives another',
      options: { domains: () => otherDomain },
      reason: 'unlisted-host',
      domain: null,
      line: `mailtrace: 404 for a click at "links.example.com": unlisted-host, the domain that "domains" gave does not list it. ${once}`,
    },
    {
      what: 'under a prefix',
      options: {},
      url: `${origin}/track/c/x`,
      reason: 'unknown-path',
      domain: null,
      line: `mailtrace: 404 for a request at "links.example.com": unknown-path, mount the receiver without a prefix. ${once}`,
    },
  ]

  it.each(rows)('$what: onMiss hears $reason', async ({ options, url = clickUrl(), reason, domain, host }) => {
    const { ask, settle, misses, failures } = setUp(options)
    expect((await ask(url)).status).toBe(404)
    await settle()
    const type = reason === 'unknown-path' ? null : 'click'
    expect(misses).toEqual([{ reason, type, host: host ?? 'links.example.com', domain }])
    expect(failures).toEqual([])
  })

  it.each(rows)('$what: without onMiss, one line says so', async ({ options, url = clickUrl(), line }) => {
    const { ask } = setUp({ ...options, onMiss: undefined })
    for (let i = 0; i < 3; i++) await ask(url)
    expect(printed.warn.mock.calls).toEqual([[line]])
  })

  it('with a list in which one domain can resolve nothing is not made at all', () => {
    const { signingKeys: _, ...otherKeyless } = otherDomain
    const refused: [domains: unknown, name: string][] = [
      [keyless, 'example.com'],
      [[domain, otherKeyless], 'other.example'],
      [{ ...domain, signingKeys: [] }, 'example.com'],
    ]
    for (const [domains, name] of refused) {
      expect(() => createReceiver({ domains: domains as DomainConfig, onEvent: () => {} })).toThrow(
        expect.objectContaining({
          code: 'invalid-options',
          message: `domains has "${name}" without signingKeys, and there is no findReference, so that every link would be 404: add the keys that sign its mail, or findReference for stored references`,
        }),
      )
    }
  })

  it('with a lookup that may give such a domain is made: the request says so', async () => {
    const { ask, misses } = setUp({ domains: () => keyless })
    await ask(clickUrl())
    await ask(`${origin}/o/${storedRef}/0.gif`)
    expect(misses).toEqual([
      { reason: 'no-signing-keys', type: 'click', host: 'links.example.com', domain: 'example.com' },
      { reason: 'no-find-reference', type: 'open', host: 'links.example.com', domain: 'example.com' },
    ])
  })
})

describe('what a lookup should not give', () => {
  it.each<[unknown, string]>([
    [7, 'unknown-reference'],
    ['https://shop.example/', 'unknown-reference'],
    [true, 'unknown-reference'],
    [{}, 'no-destination'],
    [{ destination: null }, 'no-destination'],
    [{ destination: '' }, 'refused-destination'],
    [{ destination: 7 }, 'refused-destination'],
  ])('%j: 404, %s', async (stored, reason) => {
    const { ask, misses, failures } = setUp({ findReference: () => stored as never })
    expect((await ask(`${origin}/c/${storedRef}/3`)).status).toBe(404)
    expect([misses.map((miss) => miss.reason), failures]).toEqual([[reason], []])
  })
})

it.each([
  ['/c/%', 'bad-reference'],
  ['/c/short/3', 'bad-reference'],
  ['/o/x', 'bad-reference'],
  ['/c/x', 'no-signing-keys'],
  ['/o/x.gif', 'no-signing-keys'],
])('without keys %s is missed as %s', async (path, reason) => {
  const { ask, misses } = setUp({ domains: keyless, findReference: () => null })
  await ask(origin + path)
  expect(misses.map((miss) => miss.reason)).toEqual([reason])
})

describe('onMiss', () => {
  it('gets the host as it was asked for, 260 characters at most', async () => {
    let host: unknown = `LINKS.${'x'.repeat(9000)}`
    const { ask, misses } = setUp({ host: () => host as string })
    await ask(clickUrl())
    for (host of [null, undefined, 7, '']) await ask(openUrl())
    expect(misses).toEqual([
      { reason: 'unknown-host', type: 'click', host: `LINKS.${'x'.repeat(254)}`, domain: null },
      ...Array.from({ length: 4 }, () => ({ reason: 'unknown-host', type: 'open', host: null, domain: null })),
    ])
  })

  it('gets the host that the hook gave, once it was asked', async () => {
    const { ask, misses } = setUp({ host: () => 'OLD.example.com' })
    await ask('http://10.0.0.7/c/x')
    await ask('http://10.0.0.7/x')
    expect(misses.map(({ reason, host, domain }) => [reason, host, domain])).toEqual([
      ['bad-reference', 'OLD.example.com', 'example.com'],
      ['unknown-path', '10.0.0.7', null],
    ])
  })

  it('never gets the reference', async () => {
    const { ask, misses } = setUp({ findReference: () => null })
    await ask(`${origin}/c/${storedRef}/3?${storedRef}`)
    expect(JSON.stringify(misses)).not.toContain(storedRef)
  })

  it('hears nothing of what is served', async () => {
    const { ask, settle, misses } = setUp()
    await ask(clickUrl())
    await ask(openUrl(), { method: 'HEAD' })
    await ask(`${origin}/.well-known/mailtrace`)
    await settle()
    expect(misses).toEqual([])
  })

  it.each([
    [
      'throws',
      (cause: Error) => () => {
        throw cause
      },
    ],
    ['rejects', (cause: Error) => () => Promise.reject(cause)],
  ])('that %s: the reader is answered, and onError hears of it', async (_, fail) => {
    const cause = new Error('metrics are down')
    const { ask, settle, failures } = setUp({ onMiss: fail(cause) })
    expect((await ask(`${origin}/c/x`)).status).toBe(404)
    await settle()
    expect(failures).toEqual([{ source: 'onMiss', cause, events: [] }])
  })

  it('that hangs is waited for by nobody but waitUntil and drain, for 20 s', async () => {
    vi.useFakeTimers()
    try {
      const { ask, receiver, failures } = setUp({ onMiss: hang })
      expect((await ask(`${origin}/c/x`)).status).toBe(404)
      const drained = vi.fn()
      receiver.drain().then(drained)
      await vi.advanceTimersByTimeAsync(19_999)
      expect([failures, drained.mock.calls.length]).toEqual([[], 0])
      await vi.advanceTimersByTimeAsync(1)
      expect(failures).toMatchObject([{ source: 'onMiss', cause: { code: 'timed-out' }, events: [] }])
      expect(drained).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('hears of all, though only maxPending calls are waited for', async () => {
    vi.useFakeTimers()
    try {
      const heard = vi.fn(hang)
      const { ask, failures } = setUp({ onMiss: heard, maxPending: 2 })
      for (let i = 0; i < 5; i++) await ask(`${origin}/c/x`)
      expect(heard).toHaveBeenCalledTimes(5)
      expect(vi.getTimerCount()).toBe(2)
      await vi.advanceTimersByTimeAsync(20_000)
      expect(failures).toHaveLength(2)
      await ask(`${origin}/c/x`)
      expect(vi.getTimerCount()).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('by default prints the first of each reason alone, with nothing that could be a command to a terminal', async () => {
    const { ask, settle, failures } = setUp({ onMiss: undefined, host: () => '\u001b[2J' })
    await ask(clickUrl())
    await ask(openUrl())
    await ask(`${origin}/`)
    await settle()
    expect(printed.warn.mock.calls.map(([line]) => line.slice(0, 60))).toEqual([
      'mailtrace: 404 for a click at "\\u001b[2J": unknown-host, no ',
      'mailtrace: 404 for a request at "links.example.com": unknown',
    ])
    expect(failures).toEqual([])
  })

  it('by default says that an open was meant', async () => {
    await setUp({ onMiss: undefined }).ask(`${origin}/o/x`)
    expect(printed.warn.mock.calls).toEqual([
      [expect.stringContaining('404 for an open at "links.example.com": bad-reference')],
    ])
  })

  it('by default and with a console that throws, the reader is answered', async () => {
    printed.warn.mockImplementation(() => {
      throw new Error('no console')
    })
    const { ask, settle, failures } = setUp({ onMiss: undefined })
    expect((await ask(`${origin}/c/x`)).status).toBe(404)
    await settle()
    expect(failures).toMatchObject([{ source: 'onMiss' }])
  })
})
