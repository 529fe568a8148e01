import DNS from 'dns2'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { httpsResolver, nodeResolver } from '../../src/dns/index.ts'
import { type DnsServer, type Resolvers, startResolvers } from '../kit/dns-server.ts'
import { errorOf } from '../kit/error-of.ts'

/** A body that never ends. */
const endless = (): ReadableStream =>
  new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(20_000)) })

let server: DnsServer
let resolvers: Resolvers
beforeAll(async () => {
  ;({ server, resolvers } = await startResolvers([
    ['links.example.com', 'CNAME', 'Target.example.net'],
    ['target.example.net', 'A', '192.0.2.1'],
    ['target.example.net', 'A', '192.0.2.2'],
    ['target.example.net', 'AAAA', '2001:db8:0:0:1:0:0:1'],
    ['example.com', 'CAA', '0 issue letsencrypt.org; a=b'],
    ['example.com', 'CAA', '128 tbs "quoted" \\ text'],
  ]))
})
afterAll(() => server.close())

describe.each(['node', 'https'] as const)('the %s resolver', (kind) => {
  it('gives the CNAME at a name, not what lies behind it', async () => {
    expect(await resolvers[kind].cname('links.example.com')).toEqual(['Target.example.net'])
    expect(await resolvers[kind].cname('target.example.net')).toEqual([])
    expect(await resolvers[kind].cname('missing.example.com')).toEqual([])
  })

  it('gives addresses of both kinds, through a CNAME', async () => {
    expect(await resolvers[kind].addresses('links.example.com')).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '2001:db8::1:0:0:1',
    ])
    expect(await resolvers[kind].addresses('missing.example.com')).toEqual([])
  })

  it('gives CAA records with their flags', async () => {
    expect(await resolvers[kind].caa('example.com')).toEqual([
      { flags: 0, tag: 'issue', value: 'letsencrypt.org; a=b' },
      { flags: 128, tag: 'tbs', value: '"quoted" \\ text' },
    ])
    expect(await resolvers[kind].caa('target.example.net')).toEqual([])
  })

  it('rejects when it cannot know', async () => {
    await expect(resolvers[kind].cname('a.servfail.test')).rejects.toThrow('SERVFAIL')
    await expect(resolvers[kind].addresses('a.refused.test')).rejects.toThrow('REFUSED')
    await expect(resolvers[kind].caa('a.broken.test')).rejects.toThrow()
  })
})

