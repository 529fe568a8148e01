import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DomainConfig,
  instrumentEmail,
  MailtraceError,
  prepareEmail,
  readTrackingUrl,
  trackingActivation,
} from '../../src/index.ts'

const secret = 'a secret of the tests, 32 bytes long'

interface TestKey {
  id: string
  secret: string | Uint8Array
}
interface TestHost {
  host: string
  status: 'not_started' | 'pending' | 'verified' | 'failed' | 'temporary_failure'
  scheme?: 'https' | 'http'
}
/** A configuration that tests may change. */
interface TestDomain {
  name: string
  openTracking: boolean
  clickTracking: boolean
  trackingDomains: TestHost[]
  signingKeys: TestKey[]
}

const createDomain = (changes: object = {}): TestDomain => ({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
  signingKeys: [{ id: 'k1', secret }],
  ...changes,
})

/** As a caller without TypeScript would write it. */
const wrong = (config: unknown): DomainConfig => config as DomainConfig
const withHost = (changes: object): DomainConfig =>
  createDomain({ trackingDomains: [{ host: 'links.example.com', status: 'verified', ...changes }] })
const withKey = (changes: object): DomainConfig => createDomain({ signingKeys: [{ id: 'k1', secret, ...changes }] })

function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

const domainFields = 'name, openTracking, clickTracking, trackingDomains, signingKeys'
const hostFields = 'host, status, scheme, cnameTarget, configuredAt, verifiedAt, checkedAt, failingSince'
const statuses = 'not_started, pending, verified, failed, temporary_failure'
const hostAdvice = 'use a bare host name like "links.example.com", without scheme or path'
const nameAdvice = 'use the sending domain, like "example.com"'
const idAdvice = 'use 1 to 32 characters of A-Z, a-z, 0-9, "_" and "-"'
const timeAdvice = 'use milliseconds since the epoch'

