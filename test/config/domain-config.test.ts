import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DomainConfig,
  defineDomain,
  instrumentEmail,
  MailtraceError,
  prepareEmail,
  readTrackingUrl,
  trackingActivation,
} from '../../src/index.ts'
import { secret, signedDomain } from '../kit/domains.ts'
import { thrownBy } from '../kit/error-of.ts'

const createDomain = (changes: object = {}): DomainConfig => ({ ...signedDomain, ...changes })
const withHost = (changes: object): DomainConfig =>
  createDomain({ trackingDomains: [{ host: 'links.example.com', status: 'verified', ...changes }] })
const withKey = (changes: object): DomainConfig => createDomain({ signingKeys: [{ id: 'k1', secret, ...changes }] })

const calls: [name: string, call: (config: DomainConfig) => unknown][] = [
  ['defineDomain', defineDomain],
  ['instrumentEmail', (config) => instrumentEmail('<a href="https://example.com">x</a>', config)],
  ['prepareEmail', (config) => prepareEmail('', config)],
  ['trackingActivation', (config) => trackingActivation(config)],
  ['readTrackingUrl', (config) => readTrackingUrl('https://links.example.com/c/x', config)],
]

/** As a caller without TypeScript may give anything. */
function expectRefusal(config: unknown, message: string): void {
  for (const [name, call] of calls) {
    const error = thrownBy(() => call(config as DomainConfig))
    expect(error, name).toBeInstanceOf(MailtraceError)
    expect(error, name).toMatchObject({ code: 'invalid-config', message })
  }
}

describe('what is no configuration is refused', () => {
  const fields = 'name, openTracking, clickTracking, trackingDomains, signingKeys, $schema'
  it.each<[unknown, string]>([
    [undefined, 'domain is undefined: use an object'],
    [null, 'domain is null: use an object'],
    ['example.com', 'domain is a string: use an object'],
    [[createDomain()], 'domain is an array: use an object'],
    [createDomain, 'domain is a function: use an object'],
    [7, 'domain is 7: use an object'],
    [createDomain({ openTraking: true }), `domain has no field "openTraking": use ${fields}`],
    [createDomain({ region: 'eu-west-1' }), `domain has no field "region": use ${fields}`],
  ])('%j', expectRefusal)
})

describe('a wrong name is refused', () => {
  const advice = 'use the sending domain, like "example.com"'
  it.each<[name: unknown, shown: string]>([
    [undefined, 'undefined'],
    ['', '""'],
    [' ', '" "'],
    ['.', '"."'],
    ['ada@example.com', '"ada@example.com"'],
    ['https://example.com', '"https://example.com"'],
    ['example.com/', '"example.com/"'],
    ['example.com:8080', '"example.com:8080"'],
    ['example.com:443', '"example.com:443"'],
    ['example..com', '"example..com"'],
    ['.example.com', '".example.com"'],
    ['*.example.com', '"*.example.com"'],
    ['192.0.2.1', '"192.0.2.1"'],
    [7, '7'],
    [`${'a.'.repeat(125)}info`, `"${'a.'.repeat(39)}a…"`],
  ])('%j', (name, shown) => expectRefusal(createDomain({ name }), `name is ${shown}: ${advice}`))
})

describe('a wrong switch is refused', () => {
  const modes = { openTracking: 'full, identified, day, anonymous', clickTracking: 'full, identified, anonymous' }
  it.each<[field: 'openTracking' | 'clickTracking', value: unknown, shown: string]>([
    ['openTracking', undefined, 'undefined'],
    ['openTracking', 'false', '"false"'],
    ['openTracking', 'Full', '"Full"'],
    ['clickTracking', 0, '0'],
    ['clickTracking', null, 'null'],
    ['clickTracking', 'day', '"day"'],
  ])('%s: %j', (field, value, shown) =>
    expectRefusal(createDomain({ [field]: value }), `${field} is ${shown}: use true, false or one of ${modes[field]}`),
  )
})

