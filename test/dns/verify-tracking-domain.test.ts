import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { DomainConfig, RecordStatus } from '../../src/config/domain-config.ts'
import {
  type DnsResolver,
  httpsResolver,
  nodeResolver,
  type Probe,
  type Verification,
  type VerifyOptions,
  verifyTrackingDomain,
} from '../../src/dns/index.ts'
import { applyVerification } from '../../src/domains/index.ts'
import { MailtraceError } from '../../src/errors.ts'
import { type DnsServer, type Resolvers, startResolvers, type ZoneRecord } from '../kit/dns-server.ts'

const target = 'k7w2q.tracking.example.net'
const zone: ZoneRecord[] = [
  [target, 'A', '192.0.2.80'],
  [target, 'AAAA', '2001:db8::80'],
  ['example.com', 'A', '192.0.2.1'],
  ['links.example.com', 'CNAME', target],
  ['shout.example.com', 'CNAME', 'K7W2Q.Tracking.EXAMPLE.net'],
  ['idn.example.com', 'CNAME', 'ziel.xn--bcher-kva.example'],
  ['chain.example.com', 'CNAME', 'alias.example.com'],
  ['alias.example.com', 'CNAME', 'second.example.org'],
  ['second.example.org', 'CNAME', target],
  ['elsewhere.example.com', 'CNAME', 'other.example.org'],
  ['far.example.com', 'CNAME', 'elsewhere.example.com'],
  ['other.example.org', 'A', '192.0.2.9'],
  ['appended.example.com', 'CNAME', `${target}.example.com`],
  ['loop.example.com', 'CNAME', 'pool.example.com'],
  ['pool.example.com', 'CNAME', 'loop.example.com'],
  ['self.example.com', 'CNAME', 'self.example.com'],
  ...Array.from({ length: 30 }, (_, i): ZoneRecord => [`hop${i}.example.com`, 'CNAME', `hop${i + 1}.example.com`]),
  ['address.example.com', 'A', '198.51.100.7'],
  ['address.example.com', 'AAAA', '2001:db8::7'],
  ['flattened.example.com', 'A', '192.0.2.80'],
  ['six.example.com', 'AAAA', '2001:db8::80'],
  ['text.example.com', 'TXT', 'hello'],
  ['*.wild.example.com', 'CNAME', target],
  ['*.caught.example.com', 'CNAME', 'shop.example.org'],
  ['*.addresses.example.com', 'A', '198.51.100.7'],
  ['halfway.example.com', 'CNAME', 'x.servfail.test'],
]

let server: DnsServer
let resolvers: Resolvers
beforeAll(async () => {
  ;({ server, resolvers } = await startResolvers(zone))
})
afterAll(() => server.close())

const domainOf = (
  host: string,
  cnameTarget: string = target,
  name = 'example.com',
  status: RecordStatus = 'pending',
): DomainConfig => ({
  name,
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host, status, cnameTarget }],
})
const verify = (host: string, options: Partial<VerifyOptions> = {}, cnameTarget?: string): Promise<Verification> =>
  verifyTrackingDomain(domainOf(host, cnameTarget), host, { resolver: resolvers.node, ...options })
const publish = (host: string): string => `publish the CNAME record ${host} -> ${target}`
const record = (name: string): object => ({ name, type: 'CNAME', value: target })

