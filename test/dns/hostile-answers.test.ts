// An answer is a stranger's: whoever holds a zone writes what stands in it, and a resolver may be anybody's code.

import DNS from 'dns2'
import fc from 'fast-check'
import { describe, expect, it, test, vi } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import {
  type DnsRecord,
  type DnsResolver,
  httpsResolver,
  type Probe,
  type Verification,
  type VerifyOptions,
  verifyTrackingDomain,
  zoneSnippet,
} from '../../src/dns/index.ts'

const host = 'links.example.com'
const target = 'k7w2q.tracking.example.net'
const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host, status: 'verified', cnameTarget: target }],
}
const certificateAuthority = { names: ['letsencrypt.org'] }
const own = (resolver: Partial<DnsResolver>): DnsResolver => ({
  cname: async () => [],
  addresses: async () => [],
  caa: async () => [],
  ...resolver,
})
const verify = (resolver: Partial<DnsResolver>, options: Partial<VerifyOptions> = {}): Promise<Verification> =>
  verifyTrackingDomain(domain, host, { resolver: own(resolver), certificateAuthority, ...options })
const pointing = (answer: string, at = host): Partial<DnsResolver> => ({
  cname: async (name) => (name === at ? [answer] : []),
})
const kinds = ({ findings }: Verification): string[] => findings.map(({ kind }) => kind)

