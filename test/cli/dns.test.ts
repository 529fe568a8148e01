import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startDnsServer } from '../kit/dns-server.ts'
import { exampleDomain, type Run, run, workFolder, writeDomain } from './program.ts'

const target = 'k7w2q.tracking.example.net'
const server = await startDnsServer([
  ['good.example.com', 'CNAME', target],
  ['email.example.com', 'CNAME', target],
  ['elsewhere.example.com', 'CNAME', 'other.example.net'],
  ['address.example.com', 'A', '192.0.2.1'],
  ['trouble.example.com', 'SERVFAIL', ''],
  // Reserved so that it is never anywhere (RFC 6761 section 6.4).
  ['good.invalid', 'CNAME', target],
  ['example.com', 'CAA', '0 issue other-ca.example'],
])
afterAll(server.close)

const dns = (file: string, ...args: string[]): Promise<Run> =>
  run(['dns', '--domain', file, '--resolver', server.address, ...args])
const trackingDomain = (label: string, status = 'pending'): object => ({
  host: `${label}.example.com`,
  status,
  cnameTarget: target,
})
const hosts = (...trackingDomains: object[]): string => writeDomain('domain.json', { trackingDomains })
const readBack = (): typeof exampleDomain => JSON.parse(readFileSync(join(workFolder, 'domain.json'), 'utf8'))

describe('the report', () => {
  it('lists every record with what was found, what to fix and what to paste', async () => {
    const file = hosts(trackingDomain('good'), trackingDomain('elsewhere'), trackingDomain('trouble', 'verified'))
    expect(await dns(file)).toEqual({
      code: 1,
      stderr: '',
      stdout: `record                 type   must point at               found         status
good.example.com       CNAME  k7w2q.tracking.example.net  verified      pending -> verified
elsewhere.example.com  CNAME  k7w2q.tracking.example.net  not-verified  pending
trouble.example.com    CNAME  k7w2q.tracking.example.net  inconclusive  verified

New links go through trouble.example.com. Whether it has a certificate was not looked at: add --probe.

points-elsewhere: elsewhere.example.com points at other.example.net: publish the CNAME record elsewhere.example.com -> k7w2q.tracking.example.net
lookup-failed: the CNAME record of trouble.example.com could not be looked up (ESERVFAIL): check again later

; for the zone file
good.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
elsewhere.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
trouble.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
`,
    })
  })

  it('goes on past hosts that cannot be checked, and says why', async () => {
    const file = hosts({ host: 'links.localhost:8080', scheme: 'http', status: 'verified' }, trackingDomain('good'), {
      host: 'old.example.com',
      status: 'failed',
    })
    expect(await dns(file, '--write')).toEqual({
      code: 1,
      stderr: 'mailtrace: domain.json is updated: good.example.com was pending and is verified\n',
      stdout: `record                type   must point at               found     status
links.localhost:8080  -      -                           skipped   verified
good.example.com      CNAME  k7w2q.tracking.example.net  verified  pending -> verified
old.example.com       CNAME  ?                           skipped   failed

New links go through good.example.com. Whether it has a certificate was not looked at: add --probe.

skipped: host "links.localhost:8080" has a port, which is for local use: DNS has no record of it
skipped: trackingDomains[2].cnameTarget is missing: set the name that the CNAME record of old.example.com must point at

; for the zone file
good.example.com. 3600 IN CNAME k7w2q.tracking.example.net.
`,
    })
    expect(readBack().trackingDomains.map(({ status }) => status)).toEqual(['verified', 'verified', 'failed'])
    expect(JSON.parse((await dns(file, '--json')).stdout)).toMatchObject({
      checks: [{ host: 'good.example.com', outcome: 'verified' }],
      skipped: [
        { host: 'links.localhost:8080', status: 'verified', reason: 'local' },
        { host: 'old.example.com', status: 'failed', reason: 'no-target' },
      ],
      records: [{ name: 'good.example.com' }],
    })
  })

  it('of a host for local use alone has no record that could be missing', async () => {
    expect(await dns(hosts({ host: 'links.localhost:8080', scheme: 'http', status: 'verified' }))).toEqual({
      code: 0,
      stderr: '',
      stdout: `record                type  must point at  found    status
links.localhost:8080  -     -              skipped  verified

New links go through links.localhost:8080.

skipped: host "links.localhost:8080" has a port, which is for local use: DNS has no record of it
`,
    })
  })

  it('ends with 0 when every record is right', async () => {
    expect(await dns(hosts(trackingDomain('good')))).toMatchObject({ code: 0, stderr: '' })
  })

  it('warns of a host whose pixels filter lists block, while it is the one in use', async () => {
    const warning =
      'blocked-host: email.example.com begins with "email.": filter lists block pixels of such hosts (EasyPrivacy has ://email.*/o/$image); use another label, like links\n'
    const current = await dns(hosts(trackingDomain('good'), trackingDomain('email')))
    expect([current.code, current.stdout.includes(warning)]).toEqual([0, true])
    expect((await dns(hosts(trackingDomain('email'), trackingDomain('good')))).stdout).not.toContain('blocked-host')
  })

  it('names the CAA record that the certificate needs', async () => {
    const { code, stdout } = await dns(hosts(trackingDomain('good')), '--ca', 'letsencrypt.org')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^caa-forbids: /m)
    expect(stdout).toMatch(/^example\.com\. 3600 IN CAA 0 issue "letsencrypt\.org"$/m)
    expect((await dns('domain.json', '--ca', 'other-ca.example')).stdout).not.toContain('caa-')
  })

  it('--probe wants an answer from the host', async () => {
    const file = hosts({ host: 'good.invalid', status: 'pending', cnameTarget: target })
    const { code, stdout } = await dns(file, '--probe')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^good\.invalid .* not-ready +pending$/m)
    expect(stdout).toMatch(/^tls-not-ready: /m)
    expect(stdout).toMatch(/^New links are not tracked: no record is verified\.$/m)
  })

  it('--json gives the same as data', async () => {
    const { code, stdout } = await dns(hosts(trackingDomain('address')), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      checks: [
        {
          host: 'address.example.com',
          cnameTarget: target,
          outcome: 'not-verified',
          before: 'pending',
          after: 'pending',
          findings: [{ kind: 'address-record', addresses: ['192.0.2.1'] }],
        },
      ],
      records: [{ name: 'address.example.com', type: 'CNAME', value: target }],
    })
  })
})

