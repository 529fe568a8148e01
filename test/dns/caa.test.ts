import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { type CertificateAuthority, judgeCaa } from '../../src/dns/caa-policy.ts'
import { type Finding, verifyTrackingDomain } from '../../src/dns/index.ts'
import { type DnsServer, type Resolvers, startResolvers, type ZoneRecord } from '../kit/dns-server.ts'

const letsEncrypt: CertificateAuthority = { names: ['letsencrypt.org'] }

describe('what a set of CAA records says', () => {
  const judge = (set: string[], authority: CertificateAuthority = letsEncrypt): object =>
    judgeCaa(
      set.map((text) => {
        const [, flags, tag, value] = /^(\d+) (\S+) "(.*)"$/.exec(text)!
        return { flags: Number(flags), tag: tag!, value: value! }
      }),
      authority,
    )
  const allowed = { kind: 'allowed' }
  const unlisted = { kind: 'unlisted' }

  test.each<[string, string[], object]>([
    ['the authority is listed', ['0 issue "letsencrypt.org"'], allowed],
    ['in any case', ['0 ISSUE "LetsEncrypt.ORG"'], allowed],
    ['among others', ['0 issue "digicert.com"', '0 issue "letsencrypt.org"'], allowed],
    ['with white space', ['0 issue "  letsencrypt.org ;  "'], allowed],
    ['with a parameter of its own', ['0 issue "letsencrypt.org; policy=ev"'], allowed],
    ['critical', ['128 issue "letsencrypt.org"'], allowed],
    ['only others are listed', ['0 issue "digicert.com"'], unlisted],
    ['nobody is', ['0 issue ";"'], unlisted],
    ['nobody is, without semicolon', ['0 issue ""'], unlisted],
    ['a name that merely ends alike', ['0 issue "notletsencrypt.org"'], unlisted],
    ['issuewild is for wildcard names', ['0 issuewild "letsencrypt.org"', '0 issue "digicert.com"'], unlisted],
    ['issuewild alone forbids nothing here', ['0 issuewild ";"'], allowed],
    ['no issue property allows all', ['0 iodef "mailto:security@example.com"'], allowed],
    ['issuemail is for mail', ['0 issuemail ";"'], allowed],
    ['unknown, not critical', ['0 tbs "x"'], allowed],
    ['unknown and critical', ['128 tbs "x"', '0 issue "letsencrypt.org"'], { kind: 'critical', tag: 'tbs' }],
    ['unknown, with the flag that many take for critical', ['1 tbs "x"'], { kind: 'critical', tag: 'tbs' }],
    ['known and critical', ['128 iodef "x"', '128 IssueWild ";"'], allowed],
    ['a parameter without value sign', ['0 issue "letsencrypt.org; nonsense"'], unlisted],
    ['a parameter beside an empty one', ['0 issue "letsencrypt.org; a=b;"'], unlisted],
  ])('%s', (_, set, verdict) => {
    expect(judge(set)).toEqual(verdict)
  })

  const account = 'https://acme-v02.api.letsencrypt.org/acme/acct/1'
  const byAccount = `0 issue "letsencrypt.org; accounturi=${account}"`
  const byMethod = '0 issue "letsencrypt.org; validationmethods=dns-01,http-01"'
  test.each<[string, string[], Omit<CertificateAuthority, 'names'>, object]>([
    ['the account fits', [byAccount], { accountUri: account }, allowed],
    ['the account does not', [byAccount], { accountUri: `${account}2` }, unlisted],
    ['the account is not known', [byAccount], {}, { kind: 'unclear', parameter: `accounturi=${account}` }],
    ['not known, but another record allows all', [byAccount, '0 issue "letsencrypt.org"'], {}, allowed],
    [
      'not known, and another record is for others',
      ['0 issue "digicert.com"', byAccount],
      {},
      { kind: 'unclear', parameter: `accounturi=${account}` },
    ],
    [
      'two accounts in one record',
      [`${byAccount.slice(0, -1)}; accounturi=${account}"`],
      { accountUri: account },
      unlisted,
    ],
    ['a method fits', [byMethod], { validationMethods: ['tls-alpn-01', 'http-01'] }, allowed],
    ['no method does', [byMethod], { validationMethods: ['tls-alpn-01'] }, unlisted],
    ['the method is not known', [byMethod], {}, { kind: 'unclear', parameter: 'validationmethods=dns-01,http-01' }],
    [
      'tags in any case',
      ['0 issue "letsencrypt.org; ValidationMethods = http-01"'],
      { validationMethods: ['dns-01'] },
      unlisted,
    ],
  ])('parameters: %s', (_, set, options, verdict) => {
    expect(judge(set, { ...letsEncrypt, ...options })).toEqual(verdict)
  })

  it('takes any of an authority’s names', () => {
    const amazon = { names: ['amazon.com', 'amazontrust.com'] }
    expect(judge(['0 issue "AmazonTrust.com"'], amazon)).toEqual(allowed)
  })
})

