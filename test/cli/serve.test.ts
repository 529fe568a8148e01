import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { exampleDomain, run, workFolder, writeDomain, writeFixture } from './program.ts'
import { ask, freePort, startServer, stop, until } from './server.ts'

const domain = writeDomain('domain.json')
const destination = 'https://example.org/a?b=1&c=2'
const mail = '<body><a href="#top">top</a> <a href="https://example.org/a?b=1&amp;c=2">x</a></body>'
const { links, pixel } = instrumentEmail(mail, exampleDomain, { messageRef: 'm-1' })
const clickPath = links[1]?.kind === 'tracked' ? new URL(links[1].url).pathname : ''
const openPath = pixel.kind === 'placed' ? new URL(pixel.urls[0]!).pathname : ''

const readEvents = (name: string): Record<string, unknown>[] =>
  readFileSync(join(workFolder, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe('clicks and opens', () => {
  it('are in the events file before they are answered, and are printed', async () => {
    const server = await startServer('--domain', domain, '--events', 'events.jsonl')
    const click = await ask(server.port, clickPath)
    expect([click.status, click.headers.location]).toEqual([302, destination])
    expect(readEvents('events.jsonl')).toMatchObject([
      { type: 'click', part: 'html', index: 1, destination, messageRef: 'm-1', domain: 'example.com' },
    ])
    const open = await ask(server.port, openPath)
    expect([open.status, open.headers['content-type'], open.body.length]).toEqual([200, 'image/gif', 43])
    expect(readEvents('events.jsonl')[1]).toMatchObject({ type: 'open', messageRef: 'm-1' })

    await until(() => server.said.stdout.split('\n').length === 3)
    expect(server.said.stdout.replace(/\d\d:\d\d:\d\d/g, 'TIME')).toMatch(
      /^TIME click link 1 -> https:\/\/example\.org\/a\?b=1&c=2 \(m-1\).*\nTIME open \(m-1\).*\n$/,
    )
    const own = `http://localhost:${server.port}`
    expect(server.said.stderr).toBe(
      `mailtrace: listening on ${own}\n` +
        'mailtrace: links lead to https://links.example.com/c/ and /o/: have a proxy with TLS pass them on here, with their Host\n' +
        `mailtrace: ${own}/healthz says ok while the server lives\n`,
    )
  })

  it('come many at once, each on a line of its own, behind a line that a crash left torn', async () => {
    writeFixture('torn.jsonl', '{"type":"cli')
    const { port } = await startServer('--domain', domain, '--events', 'torn.jsonl')
    await Promise.all(Array.from({ length: 100 }, () => ask(port, clickPath)))
    const [torn, ...lines] = readFileSync(join(workFolder, 'torn.jsonl'), 'utf8').trimEnd().split('\n')
    expect(torn).toBe('{"type":"cli')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(Array(100).fill('click'))
  })

  it('are taken from a target that is a whole URL, whose host counts instead', async () => {
    const { port } = await startServer('--domain', domain, '--events', 'whole.jsonl')
    const { status, headers } = await ask(port, `http://links.example.com${clickPath}`, { host: `localhost:${port}` })
    expect([status, headers.location]).toEqual([302, destination])
    expect(readEvents('whole.jsonl')).toMatchObject([{ type: 'click', host: 'links.example.com' }])
  })

  it('outlive a kill once they are answered', async () => {
    const server = await startServer('--domain', domain, '--events', 'killed.jsonl')
    await Promise.all([ask(server.port, clickPath), ask(server.port, openPath)])
    server.child.kill('SIGKILL')
    await once(server.child, 'close')
    expect(readEvents('killed.jsonl').length).toBe(2)
  })

  it('are told on standard error when the file takes no more', async () => {
    const { port, said } = await startServer('--domain', domain, '--events', '/dev/full')
    expect((await ask(port, clickPath)).status).toBe(302)
    await until(() => said.stderr.includes('"click"'))
    expect(said.stderr).toMatch(/^mailtrace: onEvent failed: no space left on device\n\{"type":"click".*\}$/m)
  })

  it('are recorded although nobody reads the output any more', async () => {
    const { child, port } = await startServer('--domain', domain, '--events', 'unread.jsonl')
    child.stdout.destroy()
    for (let i = 0; i < 3; i++) expect((await ask(port, clickPath)).status).toBe(302)
    expect(readEvents('unread.jsonl').length).toBe(3)
  })
})

const tampered = clickPath.slice(0, -1) + (clickPath.endsWith('A') ? 'B' : 'A')
const refusals: [what: string, path: string, options: { host?: string; method?: string }, status: number][] = [
  ['HEAD', clickPath, { method: 'HEAD' }, 302],
  ['POST', clickPath, { method: 'POST' }, 405],
  ['a method that fetch has no request for', clickPath, { method: 'TRACE' }, 405],
  ['a tampered token', tampered, {}, 404],
  ['an unknown host', clickPath, { host: 'links.example.net' }, 404],
  ['a host that is none', clickPath, { host: 'a b' }, 400],
  ['a host that holds the path', '/', { host: `links.example.com${clickPath}?` }, 400],
  ['an absolute URL of another host', `http://links.example.net${clickPath}`, {}, 404],
  ['two slashes', `/${clickPath}`, {}, 404],
  ['the health check', '/healthz', { host: 'anything' }, 200],
  ['the TLS probe', '/.well-known/mailtrace', {}, 204],
]

it('answers everything else without an event', async () => {
  const { port } = await startServer('--domain', domain, '--events', 'none.jsonl')
  const statuses = refusals.map(async ([what, path, options]) => [what, (await ask(port, path, options)).status])
  expect(await Promise.all(statuses)).toEqual(refusals.map(([what, , , status]) => [what, status]))
  expect(readEvents('none.jsonl')).toEqual([])
})

describe('under a name of this machine', () => {
  const explanation = (
    host: string,
    path: string,
  ): string => `mailtrace answers clicks and opens here, each under the tracking host of its link:

  links.example.com

This request came for ${host}, which is none of them. For readers of mail, a proxy with TLS in front
passes the Host header on. To try a link by hand:

  curl -i -H 'Host: links.example.com' 'http://${host}${path}'
`

  it.each([
    ['localhost', '/', 200, '/c/...'],
    ['127.0.0.1', '/', 200, '/c/...'],
    ['[::1]', '/', 200, '/c/...'],
    ['localhost', '/c/abc?x=1', 404, '/c/abc'],
    ['localhost', "/o/it's", 404, '/o/it%27s'],
    ['localhost', '/favicon.ico', 404, '/c/...'],
  ])('%s%s answers %i and explains', async (name, path, status, shown) => {
    const { port } = await startServer('--domain', domain)
    const answer = await ask(port, path, { host: `${name}:${port}` })
    expect([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([
      status,
      'text/plain; charset=utf-8',
      'nosniff',
    ])
    expect(answer.body.toString()).toBe(explanation(`${name}:${port}`, shown))
  })

  it('a page is shown, and under no other name, which a page of another site could have lead here', async () => {
    const { port } = await startServer('--domain', domain, '--page', writeFixture('rebound.html', '<p>secret'))
    for (const name of ['localhost', '127.0.0.1']) {
      expect((await ask(port, '/', { host: `${name}:${port}` })).body.toString()).toContain('secret')
    }
    for (const host of [
      `evil.example:${port}`,
      'evil.example',
      `localhost.evil.example:${port}`,
      'links.example.com',
    ]) {
      const { status, body } = await ask(port, '/', { host })
      expect([status, body.toString()]).toEqual([404, expect.not.stringMatching(/secret|example/)])
    }
  })

  it('a page that is gone is an error in words', async () => {
    const page = writeFixture('gone.html', '<p>x')
    const { port } = await startServer('--domain', domain, '--page', page)
    rmSync(join(workFolder, page))
    const { status, body } = await ask(port, '/', { host: 'localhost' })
    expect([status, body.toString()]).toEqual([500, 'cannot read "gone.html": no such file or directory\n'])
  })
})

describe('what it says of hosts', () => {
  const note = (host: string): string =>
    `mailtrace: a request came for ${host}, which is no tracking host: does the proxy pass Host on?\n`

  it('each that is foreign is told of once, up to 20', async () => {
    const { port, said } = await startServer('--domain', domain)
    const hosts = Array.from({ length: 25 }, (_, index) => `h${index}.example`)
    for (const host of [...hosts, ...hosts]) await ask(port, '/c/x', { host })
    await ask(port, clickPath)
    const told = said.stderr.split(/^(?=mailtrace: )/m).filter((line) => line.includes('a request came'))
    expect(told).toEqual(hosts.slice(0, 20).map(note))
  })

  it('a local host of another port does not come here', async () => {
    const local = writeDomain('other-port.json', {
      trackingDomains: [{ host: 'links.localhost:1', scheme: 'http', status: 'verified' }],
    })
    const { port, said } = await startServer('--domain', local)
    expect(said.stderr).toContain(
      `mailtrace: links that lead to links.localhost:1 do not come here: this is port ${port}\n`,
    )
  })
})

describe('a reader of its output that has stalled', () => {
  it('is not waited for at the end, nor kept a backlog for', async () => {
    const server = await startServer('--domain', domain, '--events', 'stalled.jsonl')
    server.child.stdout.pause()
    const agent = new Agent({ keepAlive: true })
    const long = instrumentEmail(`<a href="https://example.org/${'a'.repeat(150)}">x</a>`, exampleDomain).links[0]!
    const path = long.kind === 'tracked' ? new URL(long.url).pathname : ''
    // More than the pipe and the streams on both sides take.
    for (let i = 0; i < 3_000; i += 50) {
      await Promise.all(Array.from({ length: 50 }, () => ask(server.port, path, { agent })))
    }
    expect(await stop(server, 'SIGTERM')).toBe(0)
    expect(readEvents('stalled.jsonl').length).toBe(3_000)
    agent.destroy()
  })
})

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0, idle connections or not', async (signal) => {
    const server = await startServer('--domain', domain)
    const agent = new Agent({ keepAlive: true })
    await ask(server.port, clickPath, { agent })
    expect(await stop(server, signal)).toBe(0)
    agent.destroy()
  })

  /** A connection with half a request on it, and one that was never used, which closes when the server begins to end. */
  const holdUp = async (port: number): Promise<{ begun: Socket; unused: Socket }> => {
    const begun = connect(port, '127.0.0.1').on('error', () => {})
    begun.write(`GET ${clickPath} HTTP/1.1\r\nHost: links.example.com\r\n`)
    const unused = connect(port, '127.0.0.1').on('error', () => {})
    await Promise.all([once(begun, 'connect'), once(unused, 'connect')])
    // Connections are taken in order: once a later one is answered, these two are known to the server.
    await ask(port, '/healthz')
    return { begun, unused: unused.resume() }
  }

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('%s and then %s ends it at once', async (first, second) => {
    const { child, port } = await startServer('--domain', domain)
    const { unused } = await holdUp(port)
    const closed = once(child, 'close')
    child.kill(first)
    await once(unused, 'close')
    child.kill(second)
    expect(await closed).toEqual([null, second])
  })

  it('what was begun is answered and recorded first, and a connection that was never used is closed', async () => {
    const server = await startServer('--domain', domain, '--events', 'drained.jsonl')
    const { begun, unused } = await holdUp(server.port)
    const stopped = stop(server, 'SIGTERM')
    await once(unused, 'close')
    begun.write('\r\n')
    expect(await text(begun)).toMatch(/^HTTP\/1\.1 302 Found\r\n(.+\r\n)*connection: close\r\n/i)
    expect(await stopped).toBe(0)
    expect(readEvents('drained.jsonl').length).toBe(1)
  })
})

