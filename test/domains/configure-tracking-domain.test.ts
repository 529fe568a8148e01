import { describe, expect, it, test } from 'vitest'
import type { DomainConfig, TrackingDomain } from '../../src/config/domain-config.ts'
import { changeAllowedAt, configureTrackingDomain } from '../../src/domains/index.ts'
import { MailtraceError } from '../../src/errors.ts'
import { errorOf, thrownBy } from '../kit/error-of.ts'

const start = Date.UTC(2026, 0, 1)
const hour = 3_600_000
const cnameTarget = 'k7w2q.tracking.example.net'

const domain = (name: string, ...trackingDomains: TrackingDomain[]): DomainConfig => ({
  name,
  openTracking: true,
  clickTracking: true,
  trackingDomains,
})
const configure = (from: DomainConfig, host: string | null, now = start): DomainConfig =>
  configureTrackingDomain(from, host, { now, cnameTarget })
const hosts = (of: DomainConfig): string[] => of.trackingDomains.map(({ host }) => host)

describe('what a host may be', () => {
  test.each([
    // sending domain, what was typed, the host
    ['example.com', 'links', 'links.example.com'],
    ['example.com', 'LINKS', 'links.example.com'],
    ['Example.COM.', 'links', 'links.example.com'],
    ['example.com', 'links.example.com', 'links.example.com'],
    ['example.com', 'Links.Example.Com.', 'links.example.com'],
    ['mail.example.com', 'links', 'links.mail.example.com'],
    ['mail.example.com', 'links.example.com', 'links.example.com'],
    ['a.b.example.com', 'b.example.com', 'b.example.com'],
    ['example.co.uk', 'links.example.co.uk', 'links.example.co.uk'],
    ['shop.github.io', 'links', 'links.shop.github.io'],
    ['example.com', '123', '123.example.com'],
    ['example.com', '0x7f', '0x7f.example.com'],
    ['example.com', 'a'.repeat(63), `${'a'.repeat(63)}.example.com`],
    ['bücher.example', 'verfolgung-ü', 'xn--verfolgung--3hb.xn--bcher-kva.example'],
    ['bücher.example', 'xn--verfolgung--3hb', 'xn--verfolgung--3hb.xn--bcher-kva.example'],
    ['example.com', 'links。example．com', 'links.example.com'],
    ['example.com', 'links｡example｡com', 'links.example.com'],
    ['example.com', 'email', 'email.example.com'],
  ])('%s: %s is %s', (name, typed, host) => {
    expect(hosts(configure(domain(name), typed))).toEqual([host])
  })

  const long = Array.from({ length: 61 }, () => 'abc').join('.') // 243 characters
  test.each([
    ['https://links.example.com', 'has a scheme'],
    ['https://links.example.com/', 'has a scheme'],
    ['links.example.com:8080', 'has a port'],
    ['links:8080', 'has a port'],
    ['links.example.com:443', 'has a port'],
    ['links.example.com/c', 'has a path'],
    ['links.example.com?x', 'has a path'],
    ['links.example.com#x', 'has a path'],
    ['links\\x', 'has a path'],
    ['links .example.com', 'has white space'],
    [' links', 'has white space'],
    ['links\n', 'has white space'],
    ['me@example.com', 'has a user name'],
    ['my_links', 'has an underscore'],
    ['my_links.example.com', 'has an underscore'],
    ['-links', 'has the label "-links", which is none of a host name'],
    ['links-.example.com', 'has the label "links-", which is none of a host name'],
    ['links.', 'ends with a dot, which makes it a top-level name'],
    ['links。', 'ends with a dot, which makes it a top-level name'],
    ['com.', 'ends with a dot, which makes it a top-level name'],
    ['*.example.com', 'is no host name'],
    ['"links".example.com', 'is no host name'],
    ['a'.repeat(64), 'has a label of more than 63 octets'],
    [`${long}.example.com`, 'is longer than 253 characters'],
    ['192.0.2.1', 'is an IP address'],
    ['0x7f.1', 'is no host name'],
    ['[2001:db8::1]', 'is an IP address'],
    ['2001:db8::1', 'is an IP address'],
    ['links..example.com', 'is no host name'],
    ['.example.com', 'is no host name'],
    ['links%2eexample.com', 'is no host name'],
    ['links.example.123', 'is no host name'],
    ['a'.repeat(1025), 'is longer than 1024 characters'],
    [`${'a.'.repeat(520)}example.com`, 'is longer than 1024 characters'],
  ])('%j %s', (typed, flaw) => {
    const shown = typed.length > 80 ? `${typed.slice(0, 79)}…` : typed
    expect(errorOf(() => configure(domain('example.com'), typed))).toEqual({
      code: 'invalid-host',
      message: `host ${JSON.stringify(shown)} ${flaw}: use a bare host name like "links.example.com"`,
    })
  })

  it('is no number either', () => {
    expect(errorOf(() => configure(domain('example.com'), 5 as unknown as string))).toEqual({
      code: 'invalid-host',
      message: 'host is 5: use a host name or a label',
    })
  })

  it('takes no time over what is no host, however long', () => {
    for (const typed of [
      'a\u0301\u0323'.repeat(170_000),
      `${'\u4e00'.repeat(500_000)}.example.com`,
      ':'.repeat(512_000),
    ]) {
      expect(errorOf(() => configure(domain('example.com'), typed)).code).toBe('invalid-host')
    }
  })

  it('takes 253 characters', () => {
    const host = `${long.slice(2)}.example.com`
    expect(host).toHaveLength(253)
    expect(hosts(configure(domain('example.com'), host))).toEqual([host])
  })
})

