import { builtinModules } from 'node:module'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { entries, repository } from './source-files.ts'

/**
 * Largest size of each entry with its dependencies, minified and gzipped, in bytes. Without a limit: what no browser or
 * edge runtime loads for its own sake.
 */
const limits: Record<string, number> = {
  // instrumentEmail alone takes 33.6 KB of it, see below.
  '.': 35_500,
  // createReceiver alone takes 14 KB of it, see below.
  './receiver': 18 * 1024,
  './dns': 11 * 1024,
}

/** As bundlers resolve packages for a browser, for no platform in particular, and for edge runtimes. */
const platforms: Record<string, BuildOptions> = {
  'a browser': { platform: 'browser' },
  'no platform': { platform: 'neutral' },
  'no platform, by the older fields': { platform: 'neutral', mainFields: ['module', 'main'] },
  'Cloudflare Workers': { platform: 'neutral', conditions: ['workerd', 'worker'] },
  'Vercel Edge': { platform: 'neutral', conditions: ['edge-light', 'worker'] },
  Deno: { platform: 'neutral', conditions: ['deno', 'worker'] },
  Bun: { platform: 'neutral', conditions: ['bun'] },
}

async function bundle(path: string, options: BuildOptions = platforms['a browser']!) {
  return await build({
    ...options,
    absWorkingDir: repository,
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: 'esm',
    // What servers send; escapes would add to each character that is not ASCII.
    charset: 'utf8',
    // Not resolved, so that an import of it shows in the output.
    external: ['node:*', ...builtinModules],
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
}

describe.each(entries)('%s', (_, path) => {
  it.each(Object.entries(platforms))('bundled for %s, imports nothing', async (_, options) => {
    const { metafile, warnings } = await bundle(path, options)
    expect(warnings).toEqual([])
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    expect(imports.map((each) => each.path)).toEqual([])
  })

  it('runs where there is neither process nor Buffer', async () => {
    const { outputFiles } = await bundle(path)
    const code = outputFiles[0]!.text.replace(/export\{([^}]*)\};?\s*$/, (_, names: string) => {
      const fields = names.split(',').map((name) => name.split(' as '))
      return `return {${fields.map(([local, exported]) => `${exported ?? local}:${local}`).join(',')}}`
    })
    // A function is no module; where the module stands only matters to who looks for a peer.
    const load = new Function('process', 'Buffer', 'require', code.replaceAll('import.meta.url', '""'))
    expect(Object.keys(load(undefined, undefined, undefined)).length).toBeGreaterThan(0)
  })
})

it.each(Object.entries(limits))('%s has at most %d bytes, gzipped', async (subpath, limit) => {
  const { outputFiles } = await bundle(entries.find(([known]) => known === subpath)![1])
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(limit)
})

// 16 KB of instrumentEmail are dependencies, 13 of these the table of character references. createReceiver is what an edge
// worker loads; 5 KB of it are isbot and the hash for platforms without a synchronous one.
it.each([
  ['instrumentEmail', './src/index.ts', 33_700],
  ['createReceiver', './src/receiver/index.ts', 14_300],
])('%s of %s alone has at most %d bytes, gzipped', async (name, path, limit) => {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${name} } from '${path}'`, resolveDir: repository },
    bundle: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    write: false,
  })
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(limit)
})

describe('an entry does not carry the code of another', () => {
  const foreign: [subpath: string, inputs: RegExp][] = [
    ['.', /\/(?:tldts|isbot)|src\/(?:receiver|domains|dns|cli)\//],
    ['./nodemailer', /\/(?:tldts|isbot|nodemailer\/dist)|src\/(?:domains|dns|cli|receiver\/(?!timers))/],
    ['./text', /\/(?:tldts|isbot|entities)|src\/(?:html|receiver|domains|dns|cli)\//],
    ['./message', /\/(?:tldts|isbot)|src\/(?:receiver|domains|dns|cli)\//],
    ['./receiver', /\/(?:tldts|entities)|src\/(?:html|instrument|domains|dns|cli)\//],
    ['./engagement', /node_modules|src\/(?:html|instrument|receiver|tracking-url|domains|dns|config|cli)\//],
    [
      './testing',
      /node_modules\/(?!@noble)|src\/(?:html|receiver|domains|dns|cli|text)\/|src\/instrument\/(?!pixel-tag)/,
    ],
    ['./store', /\/(?:entities|linkify|pglite|pg\/)|src\/(?:html|instrument|cli|service|nodemailer|text|message)\//],
    ['./domains', /\/(?:isbot|entities|@noble)|src\/(?:html|instrument|receiver|tracking-url|dns|cli)\//],
    ['./service', /src\/cli\//],
    ['./dns', /\/(?:tldts|isbot|entities|@noble)|src\/(?:html|instrument|receiver|cli)\//],
  ]
  it.each(foreign)('%s', async (subpath, inputs) => {
    const [, path] = entries.find(([known]) => known === subpath)!
    const { metafile } = await bundle(path)
    const [output] = Object.values(metafile.outputs)
    const carried = Object.entries(output!.inputs).filter(
      ([input, { bytesInOutput }]) => bytesInOutput > 0 && inputs.test(input),
    )
    expect(carried.map(([input]) => input)).toEqual([])
  })
})