const misconfigurations: [what: string, config: unknown, message: string][] = [
  ['nothing', undefined, 'domain is undefined: use an object'],
  ['null', null, 'domain is null: use an object'],
  ['a name alone', 'example.com', 'domain is a string: use an object'],
  ['a list of domains', [createDomain()], 'domain is an array: use an object'],
  ['a function', createDomain, 'domain is a function: use an object'],
  ['a number', 7, 'domain is 7: use an object'],
  ['no such key', createDomain({ openTraking: true }), `domain has no field "openTraking": use ${domainFields}`],
  [
    'a key of another library',
    createDomain({ region: 'eu-west-1' }),
    `domain has no field "region": use ${domainFields}`,
  ],

  ['no name', createDomain({ name: undefined }), `name is undefined: ${nameAdvice}`],
  ['an empty name', createDomain({ name: '' }), `name is "": ${nameAdvice}`],
  ['a blank name', createDomain({ name: ' ' }), `name is " ": ${nameAdvice}`],
  ['only a dot', createDomain({ name: '.' }), `name is ".": ${nameAdvice}`],
  ['an address', createDomain({ name: 'ada@example.com' }), `name is "ada@example.com": ${nameAdvice}`],
  ['a URL', createDomain({ name: 'https://example.com' }), `name is "https://example.com": ${nameAdvice}`],
  ['a name with a path', createDomain({ name: 'example.com/' }), `name is "example.com/": ${nameAdvice}`],
  ['a name with a port', createDomain({ name: 'example.com:8080' }), `name is "example.com:8080": ${nameAdvice}`],
  [
    'a name with the default port',
    createDomain({ name: 'example.com:443' }),
    `name is "example.com:443": ${nameAdvice}`,
  ],
  ['an empty label', createDomain({ name: 'example..com' }), `name is "example..com": ${nameAdvice}`],
  ['an empty first label', createDomain({ name: '.example.com' }), `name is ".example.com": ${nameAdvice}`],
  ['a wildcard', createDomain({ name: '*.example.com' }), `name is "*.example.com": ${nameAdvice}`],
  ['an IP address', createDomain({ name: '192.0.2.1' }), `name is "192.0.2.1": ${nameAdvice}`],
  ['a number for a name', createDomain({ name: 7 }), `name is 7: ${nameAdvice}`],
  ['a name of 254', createDomain({ name: `${'a.'.repeat(125)}info` }), `name is "${'a.'.repeat(39)}a…": ${nameAdvice}`],

  ['no switch', createDomain({ openTracking: undefined }), 'openTracking is undefined: use true or false'],
  ['a switch as text', createDomain({ openTracking: 'false' }), 'openTracking is "false": use true or false'],
  ['a switch as number', createDomain({ clickTracking: 0 }), 'clickTracking is 0: use true or false'],
  ['a switch that is null', createDomain({ clickTracking: null }), 'clickTracking is null: use true or false'],

  ['no list of hosts', createDomain({ trackingDomains: undefined }), 'trackingDomains is undefined: use an array'],
  [
    'a host as text',
    createDomain({ trackingDomains: 'links.example.com' }),
    'trackingDomains is a string: use an array',
  ],
  [
    'a host for the list',
    createDomain({ trackingDomains: { host: 'links.example.com' } }),
    'trackingDomains is an object: use an array',
  ],
  [
    'an object like an array',
    createDomain({ trackingDomains: { 0: {}, length: 1 } }),
    'trackingDomains is an object: use an array',
  ],
  [
    'hosts as texts',
    createDomain({ trackingDomains: ['links.example.com'] }),
    'trackingDomains[0] is a string: use an object',
  ],
  ['a hole in the list', createDomain({ trackingDomains: Array(2) }), 'trackingDomains[0] is undefined: use an object'],
  ['no such key in a host', withHost({ port: 80 }), `trackingDomains[0] has no field "port": use ${hostFields}`],
  ['no host', withHost({ host: undefined }), `trackingDomains[0].host is undefined: ${hostAdvice}`],
  ['an empty host', withHost({ host: '' }), `trackingDomains[0].host is "": ${hostAdvice}`],
  [
    'a host with a scheme',
    withHost({ host: 'https://links.example.com' }),
    `trackingDomains[0].host is "https://links.example.com": ${hostAdvice}`,
  ],
  [
    'a host with a path',
    withHost({ host: 'links.example.com/t' }),
    `trackingDomains[0].host is "links.example.com/t": ${hostAdvice}`,
  ],
  [
    'a host with a slash',
    withHost({ host: 'links.example.com/' }),
    `trackingDomains[0].host is "links.example.com/": ${hostAdvice}`,
  ],
  [
    'a host with a label of 64 octets',
    withHost({ host: `${'a'.repeat(64)}.example.com` }),
    `trackingDomains[0].host is "${'a'.repeat(64)}.example.com": ${hostAdvice}`,
  ],
  [
    'a host with a hyphen at an edge',
    withHost({ host: '-links.example.com' }),
    `trackingDomains[0].host is "-links.example.com": ${hostAdvice}`,
  ],
  [
    'a host with a backslash',
    withHost({ host: 'links\\example.com' }),
    `trackingDomains[0].host is "links\\\\example.com": ${hostAdvice}`,
  ],
  [
    'a host with a query',
    withHost({ host: 'links.example.com?a' }),
    `trackingDomains[0].host is "links.example.com?a": ${hostAdvice}`,
  ],
  [
    'a host with a fragment',
    withHost({ host: 'links.example.com#a' }),
    `trackingDomains[0].host is "links.example.com#a": ${hostAdvice}`,
  ],
  [
    'a host with user info',
    withHost({ host: 'user@links.example.com' }),
    `trackingDomains[0].host is "user@links.example.com": ${hostAdvice}`,
  ],
  [
    'a host with a space',
    withHost({ host: 'links example.com' }),
    `trackingDomains[0].host is "links example.com": ${hostAdvice}`,
  ],
  [
    'a host with a line break',
    withHost({ host: 'links.example.com\n' }),
    `trackingDomains[0].host is "links.example.com\\n": ${hostAdvice}`,
  ],
  [
    'a host with an escape',
    withHost({ host: 'l%69nks.example.com' }),
    `trackingDomains[0].host is "l%69nks.example.com": ${hostAdvice}`,
  ],
  [
    'a host with an empty label',
    withHost({ host: 'links..example.com' }),
    `trackingDomains[0].host is "links..example.com": ${hostAdvice}`,
  ],
  [
    'a host with an empty port',
    withHost({ host: 'links.example.com:' }),
    `trackingDomains[0].host is "links.example.com:": ${hostAdvice}`,
  ],
  [
    'a host with a port too high',
    withHost({ host: 'links.example.com:65536' }),
    `trackingDomains[0].host is "links.example.com:65536": ${hostAdvice}`,
  ],
  ['a wildcard host', withHost({ host: '*.example.com' }), `trackingDomains[0].host is "*.example.com": ${hostAdvice}`],
  [
    'a host that breaks out of an attribute',
    withHost({ host: 'a"onerror="b".example.com' }),
    `trackingDomains[0].host is "a\\"onerror=\\"b\\".example.com": ${hostAdvice}`,
  ],
  [
    'a host with an apostrophe',
    withHost({ host: "a'.example.com" }),
    `trackingDomains[0].host is "a'.example.com": ${hostAdvice}`,
  ],
  [
    'a host that is a merge tag',
    withHost({ host: '{{host}}' }),
    `trackingDomains[0].host is "{{host}}": ${hostAdvice}`,
  ],
  [
    'a host that is a number',
    withHost({ host: '0x7f000001' }),
    `trackingDomains[0].host is "0x7f000001": ${hostAdvice}`,
  ],
  [
    'a host with a bad A-label',
    withHost({ host: 'xn--a.example.com' }),
    `trackingDomains[0].host is "xn--a.example.com": ${hostAdvice}`,
  ],
  ['no status', withHost({ status: undefined }), `trackingDomains[0].status is undefined: use one of ${statuses}`],
  [
    'a status that is none',
    withHost({ status: 'active' }),
    `trackingDomains[0].status is "active": use one of ${statuses}`,
  ],
  [
    'a status in upper case',
    withHost({ status: 'VERIFIED' }),
    `trackingDomains[0].status is "VERIFIED": use one of ${statuses}`,
  ],
  ['a status that is true', withHost({ status: true }), `trackingDomains[0].status is true: use one of ${statuses}`],
  [
    'a scheme that is none',
    withHost({ scheme: 'ftp' }),
    'trackingDomains[0].scheme is "ftp": use "https", or "http" for local use',
  ],
  [
    'a scheme with a colon',
    withHost({ scheme: 'https:' }),
    'trackingDomains[0].scheme is "https:": use "https", or "http" for local use',
  ],
  [
    'a target that is no host',
    withHost({ cnameTarget: 'https://x' }),
    'trackingDomains[0].cnameTarget is "https://x": use a host name',
  ],
  ['a target that is null', withHost({ cnameTarget: null }), 'trackingDomains[0].cnameTarget is null: use a host name'],
  ['a time that is NaN', withHost({ verifiedAt: Number.NaN }), `trackingDomains[0].verifiedAt is NaN: ${timeAdvice}`],
  [
    'a time that is infinite',
    withHost({ configuredAt: Infinity }),
    `trackingDomains[0].configuredAt is Infinity: ${timeAdvice}`,
  ],
  [
    'a time as text',
    withHost({ checkedAt: '2026-01-01' }),
    `trackingDomains[0].checkedAt is "2026-01-01": ${timeAdvice}`,
  ],
  [
    'a time as Date',
    withHost({ failingSince: new Date() }),
    `trackingDomains[0].failingSince is an object: ${timeAdvice}`,
  ],
  [
    'the second host is wrong',
    createDomain({
      trackingDomains: [
        { host: 'a.example.com', status: 'failed' },
        { host: '', status: 'verified' },
      ],
    }),
    `trackingDomains[1].host is "": ${hostAdvice}`,
  ],
  [
    'a host twice',
    createDomain({
      trackingDomains: [
        { host: 'a.example.com', status: 'failed' },
        { host: 'a.example.com', status: 'verified' },
      ],
    }),
    'trackingDomains has host "a.example.com" twice: list each one once',
  ],
  [
    'a host twice in two spellings',
    createDomain({
      trackingDomains: [
        { host: 'A.example.com.', status: 'failed' },
        { host: 'a.example.com:443', status: 'verified' },
      ],
    }),
    'trackingDomains has host "a.example.com" twice: list each one once',
  ],
  [
    'a host twice, in A-labels and not',
    createDomain({
      trackingDomains: [
        { host: 'bücher.example.com', status: 'failed' },
        { host: 'xn--bcher-kva.example.com', status: 'verified' },
      ],
    }),
    'trackingDomains has host "xn--bcher-kva.example.com" twice: list each one once',
  ],

  ['keys that are null', createDomain({ signingKeys: null }), 'signingKeys is null: use an array'],
  ['a secret for the list', createDomain({ signingKeys: secret }), 'signingKeys is a string: use an array'],
  ['a key for the list', createDomain({ signingKeys: { id: 'k1', secret } }), 'signingKeys is an object: use an array'],
  ['a secret for a key', createDomain({ signingKeys: [secret] }), 'signingKeys[0] is a string: use an object'],
  ['bytes for a list', createDomain({ signingKeys: Buffer.from(secret) }), 'signingKeys is an object: use an array'],
  ['no such key in a key', withKey({ kid: 'k1' }), 'signingKeys[0] has no field "kid": use id, secret'],
  ['no id', withKey({ id: undefined }), `signingKeys[0].id is undefined: ${idAdvice}`],
  ['an empty id', withKey({ id: '' }), `signingKeys[0].id is a string of 0 characters that does not fit: ${idAdvice}`],
  [
    'an id of 33',
    withKey({ id: 'k'.repeat(33) }),
    `signingKeys[0].id is a string of 33 characters that does not fit: ${idAdvice}`,
  ],
  [
    'an id with a dot',
    withKey({ id: 'k.1' }),
    `signingKeys[0].id is a string of 3 characters that does not fit: ${idAdvice}`,
  ],
  [
    'an id with a line break',
    withKey({ id: 'k1\n' }),
    `signingKeys[0].id is a string of 3 characters that does not fit: ${idAdvice}`,
  ],
  ['a number for an id', withKey({ id: 1 }), `signingKeys[0].id is 1: ${idAdvice}`],
  [
    'id and secret swapped',
    withKey({ id: secret, secret: 'k1' }),
    `signingKeys[0].id is a string of 36 characters that does not fit: ${idAdvice}`,
  ],
  [
    'no secret',
    withKey({ secret: undefined }),
    'signingKeys[0].secret is no string and no Uint8Array: use at least 32 random bytes',
  ],
  [
    'a number for a secret',
    withKey({ secret: 12345678 }),
    'signingKeys[0].secret is no string and no Uint8Array: use at least 32 random bytes',
  ],
  [
    'an array for a secret',
    withKey({ secret: Array(32).fill(1) }),
    'signingKeys[0].secret is no string and no Uint8Array: use at least 32 random bytes',
  ],
  [
    'an ArrayBuffer for a secret',
    withKey({ secret: new ArrayBuffer(32) }),
    'signingKeys[0].secret is no string and no Uint8Array: use at least 32 random bytes',
  ],
  ['an empty secret', withKey({ secret: '' }), 'signingKeys[0].secret has 0 bytes: use at least 32 random ones'],
  [
    'a secret of 31 bytes',
    withKey({ secret: 'x'.repeat(31) }),
    'signingKeys[0].secret has 31 bytes: use at least 32 random ones',
  ],
  [
    'a secret of 31 raw bytes',
    withKey({ secret: new Uint8Array(31) }),
    'signingKeys[0].secret has 31 bytes: use at least 32 random ones',
  ],
  [
    'a secret with a lone surrogate',
    withKey({ secret: `${secret}\ud800` }),
    'signingKeys[0].secret has a lone surrogate, which UTF-8 cannot carry: use at least 32 random bytes',
  ],
  [
    'two keys of one id',
    createDomain({
      signingKeys: [
        { id: 'k1', secret },
        { id: 'k1', secret: secret.toUpperCase() },
      ],
    }),
    'signingKeys has id "k1" twice: list each one once',
  ],
]

