// The newsletter beside this file, through the program. It must do nothing that a user could not do.
//
//   node test/demo/demo.mjs                      what becomes of each link, by the built program
//   node test/demo/demo.mjs --serve [--port N]   the whole story in a browser: console, DNS, inboxes, machines

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const newsletter = path('newsletter.html')
const { serve, port } = readArguments()

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { serve: { type: 'boolean', default: false }, port: { type: 'string', default: '8080' } },
    })
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) < 1 || Number(values.port) > 65_535) {
      throw new Error(`--port is ${JSON.stringify(values.port)}`)
    }
    return values
  } catch (error) {
    const what = error.message.split('. ')[0]
    console.error(`demo: ${what.charAt(0).toLowerCase()}${what.slice(1)}: use --serve and --port N, or nothing`)
    process.exit(2)
  }
}

const args = serve
  ? [await bundle(), newsletter, port]
  : [path('../../dist/cli/main.js'), 'inspect', newsletter, '--domain', path('domain.json')]
const child = spawn(process.execPath, args, { stdio: 'inherit' })
// Ctrl-C reaches the program by itself; the demo only has to outlive it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
// npm hands the signal that stops it to its shell alone, which dies of it and says nothing: what is left is a new parent.
const parent = process.ppid
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 200).unref()
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})

/** Node 20 runs no TypeScript. Below node_modules, so that the bundle finds the packages, which stay outside of it. */
async function bundle() {
  const { build } = await import('esbuild')
  const cache = path('../../node_modules/.cache/')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'mailtrace-demo-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, 'main.mjs')
  await build({
    entryPoints: [path('serve/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  })
  return outfile
}
