// The guide's programs for Bun, Deno and workerd (the runtime of Cloudflare Workers): real binaries, real sockets. Not part of `npm
// test`, as it installs some 300 MB into a temporary folder.
//
//   node test/receiver/runtimes.mjs

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** The first block of code below a heading of the guide. */
function blockUnder(heading) {
  const guide = readFileSync(here('../../src/receiver/README.md'), 'utf8')
  const section = guide.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return /```\w+\n(?<code>.*?)```/s.exec(section).groups.code
}

/**
 * The receiver that the programs import. Its events are recorded so late that a platform which stops after the answer loses
 * them.
 */
const receiverOf = (domain) => `
import { createReceiver } from './mailtrace-receiver.mjs'
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
export const receiver = createReceiver({
  domains: ${JSON.stringify(domain)},
  shouldRecord: () => wait(100).then(() => true),
  onEvent: (event) => wait(100).then(() => console.log(JSON.stringify(event))),
})
`

/** Behind the worker's `env`: a KV namespace and a queue speak HTTP to what is behind them. What the queue took is told at `/`. */
const storeOf = (domain) => `
const domains = { 'links.example.com': ${JSON.stringify(domain)} }
const events = []
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (request.method === 'POST') {
      events.push(await request.json())
      return Response.json({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } })
    }
    if (pathname === '/') return Response.json(events)
    const found = domains[decodeURIComponent(pathname.slice(1))]
    return found ? Response.json(found) : new Response(null, { status: 404 })
  },
}
`

const workerd = (port, eventsPort) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      compatibilityDate = "2025-01-01",
      modules = [
        (name = "worker.mjs", esModule = embed "worker.mjs"),
        (name = "mailtrace/receiver", esModule = embed "mailtrace-receiver.mjs"),
      ],
      bindings = [(name = "DOMAINS", kvNamespace = "store"), (name = "EVENTS", queue = "store")],
    )),
    (name = "store", worker = (
      compatibilityDate = "2025-01-01",
      modules = [(name = "store.mjs", esModule = embed "store.mjs")],
    )),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${port}", http = (), service = "main"),
    (name = "events", address = "127.0.0.1:${eventsPort}", http = (), service = "store"),
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
    text: (port) => blockUnder('Bun').replace('8080', port),
    run: ['bun.mjs'],
  },
  {
    name: 'deno',
    package: 'deno@2',
    binaries: ['@deno/linux-x64-glibc/deno', '@deno/linux-arm64-glibc/deno', 'deno/deno'],
    file: 'deno.mjs',
    text: (port) => blockUnder('Deno').replace('8080', port),
    run: ['run', '--no-config', '--allow-net', 'deno.mjs'],
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

  const server = spawn(binary, run, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  server.stdout.on('data', (chunk) => (printed += chunk))
  const printedEvents = () =>
    printed
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
  const queuedEvents = async () => JSON.parse((await ask(eventsPort, origin)).body)
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
    const events = name === 'workerd' ? queuedEvents : async () => printedEvents()
    const types = async () => (await events()).map(({ type }) => type).join()
    check(`${name}: both events arrive`, await until(async () => (await types()) === 'click,open'))
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
  await bundle('../../src/receiver/index.ts', 'mailtrace-receiver.mjs', 'neutral')
  await bundle('./fixtures.ts', 'fixtures.mjs', 'node')
  const fixtures = await import(pathToFileURL(join(folder, 'fixtures.mjs')))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'receiver.js'), receiverOf(fixtures.domain))
  writeFileSync(join(folder, 'store.mjs'), storeOf(fixtures.domain))
  writeFileSync(join(folder, 'worker.mjs'), blockUnder('Cloudflare Workers'))
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