const calls: [name: string, call: (config: DomainConfig) => unknown][] = [
  ['instrumentEmail', (config) => instrumentEmail('<a href="https://example.com">x</a>', config)],
  ['prepareEmail', (config) => prepareEmail('', config)],
  ['trackingActivation', (config) => trackingActivation(config)],
  ['readTrackingUrl', (config) => readTrackingUrl('https://links.example.com/c/x', config)],
]

describe('a wrong configuration is refused', () => {
  it.each(misconfigurations)('%s', (_, config, message) => {
    for (const [name, call] of calls) {
      const error = errorOf(() => call(wrong(config)))
      expect(error, name).toBeInstanceOf(MailtraceError)
      expect(error, name).toMatchObject({ name: 'MailtraceError', code: 'invalid-config', message })
    }
  })

  it('each time, not only the first', () => {
    const config = createDomain({ name: '' })
    for (let time = 0; time < 3; time++) {
      expect(errorOf(() => trackingActivation(config))).toMatchObject({ code: 'invalid-config' })
    }
  })

  it('even when tracking is switched off', () => {
    const off = { openTracking: false, clickTracking: false }
    expect(errorOf(() => trackingActivation(createDomain({ ...off, name: '' })))).toMatchObject({
      code: 'invalid-config',
    })
  })
})

