import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { domainFromResend } from '../../src/domains/index.ts'
import { trackingActivation } from '../../src/index.ts'
import { errorOf } from '../kit/error-of.ts'

// The shape of GET https://api.resend.com/domains/:id
const sending = [
  {
    record: 'SPF',
    name: 'send',
    type: 'MX',
    ttl: 'Auto',
    status: 'failed',
    value: 'feedback-smtp.us-east-1.amazonses.com',
    priority: 10,
  },
  {
    record: 'SPF',
    name: 'send',
    type: 'TXT',
    ttl: 'Auto',
    status: 'failed',
    value: '"v=spf1 include:amazonses.com ~all"',
  },
  {
    record: 'DKIM',
    name: 'x._domainkey',
    type: 'CNAME',
    ttl: 'Auto',
    status: 'not_started',
    value: 'x.dkim.amazonses.com.',
  },
]
const caa = {
  record: 'TrackingCAA',
  name: '',
  type: 'CAA',
  ttl: 'Auto',
  status: 'pending',
  value: '0 issue "amazon.com"',
}
const tracking = (name: string, status = 'verified'): object => ({
  record: 'Tracking',
  name,
  type: 'CNAME',
  ttl: 'Auto',
  status,
  value: 'Links1.resend-dns.com.',
})
const resendDomain = (name: string, trackingSubdomain: unknown, ...records: object[]): Record<string, unknown> => ({
  object: 'domain',
  id: 'd91cd9bd-1176-453e-8fc1-35364d380206',
  name,
  status: 'not_started',
  created_at: '2026-04-26T20:21:26.347412+00:00',
  region: 'us-east-1',
  capabilities: { sending: 'enabled', receiving: 'disabled' },
  open_tracking: true,
  click_tracking: false,
  tracking_subdomain: trackingSubdomain,
  records: [...sending, ...records, caa],
})
const cnameTarget = 'links1.resend-dns.com'
const hosts = (domain: DomainConfig): string[] => domain.trackingDomains.map(({ host }) => host)

it('becomes a configuration that tracks as its Tracking record says, whatever its own status', () => {
  const domain = domainFromResend(resendDomain('Example.com', 'links', tracking('links')))
  expect(domain).toEqual({
    name: 'example.com',
    openTracking: true,
    clickTracking: false,
    trackingDomains: [{ host: 'links.example.com', status: 'verified', cnameTarget }],
  })
  expect(trackingActivation(domain)).toEqual({ active: true, host: 'links.example.com', open: 'full', click: false })
})

it('is not tracked by a verified domain whose Tracking record is not', () => {
  const json = { ...resendDomain('example.com', 'links', tracking('links', 'pending')), status: 'verified' }
  expect(trackingActivation(domainFromResend(json))).toEqual({ active: false, reason: 'cname-unverified' })
})

describe('how a record is named', () => {
  test.each([
    // sending domain, tracking_subdomain, name of the record, host
    ['example.com', 'links', 'links', 'links.example.com'],
    ['example.com', 'Links', 'LINKS.', 'links.example.com'],
    ['example.com', 'links', 'links.example.com', 'links.example.com'],
    ['example.com', 'links', 'Links.Example.COM.', 'links.example.com'],
    ['example.com', 'links.example.com', 'links', 'links.example.com'],
    ['mail.example.com', 'links', 'links', 'links.mail.example.com'],
    ['mail.example.com', 'links', 'links.mail', 'links.mail.example.com'],
    ['mail.example.com', 'links', 'links.mail.example.com', 'links.mail.example.com'],
    ['a.b.example.co.uk', 'links', 'links.a.b', 'links.a.b.example.co.uk'],
    ['a.b.example.co.uk', 'links', 'links.a', 'links.a.b.example.co.uk'],
    ['mail.example.com', 'links.mail', 'links.mail', 'links.mail.mail.example.com'],
    ['mail.example.com', 'links.example.com', 'links', 'links.example.com'],
    ['example.com', '1', '1', '1.example.com'],
    ['localhost', 'links', 'links', 'links.localhost'],
    ['localhost', 'links', 'links.localhost', 'links.localhost'],
    ['bücher.example', 'links', 'links.xn--bcher-kva.example', 'links.xn--bcher-kva.example'],
  ])('%s, %s: %s', (name, subdomain, recordName, host) => {
    expect(domainFromResend(resendDomain(name, subdomain, tracking(recordName))).trackingDomains).toEqual([
      { host, status: 'verified', cnameTarget },
    ])
  })

  it('is never relative to a public suffix', () => {
    const json = resendDomain('example.com', 'links', tracking('links.example'))
    expect(hosts(domainFromResend(json))).toEqual(['links.example.example.com', 'links.example.com'])
  })

  test.each([
    ['mail.example.com', 'go', 'go.mail.example.com'],
    ['mail.example.com', 'go.mail', 'go.mail.example.com'],
    ['mail.example.com', 'go.mail.example.com', 'go.mail.example.com'],
    ['mail.example.com', 'go.example.com', 'go.example.com'],
  ])('of a former one on %s: %s', (name, recordName, host) => {
    expect(hosts(domainFromResend(resendDomain(name, 'links', tracking('links'), tracking(recordName))))).toEqual([
      host,
      'links.mail.example.com',
    ])
  })
})