describe('whose a host must be', () => {
  test.each([
    ['example.com', 'links.example.org', 'example.com'],
    ['example.com', 'links.notexample.com', 'example.com'],
    ['example.com', 'example.com.evil.test', 'example.com'],
    ['mail.example.co.uk', 'links.other.co.uk', 'example.co.uk'],
    ['a.github.io', 'b.github.io', 'a.github.io'],
    ['a.github.io', 'github.io', 'a.github.io'],
  ])('%s may not track through %s', (name, typed, root) => {
    expect(errorOf(() => configure(domain(name), typed))).toEqual({
      code: 'host-outside-domain',
      message: `host "${typed}" does not belong to "${root}", the root domain of the sending domain: use a host under it, like "links.${name}"`,
    })
  })

  test.each(['github.io', 'localhost', 'co.uk'])('%s is nobody’s domain', (name) => {
    expect(errorOf(() => configure(domain(name), 'links'))).toEqual({
      code: 'host-outside-domain',
      message: `"${name}" is no registered domain, so no host shares one with it: use a sending domain that you own`,
    })
  })

  test.each(['example.com', 'Example.com.', 'EXAMPLE.COM'])('the sending domain itself is refused: %s', (typed) => {
    expect(errorOf(() => configure(domain('example.com'), typed))).toEqual({
      code: 'host-is-sending-domain',
      message: `host "${typed}" is the sending domain itself, where a CNAME record would displace its MX records: use a name of its own like "links.example.com"`,
    })
  })

  it('refuses the root domain, where no CNAME can stand', () => {
    expect(errorOf(() => configure(domain('mail.example.com'), 'example.com'))).toEqual({
      code: 'host-is-root-domain',
      message:
        'host "example.com" is a root domain, where no CNAME record can stand: use a name under it, like "links.mail.example.com"',
    })
  })
})