describe('a wrong tracking domain is refused', () => {
  const hostAdvice = 'use a bare host name like "links.example.com", without scheme or path'
  const schemeAdvice = 'use "https", or "http" for local use'
  const statusAdvice = 'use one of not_started, pending, verified, failed, temporary_failure'
  const timeAdvice = 'use milliseconds since the epoch'

  it.each<[changes: Record<string, unknown>, shown: string, advice: string]>([
    [{ host: undefined }, 'undefined', hostAdvice],
    [{ host: '' }, '""', hostAdvice],
    [{ host: 'https://links.example.com' }, '"https://links.example.com"', hostAdvice],
    [{ host: 'links.example.com:65536' }, '"links.example.com:65536"', hostAdvice],
    [{ host: 'a"onerror="b".example.com' }, '"a\\"onerror=\\"b\\".example.com"', hostAdvice],
    [{ status: undefined }, 'undefined', statusAdvice],
    [{ status: 'active' }, '"active"', statusAdvice],
    [{ status: 'VERIFIED' }, '"VERIFIED"', statusAdvice],
    [{ status: true }, 'true', statusAdvice],
    [{ scheme: 'ftp' }, '"ftp"', schemeAdvice],
    [{ scheme: 'https:' }, '"https:"', schemeAdvice],
    [{ cnameTarget: 'https://x' }, '"https://x"', 'use a host name'],
    [{ cnameTarget: null }, 'null', 'use a host name'],
    [{ cnameTarget: 't.example.net:8443' }, '"t.example.net:8443"', 'use a host name'],
    [{ cnameTarget: '192.0.2.1' }, '"192.0.2.1"', 'use a host name'],
    [{ verifiedAt: Number.NaN }, 'NaN', timeAdvice],
    [{ configuredAt: Infinity }, 'Infinity', timeAdvice],
    [{ checkedAt: '2026-01-01' }, '"2026-01-01"', timeAdvice],
    [{ failingSince: new Date() }, 'an object', timeAdvice],
  ])('%j', (changes, shown, advice) => {
    const [field] = Object.keys(changes)
    expectRefusal(withHost(changes), `trackingDomains[0].${field} is ${shown}: ${advice}`)
  })

  const fields = 'host, status, scheme, cnameTarget, configuredAt, verifiedAt, checkedAt, failingSince'
  const twice = (one: string, other: string): unknown => [
    { host: one, status: 'failed' },
    { host: other, status: 'verified' },
  ]
  it.each<[trackingDomains: unknown, message: string]>([
    [undefined, 'trackingDomains is undefined: use an array'],
    ['links.example.com', 'trackingDomains is a string: use an array'],
    [{ host: 'links.example.com' }, 'trackingDomains is an object: use an array'],
    [{ 0: {}, length: 1 }, 'trackingDomains is an object: use an array'],
    [['links.example.com'], 'trackingDomains[0] is a string: use an object'],
    [Array(2), 'trackingDomains[0] is undefined: use an object'],
    [[{ port: 80 }], `trackingDomains[0] has no field "port": use ${fields}`],
    [twice('a.example.com', ''), `trackingDomains[1].host is "": ${hostAdvice}`],
    [twice('a.example.com', 'a.example.com'), 'trackingDomains has host "a.example.com" twice: list each one once'],
    [
      twice('A.example.com.', 'a.example.com:443'),
      'trackingDomains has host "a.example.com" twice: list each one once',
    ],
    [
      twice('bücher.example.com', 'xn--bcher-kva.example.com'),
      'trackingDomains has host "xn--bcher-kva.example.com" twice: list each one once',
    ],
  ])('the list %j', (trackingDomains, message) => expectRefusal(createDomain({ trackingDomains }), message))
})

describe('a wrong signing key is refused', () => {
  const idAdvice = 'use 1 to 32 characters of A-Z, a-z, 0-9, "_" and "-"'
  const noSecret = 'secret is no string and no Uint8Array: use at least 32 random bytes'
  it.each<[changes: object, message: string]>([
    [{ kid: 'k1' }, 'signingKeys[0] has no field "kid": use id, secret'],
    [{ id: undefined }, `signingKeys[0].id is undefined: ${idAdvice}`],
    [{ id: '' }, `signingKeys[0].id is a string of 0 characters that does not fit: ${idAdvice}`],
    [{ id: 'k'.repeat(33) }, `signingKeys[0].id is a string of 33 characters that does not fit: ${idAdvice}`],
    [{ id: 'k.1' }, `signingKeys[0].id is a string of 3 characters that does not fit: ${idAdvice}`],
    [{ id: 'k1\n' }, `signingKeys[0].id is a string of 3 characters that does not fit: ${idAdvice}`],
    [{ id: 1 }, `signingKeys[0].id is 1: ${idAdvice}`],
    [{ id: secret, secret: 'k1' }, `signingKeys[0].id is a string of 37 characters that does not fit: ${idAdvice}`],
    [{ secret: undefined }, `signingKeys[0].${noSecret}`],
    [{ secret: 12345678 }, `signingKeys[0].${noSecret}`],
    [{ secret: Array(32).fill(1) }, `signingKeys[0].${noSecret}`],
    [{ secret: new ArrayBuffer(32) }, `signingKeys[0].${noSecret}`],
    [{ secret: '' }, 'signingKeys[0].secret has 0 bytes: use at least 32 random ones'],
    [{ secret: 'x'.repeat(31) }, 'signingKeys[0].secret has 31 bytes: use at least 32 random ones'],
    [{ secret: new Uint8Array(31) }, 'signingKeys[0].secret has 31 bytes: use at least 32 random ones'],
    [
      { secret: `${secret}\ud800` },
      'signingKeys[0].secret has a lone surrogate, which UTF-8 cannot carry: use at least 32 random bytes',
    ],
  ])('%j', (changes, message) => expectRefusal(withKey(changes), message))

  it.each<[signingKeys: unknown, message: string]>([
    [null, 'signingKeys is null: use an array'],
    [secret, 'signingKeys is a string: use an array'],
    [{ id: 'k1', secret }, 'signingKeys is an object: use an array'],
    [[secret], 'signingKeys[0] is a string: use an object'],
    [Buffer.from(secret), 'signingKeys is an object: use an array'],
    [
      [
        { id: 'k1', secret },
        { id: 'k1', secret: secret.toUpperCase() },
      ],
      'signingKeys has id "k1" twice: list each one once',
    ],
  ])('the list %j', (signingKeys, message) => expectRefusal(createDomain({ signingKeys }), message))
})

