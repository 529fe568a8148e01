import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { demo, packageFolder, repository } from '../cli/program.ts'
import { ask, freePort, until } from '../cli/server.ts'

// Laid beside the program under test, as it runs the one of its own package.
cpSync(demo, join(packageFolder, 'test/demo'), { recursive: true })
const runDemo = (...args: string[]): ReturnType<typeof spawn> =>
  spawn(process.execPath, [join(packageFolder, 'test/demo/demo.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

it('lists every link of the newsletter, the pixel and the sizes', async () => {
  const child = runDemo()
  const [output, errors, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(output).toMatch(/^tracking {2}active through links\.example\.com, opens and clicks$/m)
  expect(output).toMatch(/^links {5}16 tracked, 7 skipped$/m)
  expect(output).toMatch(/^pixel {5}on line \d+, before <\/body>$/m)
  expect(output).toMatch(/^size {6}[\d,]+ bytes before, [\d,]+ after$/m)
  expect(output.match(/^\d+ .*(tracked|skipped) /gm)?.length).toBe(23)
  expect(output).toMatch(/^warning: link 8 shows "www\.example\.com\/subscription" but leads to /m)
})

/** Where the demo has its files, for the time of a test. */
function makeTemporary(): { readonly env: NodeJS.ProcessEnv; readonly left: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-demo-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { env: { ...process.env, TMPDIR: folder }, left: () => readdirSync(folder) }
}

/** The demo of the clone itself: it is bundled from the source. */
async function startServing(
  env: NodeJS.ProcessEnv,
): Promise<{ port: number; said: () => string; end: () => Promise<number | null> }> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(demo, 'demo.mjs'), '--serve', '--port', String(port)], { env })
  onTestFinished(() => void child.kill('SIGTERM'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  await until(() => output.includes('Ctrl-C ends it') || child.exitCode !== null, 90_000)
  const end = async (): Promise<number | null> => {
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    return (await closed)[0]
  }
  return { port, said: () => output, end }
}

it('--serve tells the whole story: no click dead-ends, each is tracked as far as its reader agreed, machines are told', async () => {
  const { env, left } = makeTemporary()
  const { port, said, end } = await startServing(env)
  const key = /with the key (\S+)/.exec(said())?.[1] ?? ''
  const own = `http://localhost:${port}`
  const api = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const call = async (path: string, body?: object) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await fetch(`http://127.0.0.1:${port}/api${path}`, { headers: api, ...init })).json()
  }
  const page = async (path: string, host = `localhost:${port}`) => (await ask(port, path, { host })).body.toString()
  const post = async (path: string, fields = {}, origin = own): Promise<number> => {
    const headers = { host: `localhost:${port}`, origin, 'content-type': 'application/x-www-form-urlencoded' }
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers })
    sent.end(new URLSearchParams(fields).toString())
    const [answer] = await once(sent, 'response')
    answer.resume()
    return answer.statusCode
  }

  const domain = { name: 'shop.localhost', open_tracking: true, click_tracking: true, tracking_subdomain: 'links' }
  const { id } = await call('/domains', domain)
  expect(await page('/demo/dns')).toContain('links.shop.localhost')
  expect(await post('/demo/dns', { name: 'links.shop.localhost', publish: 'yes' }, 'http://evil.example')).toBe(403)
  expect(await page('/demo/dns')).toContain('Publish this record')
  expect(await post('/demo/dns', { name: 'links.shop.localhost', publish: 'yes' })).toBe(303)
  await call(`/domains/${id}/verify`, {})
  expect(await call(`/domains/${id}`)).toMatchObject({ status: 'verified' })
  expect(await post('/demo/send')).toBe(303)

  const follow = async (url: string): Promise<number> => {
    const { host, pathname, search } = new URL(url)
    const { status, headers } = await ask(port, pathname + search, { host })
    return status === 302 ? follow(headers.location!) : status
  }
  const tracked: Record<string, number> = {}
  for (const name of ['ada', 'ben', 'chloe', 'deniz', 'emil']) {
    const mail = await page(`/1-${name}`, `inbox.localhost:${port}`)
    const urls = [...mail.matchAll(/(?:href|src)="(http[^"]+)"/g)].map(([, url]) => url!.replaceAll('&amp;', '&'))
    expect(await Promise.all(urls.map(follow))).toEqual(urls.map(() => 200))
    tracked[name] = urls.filter((url) => url.startsWith(`http://links.shop.localhost:${port}/`)).length
  }
  expect(tracked).toEqual({ ada: 17, ben: 17, chloe: 17, deniz: 17, emil: 0 })

  expect(await post('/demo/inbox/1-ada/scan')).toBe(303)
  expect(await page('/demo/inbox?scanned=1-ada')).toContain('It made 17 requests')
  expect(await post('/demo/inbox/1-emil/scan')).toBe(303)
  expect(await page('/demo/inbox?scanned=1-emil')).toContain('It found nothing that is tracked')
  expect(await post('/demo/inbox/9-nobody/scan')).toBe(404)
  expect((await ask(port, '/demo', { host: 'evil.example' })).status).toBe(404)

  expect(await end()).toBe(0)
  expect(left()).toEqual([])
})

it('--serve says when its port is taken, and leaves nothing', async () => {
  const { env, left } = makeTemporary()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const child = spawn(process.execPath, [join(demo, 'demo.mjs'), '--serve', '--port', String(port)], { env })
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(code).toBe(1)
  expect(errors).toContain(`demo: port ${port} is in use: choose another with --port\n`)
  expect(left()).toEqual([])
})

it.each([
  ['--foo', "demo: unknown option '--foo': use --serve and --port N, or nothing\n"],
  ['foo', /^demo: unexpected argument 'foo'.*: use --serve and --port N, or nothing\n$/],
  ['--port', /^demo: option '--port <value>' argument missing: use --serve and --port N, or nothing\n$/],
  ['--port=http', 'demo: --port is "http": use --serve and --port N, or nothing\n'],
  ['--port=0', 'demo: --port is "0": use --serve and --port N, or nothing\n'],
  ['--port=65536', 'demo: --port is "65536": use --serve and --port N, or nothing\n'],
])('%s is refused in one line', async (argument, message) => {
  const child = runDemo(argument)
  const [errors, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
  expect(code).toBe(2)
  expect(errors).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
})

it('ends with npm, which hands it the signal that stops it', async () => {
  const port = await freePort()
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  // The program is built already, and the rest of the clone is looked for beside it.
  const scripts = { demo: manifest.scripts.demo, build: 'true' }
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ ...manifest, scripts }))
  for (const name of ['src', 'test/kit', 'tsconfig.json', 'test/tsconfig.json']) {
    symlinkSync(join(repository, name), join(packageFolder, name))
  }
  const child = spawn('npm', ['run', 'demo', '--', '--serve', '--port', String(port)], {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  await until(() => output.includes('Ctrl-C ends it'), 90_000)
  child.kill('SIGTERM')
  await once(child, 'close')
  await expect(ask(port, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