/** Every text in a result. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u
function expectHarmless(verification: Verification): void {
  for (const text of textsOf(verification)) expect(text).not.toMatch(unprintable)
  const records = verification.findings.flatMap((finding): DnsRecord[] =>
    'record' in finding && finding.record !== null ? [finding.record] : [],
  )
  const lines = zoneSnippet(records).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines).toHaveLength(records.length)
  for (const line of lines) {
    expect(line).toMatch(/^[a-z0-9_.-]+\. 3600 IN (?:CNAME [a-z0-9_.-]+\.|CAA 0 issue "letsencrypt\.org")$/)
  }
}

describe('a name that is nearly the target is another one', () => {
  test.each([
    ['a digit that URL folds', 'k7w²q.tracking.example.net', 'k7w\\194\\178q.tracking.example.net'],
    ['a Kelvin sign', '\u212a7w2q.tracking.example.net', '\\226\\132\\1707w2q.tracking.example.net'],
    ['a soft hyphen', 'k7w2q.track\u00ading.example.net', 'k7w2q.track\\194\\173ing.example.net'],
    ['a full-width dot', 'k7w2q\uff0etracking.example.net', 'k7w2q\\239\\188\\142tracking.example.net'],
    ['a port', `${target}:443`, `${target}:443`],
    ['a NUL', `${target}\0`, `${target}\\000`],
    ['white space', ` ${target}`, `\\032${target}`],
    ['a line break', `${target}\n`, `${target}\\010`],
    ['a scheme', `https://${target}`, `https://${target}`],
    ['percent signs', 'k7w2q.tracking%2eexample.net', 'k7w2q.tracking%2eexample.net'],
    ['an escaped letter', '\\1077w2q.tracking.example.net', '\\1077w2q.tracking.example.net'],
    ['an escaped dot', 'k7w2q\\.tracking.example.net', 'k7w2q\\.tracking.example.net'],
    ['an escaped dot at its end', `${target}\\.`, `${target}\\.`],
    ['two dots at its end', `${target}..`, `${target}.`],
  ])('%s', async (_, answer, shown) => {
    const verification = await verify(pointing(answer))
    expect(verification).toMatchObject({ outcome: 'not-verified', chain: [shown] })
    expect(verification.findings[0]).toEqual({
      kind: 'points-elsewhere',
      chain: [shown],
      message: `links.example.com points at ${shown}: publish the CNAME record links.example.com -> ${target}`,
      record: { name: host, type: 'CNAME', value: target },
    })
    expectHarmless(verification)
  })

  test.each([
    ['case', 'K7W2Q.Tracking.EXAMPLE.net'],
    ['the dot at its end', `${target}.`],
  ])('%s makes no difference', async (_, answer) => {
    expect(await verify(pointing(answer))).toMatchObject({ outcome: 'verified', chain: [target], findings: [] })
  })

  it('the root is a name like others', async () => {
    expect((await verify(pointing('.'))).findings[0]!.message).toMatch(/^links\.example\.com points at \.: /)
    expect((await verify(pointing(''))).chain).toEqual(['.'])
  })
})

describe('a name that no host has', () => {
  const injection = 'x\n@ 60 IN TXT "owned"\u001b]0;owned\u0007.example.org'

  it('is shown without what a terminal would obey, and asked for by nobody', async () => {
    const asked: string[] = []
    const verification = await verify({
      cname: async (name) => {
        asked.push(name)
        return name === host ? [injection] : []
      },
    })
    expect(verification.findings[0]!.message).toBe(
      `links.example.com points at x\\010@\\03260\\032in\\032txt\\032"owned"\\027]0;owned\\007.example.org: publish the CNAME record links.example.com -> ${target}`,
    )
    expect(asked.filter((name) => name.includes('owned'))).toEqual([])
    expectHarmless(verification)
  })

  it('gets no CAA record named', async () => {
    const caa = async (): Promise<{ flags: number; tag: string; value: string }[]> => [
      { flags: 0, tag: 'issue', value: ';' },
    ]
    const cname = async (name: string): Promise<string[]> =>
      name === host ? [target] : name === 'example.com' ? [injection] : []
    const verification = await verify({ cname, caa: async (name) => (name === target ? [] : await caa()) })
    expect(verification).toMatchObject({
      outcome: 'verified',
      findings: [
        {
          kind: 'caa-lookup-failed',
          name: 'example.com',
          reason: 'it leads to a name that no host has',
          message:
            'the CAA records of example.com could not be looked up (it leads to a name that no host has): an authority may refuse a certificate until they can be',
        },
      ],
    })
    expectHarmless(verification)
  })

  it('comes over the wire, too', async () => {
    const label = `x\n@ 60 IN TXT "owned"\u001b`
    const wire = (async (url: URL) => {
      const query = Buffer.from(url.searchParams.get('dns')!, 'base64url')
      query[2] = 0x81
      query[3] = 0x80
      query[7] = 1
      const data = [label.length, ...Buffer.from(label), 3, ...Buffer.from('org'), 0]
      const answer = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]
      return new Response(Uint8Array.from([...query, ...answer]))
    }) as typeof fetch
    const resolver = httpsResolver({ url: 'https://dns.example/dns-query', fetch: wire })
    const verification = await verifyTrackingDomain(domain, host, { resolver })
    expect(verification.chain).toEqual(['x\\010@\\03260\\032in\\032txt\\032"owned"\\027.org'])
    expectHarmless(verification)
  })

  it('is too long', async () => {
    for (const answer of ['a'.repeat(1021), '\u0001'.repeat(256)]) {
      expect(await verify(pointing(answer))).toMatchObject({
        outcome: 'inconclusive',
        findings: [{ kind: 'lookup-failed', reason: 'a record that is none' }, { kind: 'caa-lookup-failed' }].slice(
          0,
          1,
        ),
      })
    }
    for (const answer of ['a'.repeat(1020), '\u0001'.repeat(255)]) {
      expect(await verify(pointing(answer))).toMatchObject({ outcome: 'not-verified' })
    }
  })
})

describe('records that are none', () => {
  const odd: [string, unknown][] = [
    ['a number', [5]],
    ['null', [null]],
    ['an object', [{}]],
    ['a hole', Object.assign([], { 1: target })],
    ['one among good ones', [target, 5]],
    ['more than 1,000', Array(1001).fill(target)],
    [
      'an array that throws',
      new Proxy([], {
        get: () => {
          throw new Error('no')
        },
      }),
    ],
  ]
  test.each(odd)('%s: CNAME', async (_, answer) => {
    const verification = await verify({ cname: async () => answer as string[] })
    expect(verification).toMatchObject({ outcome: 'inconclusive' })
    expect(kinds(verification)).toEqual(['lookup-failed', 'caa-lookup-failed'])
  })

  test.each<[string, unknown]>([
    ['no address', ['localhost']],
    ['an address with a zone', ['fe80::1%eth0']],
    ['an escape', ['192.0.2.1\u001b[2J']],
    ['one that is too long', ['1'.repeat(46)]],
    ['one that is too short', ['1']],
  ])('%s: address', async (_, answer) => {
    expect(kinds(await verify({ addresses: async () => answer as string[] }))).toEqual(['not-found'])
  })

  test.each<[string, unknown]>([
    ['no object', ['0 issue ";"']],
    ['null', [null]],
    ['flags of more than a byte', [{ flags: 256, tag: 'issue', value: '' }]],
    ['flags of less than nothing', [{ flags: -1, tag: 'issue', value: '' }]],
    ['flags that are no number', [{ flags: '0', tag: 'issue', value: '' }]],
    ['no tag', [{ flags: 0, value: '' }]],
    ['no value', [{ flags: 0, tag: 'issue' }]],
  ])('%s: CAA', async (_, answer) => {
    const verification = await verify({ ...pointing(target), caa: async () => answer as [] })
    expect(verification).toMatchObject({
      outcome: 'verified',
      findings: [{ kind: 'caa-lookup-failed', reason: 'a record that is none' }],
    })
  })

  it('flags of a byte are flags', async () => {
    for (const flags of [0, 255]) {
      const caa = async (): Promise<object[]> => [{ flags, tag: 'issue', value: 'letsencrypt.org' }]
      expect(kinds(await verify({ ...pointing(target), caa: caa as never }))).toEqual([])
    }
  })

  it('1,000 addresses are counted, four are shown', async () => {
    const addresses = Array.from({ length: 1000 }, (_, i) => `192.0.${i >> 8}.${i & 255}`)
    const [finding] = (await verify({ addresses: async (name) => (name === host ? addresses : []) })).findings
    expect(finding).toMatchObject({ kind: 'address-record', addresses })
    expect(finding!.message).toMatch(
      /^links\.example\.com has the addresses 192\.0\.0\.0, 192\.0\.0\.1, 192\.0\.0\.2, 192\.0\.0\.3 and 996 more where /,
    )
  })

  it('four are all shown', async () => {
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:DB8::1']
    const [finding] = (await verify({ addresses: async (name) => (name === host ? addresses : []) })).findings
    expect(finding!.message).toMatch(/has the addresses 192\.0\.2\.1, 192\.0\.2\.2, 192\.0\.2\.3, 2001:db8::1 where /)
  })
})

describe('what CAA records say is shown harmless and short', () => {
  const judged = async (tag: string, value: string, flags = 0): Promise<string> => {
    const caa = async (): Promise<object[]> => [{ flags, tag, value }]
    const verification = await verify({ ...pointing(target), caa: caa as never })
    expectHarmless(verification)
    return verification.findings[0]!.message
  }

  it('a tag', async () => {
    expect(await judged('x\n\u009b', '', 128)).toMatch(/^the critical CAA property "x\\n\\u009b" at /)
    expect(await judged('x'.repeat(300), '', 128)).toMatch(/^the critical CAA property "x{79}…" at /)
  })

  it('a parameter', async () => {
    const message = await judged('issue', `letsencrypt.org; accounturi=${'u'.repeat(300)}`)
    expect(message).toMatch(/under "accounturi=u{68}…" only: /)
  })
})

describe('reasons', () => {
  const odd = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('no')
    },
  })
  test.each<[unknown, string]>([
    [new Error('a\nb\u001b[2J\u009bc\u202ed\u2028e'), 'a\\u000ab\\u001b[2J\\u009bc\\u202ed\\u2028e'],
    [Object.assign(new Error('x'), { code: 'E\u001b' }), 'E\\u001b'],
    [Object.assign(new Error('x'), { code: 5 }), 'x'],
    [new Error(`${'x'.repeat(79)}😀`), `${'x'.repeat(79)}…`],
    [new Error('in Worten: nicht möglich'), 'in Worten: nicht möglich'],
    [Object.assign(new Error('x'), { message: 5 }), '5'],
    [odd, 'an error'],
    [undefined, 'an error'],
  ])('%# become text that is printable', async (error, reason) => {
    const rejecting = (): Promise<never> => Promise.reject(error)
    expect(await verify({ cname: rejecting })).toMatchObject({
      outcome: 'inconclusive',
      findings: [
        { kind: 'lookup-failed', reason },
        { kind: 'caa-lookup-failed', reason },
      ],
    })
  })

  it('of a probe, too', async () => {
    const probe = (async () => ({ status: `\u001b${'x'.repeat(100)}` })) as unknown as Probe
    const verification = await verify(pointing(target), { probe })
    expect(verification).toMatchObject({
      outcome: 'not-ready',
      findings: [{ reason: `status \\u001b${'x'.repeat(18)}… instead of 204` }],
    })
    for (const answer of [null, undefined, 5, { status: Symbol('x') }]) {
      const verification = await verify(pointing(target), { probe: (async () => answer) as never })
      expect(['inconclusive', 'not-ready']).toContain(verification.outcome)
    }
  })
})

describe('a check ends', () => {
  const never = (): Promise<never> => new Promise(() => {})
  const thenable = Object.fromEntries([['then', () => {}]])

  test.each<[string, Partial<DnsResolver>, string[]]>([
    ['every lookup hangs', { cname: never, addresses: never, caa: never }, ['lookup-failed', 'caa-lookup-failed']],
    ['CAA hangs', { ...pointing(target), caa: never }, ['caa-lookup-failed']],
    ['addresses hang', { addresses: never }, ['not-found']],
    [
      'the wildcard hangs',
      { cname: (name) => (name.startsWith('mailtrace') ? never() : pointing(target).cname!(name)) },
      [],
    ],
    ['a thenable never calls back', { cname: () => thenable as never }, ['lookup-failed', 'caa-lookup-failed']],
  ])('in time: %s', async (_, resolver, found) => {
    const verification = await verify(resolver, { dnsTimeoutMs: 30 })
    expect(kinds(verification)).toEqual(found)
    for (const finding of verification.findings) {
      if ('reason' in finding) expect(finding.reason).toBe('The operation was aborted due to timeout')
    }
  })

  it('keeps no timer, and waits 20 seconds for DNS and 10 for a probe unless it is told otherwise', async () => {
    vi.useFakeTimers()
    try {
      await verify(pointing(target))
      expect(vi.getTimerCount()).toBe(0)
      for (const [resolver, probe, afterMs] of [
        [{ cname: never }, undefined, 20_000],
        [pointing(target), never, 10_000],
      ] as const) {
        const settled = vi.fn()
        verify(resolver, { certificateAuthority: undefined, probe }).then(settled)
        await vi.advanceTimersByTimeAsync(afterMs - 1)
        expect(settled).not.toHaveBeenCalled()
        await vi.advanceTimersByTimeAsync(1)
        expect(settled).toHaveBeenCalledWith(expect.objectContaining({ outcome: 'inconclusive' }))
        expect(vi.getTimerCount()).toBe(0)
      }
    } finally {
      vi.useRealTimers()
    }
  })

  it('in time: slow answers are added up, and nothing is asked when the time is up', async () => {
    let asked = 0
    const cname = async (name: string): Promise<string[]> => {
      asked++
      await new Promise((resolve) => setTimeout(resolve, 20))
      return [`x${name}`]
    }
    const verification = await verify({ cname }, { dnsTimeoutMs: 50, certificateAuthority: undefined })
    expect(kinds(verification)).toEqual(['lookup-failed'])
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect([before, asked]).toEqual([asked, asked])
    expect(asked).toBeLessThanOrEqual(4)
  })

  /** A zone in which every name is an alias, through ten others. */
  const labyrinth = (calls: string[]): Partial<DnsResolver> => ({
    cname: async (name) => {
      calls.push(name)
      const [, hop = '0', rest] = /^(?:h(\d+)-)?(.*)$/.exec(name)!
      return Number(hop) < 9 ? [`h${Number(hop) + 1}-${rest}`] : []
    },
    caa: async (name) => {
      calls.push(name)
      return []
    },
  })

  it('after 64 lookups', async () => {
    const deep = `${'a.'.repeat(115)}example.com`
    const calls: string[] = []
    const verification = await verifyTrackingDomain(
      { ...domain, trackingDomains: [{ host: deep, status: 'pending', cnameTarget: target }] },
      deep,
      { resolver: own(labyrinth(calls)), certificateAuthority },
    )
    expect(calls).toHaveLength(64)
    expect(verification.outcome).toBe('not-verified')
    expect(verification.findings.at(-1)).toMatchObject({ kind: 'caa-lookup-failed', reason: 'more than 64 lookups' })
  })

  it('an ordinary host with the longest chain needs no more', async () => {
    const calls: string[] = []
    const verification = await verify(labyrinth(calls))
    expect(kinds(verification)).toEqual(['points-elsewhere'])
    expect(calls.length).toBeLessThan(50)
  })
})