it('a wrong configuration is refused even when tracking is switched off', () =>
  expectRefusal(
    createDomain({ name: '', openTracking: false, clickTracking: false }),
    'name is "": use the sending domain, like "example.com"',
  ))

describe('a right configuration is accepted', () => {
  const accepted: [what: string, config: DomainConfig][] = [
    ['the example', createDomain()],
    ['no keys', createDomain({ signingKeys: undefined })],
    ['an empty list of keys', createDomain({ signingKeys: [] })],
    ['a secret of 32 bytes', withKey({ secret: 'x'.repeat(32) })],
    ['a secret of 11 characters and 33 bytes', withKey({ secret: '中'.repeat(11) })],
    ['a secret of raw bytes', withKey({ secret: new Uint8Array(32) })],
    ['a very long secret', withKey({ secret: new Uint8Array(300_000) })],
    ['an id of one character', withKey({ id: '-' })],
    ['an id of 32', withKey({ id: 'k'.repeat(32) })],
    ['ids that differ in case', createDomain({ signingKeys: ['k', 'K'].map((id) => ({ id, secret })) })],
    [
      'ids named as members of Object',
      createDomain({ signingKeys: ['__proto__', 'constructor'].map((id) => ({ id, secret })) }),
    ],
    ['a name of 253', createDomain({ name: `${'a.'.repeat(125)}com` })],
    ['a name of one label', createDomain({ name: 'localhost' })],
    [
      'optional fields given as undefined',
      withHost({ scheme: undefined, cnameTarget: undefined, configuredAt: undefined, verifiedAt: undefined }),
    ],
    [
      'what the domains entry keeps',
      withHost({ cnameTarget: 'a1.track.example.net', configuredAt: 0, verifiedAt: 1, checkedAt: 2, failingSince: 3 }),
    ],
    ['the name of its schema, for editors', { ...createDomain(), $schema: './domain.schema.json' }],
    ['a frozen configuration', Object.freeze(createDomain())],
    ['a configuration without prototype', Object.assign(Object.create(null), createDomain())],
    ['what went through JSON', JSON.parse(JSON.stringify(createDomain()))],
  ]
  it.each(accepted)('%s', (_, config) => {
    for (const domain of [config, defineDomain(config)]) {
      expect(trackingActivation(domain)).toEqual({
        active: true,
        host: 'links.example.com',
        open: 'full',
        click: 'full',
      })
    }
  })

  it('and left as it was', () => {
    const config = createDomain({ name: 'EXAMPLE.com.', signingKeys: [{ id: 'k1', secret: Buffer.from(secret) }] })
    const before = structuredClone(config)
    for (const [, call] of calls) call(config)
    expect(structuredClone(config)).toEqual(before)
  })
})

