import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Resend } from 'resend'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type DomainConfig, instrumentEmail } from '../../src/index.ts'
import type { TrackingEvent } from '../../src/receiver/index.ts'
import { type DnsServer, startDnsServer } from '../kit/dns-server.ts'
import { packageFolder, repository, run, startProgram, workFolder, writeFixture } from './program.ts'
import { ask, type RunningServer, stop, until } from './server.ts'

const target = 'k7w2q.tracking.example.net'
const zone = [['links.example.com', 'CNAME', target]] as const

let dns: DnsServer
beforeAll(async () => {
  dns = await startDnsServer(zone)
})
afterAll(() => dns.close())

interface Started extends RunningServer {
  readonly own: string
  /** What it has said, without what is new each time. */
  readonly lines: () => string[]
}

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = startProgram(['serve', '--port', '0', '--resolver', dns.address, ...args], env)
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk) => (said.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk) => (said.stderr += chunk))
  await until(() => said.stderr.includes('says ok') || child.exitCode !== null, 90_000)
  const port = Number(/localhost:(\d+)/.exec(said.stderr)?.[1])
  const masked = () =>
    said.stderr.replaceAll(`localhost:${port}`, 'localhost:PORT').replace(/token=[\w-]+/, 'token=TOKEN')
  return { child, port, said, own: `http://localhost:${port}`, lines: () => masked().split('\n').slice(0, -1) }
}

const keyIn = ({ said }: Started): string => /mt_[\w-]{43}/.exec(said.stderr)?.[0] ?? 'none'

const callApi = (server: Started, key: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}/api${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  })

const eventsIn = async (server: Started, key: string): Promise<{ readonly event: TrackingEvent }[]> =>
  (await (await callApi(server, key, '/events')).text())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

/** A domain whose host is verified, as an application sees it, and a mail that is sent for it. */
async function sendMail(server: Started, key: string) {
  const resend = new Resend(key, { baseUrl: `http://127.0.0.1:${server.port}/api` })
  const created = await resend.domains.create({
    name: 'example.com',
    openTracking: true,
    clickTracking: true,
    trackingSubdomain: 'links',
  })
  const { id } = created.data!
  const config: DomainConfig = await (await callApi(server, key, `/domains/${id}/config`)).json()
  const verified: DomainConfig = {
    ...config,
    trackingDomains: config.trackingDomains.map((host) => ({ ...host, status: 'verified' })),
  }
  const outcome = instrumentEmail('<a href="https://example.org/sale">x</a>', verified)
  const details = { domain: 'example.com', campaign: 'sale', recipient: 'ada@example.net' }
  const saved = await callApi(server, key, '/messages', {
    method: 'POST',
    body: JSON.stringify([{ outcome, details }]),
  })
  expect(saved.status).toBe(201)
  const [link] = outcome.links
  const clickPath = link?.kind === 'tracked' ? new URL(link.url).pathname : ''
  return { resend, id, created, clickPath }
}

