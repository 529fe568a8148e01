import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { domainSchema } from '../../src/cli/domain-schema.ts'
import { type DomainConfig, defineDomain } from '../../src/index.ts'
import { errorOf } from '../kit/error-of.ts'
import { exampleDomain, run, workFolder, writeFixture } from './program.ts'

const path = (name: string): string => join(workFolder, name)
const readJson = (name: string): DomainConfig => JSON.parse(readFileSync(path(name), 'utf8'))
const target = ['--target', 'k7w2q.tracking.example.net']

beforeEach(() => {
  for (const name of ['domain.json', 'domain.schema.json']) rmSync(path(name), { force: true })
})

describe('mailtrace init', () => {
  it('writes a configuration with a fresh key, a schema, and says what comes next', async () => {
    const before = Date.now()
    expect(await run(['init', 'example.com', ...target])).toEqual({
      code: 0,
      stderr: '',
      stdout: `domain.json is written. It holds a signing key: keep it secret, and never lose it, as sent links need it.

1. Publish this record:
     links.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
2. Look whether it is there, until it is verified. Until then nothing is tracked:
     mailtrace dns --domain domain.json --write
3. See what becomes of an email, and what to look out for:
     mailtrace inspect mail.html --domain domain.json --html report.html
4. Answer clicks and opens, behind a proxy with TLS for links.example.com:
     mailtrace serve --domain domain.json --events events.jsonl
`,
    })
    const { signingKeys, trackingDomains, ...rest } = readJson('domain.json')
    expect(rest).toEqual({
      $schema: './domain.schema.json',
      name: 'example.com',
      openTracking: true,
      clickTracking: true,
    })
    const [{ configuredAt, ...trackingDomain }] = trackingDomains as [DomainConfig['trackingDomains'][number]]
    expect(trackingDomain).toEqual({
      host: 'links.example.com',
      status: 'not_started',
      cnameTarget: 'k7w2q.tracking.example.net',
    })
    expect(configuredAt).toBeGreaterThanOrEqual(before)
    expect(signingKeys).toEqual([
      { id: new Date().toISOString().slice(0, 7), secret: expect.stringMatching(/^[\w-]{43}$/) },
    ])
    expect(statSync(path('domain.json')).mode & 0o777).toBe(0o600)
    expect(readJson('domain.schema.json')).toEqual(domainSchema)
  })

  it('makes another key each time', async () => {
    const secrets = new Set<unknown>()
    for (const name of ['one.json', 'two.json']) {
      await run(['init', 'example.com', ...target, '-o', name])
      secrets.add(readJson(name).signingKeys![0]!.secret)
    }
    expect(secrets.size).toBe(2)
  })

  it('what it writes is taken by the other commands as it is', async () => {
    await run(['init', 'example.com', '--local'])
    const { code, stdout } = await run(['inspect', '--domain', 'domain.json'], { input: '<p>x' })
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'tracking  active through links.localhost:8080, opens and clicks',
    ])
  })

  it('--local makes one to try on this machine', async () => {
    const { code, stdout } = await run(['init', 'example.com', '--local', '--output', "it's.conf"])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `it's.conf is written. It holds a signing key: keep it secret, and never lose it, as sent links need it.

1. See what becomes of an email, and what to look out for:
     mailtrace inspect mail.html --domain 'it'\\''s.conf' --html report.html
2. Look at it with its links going through this machine:
     mailtrace serve --domain 'it'\\''s.conf' --page mail.html
`,
    })
    expect(readJson("it's.conf")).toMatchObject({
      $schema: "./it's.conf.schema.json",
      trackingDomains: [{ host: 'links.localhost:8080', scheme: 'http', status: 'verified' }],
    })
  })

  it('--host takes a label or a full host', async () => {
    await run(['init', 'mail.example.com', ...target, '--host', 'go.example.com'])
    expect(readJson('domain.json').trackingDomains[0]!.host).toBe('go.example.com')
  })

  it.each([
    [['--target', 'a.example.net'], 2, 'DOMAIN is missing (see mailtrace init --help)'],
    [['example.com'], 2, '--target NAME is missing, or --local to try it on this machine (see mailtrace init --help)'],
    [
      ['example.com', '--local', '--host', 'x'],
      2,
      '--local has a host of its own: leave --target and --host out (see mailtrace init --help)',
    ],
    [['exam ple.com', '--local'], 1, 'name is "exam ple.com": use the sending domain, like "example.com"'],
    [
      ['example.com', ...target, '--host', 'links.example.net'],
      1,
      'host "links.example.net" does not belong to "example.com", the root domain of the sending domain: use a host under it, like "links.example.com"',
    ],
    [['example.com', '--local', '-o', 'gone/x.json'], 1, 'cannot write "gone/x.json": no such file or directory'],
  ])('%j is refused, and nothing is written', async (args, code, message) => {
    expect(await run(['init', ...args])).toEqual({ code, stdout: '', stderr: `mailtrace: ${message}\n` })
    expect([existsSync(path('domain.json')), existsSync(path('domain.schema.json'))]).toEqual([false, false])
  })

  it('replaces no configuration', async () => {
    writeFixture('domain.json', '{}')
    expect(await run(['init', 'example.com', '--local'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: cannot write "domain.json": it is there already, and sent links may need its keys\n',
    })
    expect(readFileSync(path('domain.json'), 'utf8')).toBe('{}')
  })

  it('replaces no file that is no schema of its own', async () => {
    writeFixture('domain.schema.json', '{}')
    expect(await run(['init', 'example.com', '--local'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: "domain.schema.json" is something else: move it, or choose another -o\n',
    })
    expect(existsSync(path('domain.json'))).toBe(false)
    writeFixture('domain.schema.json', `${JSON.stringify(domainSchema, null, 2)}\n`)
    expect(await run(['init', 'example.com', '--local'])).toMatchObject({ code: 0 })
  })
})

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>
  readonly items: Schema
  readonly enum: readonly unknown[]
}

describe('the schema', () => {
  const { properties } = domainSchema as Schema
  const messageOf = (config: object): string => errorOf(() => defineDomain(config as DomainConfig)).message
  /** The names that the library lists when it refuses another, or the values. */
  const listed = (config: object): string[] =>
    messageOf(config)
      .replace(/^.*: use (?:one of |true, false or one of )?/, '')
      .split(', ')

  it('has exactly the fields that the library takes', () => {
    expect(Object.keys(properties).sort()).toEqual(listed({ ...exampleDomain, x: 1 }).sort())
    expect(Object.keys(properties.trackingDomains!.items.properties).sort()).toEqual(
      listed({ ...exampleDomain, trackingDomains: [{ x: 1 }] }).sort(),
    )
    expect(Object.keys(properties.signingKeys!.items.properties).sort()).toEqual(
      listed({ ...exampleDomain, signingKeys: [{ x: 1 }] }).sort(),
    )
  })

  it.each(['openTracking', 'clickTracking'])('has exactly the modes of %s', (field) => {
    expect(properties[field]!.enum).toEqual([true, false, ...listed({ ...exampleDomain, [field]: 'x' })])
  })

  it('has exactly the statuses', () => {
    expect(properties.trackingDomains!.items.properties.status!.enum).toEqual(
      listed({ ...exampleDomain, trackingDomains: [{ host: 'a', status: 'x' }] }),
    )
  })
})
