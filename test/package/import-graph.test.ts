import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filesIn, nodesOf, packageOf, reachableFrom, repository, sourceFiles } from './source-files.ts'

const manifest = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'))

interface Layer {
  readonly folder: string
  /** All of the source that it may reach, however indirectly: folders, or files. */
  readonly mayReach: readonly string[]
  readonly because: string
}

/** What every layer but html may use. */
const shared = ['src/checks.ts', 'src/config/', 'src/errors.ts', 'src/latin1.ts', 'src/printable.ts', 'src/url.ts']

const layers: Layer[] = [
  { folder: 'src/html/', mayReach: ['src/latin1.ts'], because: 'it knows nothing of tracking' },
  { folder: 'src/config/', mayReach: shared, because: 'all the others build on it' },
  {
    folder: 'src/instrument/links/',
    mayReach: ['src/html/', ...shared, 'src/tracking-url/tracking-url.ts'],
    because: 'it decides without keys and builds no URL',
  },
  {
    folder: 'src/tracking-url/',
    mayReach: shared,
    because: 'it is what both sides share',
  },
  {
    folder: 'src/text/',
    mayReach: [
      'src/instrument/copies.ts',
      'src/instrument/links/destination.ts',
      'src/instrument/links/merge-tags.ts',
      'src/instrument/links/skip-reasons.ts',
      'src/instrument/options.ts',
      'src/instrument/outcomes.ts',
      'src/instrument/splice.ts',
      'src/tracking-url/',
      ...shared,
    ],
    because: 'a text has no HTML',
  },
  {
    folder: 'src/nodemailer/',
    mayReach: [
      'src/html/',
      'src/instrument/',
      'src/message/',
      'src/text/',
      'src/tracking-url/',
      'src/timers.ts',
      ...shared,
    ],
    because: 'it gives what a pipeline has to what instruments it',
  },
  {
    folder: 'src/receiver/',
    mayReach: ['src/timers.ts', 'src/tracking-url/', ...shared],
    because: 'it stays small at the edge',
  },
  {
    folder: 'src/message/',
    mayReach: ['src/html/', 'src/instrument/', 'src/text/', 'src/tracking-url/', ...shared],
    because: 'it is one more way into a pipeline',
  },
  {
    folder: 'src/engagement/',
    mayReach: ['src/checks.ts', 'src/config/tracking-modes.ts', 'src/errors.ts', 'src/printable.ts'],
    because: 'it judges what is given',
  },
  {
    folder: 'src/store/',
    mayReach: [
      'src/domains/',
      'src/dns/',
      'src/engagement/',
      'src/instrument/outcomes.ts',
      'src/receiver/',
      'src/tracking-url/',
      ...shared,
    ],
    because: 'it keeps what the others make',
  },
  {
    folder: 'src/inspection/',
    mayReach: ['src/html/', 'src/instrument/', 'src/tracking-url/', ...shared],
    because: 'what it finds out is shown anywhere',
  },
  {
    folder: 'src/testing/',
    mayReach: ['src/instrument/pixel-tag.ts', 'src/node-module.ts', 'src/tracking-url/', ...shared],
    because: 'a judge shares no code with what it judges',
  },
  {
    folder: 'src/domains/',
    mayReach: shared,
    because: 'it does no I/O and needs no keys',
  },
  {
    folder: 'src/dns/',
    mayReach: ['src/domains/', 'src/node-module.ts', 'src/timers.ts', 'src/tracking-url/base64url.ts', ...shared],
    because: 'it needs no keys',
  },
  {
    folder: 'src/service/',
    mayReach: [
      'src/dns/',
      'src/domains/',
      'src/engagement/',
      'src/html/',
      'src/inspection/',
      'src/instrument/',
      'src/node-module.ts',
      'src/receiver/',
      'src/store/',
      'src/timers.ts',
      'src/tracking-url/',
      ...shared,
    ],
    because: 'nothing builds on it',
  },
]

