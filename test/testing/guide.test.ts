// The guide's table says what the code's table says, and its example for vitest runs there.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { violationKinds } from '../../src/testing/index.ts'
import { rowsOf } from '../domains/guide-table.ts'
import { examplesInGuide, readGuide } from '../kit/examples.ts'
import { entries, repository } from '../package/source-files.ts'

const path = 'src/testing/README.md'

it('lists every kind of violation', () => {
  expect(rowsOf(readGuide(path), ['kind', 'what it means'])).toEqual(Object.entries(violationKinds))
})

it('has an example that vitest runs, once the reader has filled in what is declared', async () => {
  const example = examplesInGuide(path).find(({ title }) => title.endsWith('With vitest'))!
  const templates = `const templates = { welcome: () => '<a href="https://example.org/">x</a>' }`
  const domain = `const domain = { name: 'example.com', openTracking: true, clickTracking: true,
    trackingDomains: [{ host: 'links.example.com', status: 'verified' as const }] }`
  const code = example.code
    .replace(/^declare const templates.*$/m, templates)
    .replace(/^declare const domain.*$/m, domain)
  expect(code).not.toContain('declare')
  const folder = mkdtempSync(join(tmpdir(), 'mailtrace-vitest-'))
  try {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'templates.test.ts'), code)
    const alias = entries
      .map(([subpath, source]) => ({ find: subpath.replace('.', 'mailtrace'), replacement: join(repository, source) }))
      .map(({ find, replacement }) => `{ find: /^${find.replace('/', '\\/')}$/, replacement: '${replacement}' }`)
    writeFileSync(join(folder, 'vitest.config.mjs'), `export default { resolve: { alias: [${alias.join()}] } }`)
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const env = { ...process.env, NO_COLOR: '1' }
    const run = promisify(execFile)(process.execPath, [vitest, 'run', '--root', folder], { cwd: folder, env })
    expect((await run).stdout).toMatch(/Tests {2}1 passed/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