describe('defineDomain', () => {
  const key = { id: 'k1', secret }
  const domain = defineDomain({
    name: 'EXAMPLE.com.',
    openTracking: true,
    clickTracking: 'anonymous',
    trackingDomains: [
      { host: 'Links.Example.com', status: 'verified', cnameTarget: 'A1.Track.example.net.', verifiedAt: 1 },
    ],
    signingKeys: [key],
  })

  it('gives a completed copy', () =>
    expect(domain).toEqual({
      name: 'example.com',
      openTracking: 'full',
      clickTracking: 'anonymous',
      trackingDomains: [
        {
          host: 'links.example.com',
          status: 'verified',
          scheme: 'https',
          cnameTarget: 'a1.track.example.net',
          verifiedAt: 1,
        },
      ],
      signingKeys: [{ id: 'k1', secret }],
    }))

  it('frozen in all its parts', () => {
    for (const part of [domain, domain.trackingDomains, domain.trackingDomains[0], domain.signingKeys]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    expect(Object.isFrozen(domain.signingKeys![0])).toBe(true)
  })

  it('gives the same object for a defined one', () => expect(defineDomain(domain)).toBe(domain))

  it('keeps what was checked, whatever happens to the original', () => {
    const bytes = Buffer.from(secret)
    const config = withKey({ secret: bytes })
    const kept = defineDomain(config)
    const { links } = instrumentEmail('<a href="https://shop.example/">x</a>', kept)
    bytes.fill(0)
    const url = links[0]?.kind === 'tracked' ? links[0].url : ''
    expect(readTrackingUrl(url, kept)).toMatchObject({ destination: 'https://shop.example/' })
  })

  it('also in a copy of it that is changed', () => {
    const bytes = Buffer.from(secret)
    const kept = defineDomain(withKey({ secret: bytes }))
    bytes.fill(0)
    const { links } = instrumentEmail('<a href="https://shop.example/">x</a>', { ...kept, openTracking: false })
    const url = links[0]?.kind === 'tracked' ? links[0].url : ''
    expect(readTrackingUrl(url, withKey({ secret }))).toMatchObject({ destination: 'https://shop.example/' })
  })

  it('and a changed copy of it is a configuration of its own', () =>
    expect(trackingActivation({ ...domain, trackingDomains: [] })).toEqual({
      active: false,
      reason: 'no-tracking-domain',
    }))
})

describe('a plain configuration that is changed gets the new answer', () => {
  it('at the next call', () => {
    const config = { ...createDomain(), openTracking: false }
    expect(trackingActivation(config)).toMatchObject({ open: false })
    config.openTracking = true
    expect(trackingActivation(config)).toMatchObject({ open: 'full' })
    config.name = ''
    expect(() => trackingActivation(config)).toThrow('name is ""')
  })

  it('but a prepared email keeps what it was prepared with', () => {
    const config = { ...createDomain() }
    const prepared = prepareEmail('<body><a href="https://shop.example/">x</a></body>', config)
    const before = prepared.instrument({ messageRef: 'msg' })
    Object.assign(config, createDomain({ openTracking: false, signingKeys: [], trackingDomains: [] }))
    const after = prepared.instrument({ messageRef: 'msg' })
    expect([after.activation, after.links.length]).toEqual([before.activation, before.links.length])
    expect(after.pixel.kind).toBe('placed')
  })
})

describe('a secret never stands in a message', () => {
  // Nothing that occurs in a message by itself, and long enough to be a secret.
  const anySecret = fc
    .string({ unit: fc.constantFrom(...'QZ!§9$é'), minLength: 8, maxLength: 60 })
    .map((text) => `§${text}`)

  const places: [where: string, config: (secret: string) => unknown][] = [
    ['as the secret', (text) => withKey({ id: '', secret: text })],
    ['as the id', (text) => withKey({ id: text })],
    ['for the id', (text) => withKey({ id: text, secret: 'k1' })],
    [
      'twice',
      (text) =>
        createDomain({
          signingKeys: [
            { id: 'k1', secret: text.padEnd(32, 'Z') },
            { id: 'k1', secret: text.padEnd(32, 'Z') },
          ],
        }),
    ],
    ['with a lone surrogate', (text) => withKey({ secret: `${text}\udfff` })],
    ['too short', (text) => withKey({ secret: text.slice(0, 15) })],
    ['for the key', (text) => createDomain({ signingKeys: [text] })],
    ['for the list', (text) => createDomain({ signingKeys: text })],
    ['in an array', (text) => withKey({ secret: [text] })],
    ['in an object', (text) => withKey({ secret: { text } })],
    ['in JSON', (text) => JSON.stringify({ signingKeys: [{ id: 'k1', secret: text }], name: 'example.com' })],
    [
      'beside another mistake',
      (text) => createDomain({ name: '', signingKeys: [{ id: 'k1', secret: text.padEnd(32, 'Z') }] }),
    ],
  ]
  it.each(places)('%s', (_, configOf) => {
    fc.assert(
      fc.property(anySecret, (text) => {
        for (const [name, call] of calls) {
          const error = thrownBy(() => call(configOf(text) as DomainConfig))
          expect(error, name).toBeInstanceOf(MailtraceError)
          const { message, stack } = error as MailtraceError
          // Six characters in a row would be a piece of it.
          for (let at = 0; at + 6 <= text.length; at++) {
            expect(message).not.toContain(text.slice(at, at + 6))
            expect(`${stack}`).not.toContain(text.slice(at, at + 6))
          }
          expect(JSON.stringify(error)).not.toContain(text.slice(0, 6))
        }
      }),
      { numRuns: 50 },
    )
  })
})