describe('on a fresh folder', () => {
  it('says which URL is for what, with a key that it shows once and takes from then on', async () => {
    const first = await start(['--data', 'fresh', '--target', target])
    const key = keyIn(first)
    const [making, ...lines] = first.lines()
    expect(making).toBe('mailtrace: making a database in fresh, which takes some seconds')
    const rest = [
      'mailtrace: links lead to the hosts of tracking domains: have a proxy with TLS pass them on here, with their Host',
      'mailtrace: such a proxy may ask http://localhost:PORT/tls-ask?domain=HOST before it gets a certificate',
      `mailtrace: CNAME records must point at ${target}`,
      'mailtrace: http://localhost:PORT/healthz says ok while the server lives',
    ]
    expect(lines).toEqual([
      'mailtrace: listening on http://localhost:PORT',
      'mailtrace: the console opens at http://localhost:PORT/sign-in?token=TOKEN, once',
      `mailtrace: the API is at http://localhost:PORT/api, with the key ${key}, which is shown this once`,
      ...rest,
    ])
    expect(first.said.stdout).toBe('')
    expect((await callApi(first, key, '/domains')).status).toBe(200)
    expect((await callApi(first, `${key}x`, '/domains')).status).toBe(403)

    const second = await run(['serve', '--data', 'fresh', '--port', '0'])
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: "fresh" is in use: another mailtrace serve has it open\n',
    })

    // Somebody watches the events, who would stay for ever.
    const token = /sign-in\?token=[\w-]+/.exec(first.said.stderr)![0]
    const signedIn = await fetch(`http://127.0.0.1:${first.port}/${token}`)
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    expect((await fetch(`http://127.0.0.1:${first.port}/${token}`)).status).toBe(401)
    const overview = await fetch(`http://127.0.0.1:${first.port}/`, { headers: { cookie } })
    expect(await overview.text()).toContain('Getting started')
    expect(await stop(first, 'SIGTERM')).toBe(0)

    const later = await start(['--data', 'fresh'])
    expect(later.lines()).toEqual([
      'mailtrace: listening on http://localhost:PORT',
      'mailtrace: the console opens at http://localhost:PORT/sign-in?token=TOKEN, once',
      'mailtrace: the API is at http://localhost:PORT/api, with the key that the first start showed',
      ...rest.with(
        2,
        'mailtrace: CNAME records must point at mailtrace.localhost, which is for a try on this machine: see --target',
      ),
    ])
    expect((await callApi(later, key, '/domains')).status).toBe(200)
    const askLink = (init: RequestInit) => fetch(`http://127.0.0.1:${later.port}/sign-in-link`, init)
    const given = await askLink({ method: 'POST', headers: { authorization: `Bearer ${key}` } })
    const link = (await given.text()).trimEnd()
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${later.port}/sign-in\\?token=`))
    expect([(await fetch(link)).status, (await fetch(link)).status]).toEqual([200, 401])
    for (const init of [
      { headers: { authorization: `Bearer ${key}` } },
      { method: 'POST' },
      { method: 'POST', headers: { authorization: `Bearer ${key}x` } },
    ]) {
      const refused = await askLink(init)
      expect([refused.status, await refused.text()]).toEqual([
        401,
        "POST this with the API's key: Authorization: Bearer KEY\n",
      ])
    }
    expect(await stop(later, 'SIGINT')).toBe(0)

    const chosen = await start(['--data', 'fresh', '--name', 'Console.Example.com'], {
      MAILTRACE_API_KEY: 'a-key-of-my-own-choice',
    })
    expect(chosen.lines().slice(1, 4)).toEqual([
      'mailtrace: the console opens at https://console.example.com/sign-in?token=TOKEN, once',
      'mailtrace: the API is at http://localhost:PORT/api, with the key in MAILTRACE_API_KEY',
      'mailtrace: both are at https://console.example.com too: have a proxy with TLS pass it on here',
    ])
    expect((await callApi(chosen, 'a-key-of-my-own-choice', '/domains')).status).toBe(200)
    expect((await callApi(chosen, key, '/domains')).status).toBe(403)
  })

  it('a first start that was killed leaves nothing that cannot be opened', async () => {
    const child = startProgram(['serve', '--port', '0', '--data', 'killed'])
    let said = ''
    child.stderr.on('data', (chunk) => (said += chunk))
    await until(() => said.includes('making a database'))
    await until(() => {
      const made = readdirSync(join(workFolder, 'killed'), { recursive: true })
      return made.length > 20
    })
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(readdirSync(join(workFolder, 'killed')).sort()).toEqual(['database.unfinished', 'lock'])
    const { said: then } = await start(['--data', 'killed'])
    expect(then.stderr).toContain('says ok')
    expect(readdirSync(join(workFolder, 'killed')).sort()).toEqual(['database', 'lock'])
  })
})

describe('with a domain, of which Resend’s own client knows', () => {
  it('what was answered is there after a kill; the host is verified, certificates may be asked for, and nothing shows elsewhere', async () => {
    const server = await start(['--data', 'kept', '--target', target, '--name', 'console.example.com'])
    const key = keyIn(server)
    const { resend, id, created, clickPath } = await sendMail(server, key)
    expect(created.data?.records).toEqual([
      {
        record: 'Tracking',
        type: 'CNAME',
        name: 'links.example.com',
        value: target,
        ttl: 'Auto',
        status: 'not_started',
      },
    ])
    // Nothing answers over TLS at a made-up host, so that it is not ready; but its record is found.
    await resend.domains.verify(id)
    expect(dns.takeQuestions()).toContain('CNAME links.example.com')

    const click = await ask(server.port, clickPath)
    expect([click.status, click.headers.location]).toEqual([302, 'https://example.org/sale'])
    expect((await ask(server.port, '/.well-known/mailtrace')).status).toBe(204)

    const under = async (host: string, path: string) => {
      const { status, body } = await ask(server.port, path, { host })
      return [status, body.toString()]
    }
    expect(await under('localhost', '/tls-ask?domain=links.example.com')).toEqual([200, 'This host is listed.\n'])
    expect(await under('127.0.0.1', '/tls-ask?domain=links.example.org')).toEqual([404, 'No domain lists this host.\n'])
    expect(await under('anything', '/healthz')).toEqual([200, 'ok\n'])
    expect((await under('localhost', '/'))[0]).toBe(401)
    expect((await under('console.example.com', '/'))[1]).toContain('You are not signed in')
    expect((await under('console.example.com', '/sign-in-link'))[1]).toContain('not signed in')
    expect((await under('console.example.com', '/tls-ask?domain=links.example.com'))[1]).toContain('not signed in')
    for (const host of ['evil.example', 'localhost.evil.example', 'links.example.com', 'a b']) {
      expect((await under(host, '/'))[1]).not.toContain('signed in')
      expect((await under(host, '/api/domains'))[1]).not.toMatch(/api_key/)
    }
    await ask(server.port, '/c/x', { host: 'evil.example' })
    const told = 'mailtrace: a request came for evil.example, which is no tracking host: does the proxy pass Host on?\n'
    await until(() => server.said.stderr.includes(told))

    server.child.kill('SIGKILL')
    await once(server.child, 'close')
    const again = await start(['--data', 'kept', '--target', target])
    expect(
      (await eventsIn(again, key)).map(({ event }) => [event.type, event.type === 'click' && event.destination]),
    ).toEqual([['click', 'https://example.org/sale']])
    const { items } = await (await callApi(again, key, '/messages')).json()
    expect(items ?? (await (await callApi(again, key, '/messages')).json()).data).toMatchObject([
      { recipient: 'ada@example.net' },
    ])
  })

  it('names under localhost are answered on this port, and verified by their record alone', async () => {
    const server = await start(['--data', 'local'])
    const key = keyIn(server)
    const resend = new Resend(key, { baseUrl: `http://127.0.0.1:${server.port}/api` })
    const { data } = await resend.domains.create({ name: 'shop.localhost', trackingSubdomain: 'links' })
    const config: DomainConfig = await (await callApi(server, key, `/domains/${data!.id}/config`)).json()
    const { links } = instrumentEmail('<a href="https://example.org/">x</a>', {
      ...config,
      clickTracking: true,
      trackingDomains: [{ host: `links.shop.localhost:${server.port}`, scheme: 'http', status: 'verified' }],
    })
    const url = new URL(links[0]?.kind === 'tracked' ? links[0].url : '')
    expect((await ask(server.port, url.pathname, { host: url.host })).headers.location).toBe('https://example.org/')
    expect(await eventsIn(server, key)).toMatchObject([{ event: { host: 'links.shop.localhost' } }])
    // Whoever answers for such a name in DNS would have API and console under it.
    for (const host of ['a~b.evil.example', 'evil.example/', 'a b']) {
      expect((await ask(server.port, '/', { host })).body.toString()).not.toContain('signed in')
    }
    const whole = await ask(server.port, 'http://evil.example/', { host: 'localhost' })
    expect(whole.body.toString()).not.toContain('signed in')
    expect((await ask(server.port, '//evil.example/', { host: 'localhost' })).status).toBe(401)
  })
})

