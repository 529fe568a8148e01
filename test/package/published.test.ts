import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entries, repository } from './source-files.ts'

// The package as `npm pack` in a fresh clone makes it, unpacked where a user has it.
const workshop = mkdtempSync(join(tmpdir(), 'mailtrace-package-'))
const clone = join(workshop, 'clone')
const user = join(workshop, 'user')
const installed = join(user, 'node_modules/mailtrace')
const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
/** What git ignores, and so what no clone has; and git's own folder. */
const ignored = new Set(['node_modules', 'dist', 'coverage', '.git'])
let packed: string[] = []

afterAll(() => rmSync(workshop, { recursive: true, force: true }))

beforeAll(() => {
  for (const name of readdirSync(repository)) {
    if (!ignored.has(name) && !name.endsWith('.tgz'))
      cpSync(join(repository, name), join(clone, name), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(clone, 'node_modules'))
  // Must not be published, whatever their names.
  for (const name of ['.env', 'notes.txt', 'mailtrace-0.0.0.tgz']) writeFileSync(join(clone, name), '')

  const pack = spawnSync('npm', ['pack', '--pack-destination', workshop], { cwd: clone, encoding: 'utf8' })
  if (pack.status !== 0) throw new Error(`npm pack: ${pack.stdout}${pack.stderr}`)
  execFileSync('tar', ['-xzf', join(workshop, `mailtrace-${manifest.version}.tgz`), '-C', workshop])
  const unpacked = join(workshop, 'package')
  packed = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1))
    .sort()
  cpSync(unpacked, installed, { recursive: true })
  // Without hono, the service says itself what is missing: its first import fails.
  for (const name of [...Object.keys(manifest.dependencies), 'hono']) linkDependency(name)
}, 120_000)

function linkDependency(name: string): void {
  const target = join(user, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(repository, 'node_modules', name), target)
}

/** The files that a Markdown file links, as paths in the package. */
const linksOf = (path: string): string[] =>
  [...readFileSync(join(installed, path), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => {
    const file = normalize(join(dirname(path), target!))
    return file.endsWith('/') ? `${file}README.md` : file
  })

const declarations = (): string[] => packed.filter((path) => path.endsWith('.d.ts'))

describe('the published files', () => {
  it('are the build, the manifest and what people read', () => {
    const others = packed.filter((path) => !path.startsWith('dist/') && !path.endsWith('.md'))
    expect(others).toEqual([
      'LICENSE',
      'package.json',
      'src/store/migrations/0001-events-and-messages.sql',
      'src/store/migrations/0002-domains.sql',
      'src/tracking-url/vectors.json',
      'test/demo/newsletter.html',
      'test/tracking-url/read_vectors.py',
    ])
  })

  it('hold all that README.md links, and the guides it links too', () => {
    expect(linksOf('README.md')).toContain('SECURITY.md')
    for (const path of ['README.md', ...packed.filter((path) => /^src\/[^/]+\/README\.md$/.test(path))]) {
      for (const target of linksOf(path)) expect(packed, `linked by ${path}`).toContain(target)
    }
  })

  it('of the build are code and declarations', () => {
    const build = packed.filter((path) => path.startsWith('dist/'))
    expect(build).toContain('dist/index.js')
    expect(build.filter((path) => !/\.(?:js|d\.ts)$/.test(path))).toEqual([])
  })

  it('hold everything that the manifest names', () => {
    const named = Object.values(manifest.exports as Record<string, string | object>).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    )
    const programs = Object.values(manifest.bin as Record<string, string>)
    for (const path of [...named, ...programs]) expect(packed).toContain(path.replace(/^\.\//, ''))
  })

  it('name no path of the machine that built them', () => {
    for (const path of packed) expect(readFileSync(join(installed, path), 'utf8')).not.toContain(workshop)
  })
})

describe('the published code', () => {
  it('imports node: in the command line alone', () => {
    const code = packed.filter((path) => path.endsWith('.js') && !path.startsWith('dist/cli/'))
    const importers = code.filter((path) =>
      /(?:from|import)\s*\(?["']node:/.test(readFileSync(join(installed, path), 'utf8')),
    )
    expect(importers).toEqual([])
  })

  it('is found by name, through import and require, and by every entry is one error class', () => {
    const names = entries.map(([subpath]) => subpath.replace('.', 'mailtrace'))
    const script = `
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const classes = new Set()
      for (const name of ${JSON.stringify(names)}) {
        const module = await import(name)
        if (module.MailtraceError) classes.add(module.MailtraceError)
        if (process.features.require_module && require(name) !== module) throw new Error('two copies of ' + name)
      }
      console.log(classes.size)`
    writeFileSync(join(user, 'index.mjs'), script)
    expect(execFileSync(process.execPath, ['index.mjs'], { cwd: user, encoding: 'utf8' })).toBe('1\n')
  })

  it('has a program that runs', () => {
    const program = join(installed, manifest.bin.mailtrace)
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const version = execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' })
    expect(version).toBe(`${manifest.version}\n`)
  })
})

describe('without the packages that only some need', () => {
  it('the relay says which one it lacks', () => {
    const program = join(installed, manifest.bin.mailtrace)
    const options = { cwd: user, encoding: 'utf8' } as const
    const domain = {
      name: 'example.com',
      openTracking: true,
      clickTracking: true,
      trackingDomains: [],
      signingKeys: [{ id: 'k1', secret: 'a secret of the tests, 32 bytes long' }],
    }
    writeFileSync(join(user, 'domain.json'), JSON.stringify(domain))
    const args = [
      program,
      'relay',
      '--domain',
      'domain.json',
      '--upstream',
      'smtp://127.0.0.1:1',
      '--listen',
      '127.0.0.1:0',
    ]
    const { status, stderr } = spawnSync(process.execPath, args, { ...options, timeout: 20_000 })
    expect([status, stderr.slice(0, 83)]).toEqual([
      1,
      'mailtrace: the relay needs the package smtp-server (npm install smtp-server): Canno',
    ])
  })
})

describe('the published declarations', () => {
  it('are there for every entry', () => {
    expect(declarations().length).toBeGreaterThanOrEqual(entries.length)
  })

  it('name no type of Node', () => {
    const found = declarations().flatMap((path) => {
      const code = readFileSync(join(installed, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      return [...code.matchAll(/\bBuffer\b|\bNodeJS\b|["']node:|types="node"/g)].map(([match]) => `${path}: ${match}`)
    })
    expect(found).toEqual([])
  })

  it('compile under strict settings with web types alone', () => {
    const imports = entries.map(([subpath], at) => `import * as entry${at} from '${subpath.replace('.', 'mailtrace')}'`)
    const uses = entries.map((_, at) => `export const value${at}: object = entry${at}`)
    writeFileSync(join(user, 'index.ts'), [...imports, ...uses].join('\n'))
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: [],
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    }
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }))
    writeFileSync(join(user, 'package.json'), JSON.stringify({ type: 'module' }))
    const tsc = join(repository, 'node_modules/.bin/tsc')
    const { stdout } = spawnSync(tsc, ['-p', '.'], { cwd: user, encoding: 'utf8' })
    expect(stdout).toBe('')
  })
})