describe('data flows one way', () => {
  it.each(layers)('$folder, as $because', ({ folder, mayReach }) => {
    const files = filesIn(folder)
    expect(files).not.toEqual([])
    const others = [...reachableFrom(files, { withTypes: false })].filter(
      (path) => path.startsWith('src/') && ![folder, ...mayReach].some((allowed) => path.startsWith(allowed)),
    )
    expect(others).toEqual([])
  })

  it.each(layers)('$folder, in types too', ({ folder, mayReach }) => {
    const direct = filesIn(folder).flatMap((path) => sourceFiles.get(path)!.imports.map(({ target }) => target))
    const others = direct.filter(
      (path) => path.startsWith('src/') && ![folder, ...mayReach].some((allowed) => path.startsWith(allowed)),
    )
    expect(others).toEqual([])
  })

  it('the command line is imported by nothing', () => {
    const importers = [...sourceFiles.values()].filter(
      ({ path, imports }) =>
        !path.startsWith('src/cli/') && imports.some(({ target }) => target.startsWith('src/cli/')),
    )
    expect(importers.map(({ path }) => path)).toEqual([])
  })

  it('no file imports itself by way of others', () => {
    const circles = [...sourceFiles.values()].filter(({ path, imports }) =>
      reachableFrom(
        imports.filter(({ isType }) => !isType).map(({ target }) => target),
        { withTypes: false },
      ).has(path),
    )
    expect(circles.map(({ path }) => path)).toEqual([])
  })

  it('every import leads to a file', () => {
    const missing = [...sourceFiles.values()].flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.startsWith('src/') && !sourceFiles.has(target))
        .map(({ target }) => [path, target]),
    )
    expect(missing).toEqual([])
  })
})

/** The owner of each runtime dependency. */
const owners: Record<string, string> = {
  '@noble/hashes': 'src/tracking-url/mac.ts',
  entities: 'src/html/attribute-value.ts',
  isbot: 'src/receiver/signals.ts',
  'linkify-it': 'src/text/find-links.ts',
  tldts: 'src/domains/registrable-domain.ts',
}

describe('dependencies', () => {
  const outside = [...sourceFiles.values()].flatMap(({ path, imports }) =>
    imports.filter(({ target }) => !target.startsWith('src/')).map(({ target, isType }) => ({ path, target, isType })),
  )

  it('each is imported in exactly one file', () => {
    const importers = new Map<string, Set<string>>()
    for (const { path, target } of outside) {
      if (target.startsWith('node:') || packageOf(target) in (manifest.peerDependencies ?? {})) continue
      importers.set(packageOf(target), (importers.get(packageOf(target)) ?? new Set()).add(path))
    }
    const found = Object.fromEntries([...importers].map(([name, paths]) => [name, [...paths].join(', ')]))
    expect(found).toEqual(owners)
    expect(Object.keys(manifest.dependencies).sort()).toEqual(Object.keys(owners))
  })

  it('peers are imported in exactly one file, and are optional', () => {
    for (const name of Object.keys(manifest.peerDependencies ?? {})) {
      const importers = new Set(outside.filter(({ target }) => packageOf(target) === name).map(({ path }) => path))
      expect(importers.size, name).toBeLessThanOrEqual(1)
      expect(manifest.peerDependenciesMeta[name].optional, name).toBe(true)
    }
  })

  it('node: is imported by the command line alone', () => {
    const importers = outside.filter(({ path, target }) => target.startsWith('node:') && !path.startsWith('src/cli/'))
    expect(importers).toEqual([])
  })

  it('no module is imported under a name that only Node resolves', () => {
    const bare = outside.filter(
      ({ target }) => !(packageOf(target) in { ...manifest.dependencies, ...manifest.peerDependencies }),
    )
    expect(bare.filter(({ target }) => !target.startsWith('node:'))).toEqual([])
  })
})

/** Names by which code reaches for the world outside its arguments. */
const effects = [
  'Date',
  'performance',
  'fetch',
  'process',
  'globalThis',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'crypto',
  'Math.random',
  'console',
  'navigator',
  'XMLHttpRequest',
  'WebSocket',
  'require',
]