describe('refused before it listens', () => {
  it('a port in use', async () => {
    const { port } = await startServer('--domain', domain)
    expect(await run(['serve', '--domain', domain, '--port', String(port)])).toEqual({
      code: 1,
      stdout: '',
      stderr: `mailtrace: port ${port} is in use: choose another with --port\n`,
    })
  })

  it.concurrent.each([
    [
      'no keys',
      ['--domain', writeDomain('keyless.json', { signingKeys: [] })],
      'keyless.json has no signingKeys: stored references can only be served by the application',
    ],
    [
      'no tracking domain',
      ['--domain', writeDomain('hostless.json', { trackingDomains: [] })],
      'hostless.json has no tracking domain: no link leads here',
    ],
    [
      'an events file in no folder',
      ['--domain', domain, '--events', 'gone/events.jsonl'],
      'cannot write "gone/events.jsonl": no such file or directory',
    ],
    ['no such page', ['--domain', domain, '--page', 'gone.html'], 'cannot read "gone.html": no such file or directory'],
  ])('%s', async (_what, args, message) => {
    expect(await run(['serve', '--port', '0', ...args])).toEqual({
      code: 1,
      stdout: '',
      stderr: `mailtrace: ${message}\n`,
    })
  })
})

it('--page shows the email with its links going through the server', async () => {
  const port = await freePort()
  const host = `links.localhost:${port}`
  const local = writeDomain('local.json', { trackingDomains: [{ host, scheme: 'http', status: 'verified' }] })
  const page = writeFixture('page.html', mail)
  const { said } = await startServer('--domain', local, '--port', String(port), '--page', page)
  await until(() => said.stderr.includes('healthz'))
  expect(said.stderr).toBe(
    `mailtrace: listening on http://localhost:${port}\n` +
      `mailtrace: links lead to http://${host}/c/ and /o/, which are answered here\n` +
      `mailtrace: page.html is shown at http://localhost:${port}/\n` +
      `mailtrace: http://localhost:${port}/healthz says ok while the server lives\n`,
  )

  const shown = await ask(port, '/', { host: `localhost:${port}` })
  expect([shown.status, shown.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const [href = '', src = ''] = [...shown.body.toString().matchAll(/http:\/\/links\.localhost[^"]+/g)].map(String)
  expect([new URL(href).host, new URL(src).host]).toEqual([host, host])
  expect((await ask(port, new URL(href).pathname, { host })).headers.location).toBe(destination)
  expect((await ask(port, new URL(src).pathname, { host })).status).toBe(200)
  expect((await ask(port, '/', { host })).status).toBe(404)

  writeFixture('page.html', '<p>edited')
  expect((await ask(port, '/', { host: `localhost:${port}` })).body.toString()).toMatch(/^<p>edited<img /)
})