describe('refused before it listens', () => {
  const refused = (args: string[], env: Record<string, string> = {}) => run(['serve', '--port', '0', ...args], { env })

  it.concurrent.each([
    [[], {}, 'give one of --domain FILE, --data DIR and --database URL (see mailtrace serve --help)'],
    [
      ['--data', 'x', '--domain', 'y'],
      {},
      'give one of --domain FILE, --data DIR and --database URL (see mailtrace serve --help)',
    ],
    [['--data', 'x', '--events', 'y'], {}, '--events goes with --domain (see mailtrace serve --help)'],
    [['--data', 'x', '--page', 'y'], {}, '--page goes with --domain (see mailtrace serve --help)'],
    [['--domain', 'x', '--target', 'y'], {}, '--target goes with --data or --database (see mailtrace serve --help)'],
    [['--domain', 'x', '--name', 'y'], {}, '--name goes with --data or --database (see mailtrace serve --help)'],
    [['--domain', 'x', '--ca', 'y'], {}, '--ca goes with --data or --database (see mailtrace serve --help)'],
    [
      ['--domain', 'x', '--resolver', 'y'],
      {},
      '--resolver goes with --data or --database (see mailtrace serve --help)',
    ],
    [['--data', 'x', '--resolver', 'y'], {}, '--resolver is "y": use an IP address, with a port like 127.0.0.1:5353'],
    [['--data', 'x', '--name', 'a b'], {}, '--name is "a b": use a host name like mailtrace.example.com'],
    [
      ['--data', 'x'],
      { MAILTRACE_API_KEY: '' },
      'MAILTRACE_API_KEY must have 16 to 256 printable ASCII characters without spaces',
    ],
    [
      ['--data', 'x'],
      { MAILTRACE_API_KEY: 'fifteen-letters' },
      'MAILTRACE_API_KEY must have 16 to 256 printable ASCII characters without spaces',
    ],
    [
      ['--database', 'mysql://user:secret@localhost/x'],
      {},
      '--database is no URL of PostgreSQL: use postgres://USER@HOST/NAME',
    ],
  ])('%j', async (args, env, message) => {
    expect(await refused(args, env)).toEqual({ code: 2, stdout: '', stderr: `mailtrace: ${message}\n` })
  })

  it('a folder of something else', async () => {
    mkdirSync(join(workFolder, 'photos'))
    writeFixture('photos/1.jpg', '')
    expect(await refused(['--data', 'photos'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: "photos" has other files in it: name a folder that is empty, or not there yet\n',
    })
  })

  /** The program where only some packages are installed. */
  async function runWith(packages: readonly string[], args: string[]): Promise<[number, string]> {
    const folder = mkdtempSync(join(tmpdir(), 'mailtrace-alone-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(join(packageFolder, 'dist'), join(folder, 'dist'), { recursive: true })
    cpSync(join(packageFolder, 'package.json'), join(folder, 'package.json'))
    for (const name of packages) {
      mkdirSync(join(folder, 'node_modules', name, '..'), { recursive: true })
      symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
    }
    const child = spawn(process.execPath, [join(folder, 'dist/cli/main.js'), ...args], { cwd: folder })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    return [code, said]
  }

  it.each([
    [['--data', 'x'], [], '--data needs the package hono: npm install hono'],
    [['--database', 'postgres://localhost/x'], [], '--database needs the package hono: npm install hono'],
    [['--data', 'x'], ['hono'], '--data needs the package @electric-sql/pglite: npm install @electric-sql/pglite'],
    [['--database', 'postgres://localhost/x'], ['hono'], '--database needs the package pg: npm install pg'],
  ])('%j where there is %j', async (args, packages, message) => {
    expect(await runWith(packages, ['serve', '--port', '0', ...args])).toEqual([1, `mailtrace: ${message}\n`])
  })

  it('but everything else works without them', async () => {
    expect((await runWith([], ['--version']))[0]).toBe(0)
  })
})
