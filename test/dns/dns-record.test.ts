import { describe, expect, it, test } from 'vitest'
import type { DomainConfig } from '../../src/config/domain-config.ts'
import { expectedRecords, zoneSnippet } from '../../src/dns/index.ts'
import { errorOf } from '../kit/error-of.ts'

const domain: DomainConfig = {
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [
    { host: 'Old.example.com', status: 'failed', cnameTarget: 't1.tracking.example.net' },
    { host: 'links.example.com', status: 'verified', cnameTarget: 'T2.Tracking.Example.net.' },
  ],
}

it('expects the CNAME records of every tracking domain, former ones included', () => {
  expect(expectedRecords(domain)).toEqual([
    { name: 'old.example.com', type: 'CNAME', value: 't1.tracking.example.net' },
    { name: 'links.example.com', type: 'CNAME', value: 't2.tracking.example.net' },
  ])
})

it('expects none of a host with a port, which is for local use', () => {
  const local = { host: 'links.localhost:8080', status: 'verified' } as const
  const { trackingDomains } = domain
  expect(expectedRecords({ ...domain, trackingDomains: [local, ...trackingDomains] })).toEqual(expectedRecords(domain))
})

it('cannot expect what nobody said', () => {
  const unknown = { ...domain, trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }] }
  expect(errorOf(() => expectedRecords(unknown))).toEqual({
    code: 'invalid-config',
    message:
      'trackingDomains[0].cnameTarget is missing: set the name that the CNAME record of links.example.com must point at',
  })
})

it('writes them for a zone file, with absolute names', () => {
  const caa = { name: 'example.com', type: 'CAA', value: '0 issue "letsencrypt.org"' } as const
  expect(zoneSnippet([...expectedRecords(domain), caa], { ttlSeconds: 300 })).toBe(
    [
      'old.example.com. 300 IN CNAME t1.tracking.example.net.\n',
      'links.example.com. 300 IN CNAME t2.tracking.example.net.\n',
      'example.com. 300 IN CAA 0 issue "letsencrypt.org"\n',
    ].join(''),
  )
  expect(zoneSnippet([caa])).toBe('example.com. 3600 IN CAA 0 issue "letsencrypt.org"\n')
})

it('takes the longest TTL, and names of either case with an underscore', () => {
  const record = { name: '_Links.example.com', type: 'CNAME', value: 'T.example.net' } as const
  expect(zoneSnippet([record], { ttlSeconds: 2 ** 31 - 1 })).toBe(
    '_Links.example.com. 2147483647 IN CNAME T.example.net.\n',
  )
})

describe('what would be more than one record, or another, is refused', () => {
  const target = { name: 'links.example.com', type: 'CNAME', value: 't.example.net' }
  const caa = { name: 'example.com', type: 'CAA', value: '0 issue "letsencrypt.org"' }
  const noName = (path: string, shown: string): string =>
    `records[0].${path} is ${shown}: use a name of letters, digits, "-", "_" and dots, without one at its end`
  const noValue = (shown: string): string =>
    `records[0].value is ${shown}: use flags, tag and text, like 0 issue "letsencrypt.org"`
  test.each<[object, string]>([
    [{ ...target, name: 'x\n@ 60 IN TXT "owned"' }, noName('name', '"x\\n@ 60 IN TXT \\"owned\\""')],
    [{ ...target, value: 'x\n@ 60 IN TXT' }, noName('value', '"x\\n@ 60 IN TXT"')],
    [{ ...target, name: 'links.example.com.' }, noName('name', '"links.example.com."')],
    [{ ...target, name: 'links example' }, noName('name', '"links example"')],
    [{ ...target, name: 'x;' }, noName('name', '"x;"')],
    [{ ...target, name: '@' }, noName('name', '"@"')],
    [{ ...target, name: '$ORIGIN' }, noName('name', '"$ORIGIN"')],
    [{ ...target, name: '' }, noName('name', '""')],
    [{ ...target, name: undefined }, noName('name', 'undefined')],
    [{ ...target, value: '*.example.net' }, noName('value', '"*.example.net"')],
    [{ ...caa, name: 'x\\010y' }, noName('name', '"x\\\\010y"')],
    [{ ...caa, value: '0 issue "a"\n' }, noValue('"0 issue \\"a\\"\\n"')],
    [{ ...caa, value: '0 issue "a\nb"' }, noValue('"0 issue \\"a\\nb\\""')],
    [{ ...caa, value: '0 issue "a" "b"' }, noValue('"0 issue \\"a\\" \\"b\\""')],
    [{ ...caa, value: '0 issue "a\\"' }, noValue('"0 issue \\"a\\\\\\""')],
    [{ ...caa, value: '0 issue letsencrypt.org' }, noValue('"0 issue letsencrypt.org"')],
    [{ ...caa, value: 'x 0 issue "a"' }, noValue('"x 0 issue \\"a\\""')],
    [{ ...caa, value: undefined }, noValue('undefined')],
    [{ ...target, type: 'TXT' }, 'records[0].type is "TXT": use CNAME or CAA'],
  ])('%j', (record, message) => {
    expect(errorOf(() => zoneSnippet([record as never]))).toEqual({ code: 'invalid-options', message })
  })

  it('and named by its place', () => {
    expect(errorOf(() => zoneSnippet([target, { ...target, name: '' }] as never)).message).toMatch(
      /^records\[1\]\.name is ""/,
    )
  })
})

test.each([0, 1.5, Number.NaN, 2 ** 31])('refuses a TTL of %s', (ttlSeconds) => {
  expect(errorOf(() => zoneSnippet([], { ttlSeconds }))).toEqual({
    code: 'invalid-options',
    message: `ttlSeconds is ${ttlSeconds}: use a whole number of 1 to 2147483647`,
  })
})