describe.each(['node', 'https'] as const)('over the %s resolver', (kind) => {
  const check = (host: string, cnameTarget?: string): Promise<Verification> =>
    verify(host, { resolver: resolvers[kind] }, cnameTarget)

  test.each([
    ['points at the target', 'links.example.com', target],
    ['points at it in other case', 'shout.example.com', target],
    ['is written in other case, with a dot', 'LINKS.Example.com.', `${target.toUpperCase()}.`],
    ['points at an IDN', 'idn.example.com', 'ziel.bücher.example.'],
  ])('verified: it %s', async (_, host, cnameTarget) => {
    expect(await check(host, cnameTarget)).toMatchObject({ outcome: 'verified', findings: [] })
  })

  it('says what was checked', async () => {
    expect(await check('links.example.com')).toEqual({
      host: 'links.example.com',
      cnameTarget: target,
      outcome: 'verified',
      chain: [target],
      findings: [],
    })
  })

  it('verified through a chain, which is mentioned', async () => {
    const chain = ['alias.example.com', 'second.example.org', target]
    expect(await check('chain.example.com')).toMatchObject({
      outcome: 'verified',
      chain,
      findings: [
        {
          kind: 'chain',
          chain,
          message: `chain.example.com reaches its target by way of alias.example.com, second.example.org: it works for as long as each of these does, so point it straight at ${target}`,
        },
      ],
    })
  })

  it('verified through 11 records at most, as many as resolvers follow', async () => {
    expect((await check('hop0.example.com', 'hop11.example.com')).outcome).toBe('verified')
    const { outcome, chain } = await check('hop0.example.com', 'hop12.example.com')
    expect([outcome, chain.length, chain.at(-1)]).toEqual(['not-verified', 11, 'hop11.example.com'])
  })

  it('verified by a wildcard, which is mentioned', async () => {
    expect(await check('links.wild.example.com')).toMatchObject({
      outcome: 'verified',
      findings: [
        {
          kind: 'wildcard',
          name: '*.wild.example.com',
          message:
            'a wildcard record answers for links.wild.example.com, as for any name under wild.example.com: publish a record for links.wild.example.com alone, so that a change of *.wild.example.com breaks no sent links',
        },
      ],
    })
  })

  test.each<[string, string, object[]]>([
    [
      'the name does not exist',
      'missing.example.com',
      [
        {
          kind: 'not-found',
          message: `missing.example.com has no CNAME record: ${publish('missing.example.com')}`,
          record: record('missing.example.com'),
        },
      ],
    ],
    ['there is no CNAME at the name', 'text.example.com', [{ kind: 'not-found' }]],
    [
      'it points elsewhere',
      'elsewhere.example.com',
      [
        {
          kind: 'points-elsewhere',
          chain: ['other.example.org'],
          message: `elsewhere.example.com points at other.example.org: ${publish('elsewhere.example.com')}`,
          record: record('elsewhere.example.com'),
        },
      ],
    ],
    [
      'its chain ends elsewhere',
      'far.example.com',
      [
        {
          kind: 'points-elsewhere',
          chain: ['elsewhere.example.com', 'other.example.org'],
          message: `far.example.com points at elsewhere.example.com, then other.example.org: ${publish('far.example.com')}`,
        },
      ],
    ],
    [
      'the zone was appended to the target',
      'appended.example.com',
      [
        {
          kind: 'points-elsewhere',
          message: `appended.example.com points at ${target}.example.com: ${publish('appended.example.com')} with a dot at its end, as the zone was appended to it`,
        },
      ],
    ],
    [
      'it leads into a loop',
      'loop.example.com',
      [
        {
          kind: 'loop',
          chain: ['pool.example.com', 'loop.example.com'],
          message: `loop.example.com leads to pool.example.com, then loop.example.com without end: ${publish('loop.example.com')}`,
        },
      ],
    ],
    ['it points at itself', 'self.example.com', [{ kind: 'loop', chain: ['self.example.com'] }]],
    ['its chain is too long', 'hop0.example.com', [{ kind: 'loop' }]],
    [
      'addresses stand where the CNAME must be',
      'address.example.com',
      [
        {
          kind: 'address-record',
          addresses: ['198.51.100.7', '2001:db8::7'],
          message: `address.example.com has the addresses 198.51.100.7, 2001:db8::7 where a CNAME record must be: remove its A and AAAA records, switch off any proxy, and ${publish('address.example.com')}`,
          record: record('address.example.com'),
        },
      ],
    ],
    [
      'the CNAME is flattened',
      'flattened.example.com',
      [
        {
          kind: 'flattened-cname',
          addresses: ['192.0.2.80'],
          message: `flattened.example.com carries the addresses of ${target} instead of a CNAME record: have the DNS provider publish the record itself, without flattening (ALIAS, ANAME) or proxy`,
        },
      ],
    ],
    ['the CNAME is flattened to IPv6', 'six.example.com', [{ kind: 'flattened-cname', addresses: ['2001:db8::80'] }]],
    [
      'a wildcard points elsewhere',
      'links.caught.example.com',
      [
        { kind: 'points-elsewhere', chain: ['shop.example.org'] },
        { kind: 'wildcard', name: '*.caught.example.com' },
      ],
    ],
    [
      'a wildcard gives addresses',
      'links.addresses.example.com',
      [
        { kind: 'address-record', addresses: ['198.51.100.7'] },
        { kind: 'wildcard', name: '*.addresses.example.com' },
      ],
    ],
  ])('not verified: %s', async (_, host, findings) => {
    const verification = await check(host)
    expect(verification.outcome).toBe('not-verified')
    expect(verification.findings).toHaveLength(findings.length)
    expect(verification.findings).toMatchObject(findings)
  })

  test.each([
    ['SERVFAIL', 'links.servfail.test', { node: 'ESERVFAIL', https: 'SERVFAIL' }],
    ['REFUSED', 'links.refused.test', { node: 'EREFUSED', https: 'REFUSED' }],
    ['a broken answer', 'links.broken.test', { node: 'EBADRESP', https: expect.any(String) }],
  ])('inconclusive: %s', async (_, host, reasons) => {
    const reason = reasons[kind]
    const verification = await verifyTrackingDomain(domainOf(host, target, 'example.test'), host, {
      resolver: resolvers[kind],
    })
    expect(verification).toMatchObject({
      outcome: 'inconclusive',
      findings: [{ kind: 'lookup-failed', name: host, reason }],
    })
    if (typeof reason === 'string') {
      expect(verification.findings[0]!.message).toBe(
        `the CNAME record of ${host} could not be looked up (${reason}): check again later`,
      )
    }
  })

  it('inconclusive: no answer in time', async () => {
    const host = 'links.silent.test'
    const resolver =
      kind === 'node'
        ? nodeResolver({ servers: [server.address], timeoutMs: 100 })
        : httpsResolver({ url: server.url, timeoutMs: 100 })
    server.takeQuestions()
    expect(await verifyTrackingDomain(domainOf(host, target, 'silent.test'), host, { resolver })).toMatchObject({
      outcome: 'inconclusive',
      findings: [{ reason: kind === 'node' ? 'ETIMEOUT' : 'The operation was aborted due to timeout' }],
    })
    // Over UDP a question gets lost.
    expect(server.takeQuestions()).toHaveLength(kind === 'node' ? 2 : 1)
  })

  it('inconclusive: the chain breaks off halfway', async () => {
    expect(await check('halfway.example.com')).toMatchObject({
      outcome: 'inconclusive',
      chain: ['x.servfail.test'],
      findings: [{ kind: 'lookup-failed', name: 'x.servfail.test' }],
    })
  })

  it('waits for a slow answer', async () => {
    expect(await check('links.slow.test')).toMatchObject({ outcome: 'not-verified', findings: [{ kind: 'not-found' }] })
  })
})