/** Which of {@link effects} a file names, as a value; not as a property or a key of its own. */
function effectsOf(path: string): string[] {
  const { body } = sourceFiles.get(path)!
  const found = new Set<string>()
  const own = new Set<unknown>()
  for (const node of nodesOf(body)) {
    if (node.type === 'MemberExpression' && node.computed === false) {
      own.add(node.property)
      const { object, property } = node as unknown as { object: { name?: string }; property: { name?: string } }
      if (effects.includes(`${object.name}.${property.name}`)) found.add(`${object.name}.${property.name}`)
    }
    const isKey = ['Property', 'PropertyDefinition', 'MethodDefinition', 'TSPropertySignature', 'TSMethodSignature']
    if (isKey.includes(node.type) && node.computed === false && node.shorthand !== true) own.add(node.key)
    if (node.type === 'TSTypeReference' || node.type === 'TSTypeQuery') for (const each of nodesOf(node)) own.add(each)
    // Of a given time, a Date tells the calendar; without one, the clock.
    if (node.type === 'NewExpression' && (node.arguments as unknown[]).length > 0) own.add(node.callee)
    if (node.type === 'ImportExpression') found.add('import()')
  }
  for (const node of nodesOf(body)) {
    if (node.type === 'Identifier' && !own.has(node) && effects.includes(node.name as string))
      found.add(node.name as string)
  }
  return [...found]
}

const boundEffects = [
  'src/dns/https-resolver.ts: fetch',
  'src/instrument/options.ts: Date',
  'src/latin1.ts: globalThis',
  'src/node-module.ts: process',
  'src/nodemailer/plugin-failure.ts: console',
  'src/nodemailer/plugin-options.ts: Date',
  // What onError itself throws has no other place to go.
  'src/receiver/failures.ts: console',
  'src/receiver/misses.ts: console',
  'src/receiver/receiver-options.ts: Date',
  'src/receiver/webhook-signature.ts: crypto',
  'src/receiver/webhook-sink.ts: fetch',
  'src/receiver/webhook-sink.ts: Date',
  'src/service/api/check-key.ts: crypto',
  'src/service/console/sign-in.ts: Date',
  'src/service/service-options.ts: console',
  'src/service/service-options.ts: Date',
  'src/service/verify-due-domains.ts: Date',
  'src/store/create-store.ts: Date',
  'src/timers.ts: setTimeout',
  'src/tracking-url/bytes.ts: globalThis',
  'src/tracking-url/mac.ts: process',
  'src/tracking-url/random-ref.ts: crypto',
]

describe('what does no I/O and reads no clock', () => {
  it.each(['src/domains/', 'src/engagement/', 'src/html/', 'src/instrument/links/'])('%s', (folder) => {
    const reached = [...reachableFrom(filesIn(folder), { withTypes: false })].filter((path) => sourceFiles.has(path))
    const found = reached.flatMap((path) => effectsOf(path).map((effect) => `${path}: ${effect}`))
    // A Buffer that gives the same as the code beside it is no effect.
    expect(found.filter((effect) => effect !== 'src/latin1.ts: globalThis')).toEqual([])
  })

  it('and elsewhere, only where a default is bound or the platform is met', () => {
    const found = [...sourceFiles.keys()]
      .filter((path) => !path.startsWith('src/cli/'))
      .flatMap((path) => effectsOf(path).map((effect) => `${path}: ${effect}`))
    expect(found).toEqual(boundEffects)
  })

  it('is known to be seen', () => {
    expect(effectsOf('src/instrument/options.ts')).toEqual(['Date'])
  })
})

describe('classes', () => {
  it('there is one, the error of all entries', () => {
    const classes = [...sourceFiles.values()].flatMap(({ path, body }) =>
      [...nodesOf(body)].filter(({ type }) => /^Class/.test(type) && type !== 'ClassBody').map(() => path),
    )
    expect(classes).toEqual(['src/errors.ts'])
  })
})
