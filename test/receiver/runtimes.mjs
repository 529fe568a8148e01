// Owns the proof that the receiver serves in Bun, Deno and workerd (the runtime of Cloudflare Workers): real binaries, real
// sockets on loopback. Not part of `npm test`, as it installs some 300 MB into a temporary folder.
//
//   node test/receiver/runtimes.mjs

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-runtimes-'))
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
let passed = 0
let failed = 0

/**
 * The app that all of them serve: the receiver itself, so that each runtime passes what it passes, and beside it its events.
 * They are recorded so late that a platform which stops after the answer loses them, unless waitUntil was called.
 */
const app = (domain) => `
import { createReceiver } from './receiver.mjs'
const events = []
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
export const receiver = createReceiver({
  domains: ${JSON.stringify(domain)},
  recordEvent: () => wait(100).then(() => true),
  onEvent: (event) => wait(100).then(() => events.push(event)),
})
export const tell = () => Response.json(events)
`

const workerd = (port, eventsPort) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2025-01-01",
    modules = [
      (name = "worker.mjs", esModule = embed "worker.mjs"),
      (name = "app.mjs", esModule = embed "app.mjs"),
      (name = "receiver.mjs", esModule = embed "receiver.mjs"),
    ],
  ))],
  sockets = [
    (name = "http", address = "127.0.0.1:${port}", http = (), service = "main"),
    (name = "events", address = "127.0.0.1:${eventsPort}", http = (), service = (name = "main", entrypoint = "events")),
  ],
);
`

// The install scripts that would move some of these binaries may be switched off: they are looked for in all places.
const runtimes = [
  {
    name: 'bun',
    package: 'bun@1',
    binaries: ['@oven/bun-linux-x64/bin/bun', '@oven/bun-linux-aarch64/bin/bun', 'bun/bin/bun.exe'],
    file: 'bun.mjs',
    text: (port, eventsPort) => `
import { receiver, tell } from './app.mjs'
Bun.serve({ port: ${port}, hostname: '127.0.0.1', fetch: receiver })
Bun.serve({ port: ${eventsPort}, hostname: '127.0.0.1', fetch: tell })
`,
    run: ['bun.mjs'],
  },
  {
    name: 'deno',
    package: 'deno@2',
    binaries: ['@deno/linux-x64-glibc/deno', '@deno/linux-arm64-glibc/deno', 'deno/deno'],
    file: 'deno.mjs',
    text: (port, eventsPort) => `
import { receiver, tell } from './app.mjs'
Deno.serve({ port: ${port}, hostname: '127.0.0.1' }, receiver)
Deno.serve({ port: ${eventsPort}, hostname: '127.0.0.1' }, tell)
`,
    run: ['run', '--no-config', '--allow-net=127.0.0.1', 'deno.mjs'],
  },
  {
    name: 'workerd',
    package: 'workerd@1',
    binaries: ['@cloudflare/workerd-linux-64/bin/workerd', '@cloudflare/workerd-linux-arm64/bin/workerd'],
    file: 'workerd.capnp',
    text: workerd,
    run: ['serve', 'workerd.capnp'],
  },
]

function check(name, isRight) {
  if (isRight) passed++
  else failed++
  console.log(`${isRight ? 'ok    ' : 'FAILED'} ${name}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** fetch would not let the Host header be set. */
async function ask(port, url, method = 'GET') {
  const { host, pathname } = new URL(url)
  const sent = request({ host: '127.0.0.1', port, path: pathname, method, headers: { host }, agent: false })
  sent.end()
  const [response] = await once(sent, 'response')
  const chunks = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

async function until(isReady) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isReady().catch(() => false)) return true
    await wait(100)
  }
  return false
}

async function checkRuntime({ name, binaries, file, text, run }, { clickUrl, openUrl, destination, origin }) {
  const binary = binaries.map((path) => join(folder, 'node_modules', path)).find((path) => existsSync(path))
  if (binary === undefined) return check(`${name}: the binary is installed`, false)
  const [port, eventsPort] = [await freePort(), await freePort()]
  writeFileSync(join(folder, file), text(port, eventsPort))
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).split('\n')[0]
  console.log(`\n${name} (${version})`)

  const server = spawn(binary, run, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    const ready = () => ask(port, `${origin}/.well-known/mailtrace`)
    check(`${name}: the probe is answered`, await until(async () => (await ready()).status === 204))
    const click = await ask(port, clickUrl())
    check(`${name}: a click is sent on`, click.status === 302 && click.headers.location === destination)
    check(`${name}: and not cached`, click.headers['cache-control'] === 'no-store')
    const open = await ask(port, openUrl())
    check(`${name}: an open gets the image`, open.status === 200 && open.body.length === 43)
    const bad = await ask(port, `${clickUrl()}A`)
    check(`${name}: a bad token is not followed`, bad.status === 404 && bad.headers.location === undefined)
    const head = await ask(port, clickUrl(), 'HEAD')
    check(`${name}: HEAD answers alike`, head.status === 302 && head.headers.location === destination)
    check(`${name}: POST is refused`, (await ask(port, clickUrl(), 'POST')).status === 405)
    const foreign = await ask(port, clickUrl().replace('example.com', 'example.org'))
    check(`${name}: another Host is unknown`, foreign.status === 404)
    const types = async () => JSON.parse((await ask(eventsPort, origin)).body).map(({ type }) => type)
    check(`${name}: both events arrive`, await until(async () => (await types()).join() === 'click,open'))
  } catch (error) {
    check(`${name}: ${error}`, false)
  } finally {
    server.kill('SIGKILL')
  }
}

try {
  mkdirSync(join(folder, 'node_modules'))
  const bundle = (path, outfile, platform) =>
    build({
      entryPoints: [here(path)],
      bundle: true,
      format: 'esm',
      outfile: join(folder, outfile),
      platform,
      mainFields: ['module', 'main'],
    })
  await bundle('../../src/receiver/index.ts', 'receiver.mjs', 'neutral')
  await bundle('./fixtures.ts', 'fixtures.mjs', 'node')
  const fixtures = await import(pathToFileURL(join(folder, 'fixtures.mjs')))
  writeFileSync(join(folder, 'app.mjs'), app(fixtures.domain))
  writeFileSync(
    join(folder, 'worker.mjs'),
    "import { receiver, tell } from 'app.mjs'\nexport default { fetch: receiver }\nexport const events = { fetch: tell }\n",
  )
  const packages = runtimes.map((runtime) => runtime.package)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder, ...packages], {
    stdio: 'inherit',
  })
  for (const runtime of runtimes) await checkRuntime(runtime, fixtures)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