describe('a host whose name a filter list blocks', () => {
  const blocked = (name: string): object => ({
    kind: 'pixel-blocked',
    list: 'EasyPrivacy',
    rule: '://email.*/o/$image',
    message: `the pixels of ${name} are blocked by EasyPrivacy, whose rule ://email.*/o/$image fits every host that begins with "email.": choose another name, like links${name.slice(5)}`,
  })

  it('is verified all the same, and told of it', async () => {
    const resolver = { cname: async () => [target], addresses: async () => [], caa: async () => [] }
    const verification = await verify('email.example.com', { resolver })
    expect(verification.outcome).toBe('verified')
    expect(verification.findings.at(-1)).toEqual(blocked('email.example.com'))
  })

  test.each([
    'links.example.com',
    'go.example.com',
    'emails.example.com',
    'email-links.example.com',
    'my.email.example.com',
  ])('is not %s', async (host) => {
    expect((await verify(host)).findings.map(({ kind }) => kind)).not.toContain('pixel-blocked')
  })
})

describe('a server that is not there', () => {
  it('is inconclusive over both', async () => {
    const gone = await startResolvers([])
    await gone.server.close()
    for (const resolver of Object.values(gone.resolvers)) {
      expect(await verify('links.example.com', { resolver })).toMatchObject({
        outcome: 'inconclusive',
        findings: [{ kind: 'lookup-failed', reason: 'ECONNREFUSED' }],
      })
    }
  })
})