describe('where the set that counts is found', () => {
  const target = 'k7w2q.tracking.example.net'
  const zone: ZoneRecord[] = [
    [target, 'A', '192.0.2.80'],
    ['links.free.test', 'CNAME', target],
    ['example.net', 'CAA', '0 issue ;'], // a parent of the target: not looked at since RFC 8659
    ['forbidding.test', 'CAA', '0 issue digicert.com'],
    ['links.forbidding.test', 'CNAME', target],
    ['allowing.forbidding.test', 'CAA', '0 issue letsencrypt.org'],
    ['critical.test', 'CAA', '128 tbs x'],
    ['unclear.test', 'CAA', '0 issue letsencrypt.org; validationmethods=dns-01'],
    ['mail.aliased.test', 'CNAME', 'host.other.test'],
    ['host.other.test', 'CAA', '0 issue digicert.com'],
    ['strict.tracking.example.net', 'CNAME', 'edge.example.net'],
    ['edge.example.net', 'CAA', '0 issue digicert.com'],
    ['test', 'TXT', 'a top-level label without records'],
    ['top', 'CAA', '0 issue digicert.com'],
    ['sub.looping.test', 'CNAME', 'sub.looping.test'],
    ...Array.from({ length: 80 }, (_, i): ZoneRecord => ['large.test', 'CAA', `0 issue ca${i}.example.org`]),
  ]
  let server: DnsServer
  let resolvers: Resolvers
  beforeAll(async () => {
    ;({ server, resolvers } = await startResolvers(zone))
  })
  afterAll(() => server.close())

  const domainOf = (host: string, cnameTarget: string): DomainConfig => ({
    name: host.split('.').slice(-2).join('.'),
    openTracking: true,
    clickTracking: true,
    trackingDomains: [{ host, status: 'pending', cnameTarget }],
  })
  const check = async (
    host: string,
    kind: 'node' | 'https' = 'node',
    cnameTarget = target,
    certificateAuthority = letsEncrypt,
  ): Promise<Finding[]> => {
    const options = { resolver: resolvers[kind], certificateAuthority }
    const { findings } = await verifyTrackingDomain(domainOf(host, cnameTarget), host, options)
    return findings.filter((finding) => finding.kind.startsWith('caa') || finding.kind === 'lookup-failed')
  }
  const record = (name: string): object => ({ name, type: 'CAA', value: '0 issue "letsencrypt.org"' })

  describe.each(['node', 'https'] as const)('over the %s resolver', (kind) => {
    it('is nowhere: all is well', async () => {
      expect(await check('links.free.test', kind)).toEqual([])
    })

    it('is at the registrable domain: names the record to add there', async () => {
      expect(await check('links.forbidding.test', kind)).toEqual([
        {
          kind: 'caa-forbids',
          name: 'forbidding.test',
          fixedBy: 'domain-owner',
          record: record('forbidding.test'),
          message:
            'the CAA records at forbidding.test forbid letsencrypt.org a certificate for links.forbidding.test: please add the CAA record forbidding.test 0 issue "letsencrypt.org"',
        },
      ])
    })

    it('is the nearest one', async () => {
      expect(await check('links.allowing.forbidding.test', kind)).toEqual([])
    })

    it('is where the parent’s CNAME leads', async () => {
      expect(await check('links.mail.aliased.test', kind)).toMatchObject([
        { kind: 'caa-forbids', name: 'host.other.test', fixedBy: 'domain-owner', record: record('host.other.test') },
      ])
    })

    it('is at the top-level label', async () => {
      expect(await check('links.example.top', kind)).toMatchObject([{ kind: 'caa-forbids', name: 'top' }])
    })

    it('is where the host’s own CNAME leads, or will lead: the operator’s to fix', async () => {
      expect(await check('links.free.test', kind, 'strict.tracking.example.net')).toEqual([
        {
          kind: 'caa-forbids',
          name: 'edge.example.net',
          fixedBy: 'operator',
          record: record('edge.example.net'),
          message:
            'the CAA records at edge.example.net forbid letsencrypt.org a certificate for links.free.test: the operator of the tracking target has to add the CAA record edge.example.net 0 issue "letsencrypt.org"',
        },
      ])
    })

    it('has a critical property: nothing to add', async () => {
      expect(await check('links.critical.test', kind)).toEqual([
        {
          kind: 'caa-forbids',
          name: 'critical.test',
          fixedBy: 'domain-owner',
          record: null,
          message:
            'the critical CAA property "tbs" at critical.test forbids a certificate for links.critical.test to every authority that does not know it: please remove it',
        },
      ])
    })

    it('asks for more than it is told', async () => {
      expect(await check('links.unclear.test', kind)).toEqual([
        {
          kind: 'caa-unclear',
          name: 'unclear.test',
          fixedBy: 'domain-owner',
          record: record('unclear.test'),
          message:
            'the CAA records at unclear.test allow letsencrypt.org a certificate for links.unclear.test under "validationmethods=dns-01" only: unless that fits, please add the CAA record unclear.test 0 issue "letsencrypt.org"',
        },
      ])
    })

    it('is too large for UDP', async () => {
      expect(await check('links.large.test', kind)).toMatchObject([{ kind: 'caa-forbids', name: 'large.test' }])
    })

    it('cannot be looked up', async () => {
      const [cname, caa] = await check('links.servfail.test', kind)
      expect(cname).toMatchObject({ kind: 'lookup-failed' })
      expect(caa).toMatchObject({
        kind: 'caa-lookup-failed',
        name: 'servfail.test',
        message: expect.stringMatching(
          /^the CAA records of servfail\.test could not be looked up \(E?SERVFAIL\): an authority may refuse a certificate until they can be$/,
        ),
      })
    })
  })

  it('is behind a loop', async () => {
    expect(await check('links.sub.looping.test')).toMatchObject([
      { kind: 'caa-lookup-failed', name: 'sub.looping.test', reason: 'CNAME loop' },
    ])
  })

  it('changes no outcome: the record is verified all the same', async () => {
    const host = 'links.forbidding.test'
    const options = { resolver: resolvers.node, certificateAuthority: letsEncrypt }
    expect((await verifyTrackingDomain(domainOf(host, target), host, options)).outcome).toBe('verified')
  })

  it('is not looked for without a certificate authority, nor beside the CNAME', async () => {
    server.takeQuestions()
    const host = 'links.forbidding.test'
    await verifyTrackingDomain(domainOf(host, target), host, { resolver: resolvers.node })
    expect(server.takeQuestions().filter((question) => question.startsWith('CAA'))).toEqual([])
    await check(host)
    expect(server.takeQuestions().filter((question) => question.startsWith('CAA'))).toEqual([
      `CAA ${target}`,
      'CAA forbidding.test',
    ])
  })
})