describe('several Tracking records', () => {
  it('takes the one that tracking_subdomain names as the current one', () => {
    const json = resendDomain('example.com', 'b', tracking('a'), tracking('b', 'pending'), tracking('c', 'failed'))
    expect(domainFromResend(json).trackingDomains.map(({ host, status }) => [host, status])).toEqual([
      ['a.example.com', 'verified'],
      ['c.example.com', 'failed'],
      ['b.example.com', 'pending'],
    ])
  })

  it('lists a host once', () => {
    const json = resendDomain(
      'example.com',
      'b',
      tracking('a'),
      tracking('a.example.com'),
      tracking('b'),
      tracking('b'),
    )
    expect(hosts(domainFromResend(json))).toEqual(['a.example.com', 'b.example.com'])
  })
})

describe('what may be missing', () => {
  const { open_tracking, click_tracking, records, tracking_subdomain, ...bare } = resendDomain('example.com', 'links')
  it('counts switches that are not there as off', () => {
    expect(domainFromResend(bare)).toEqual({
      name: 'example.com',
      openTracking: false,
      clickTracking: false,
      trackingDomains: [],
    })
  })
  it('counts a tracking subdomain without a record as not started', () => {
    expect(domainFromResend({ ...bare, tracking_subdomain }).trackingDomains).toEqual([
      { host: 'links.example.com', status: 'not_started' },
    ])
  })
  test.each([null, '', undefined])('takes %j for no tracking subdomain', (none) => {
    expect(hosts(domainFromResend(resendDomain('example.com', none, tracking('a'))))).toEqual(['a.example.com'])
  })
})

it('gives a configuration or names what is wrong, whatever it is given', () => {
  const text = fc.oneof(
    fc.constantFrom('links', 'links.example.com', 'example.com', 'com', '123', '1.2.3.4', 'x'.repeat(63), ''),
    fc
      .array(fc.constantFrom('a'.repeat(63), 'b', 'example', 'com'), { maxLength: 5 })
      .map((labels) => labels.join('.')),
    fc.string({ maxLength: 10 }),
    fc.anything(),
  )
  const record = fc.record({
    record: fc.constantFrom('Tracking', 'SPF'),
    name: text,
    value: text,
    status: fc.constantFrom('verified', 'failed', 'unknown'),
  })
  const domain = fc.record(
    {
      name: text,
      tracking_subdomain: text,
      open_tracking: fc.oneof(fc.boolean(), fc.anything()),
      records: fc.array(record),
    },
    { requiredKeys: ['name'] },
  )
  fc.assert(
    fc.property(domain, (json) => {
      const { code } = errorOf(() => trackingActivation(domainFromResend(json)))
      expect(['none', 'invalid-resend-domain']).toContain(code)
    }),
    { numRuns: 2000 },
  )
})

it('reads 20,000 records in a moment', () => {
  const records = Array.from({ length: 20_000 }, (_, i) => tracking(`l${i}`))
  expect(hosts(domainFromResend(resendDomain('example.com', 'l7', ...records)))).toHaveLength(20_000)
})

test.each<[unknown, string]>([
  [null, 'domain is null: expected an object'],
  [[], 'domain is an array: expected an object'],
  ['{}', 'domain is "{}": expected an object'],
  [{}, 'name is undefined: expected a host name'],
  [resendDomain('a b', 'links'), 'name is "a b": expected a host name'],
  [resendDomain('123', null), 'name is "123": use the sending domain, like "example.com"'],
  [
    resendDomain(`${'a.'.repeat(100)}example.com`, 'l'.repeat(60)),
    `trackingDomains[0].host is "${'l'.repeat(60)}.${'a.'.repeat(9)}…": use a bare host name like "links.example.com", without scheme or path`,
  ],
  [resendDomain('example.com', 5), 'tracking_subdomain is 5: expected a host name'],
  [resendDomain('example.com', 'links:80'), 'tracking_subdomain is "links:80": expected a host name'],
  [
    { ...resendDomain('example.com', 'links'), open_tracking: 'true' },
    'open_tracking is "true": expected true or false',
  ],
  [{ ...resendDomain('example.com', 'links'), click_tracking: 1 }, 'click_tracking is 1: expected true or false'],
  [{ ...resendDomain('example.com', 'links'), records: {} }, 'records is an object: expected an array'],
  [{ ...resendDomain('example.com', 'links'), records: [null] }, 'records[0] is null: expected an object'],
  [
    resendDomain('example.com', 'links', tracking('links', 'partially_verified')),
    'records[3].status is "partially_verified": expected one of not_started, pending, verified, failed, temporary_failure',
  ],
  [resendDomain('example.com', 'links', tracking('')), 'records[3].name is "": expected a host name'],
  [
    resendDomain('example.com', 'links', { ...tracking('links'), value: undefined }),
    'records[3].value is undefined: expected a host name',
  ],
])('names the field that is wrong (%#)', (json, message) => {
  expect(errorOf(() => domainFromResend(json))).toEqual({
    code: 'invalid-resend-domain',
    message: `${message}; pass the domain object of Resend's API`,
  })
})