describe('a resolver of one’s own', () => {
  const own = (resolver: Partial<DnsResolver>): DnsResolver => ({
    cname: async () => [],
    addresses: async () => [],
    caa: async () => [],
    ...resolver,
  })

  it('is called with its own this', async () => {
    const resolver = {
      zone: new Map([
        ['CNAME links.example.com', target],
        ['CNAME mailtrace-wildcard-check.example.com', target],
        ['A a.example.org', '192.0.2.1'],
        ['A mailtrace-wildcard-check.example.org', '192.0.2.1'],
        ['CAA example.com', 'digicert.com'],
      ]),
      find(question: string): string[] {
        return [this.zone.get(question) ?? []].flat()
      },
      async cname(name: string) {
        return this.find(`CNAME ${name}`)
      },
      async addresses(name: string) {
        return this.find(`A ${name}`)
      },
      async caa(name: string) {
        return this.find(`CAA ${name}`).map((value) => ({ flags: 0, tag: 'issue', value }))
      },
    }
    const certificateAuthority = { names: ['letsencrypt.org'] }
    const kinds = (verification: Verification): string[] => verification.findings.map(({ kind }) => kind)
    expect(kinds(await verify('links.example.com', { resolver, certificateAuthority }))).toEqual([
      'wildcard',
      'caa-forbids',
    ])
    expect(kinds(await verify('a.example.org', { resolver }))).toEqual(['address-record', 'wildcard'])
  })

  test.each<[string, Partial<DnsResolver>, string]>([
    [
      'throws',
      {
        cname: () => {
          throw new Error('x'.repeat(200))
        },
      },
      `${'x'.repeat(79)}…`,
    ],
    ['rejects with no error', { cname: () => Promise.reject('no') }, 'an error'],
    ['gives no list', { cname: async () => null as never }, 'no list of records'],
  ])('that %s is inconclusive', async (_, resolver, reason) => {
    expect(await verify('links.example.com', { resolver: own(resolver) })).toMatchObject({
      outcome: 'inconclusive',
      findings: [{ kind: 'lookup-failed', reason }],
    })
  })

  it('may fail at what only makes a message better', async () => {
    const failing = (): Promise<never> => Promise.reject(new Error('SERVFAIL'))
    expect(await verify('links.example.com', { resolver: own({ addresses: failing }) })).toMatchObject({
      outcome: 'not-verified',
      findings: [{ kind: 'not-found' }],
    })
  })
})