describe('the node resolver', () => {
  test.each<[object, string]>([
    [{ servers: [] }, 'servers is no list of IP addresses: use ["1.1.1.1"], with a port like "127.0.0.1:5353"'],
    [
      { servers: ['dns.example'] },
      'servers is no list of IP addresses: use ["1.1.1.1"], with a port like "127.0.0.1:5353"',
    ],
    [{ servers: '1.1.1.1' }, 'servers is no list of IP addresses: use ["1.1.1.1"], with a port like "127.0.0.1:5353"'],
    [{ timeoutMs: 0 }, 'timeoutMs is 0: use a whole number of 1 to 60000'],
    [{ timeoutMs: 1.5 }, 'timeoutMs is 1.5: use a whole number of 1 to 60000'],
    [{ timeout: 1 }, 'options has no field "timeout": use servers, timeoutMs'],
  ])('refuses %j', (options, message) => {
    expect(errorOf(() => nodeResolver(options))).toEqual({ code: 'invalid-options', message })
  })

  it('says so where there is no node:dns', () => {
    vi.stubGlobal('process', undefined)
    try {
      expect(errorOf(() => nodeResolver())).toEqual({
        code: 'unsupported-platform',
        message: 'this platform has no node:dns: use httpsResolver',
      })
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('the https resolver', () => {
  test.each<[unknown, string]>([
    [{ url: undefined }, 'url is undefined: use the https address of a DNS server'],
    [{ url: 'dns.google' }, 'url is "dns.google": use the https address of a DNS server'],
    [
      { url: 'http://dns.google/dns-query' },
      'url is "http://dns.google/dns-query": use the https address of a DNS server',
    ],
    [{ url: 'https://dns.google/dns-query', fetch: 'x' }, 'fetch is "x": use a function like fetch'],
    [
      { url: 'https://dns.google/dns-query', timeoutMs: 60_001 },
      'timeoutMs is 60001: use a whole number of 1 to 60000',
    ],
    [{ server: 'x' }, 'options has no field "server": use url, fetch, timeoutMs'],
    [undefined, 'options is undefined: use an object'],
  ])('refuses %j', (options, message) => {
    expect(errorOf(() => httpsResolver(options as never))).toEqual({ code: 'invalid-options', message })
  })

  test.each(['http://localhost/dns-query', 'http://127.0.0.1:8053/', 'http://[::1]/', 'https://dns.example/'])(
    'takes %s',
    (url) => {
      expect(Object.keys(httpsResolver({ url }))).toEqual(['cname', 'addresses', 'caa'])
    },
  )

  const asked = async (
    url: string,
    response: Response,
  ): Promise<{ url: string; init: RequestInit; result: unknown }> => {
    const calls: [URL, RequestInit][] = []
    const fake = async (input: URL, init: RequestInit): Promise<Response> => {
      calls.push([input, init])
      return response
    }
    const resolver = httpsResolver({ url, fetch: fake as typeof fetch })
    const result = await resolver.cname('links.example.com').catch((error: Error) => error.message)
    return { url: calls[0]![0].href, init: calls[0]![1], result }
  }
  // RFC 8484 section 4.1: id 0, recursion desired, one question.
  const query = 'AAABAAABAAAAAAAABWxpbmtzB2V4YW1wbGUDY29tAAAFAAE'

  test.each([
    ['https://dns.example/dns-query', `https://dns.example/dns-query?dns=${query}`],
    ['https://dns.example/dns-query{?dns}', `https://dns.example/dns-query?dns=${query}`],
    ['https://dns.example/q?key=1', `https://dns.example/q?key=1&dns=${query}`],
  ])('asks %s in the wire format', async (url, expected) => {
    const call = await asked(url, new Response(null, { status: 500 }))
    expect(call.url).toBe(expected)
    expect(call.init.headers).toEqual({ accept: 'application/dns-message' })
  })

  test.each([
    [new Response('busy', { status: 503 }), 'the DNS server answered with status 503'],
    [new Response('<!doctype html><title>Log in to this network</title>'), 'no DNS response'],
    [new Response(''), 'no DNS response'],
    [new Response(new Uint8Array(65_536)), 'a DNS response of more than 65535 bytes'],
    [new Response(new Uint8Array(65_535)), 'no DNS response'],
    [new Response(endless()), 'a DNS response of more than 65535 bytes'],
  ])('rejects what is no answer (%#)', async (response, message) => {
    expect((await asked('https://dns.example/dns-query', response)).result).toBe(message)
  })

  it('takes the CNAME of the name that was asked for, where a server sends the whole chain', async () => {
    const packet = new DNS.Packet()
    Object.assign(packet.header, { qr: 1 })
    packet.questions.push(new DNS.Packet.Question('links.example.com', 5, 1))
    const alias = { type: 5, class: 1, ttl: 60 }
    packet.answers.push({ ...alias, name: 'b.example.com', domain: 'c.example.com' } as never)
    packet.answers.push({ ...alias, name: 'LINKS.example.com', domain: 'b.example.com' } as never)
    const response = new Response(Uint8Array.from(packet.toBuffer()))
    expect((await asked('https://dns.example/dns-query', response)).result).toEqual(['b.example.com'])
  })

  it('waits no longer than it was told to, whether or not fetch heeds its signal', async () => {
    const signals: AbortSignal[] = []
    const deaf = ((_: URL, init: RequestInit) => {
      signals.push(init.signal!)
      return new Promise(() => {})
    }) as typeof fetch
    const resolver = httpsResolver({ url: 'https://dns.example/dns-query', fetch: deaf, timeoutMs: 10 })
    await expect(resolver.cname('a.example.com')).rejects.toThrow('The operation was aborted due to timeout')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  }, 2_000)

  it('waits 5 seconds unless it is told otherwise', async () => {
    vi.useFakeTimers()
    try {
      const deaf = (() => new Promise(() => {})) as typeof fetch
      const settled = vi.fn()
      httpsResolver({ url: 'https://dns.example/dns-query', fetch: deaf }).caa('a.example.com').catch(settled)
      await vi.advanceTimersByTimeAsync(4999)
      expect(settled).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(settled).toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  it('waits no longer for a body', async () => {
    const stuck = (async () => new Response(new ReadableStream())) as typeof fetch
    const resolver = httpsResolver({ url: 'https://dns.example/dns-query', fetch: stuck, timeoutMs: 10 })
    await expect(resolver.cname('a.example.com')).rejects.toThrow('The operation was aborted due to timeout')
  }, 2_000)

  it('rejects a name that DNS cannot carry', async () => {
    const resolver = httpsResolver({ url: server.url })
    await expect(resolver.cname('a..example.com')).rejects.toThrow('not a DNS name')
    await expect(resolver.cname(`${'a'.repeat(64)}.example.com`)).rejects.toThrow('not a DNS name')
  })
})
