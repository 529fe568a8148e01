import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
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

it('--serve shows it as a page whose links go through this machine', async () => {
  const port = await freePort()
  const child = runDemo('--serve', '--port', String(port))
  onTestFinished(() => void child.kill('SIGTERM'))
  let output = ''
  child.stdout!.on('data', (chunk) => (output += chunk))
  child.stderr!.on('data', (chunk) => (output += chunk))
  await until(() => output.includes('is shown at'))

  const page = (await ask(port, '/', { host: `localhost:${port}` })).body.toString()
  const urls = [...page.matchAll(/"(http:\/\/links\.localhost:\d+\/[co]\/[^"]+)"/g)].map(([, url]) => new URL(url!))
  expect(urls.length).toBe(17)
  for (const { pathname, host } of urls) {
    expect((await ask(port, pathname, { host })).status).toBe(pathname.startsWith('/c/') ? 302 : 200)
  }
  await until(() => output.match(/ (click|open) /g)?.length === 17)

  child.kill('SIGTERM')
  expect((await once(child, 'close'))[0]).toBe(0)
})

it.each([
  ['--foo', "demo: unknown option '--foo': use --serve and --port N, or nothing\n"],
  ['foo', /^demo: unexpected argument 'foo'.*: use --serve and --port N, or nothing\n$/],
  ['--port', /^demo: option '--port <value>' argument missing: use --serve and --port N, or nothing\n$/],
])('%s is refused in one line', async (argument, message) => {
  const child = runDemo(argument)
  const [errors, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
  expect(code).toBe(2)
  expect(errors).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
})

it('ends with npm, which hands it the signal that stops it', async () => {
  const port = await freePort()
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  // The program is built already.
  const scripts = { demo: manifest.scripts.demo, build: 'true' }
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ ...manifest, scripts }))
  const child = spawn('npm', ['run', 'demo', '--', '--serve', '--port', String(port)], {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stderr.on('data', (chunk) => (output += chunk))
  await until(() => output.includes('says ok'))
  child.kill('SIGTERM')
  await once(child, 'close')
  await expect(ask(port, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