describe('with a probe', () => {
  const answering =
    (status: number): Probe =>
    async () => ({ status })
  const url = 'https://links.example.com/.well-known/mailtrace'

  it('asks the receiver’s well-known path, and is content with 204', async () => {
    const calls: unknown[] = []
    const probe: Probe = async (...call) => {
      calls.push(call)
      return { status: 204 }
    }
    expect(await verify('links.example.com', { probe })).toMatchObject({ outcome: 'verified', findings: [] })
    expect(calls).toEqual([[url, { redirect: 'manual', signal: expect.any(AbortSignal) }]])
  })

  it('takes fetch', () => {
    const probe: Probe = fetch
    expect(probe).toBe(fetch)
  })

  /** As Node's fetch rejects: what happened on the wire is the cause. */
  const failing =
    (code: string): Probe =>
    () =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) }))
  /** As Deno's does: in words. */
  const saying =
    (words: string): Probe =>
    () =>
      Promise.reject(
        new TypeError('fetch failed', { cause: new Error(`error sending request for url (${url}): ${words}`) }),
      )
  const listening: Probe = (_, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const deaf: Probe = () => new Promise(() => {})
  const timeout = 'The operation was aborted due to timeout'
  const check = (status: RecordStatus, probe: Probe, probeTimeoutMs = 20): Promise<Verification> =>
    verifyTrackingDomain(domainOf('links.example.com', target, 'example.com', status), 'links.example.com', {
      resolver: resolvers.node,
      probe,
      probeTimeoutMs,
    })
  const statusAfter = (status: RecordStatus, { outcome }: Verification): RecordStatus =>
    applyVerification(domainOf('links.example.com', target, 'example.com', status), 'links.example.com', outcome, {
      now: Date.UTC(2026, 0, 1),
    }).trackingDomains[0]!.status

  const wrong: [what: string, probe: Probe, reason: string][] = [
    ['another status', answering(404), 'status 404 instead of 204'],
    ['a redirect', answering(301), 'status 301 instead of 204'],
    ['trouble behind it', answering(503), 'status 503 instead of 204'],
    ...[
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'HOSTNAME_MISMATCH',
      'CRL_HAS_EXPIRED',
      'SUBJECT_ISSUER_MISMATCH',
      'INVALID_CA',
      'INVALID_PURPOSE',
      'PATH_LENGTH_EXCEEDED',
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      'EPROTO',
    ].map((code): [string, Probe, string] => ['the certificate', failing(code), code]),
    ...[
      'client error (Connect): invalid peer certificate: Expired',
      'client error (Connect): received fatal alert: HandshakeFailure',
      'client error (Connect): received corrupt message of type InvalidContentType',
    ].map((words): [string, Probe, string] => ['the certificate', saying(words), words]),
  ]
  const unreached: [what: string, probe: Probe, reason: string][] = [
    ['no answer in time', listening, timeout],
    ['no answer, and no ear for the signal', deaf, timeout],
    ...[
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'EHOSTUNREACH',
      'ENOTFOUND',
      'EAI_AGAIN',
      'UND_ERR_CONNECT_TIMEOUT',
      'ERR_TLS_HANDSHAKE_TIMEOUT',
    ].map((code): [string, Probe, string] => ['no connection', failing(code), code]),
    [
      'no connection',
      saying('client error (Connect): tcp connect error: Connection refused (os error 111)'),
      'client error (Connect): tcp connect error: Connection refused (os error 111)',
    ],
    [
      'a reason that nobody knows',
      () => {
        throw new Error('Failed to fetch')
      },
      'Failed to fetch',
    ],
    ['a rejection with no error', () => Promise.reject('no'), 'an error'],
  ]
  const notReady = (reason: string): object => ({
    outcome: 'not-ready',
    findings: [
      {
        kind: 'tls-not-ready',
        url,
        reason,
        message: `the CNAME record is right, but ${url} does not answer yet (${reason}): see that the host has a certificate and that the receiver knows it`,
      },
    ],
  })

  test.each([...wrong, ...unreached])(
    'is not ready before it was verified: %s (%#)',
    async (_, probe, reason) => {
      for (const [before, after] of [
        ['not_started', 'pending'],
        ['pending', 'pending'],
        ['failed', 'pending'],
        ['temporary_failure', 'temporary_failure'],
      ] as const) {
        const verification = await check(before, probe)
        expect(verification).toMatchObject(notReady(reason))
        expect(statusAfter(before, verification)).toBe(after)
      }
    },
    2_000,
  )

  test.each(wrong)('a verified host is not ready any more: %s (%#)', async (_, probe, reason) => {
    const verification = await check('verified', probe)
    expect(verification).toMatchObject(notReady(reason))
    expect(statusAfter('verified', verification)).toBe('temporary_failure')
  })

  test.each(unreached)(
    'a verified host that was not reached stays in use: %s (%#)',
    async (_, probe, reason) => {
      const verification = await check('verified', probe)
      expect(verification).toMatchObject({
        outcome: 'inconclusive',
        findings: [
          {
            kind: 'probe-failed',
            url,
            reason,
            message: `the CNAME record is right, but whether ${url} answers could not be found out (${reason}): check again later`,
          },
        ],
      })
      expect(statusAfter('verified', verification)).toBe('verified')
    },
    2_000,
  )

  it('tells them apart by what fetch itself says', async () => {
    const noCertificate = createTlsServer()
    const silent = createServer()
    const gone = createServer()
    const ports = await Promise.all(
      [noCertificate, silent, gone].map(async (each) => {
        await once(each.listen(0, '127.0.0.1'), 'listening')
        return (each.address() as AddressInfo).port
      }),
    )
    gone.close()
    const outcomes = ports.map(async (port) => {
      const probe: Probe = (_, init) => fetch(`https://127.0.0.1:${port}`, init)
      return (await check('verified', probe, 1_000)).outcome
    })
    expect(await Promise.all(outcomes)).toEqual(['not-ready', 'inconclusive', 'inconclusive'])
    noCertificate.close()
    silent.close()
  })

  test.each(['missing.example.com', 'elsewhere.example.com', 'halfway.example.com'])(
    'never reaches a host whose record is not right: %s',
    async (host) => {
      const probe: Probe = () => {
        throw new Error('asked')
      }
      expect((await verify(host, { probe })).findings.map(({ kind }) => kind)).not.toContain('tls-not-ready')
    },
  )

  it.each([
    ['at once', 0],
    ['when it comes too late', 40],
  ])(
    'lets go of the body: %s',
    async (_, delayMs) => {
      let cancel = (): void => {}
      const cancelled = new Promise<void>((resolve) => {
        cancel = resolve
      })
      const body = {
        cancel: async () => {
          cancel()
          throw new Error('already read')
        },
      }
      const probe: Probe = async () => {
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        return { status: 200, body }
      }
      await verify('links.example.com', { probe, probeTimeoutMs: delayMs > 0 ? 5 : 1_000 })
      await cancelled
    },
    2_000,
  )
})