const accepted: [what: string, config: DomainConfig, host: string][] = [
  ['the example', createDomain(), 'links.example.com'],
  ['no keys', createDomain({ signingKeys: undefined }), 'links.example.com'],
  ['an empty list of keys', createDomain({ signingKeys: [] }), 'links.example.com'],
  ['a secret of 32 bytes', withKey({ secret: 'x'.repeat(32) }), 'links.example.com'],
  ['a secret of 11 characters and 33 bytes', withKey({ secret: '中'.repeat(11) }), 'links.example.com'],
  ['a secret of raw bytes', withKey({ secret: new Uint8Array(32) }), 'links.example.com'],
  ['a very long secret', withKey({ secret: new Uint8Array(300_000) }), 'links.example.com'],
  ['a Buffer', withKey({ secret: Buffer.alloc(32) }), 'links.example.com'],
  ['an id of one character', withKey({ id: '-' }), 'links.example.com'],
  ['an id of 32', withKey({ id: 'k'.repeat(32) }), 'links.example.com'],
  [
    'ids that differ in case',
    createDomain({
      signingKeys: [
        { id: 'k', secret },
        { id: 'K', secret },
      ],
    }),
    'links.example.com',
  ],
  [
    'ids named as members of Object',
    createDomain({
      signingKeys: [
        { id: '__proto__', secret },
        { id: 'constructor', secret },
      ],
    }),
    'links.example.com',
  ],
  ['a host in upper case with a dot', withHost({ host: 'Links.EXAMPLE.com.' }), 'links.example.com'],
  ['a host with the default port', withHost({ host: 'links.example.com:443' }), 'links.example.com'],
  ['a host with another port', withHost({ host: 'links.example.com:8443' }), 'links.example.com:8443'],
  ['http and its default port', withHost({ host: 'links.example.com:80', scheme: 'http' }), 'links.example.com'],
  ['http and the port of https', withHost({ host: 'links.example.com:443', scheme: 'http' }), 'links.example.com:443'],
  ['localhost', withHost({ host: 'localhost:8080', scheme: 'http' }), 'localhost:8080'],
  ['an IPv4 address, for local use', withHost({ host: '127.0.0.1:8080', scheme: 'http' }), '127.0.0.1:8080'],
  ['an underscore', withHost({ host: 'my_links.example.com' }), 'my_links.example.com'],
  ['an internationalised host', withHost({ host: 'Klick.Bücher.example' }), 'klick.xn--bcher-kva.example'],
  ['a name of 253', createDomain({ name: `${'a.'.repeat(125)}com` }), 'links.example.com'],
  ['a name of one label', createDomain({ name: 'localhost' }), 'links.example.com'],
  ['a scheme given as undefined', withHost({ scheme: undefined }), 'links.example.com'],
  [
    'what the domains entry keeps',
    withHost({ cnameTarget: 'a1.track.example.net', configuredAt: 0, verifiedAt: 1, checkedAt: 2, failingSince: 3 }),
    'links.example.com',
  ],
  ['a frozen configuration', Object.freeze(createDomain()), 'links.example.com'],
  ['a configuration without prototype', Object.assign(Object.create(null), createDomain()), 'links.example.com'],
  ['what went through JSON', JSON.parse(JSON.stringify(createDomain())), 'links.example.com'],
]