describe('--write', () => {
  it('puts the outcome into the file and keeps the rest of it, its mode too', async () => {
    const file = hosts(trackingDomain('good', 'verified'), trackingDomain('elsewhere', 'not_started'))
    chmodSync(join(workFolder, file), 0o600)
    const before = Date.now()
    expect(await dns(file, '--write')).toMatchObject({
      code: 1,
      stderr: 'mailtrace: domain.json is updated: elsewhere.example.com was not_started and is pending\n',
    })
    const { trackingDomains, ...rest } = readBack()
    const { trackingDomains: _, ...expectedRest } = exampleDomain
    expect(rest).toEqual(expectedRest)
    expect(trackingDomains).toMatchObject([
      { host: 'good.example.com', status: 'verified', cnameTarget: target },
      { host: 'elsewhere.example.com', status: 'pending', cnameTarget: target },
    ])
    expect(trackingDomains[0]!.verifiedAt).toBeGreaterThanOrEqual(before)
    expect(statSync(join(workFolder, file)).mode & 0o777).toBe(0o600)
    expect(readdirSync(workFolder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('changes nothing when DNS could not be asked', async () => {
    const file = hosts(trackingDomain('trouble', 'verified'))
    const before = statSync(join(workFolder, file))
    expect(await dns(file, '--write')).toMatchObject({ code: 1, stderr: 'mailtrace: domain.json is up to date\n' })
    expect(readBack().trackingDomains).toEqual([trackingDomain('trouble', 'verified')])
    expect(statSync(join(workFolder, file)).ino).toBe(before.ino)
  })

  it('says so when only the time of the check is new', async () => {
    expect(await dns(hosts(trackingDomain('good', 'verified')), '--write')).toEqual({
      code: 0,
      stdout: expect.any(String),
      stderr: 'mailtrace: domain.json is updated: no status changed, the time of the check did\n',
    })
  })

  it('without it the file stays as it is', async () => {
    const file = hosts(trackingDomain('good'))
    const before = readFileSync(join(workFolder, file), 'utf8')
    await dns(file)
    expect(readFileSync(join(workFolder, file), 'utf8')).toBe(before)
  })
})

describe('refused', () => {
  it('no tracking domain', async () => {
    expect(await dns(hosts())).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: example.com has no tracking domain: nothing to publish\n',
    })
  })

  it('a resolver that is no address', async () => {
    expect(await run(['dns', '--domain', hosts(trackingDomain('good')), '--resolver', 'dns.example.com'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'mailtrace: --resolver is "dns.example.com": use an IP address, with a port like 127.0.0.1:5353\n',
    })
  })
})