describe('setting and changing', () => {
  const first = configure(domain('example.com'), 'links')

  it('sets the first one', () => {
    expect(first).toEqual({
      ...domain('example.com'),
      trackingDomains: [{ host: 'links.example.com', status: 'not_started', cnameTarget, configuredAt: start }],
    })
  })

  it('is no change when set first, so the first change may follow at once', () => {
    expect(hosts(configure(first, 'go', start + 1))).toEqual(['links.example.com', 'go.example.com'])
  })

  it('allows one change in 24 hours, from the last change', () => {
    const changed = configure(first, 'go', start + hour)
    const tooSoon = start + 25 * hour - 1
    const error = thrownBy(() => configure(changed, 'third', tooSoon))
    expect(error).toBeInstanceOf(MailtraceError)
    expect(error).toMatchObject({
      code: 'change-too-soon',
      message:
        'the tracking domain was changed at 2026-01-01T01:00:00.000Z: change it again from 2026-01-02T01:00:00.000Z on',
      allowedAt: start + 25 * hour,
    })
    expect(hosts(configure(changed, 'third', start + 25 * hour))).toHaveLength(3)
  })

  it('says beforehand from when on a change is allowed', () => {
    const changed = configure(first, 'go', start + hour)
    expect([domain('example.com'), first, changed].map((of) => changeAllowedAt(of))).toEqual([
      null,
      null,
      start + 25 * hour,
    ])
    expect(changeAllowedAt(changed, { changeIntervalMs: 1 })).toBe(start + hour + 1)
    expect(errorOf(() => changeAllowedAt(changed, { changeIntervalMs: 0 }))).toEqual({
      code: 'invalid-options',
      message: 'changeIntervalMs is 0: use a whole number of 1 to 9007199254740991',
    })
    expect(errorOf(() => changeAllowedAt(changed, { now: start } as never))).toEqual({
      code: 'invalid-options',
      message: 'options has no field "now": use changeIntervalMs',
    })
    expect(errorOf(() => changeAllowedAt({ ...changed, name: '' })).code).toBe('invalid-config')
  })

  it('counts from the last of many changes', () => {
    const second = configure(first, 'go', start + 48 * hour)
    expect(changeAllowedAt(configure(second, 'third', start + 96 * hour))).toBe(start + 120 * hour)
  })

  test.each([
    [0, '+275760-09-13T00:00:00.000Z'],
    [1, '8640000000000001 ms'],
    [24 * hour, '8640000086400000 ms'],
  ])('says a time that no calendar has in ms (%#)', (past, from) => {
    const far = domain(
      'example.com',
      { host: 'a.example.com', status: 'verified' },
      { host: 'b.example.com', status: 'verified', configuredAt: 8.64e15 - 24 * hour + past },
    )
    const error = errorOf(() => configure(far, 'c'))
    expect(error.code).toBe('change-too-soon')
    expect(error.message).toMatch(
      new RegExp(`^the tracking domain was changed at \\S+: change it again from ${from.replace('+', '\\+')} on$`),
    )
  })

  it('may be changed at once where nobody said when it was chosen', () => {
    const { configuredAt, ...unknown } = configure(first, 'go').trackingDomains[1]!
    expect(hosts(configure({ ...first, trackingDomains: [first.trackingDomains[0]!, unknown] }, 'third'))).toHaveLength(
      3,
    )
  })

  it('takes another interval', () => {
    const options = { cnameTarget, changeIntervalMs: 1000 }
    const changed = configureTrackingDomain(first, 'go', { ...options, now: start })
    expect(errorOf(() => configureTrackingDomain(changed, 'third', { ...options, now: start + 999 })).code).toBe(
      'change-too-soon',
    )
    expect(hosts(configureTrackingDomain(changed, 'third', { ...options, now: start + 1000 }))).toHaveLength(3)
  })

  it('takes the same host again as no change, however it is written', () => {
    const changed = configure(first, 'go', start + hour)
    expect(configure(changed, 'GO.example.com.', start + 2 * hour)).toEqual(changed)
  })

  it('gives the same host another target, at once and with its status', () => {
    const verified = { ...first.trackingDomains[0]!, status: 'verified' as const, verifiedAt: start }
    const moved = configureTrackingDomain(domain('example.com', verified), 'links', {
      now: start + hour,
      cnameTarget: 'New.Tracking.Example.NET.',
    })
    expect(moved.trackingDomains).toEqual([{ ...verified, cnameTarget: 'new.tracking.example.net' }])
  })

  it('counts a former host as a change, moves it to the end and keeps its verification', () => {
    const links = { host: 'links.example.com', status: 'verified', cnameTarget, verifiedAt: start } as const
    const go = { host: 'go.example.com', status: 'pending', cnameTarget, configuredAt: start } as const
    const both = domain('example.com', links, go)
    expect(errorOf(() => configure(both, 'links', start + 1)).code).toBe('change-too-soon')
    expect(configure(both, 'links', start + 24 * hour).trackingDomains).toEqual([
      go,
      { ...links, configuredAt: start + 24 * hour },
    ])
  })

  test.each([
    ['verified', 'verified', start],
    ['temporary_failure', 'temporary_failure', start],
    ['pending', 'not_started', undefined],
    ['failed', 'not_started', undefined],
    ['not_started', 'not_started', undefined],
  ] as const)('a former host that is %s comes back as %s', (before, after, failingSince) => {
    const links: TrackingDomain = { host: 'links.example.com', status: before, cnameTarget, failingSince: start }
    const both = domain('example.com', links, { host: 'go.example.com', status: 'verified' })
    expect(configure(both, 'links').trackingDomains[1]).toEqual({
      host: 'links.example.com',
      status: after,
      cnameTarget,
      configuredAt: start,
      ...(failingSince !== undefined && { failingSince }),
    })
  })

  test.each([null, '', undefined])('removal is refused: %j', (host) => {
    expect(errorOf(() => configure(first, host as null))).toEqual({
      code: 'removal-refused',
      message:
        'a tracking domain can be changed, never removed, as the links in sent mail go through it: choose another host, or switch tracking off with setTracking',
    })
  })

  it('changes no value that it was given', () => {
    const frozen = Object.freeze({ ...first, trackingDomains: Object.freeze(first.trackingDomains.map(Object.freeze)) })
    const before = JSON.stringify(frozen)
    configure(frozen as DomainConfig, 'go')
    expect(JSON.stringify(frozen)).toBe(before)
  })

  it('keeps what else the domain holds', () => {
    const signingKeys = [{ id: 'k1', secret: 'x'.repeat(32) }]
    expect(configure({ ...first, signingKeys }, 'go').signingKeys).toBe(signingKeys)
  })
})