// Built from what a resolver may do: each call to it draws one of these.
type Behaviour = () => unknown
const hostileText = fc.oneof(
  fc.constantFrom(target, host, `${target}.`, 'example.com', '*.example.com', '.', ''),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^[a-z0-9.\\\u0000-\u001f\u007f-\u009f"\u202e-]{0,40}$/),
  fc.ipV4(),
  fc.string({ unit: fc.constantFrom('a', '\\', '.', '\n'), maxLength: 1100 }),
)
const record = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  {
    weight: 4,
    arbitrary: fc.record({
      flags: fc.constantFrom(0, 1, 128, 255, 256),
      tag: fc.oneof(fc.constantFrom('issue', 'iodef'), hostileText),
      value: fc.oneof(fc.constantFrom('letsencrypt.org', ';'), hostileText),
    }),
  },
  { weight: 1, arbitrary: fc.anything() },
)
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 8, arbitrary: fc.array(record, { maxLength: 3 }).map((records) => () => Promise.resolve(records)) },
  { weight: 1, arbitrary: fc.anything().map((value) => () => value) },
  { weight: 1, arbitrary: fc.anything().map((value) => () => Promise.reject(value)) },
  {
    weight: 1,
    arbitrary: fc.anything().map((value) => () => {
      throw value
    }),
  },
  { weight: 1, arbitrary: hostileText.map((text) => () => Promise.reject(new Error(text))) },
  { weight: 1, arbitrary: fc.constant(() => new Promise(() => {})) },
)