describe('what is refused', () => {
  const resolver: DnsResolver = { cname: async () => [], addresses: async () => [], caa: async () => [] }
  const refusal = async (domain: DomainConfig, host: string, options: object): Promise<object> => {
    const error = await verifyTrackingDomain(domain, host, options as VerifyOptions).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(MailtraceError)
    return { code: error.code, message: error.message }
  }
  const domain = domainOf('links.example.com')

  test.each<[object, string]>([
    [{}, 'resolver has no method cname: pass nodeResolver(), httpsResolver({ url }) or your own'],
    [
      { resolver: { cname: resolver.cname, addresses: resolver.addresses } },
      'resolver has no method caa: pass nodeResolver(), httpsResolver({ url }) or your own',
    ],
    [{ resolver, probe: true }, 'probe is true: use fetch, or a function like it'],
    [{ resolver, probeTimeoutMs: 0 }, 'probeTimeoutMs is 0: use a whole number of 1 to 60000'],
    [{ resolver, probeTimeoutMs: 2 ** 31 }, 'probeTimeoutMs is 2147483648: use a whole number of 1 to 60000'],
    [
      { resolver, ca: 'letsencrypt.org' },
      'options has no field "ca": use resolver, certificateAuthority, probe, probeTimeoutMs, dnsTimeoutMs',
    ],
    [{ resolver, certificateAuthority: 'letsencrypt.org' }, 'certificateAuthority is a string: use an object'],
    [
      { resolver, certificateAuthority: { names: [] } },
      'certificateAuthority.names is no list of names: use ["letsencrypt.org"] or the like',
    ],
    [
      { resolver, certificateAuthority: { names: ['x"\n@ IN TXT "owned'] } },
      'certificateAuthority.names is no list of names: use ["letsencrypt.org"] or the like',
    ],
    [
      { resolver, certificateAuthority: { names: ['letsencrypt.org', 'a b'] } },
      'certificateAuthority.names is no list of names: use ["letsencrypt.org"] or the like',
    ],
    [
      { resolver, certificateAuthority: { names: ['letsencrypt.org', 5] } },
      'certificateAuthority.names is no list of names: use ["letsencrypt.org"] or the like',
    ],
    [
      { resolver, certificateAuthority: { names: ['x'], validationMethods: [''] } },
      'certificateAuthority.validationMethods is no list: use ["http-01"] or the like',
    ],
    [
      { resolver, certificateAuthority: { name: 'x' } },
      'certificateAuthority has no field "name": use names, accountUri, validationMethods',
    ],
    [{ resolver, dnsTimeoutMs: 0 }, 'dnsTimeoutMs is 0: use a whole number of 1 to 60000'],
    [{ resolver, dnsTimeoutMs: 60_001 }, 'dnsTimeoutMs is 60001: use a whole number of 1 to 60000'],
    [
      { resolver, certificateAuthority: { names: ['x'], validationMethods: 'http-01' } },
      'certificateAuthority.validationMethods is no list: use ["http-01"] or the like',
    ],
  ])('options (%#)', async (options, message) => {
    expect(await refusal(domain, 'links.example.com', options)).toEqual({ code: 'invalid-options', message })
  })

  it('a host that is not listed', async () => {
    expect(await refusal(domain, 'go.example.com', { resolver })).toEqual({
      code: 'unknown-host',
      message: 'host "go.example.com" is no tracking domain of example.com: use one of links.example.com',
    })
  })

  it('a host with a port', async () => {
    expect(await refusal(domainOf('links.localhost:8080'), 'links.localhost:8080', { resolver })).toEqual({
      code: 'invalid-host',
      message: 'host "links.localhost:8080" has a port, which is for local use: DNS has no record of it',
    })
  })

  it('a host of which nobody said where it must point', async () => {
    const unknown = { ...domain, trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }] }
    expect(await refusal(unknown, 'links.example.com', { resolver })).toEqual({
      code: 'invalid-config',
      message:
        'trackingDomains[0].cnameTarget is missing: set the name that the CNAME record of links.example.com must point at',
    })
  })
})