describe('options', () => {
  const wrong = (options: object): { code: string; message: string } =>
    errorOf(() =>
      configureTrackingDomain(domain('example.com'), 'links', { now: start, cnameTarget, ...options } as never),
    )
  test.each([
    [{ now: undefined }, 'now is undefined: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ now: Number.NaN }, 'now is NaN: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ now: start / 1000 }, 'now is 1767225600: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ now: start * 1000 }, 'now is 1767225600000000: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ now: new Date(0) }, 'now is an object: use milliseconds since the epoch, of the years 2000 to 2106'],
    [{ cnameTarget: undefined }, 'cnameTarget is undefined: use the host name that the CNAME record must point at'],
    [{ cnameTarget: 'localhost' }, 'cnameTarget is "localhost": use the host name that the CNAME record must point at'],
    [{ cnameTarget: '192.0.2.1' }, 'cnameTarget is "192.0.2.1": use the host name that the CNAME record must point at'],
    [
      { cnameTarget: 'https://t.example.net' },
      'cnameTarget is "https://t.example.net": use the host name that the CNAME record must point at',
    ],
    [
      { cnameTarget: 'Links.example.com.' },
      'cnameTarget is "Links.example.com.", the tracking domain itself: use the host of your receiver',
    ],
    [{ changeIntervalMs: null }, 'changeIntervalMs is null: use a whole number of 1 to 9007199254740991'],
    [
      { cnameTarget: 't.example.net:8443' },
      'cnameTarget is "t.example.net:8443": use the host name that the CNAME record must point at',
    ],
    [{ changeIntervalMs: 0 }, 'changeIntervalMs is 0: use a whole number of 1 to 9007199254740991'],
    [{ changeIntervalMs: Infinity }, 'changeIntervalMs is Infinity: use a whole number of 1 to 9007199254740991'],
    [{ target: 'x' }, 'options has no field "target": use now, cnameTarget, changeIntervalMs'],
  ])('%j', (options, message) => {
    expect(wrong(options)).toEqual({ code: 'invalid-options', message })
  })

  it('must be there', () => {
    expect(errorOf(() => configureTrackingDomain(domain('example.com'), 'links', undefined as never))).toEqual({
      code: 'invalid-options',
      message: 'options is undefined: use an object',
    })
  })
})
