// npm run engagement [first seed] [how many seeds]: bundles the simulation (Node 20 cannot strip types) and runs it.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Below node_modules, so that the bundle finds the packages, which stay outside of it.
const outfile = `${root}node_modules/.cache/mailtrace-engagement/main.mjs`
await build({
  entryPoints: [`${root}test/engagement/simulation/main.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
})
process.exit(spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1)
