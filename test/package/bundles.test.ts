import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { entries, repository } from './source-files.ts'

/**
 * Largest size of each entry with its dependencies, minified and gzipped, in bytes. Without a limit: what no browser or
 * edge runtime loads for its own sake.
 */
const limits: Record<string, number> = {
  // The goal is 24 KB. 16 are dependencies, 13 of these the table of character references.
  '.': 28 * 1024,
  './receiver': 12 * 1024,
  './dns': 9 * 1024,
}

async function bundle(path: string) {
  return await build({
    absWorkingDir: repository,
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    // What servers send; escapes would add to each character that is not ASCII.
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
}

describe.each(entries)('%s, bundled for a browser', (_, path) => {
  const bundled = bundle(path)

  it('needs no module of Node', async () => {
    const { metafile, warnings } = await bundled
    expect(warnings).toEqual([])
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    expect(imports.map((each) => each.path)).toEqual([])
    expect(Object.keys(metafile.inputs).filter((input) => input.startsWith('node:'))).toEqual([])
  })

  it('runs where there is neither process nor Buffer', async () => {
    const { outputFiles } = await bundled
    const code = outputFiles[0]!.text.replace(/export\{([^}]*)\};?\s*$/, (_, names: string) => {
      const fields = names.split(',').map((name) => name.split(' as '))
      return `return {${fields.map(([local, exported]) => `${exported ?? local}:${local}`).join(',')}}`
    })
    const load = new Function('process', 'Buffer', 'require', code)
    expect(Object.keys(load(undefined, undefined, undefined)).length).toBeGreaterThan(0)
  })
})

it.each(Object.entries(limits))('%s has at most %d bytes, gzipped', async (subpath, limit) => {
  const { outputFiles } = await bundle(entries.find(([known]) => known === subpath)![1])
  expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).toBeLessThanOrEqual(limit)
})

describe('an entry does not carry the code of another', () => {
  const foreign: [subpath: string, inputs: RegExp][] = [
    ['.', /\/(?:tldts|isbot)|src\/(?:receiver|domains|dns|cli)\//],
    ['./receiver', /\/(?:tldts|entities|nanoid)|src\/(?:html|plan|domains|dns|cli)\//],
    ['./domains', /\/(?:isbot|entities|nanoid|@noble)|src\/(?:html|plan|receiver|reference|dns|cli)\//],
    ['./dns', /\/(?:tldts|isbot|entities|nanoid|@noble)|src\/(?:html|plan|receiver|cli)\//],
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
