// The versions of Node and of TypeScript that work: the packed package, installed in a folder of its own, imported and required
// in each Node, and compiled against by each TypeScript; and the tests of the core in each Node. Not part of `npm test`, as
// it installs some 800 MB into a temporary folder.
//
//   npm run test:versions [-- --no-core]

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest that is supported, and the newest of each line. */
const nodes = ['20.19.0', '20', '22', '24', '26']
/** From 5.7 on, the first in which `Uint8Array` is generic. */
const typescripts = ['5.7', '5.8', '5.9', '6', '7']
const core = ['html', 'instrument', 'tracking-url', 'receiver', 'config', 'domains', 'engagement', 'cases']

const repository = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mailtrace-versions-'))
const user = join(folder, 'user')
let passed = 0
let failed = 0

function report(name, problem) {
  if (problem === null) passed++
  else failed++
  console.log(`${problem === null ? 'ok    ' : 'FAILED'} ${name}${problem === null ? '' : `\n${problem}`}`)
}

/** What a program says when it fails; `null` if it does not. */
function problemOf(command, args, cwd, seconds = 60) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: seconds * 1000,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return status === 0 ? null : `${stdout}${stderr}`.slice(-3000)
}

/** Every version beside the others, by names like `node-22`. */
function installVersions() {
  const specs = [
    ...nodes.map((version) => `node-${version}@npm:node@${version}`),
    ...typescripts.map((version) => `typescript-${version}@npm:typescript@${version}`),
  ]
  const place = join(folder, 'versions')
  mkdirSync(place)
  execFileSync('npm', ['install', '--prefix', place, '--no-bin-links', '--no-audit', '--no-fund', ...specs], {
    stdio: 'ignore',
  })
  return join(place, 'node_modules')
}

/** The binary of a version of Node. Its install script, which moves it, may be switched off. */
function nodeOf(modules, version) {
  const own = `node-${version}`
  const platform = `${process.platform}-${process.arch}`
  const places = [
    `${own}/bin/node`,
    ...[`node-${platform}`, `node-bin-${platform}`].map((name) => `${own}/node_modules/${name}/bin/node`),
  ]
  const found = places.map((place) => join(modules, place)).find((path) => existsSync(path))
  if (found === undefined) throw new Error(`no binary in node@${version}`)
  return found
}

const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
const entries = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')
const names = entries.map((subpath) => subpath.replace('.', 'mailtrace'))

try {
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: repository, stdio: 'ignore' })
  mkdirSync(user)
  writeFileSync(join(user, 'package.json'), '{}')
  const tarball = join(folder, `mailtrace-${manifest.version}.tgz`)
  // hono, as `mailtrace/service` asks for it. The other optional peers are asked for by calls alone.
  const hono = `hono@${manifest.peerDependencies.hono}`
  execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball, hono], { cwd: user, stdio: 'ignore' })

  // CommonJS that requires, and a module that imports: the same functions, and not a word on standard error.
  writeFileSync(
    join(user, 'require.cjs'),
    `const names = ${JSON.stringify(names)}
    const loaded = names.map((name) => require(name))
    const { instrumentEmail } = loaded[0]
    const domain = { name: 'example.com', openTracking: true, clickTracking: true, trackingDomains: [{ host: 'links.example.com', status: 'verified' }] }
    const { links } = instrumentEmail('<a href="https://example.org/">x</a>', domain)
    if (links[0].kind !== 'tracked') throw new Error('not tracked')
    Promise.all(names.map((name) => import(name))).then((imported) => {
      imported.forEach((module, i) => { if (module !== loaded[i]) throw new Error('two copies of ' + names[i]) })
      console.log(process.version)
    })`,
  )
  const versions = installVersions()
  for (const version of nodes) {
    const node = nodeOf(versions, version)
    const { status, stdout, stderr } = spawnSync(node, ['require.cjs'], {
      cwd: user,
      encoding: 'utf8',
      timeout: 20_000,
    })
    const isRight = status === 0 && stderr === '' && stdout.startsWith(`v${version}`)
    report(`Node ${stdout.trim().slice(1)}: import and require`, isRight ? null : `${stdout}${stderr}`)
    if (process.argv.includes('--no-core') || version === '20') continue
    const folders = core.map((name) => `test/${name}/`).filter((path) => existsSync(join(repository, path)))
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--silent=true', ...folders]
    report(`Node ${stdout.trim().slice(1)}: tests of the core`, problemOf(node, vitest, repository, 240))
  }

  writeFileSync(
    join(user, 'index.ts'),
    [
      ...names.map((name, at) => `import * as entry${at} from '${name}'`),
      ...names.map((_, at) => `export const value${at}: object = entry${at}`),
    ].join('\n'),
  )
  for (const version of typescripts) {
    const tsc = join(versions, `typescript-${version}/bin/tsc`)
    for (const module of ['NodeNext', 'ESNext']) {
      const compilerOptions = {
        target: 'ES2022',
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        types: [],
        module,
        moduleResolution: module === 'ESNext' ? 'bundler' : module,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      }
      writeFileSync(join(user, 'package.json'), JSON.stringify({ type: 'module' }))
      writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }))
      report(`TypeScript ${version}, module ${module}`, problemOf(process.execPath, [tsc, '-p', '.'], user))
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