describe('whatever a resolver and a probe do', () => {
  it('a check never throws, comes to an end within its budget, and says nothing unprintable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 12 }), behaviour, async (behaviours, answer) => {
        let calls = 0
        const call = (): never => behaviours[calls++ % behaviours.length]!() as never
        const verification = await verify(
          { cname: call, addresses: call, caa: call },
          { dnsTimeoutMs: 15, probeTimeoutMs: 15, probe: answer as unknown as Probe },
        )
        expect(calls).toBeLessThanOrEqual(64)
        expectHarmless(verification)
      }),
      { numRuns: 400 },
    )
  })

  it('a check over HTTPS does so with whatever bytes come back', async () => {
    const { Packet } = DNS
    const flip = fc.tuple(fc.nat(200), fc.nat(255))
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 })
    const reply = fc.oneof(
      fc.record({ kind: fc.constant('noise' as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({
        kind: fc.constant('answer' as const),
        labels: fc.array(label, { minLength: 1, maxLength: 4 }),
        flips: fc.array(flip, { maxLength: 3 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 6 }), async (replies) => {
        let calls = 0
        const wire = (async (url: URL) => {
          const reply = replies[calls++ % replies.length]!
          if (reply.kind === 'noise') return new Response(reply.bytes)
          const query = Buffer.from(url.searchParams.get('dns')!, 'base64url')
          expect(Packet.parse(query).questions).toHaveLength(1)
          query[2] = 0x81
          query[7] = 1
          const [type] = query.subarray(-3)
          const data = [...reply.labels.flatMap((bytes) => [bytes.length, ...bytes]), 0]
          const answer = [0xc0, 12, ...query.subarray(-4, -3), type!, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]
          const message = Uint8Array.from([...query, ...answer])
          for (const [at, value] of reply.flips) if (at < message.length) message[at] = value
          return new Response(message)
        }) as typeof fetch
        const resolver = httpsResolver({ url: 'https://dns.example/dns-query', fetch: wire })
        const verification = await verifyTrackingDomain(domain, host, { resolver, certificateAuthority })
        expect(calls).toBeLessThanOrEqual(128)
        expectHarmless(verification)
      }),
      { numRuns: 400 },
    )
  })
})
