// The README's code blocks run as they stand, and print what it says they print.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')

/** Each `js` block with the `text` block that follows it. */
const examples = [...readme.matchAll(/```js\n(?<code>.*?)```\s+```text\n(?<output>.*?)```/gs)].map(({ groups }) => ({
  title: /^console\.log\((?<what>.*)\)$/m.exec(groups!.code!)?.groups?.what ?? groups!.code!.slice(0, 40),
  code: groups!.code!,
  output: groups!.output!,
}))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailtrace-readme-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function bundle(contents: string, loader: 'js' | 'ts', outfile: string): Promise<void> {
  await build({
    stdin: { contents, loader, resolveDir: root },
    alias: {
      mailtrace: './src/index.ts',
      'mailtrace/receiver': './src/receiver/index.ts',
      'mailtrace/domains': './src/domains/index.ts',
      'mailtrace/dns': './src/dns/index.ts',
    },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
  })
}

describe('the README', () => {
  it('has examples, each with what it prints', () => {
    expect(examples.length).toBe(readme.split('```js\n').length - 1)
    expect(examples.length).toBeGreaterThanOrEqual(7)
  })

  it.each(examples)('$title', async ({ code, output }) => {
    const file = join(folder, `${examples.findIndex((example) => example.code === code)}.mjs`)
    await bundle(code, 'js', file)
    const { stdout } = await promisify(execFile)(process.execPath, [file])
    expect(stdout).toBe(output)
  })

  it('has sketches that import what is there', async () => {
    for (const [, code] of readme.matchAll(/```ts\n(.*?)```/gs)) {
      await expect(bundle(code!, 'ts', join(folder, 'sketch.mjs'))).resolves.toBeUndefined()
    }
  })
})