describe('a right configuration is accepted', () => {
  it.each(accepted)('%s', (_, config, host) => {
    expect(trackingActivation(config)).toEqual({ active: true, host, open: true, click: true })
    expect(trackingActivation(config), 'again').toEqual({ active: true, host, open: true, click: true })
  })

  it('and left as it was', () => {
    const config = createDomain({ name: 'EXAMPLE.com.', signingKeys: [{ id: 'k1', secret: Buffer.from(secret) }] })
    const before = structuredClone(config)
    for (const [, call] of calls) call(config)
    expect(structuredClone(config)).toEqual(before)
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
          const error = errorOf(() => call(wrong(configOf(text))))
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

/** What all four functions say of a configuration now. */
function answersOf(config: DomainConfig): unknown {
  const given = calls.map(([, call]) => {
    try {
      return { value: call(config) }
    } catch (error) {
      return { error }
    }
  })
  const options = { messageRef: 'V1StGXR8_Z5jdHi6', now: () => 1_767_225_600_000 }
  return [
    given.map((answer) => ('error' in answer ? `${answer.error}` : 'done')),
    given.some((answer) => 'error' in answer)
      ? null
      : [
          trackingActivation(config),
          instrumentEmail('<body><a href="https://shop.example/">x</a></body>', config, options),
          readTrackingUrl(signedUrl, config),
          readTrackingUrl('https://late.example.com/c/V1StGXR8_Z5jdHi6/3', config),
        ],
  ]
}

const signedUrl = ((): string => {
  const { pixel } = instrumentEmail('<body></body>', createDomain(), { messageRef: 'V1StGXR8_Z5jdHi6' })
  if (pixel.kind !== 'placed') throw new Error('the example is not tracked')
  return pixel.url
})()

describe('a configuration that was changed never gets the old answer', () => {
  const bytes = Buffer.from(secret)

  const changes: [what: string, change: (config: TestDomain) => void][] = [
    [
      'open tracking off',
      (config) => {
        config.openTracking = false
      },
    ],
    [
      'click tracking off',
      (config) => {
        config.clickTracking = false
      },
    ],
    [
      'another name',
      (config) => {
        config.name = 'example.org'
      },
    ],
    [
      'a name that is none',
      (config) => {
        config.name = ''
      },
    ],
    [
      'a status',
      (config) => {
        config.trackingDomains[0]!.status = 'temporary_failure'
      },
    ],
    [
      'a host',
      (config) => {
        config.trackingDomains[0]!.host = 'late.example.com'
      },
    ],
    [
      'a scheme',
      (config) => {
        config.trackingDomains[0]!.scheme = 'http'
      },
    ],
    [
      'a host pushed',
      (config) => {
        config.trackingDomains.push({ host: 'late.example.com', status: 'verified' })
      },
    ],
    [
      'a host put first',
      (config) => {
        config.trackingDomains.unshift({ host: 'late.example.com', status: 'pending' })
      },
    ],
    [
      'a host taken out',
      (config) => {
        config.trackingDomains.pop()
      },
    ],
    [
      'a host twice',
      (config) => {
        config.trackingDomains.push(config.trackingDomains[0]!)
      },
    ],
    [
      'the host replaced',
      (config) => {
        config.trackingDomains[0] = { host: 'late.example.com', status: 'verified' }
      },
    ],
    [
      'the list of hosts replaced',
      (config) => {
        config.trackingDomains = [{ host: 'late.example.com', status: 'verified' }]
      },
    ],
    [
      'the list made an object',
      (config) => {
        Object.assign(config, { trackingDomains: { ...config.trackingDomains } })
      },
    ],
    [
      'the host made a text',
      (config) => {
        Object.assign(config.trackingDomains, ['links.example.com'])
      },
    ],
    [
      'the list made longer by nothing',
      (config) => {
        config.trackingDomains.length = 2
      },
    ],
    [
      'a key pushed',
      (config) => {
        config.signingKeys.unshift({ id: 'k2', secret })
      },
    ],
    [
      'a key taken out',
      (config) => {
        config.signingKeys.pop()
      },
    ],
    [
      'the keys deleted',
      (config) => {
        Reflect.deleteProperty(config, 'signingKeys')
      },
    ],
    [
      "a key's id",
      (config) => {
        config.signingKeys[0]!.id = 'k2'
      },
    ],
    [
      "a key's secret",
      (config) => {
        config.signingKeys[0]!.secret = secret.toUpperCase()
      },
    ],
    [
      "a key's secret, as bytes",
      (config) => {
        config.signingKeys[0]!.secret = Buffer.from(secret.toUpperCase())
      },
    ],
    [
      'a secret that is too short',
      (config) => {
        config.signingKeys[0]!.secret = 'short'
      },
    ],
    [
      'no such field',
      (config) => {
        Object.assign(config, { openTraking: false })
      },
    ],
    [
      'no such field in a host',
      (config) => {
        Object.assign(config.trackingDomains[0]!, { port: 80 })
      },
    ],
    [
      'no such field in a key',
      (config) => {
        Object.assign(config.signingKeys[0]!, { kid: 'k1' })
      },
    ],
    [
      'a field of no value that is unknown',
      (config) => {
        Object.assign(config, { region: undefined })
      },
    ],
    [
      'a time that is none',
      (config) => {
        Object.assign(config.trackingDomains[0]!, { verifiedAt: Number.NaN })
      },
    ],
    [
      'a target that is none',
      (config) => {
        Object.assign(config.trackingDomains[0]!, { cnameTarget: '' })
      },
    ],
  ]
  it.each(changes)('%s', (_, change) => {
    const fresh = createDomain()
    change(fresh)
    const expected = answersOf(fresh)
    expect(expected).not.toEqual(answersOf(createDomain()))

    const config = createDomain()
    answersOf(config)
    change(config)
    expect(answersOf(config)).toEqual(expected)
  })

  it("a secret's bytes", () => {
    const config = createDomain({ signingKeys: [{ id: 'k1', secret: bytes }] })
    const before = answersOf(config)
    expect(before).toEqual(answersOf(createDomain()))
    for (const at of [0, 17, bytes.length - 1]) {
      bytes[at]! ^= 1
      const after = answersOf(config)
      expect(after).not.toEqual(before)
      expect(after).toEqual(answersOf(createDomain({ signingKeys: [{ id: 'k1', secret: Buffer.from(bytes) }] })))
      bytes[at]! ^= 1
      expect(answersOf(config)).toEqual(before)
    }
  })

  it('any number of changes in a row, forth and back', () => {
    const reversible: ((config: TestDomain, isOn: boolean) => void)[] = [
      (config, isOn) => {
        config.openTracking = isOn
      },
      (config, isOn) => {
        config.clickTracking = isOn
      },
      (config, isOn) => {
        config.name = isOn ? 'example.com' : 'example.org'
      },
      (config, isOn) => {
        config.trackingDomains[0]!.status = isOn ? 'verified' : 'failed'
      },
      (config, isOn) => {
        config.trackingDomains[0]!.host = isOn ? 'links.example.com' : ''
      },
      (config, isOn) => {
        config.trackingDomains.length = isOn ? 1 : 0
        if (isOn) config.trackingDomains[0] ??= createDomain().trackingDomains[0]!
      },
      (config, isOn) => {
        config.signingKeys = isOn ? createDomain().signingKeys : []
      },
    ]
    const step = fc.tuple(fc.nat(reversible.length - 1), fc.boolean())
    const apply = (config: TestDomain, [which, isOn]: [number, boolean]): void => {
      if (config.trackingDomains.length > 0 || which > 4 || which < 3) reversible[which]!(config, isOn)
    }
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const config = createDomain()
        steps.forEach((each, at) => {
          apply(config, each)
          const fresh = createDomain()
          for (const earlier of steps.slice(0, at + 1)) apply(fresh, earlier)
          expect(answersOf(config)).toEqual(answersOf(fresh))
        })
      }),
      { numRuns: 100 },
    )
  })

  it('when its fields are accessors, as those of a model object are', () => {
    let host = 'links.example.com'
    let openTracking = true
    const key = { id: 'k1', secret }
    class Model {
      get name(): string {
        return 'example.com'
      }
      get openTracking(): boolean {
        return openTracking
      }
      get clickTracking(): boolean {
        return true
      }
      get trackingDomains(): TestHost[] {
        return [{ host, status: 'verified' }]
      }
      get signingKeys(): TestKey[] {
        return [key]
      }
    }
    const model = new Model()
    expect(answersOf(model)).toEqual(answersOf(createDomain()))
    host = 'late.example.com'
    expect(trackingActivation(model)).toEqual({ active: true, host, open: true, click: true })
    openTracking = false
    expect(trackingActivation(model)).toEqual({ active: true, host, open: false, click: true })
    key.secret = secret.toUpperCase()
    expect(readTrackingUrl(signedUrl.replace('links', 'late'), model)).toBeNull()
  })

  it('but a prepared email keeps what it was prepared with', () => {
    const config = createDomain()
    const prepared = prepareEmail('<body><a href="https://shop.example/">x</a></body>', config)
    const message = { messageRef: 'msg' }
    const before = prepared.instrument(message)
    config.openTracking = false
    config.trackingDomains[0]!.host = 'late.example.com'
    config.signingKeys[0]!.secret = secret.toUpperCase()
    const after = prepared.instrument(message)
    expect([after.activation, after.links.length]).toEqual([before.activation, before.links.length])
    expect(after.pixel.kind === 'placed' && readTrackingUrl(after.pixel.url, createDomain())).toMatchObject({
      messageRef: 'msg',
    })
  })
})

describe('trackingActivation', () => {
  const off = createDomain({ openTracking: false, clickTracking: false })
  const hosts = (...statuses: string[]): DomainConfig =>
    createDomain({ trackingDomains: statuses.map((status, at) => ({ host: `h${at}.example.com`, status })) })

  const cases: [
    what: string,
    config: DomainConfig,
    options: { openTracking?: boolean; clickTracking?: boolean },
    expected: object,
  ][] = [
    ['all on', createDomain(), {}, { active: true, host: 'links.example.com', open: true, click: true }],
    [
      'only opens',
      createDomain({ clickTracking: false }),
      {},
      { active: true, host: 'links.example.com', open: true, click: false },
    ],
    [
      'only clicks',
      createDomain({ openTracking: false }),
      {},
      { active: true, host: 'links.example.com', open: false, click: true },
    ],
    [
      'a message switches opens off',
      createDomain(),
      { openTracking: false },
      { active: true, host: 'links.example.com', open: false, click: true },
    ],
    [
      'a message switches clicks off',
      createDomain(),
      { clickTracking: false },
      { active: true, host: 'links.example.com', open: true, click: false },
    ],
    [
      'a message switches both off',
      createDomain(),
      { openTracking: false, clickTracking: false },
      { active: false, reason: 'tracking-disabled' },
    ],
    [
      'a message cannot switch opens on',
      createDomain({ openTracking: false }),
      { openTracking: true },
      { active: true, host: 'links.example.com', open: false, click: true },
    ],
    [
      'a message cannot switch anything on',
      off,
      { openTracking: true, clickTracking: true },
      { active: false, reason: 'tracking-disabled' },
    ],
    [
      'a message switches off the one that is on',
      createDomain({ openTracking: false }),
      { clickTracking: false },
      { active: false, reason: 'tracking-disabled' },
    ],
    [
      'undefined is as the domain says',
      createDomain(),
      { openTracking: undefined } as object,
      { active: true, host: 'links.example.com', open: true, click: true },
    ],
    [
      'disabled comes before no tracking domain',
      { ...off, trackingDomains: [] },
      {},
      { active: false, reason: 'tracking-disabled' },
    ],
    ['no tracking domain', createDomain({ trackingDomains: [] }), {}, { active: false, reason: 'no-tracking-domain' }],
    ...['not_started', 'pending', 'failed', 'temporary_failure'].map(
      (status): [string, DomainConfig, object, object] => [
        `a host that is ${status}`,
        hosts(status),
        {},
        { active: false, reason: 'cname-unverified' },
      ],
    ),
    [
      'the newest verified of two',
      hosts('verified', 'verified'),
      {},
      { active: true, host: 'h1.example.com', open: true, click: true },
    ],
    [
      'the former one until the new is verified',
      hosts('verified', 'pending'),
      {},
      { active: true, host: 'h0.example.com', open: true, click: true },
    ],
    [
      'the newest verified of four',
      hosts('verified', 'verified', 'failed', 'temporary_failure'),
      {},
      { active: true, host: 'h1.example.com', open: true, click: true },
    ],
  ]
  it.each(cases)('%s', (_, config, options, expected) => {
    expect(trackingActivation(config, options)).toEqual(expected)
    const { activation } = instrumentEmail('', config, { ...options, messageRef: 'V1StGXR8_Z5jdHi6' })
    expect(activation).toEqual(expected)
  })
})
