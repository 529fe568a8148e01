// The newsletter beside this file, through the built program. It must do nothing that a user could not do.
//
//   node test/demo/demo.mjs                      what becomes of each link
//   node test/demo/demo.mjs --serve [--port N]   the newsletter as a page whose links go through this machine

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const program = path('../../dist/cli/main.js')
const newsletter = path('newsletter.html')
const { serve, port } = readArguments()

function readArguments() {
  try {
    return parseArgs({
      options: { serve: { type: 'boolean', default: false }, port: { type: 'string', default: '8080' } },
    }).values
  } catch (error) {
    console.error(`demo: ${error.message.split('. ')[0].toLowerCase()}: use --serve and --port N, or nothing`)
    process.exit(2)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mailtrace-demo-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** The demo's domain, with a tracking host that browsers look for on this machine (RFC 6761 section 6.3). */
function writeLocalDomain() {
  const domain = JSON.parse(readFileSync(path('domain.json'), 'utf8'))
  const file = join(folder, 'domain.json')
  const local = { host: `links.localhost:${port}`, scheme: 'http', status: 'verified' }
  writeFileSync(file, JSON.stringify({ ...domain, trackingDomains: [local] }))
  return file
}

const args = serve
  ? ['serve', '--domain', writeLocalDomain(), '--port', port, '--page', newsletter]
  : ['inspect', newsletter, '--domain', path('domain.json')]
const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' })
// Ctrl-C reaches the program by itself; the demo only has to outlive it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
// npm hands the signal that stops it to its shell alone, which dies of it and says nothing: what is left is a new parent.
const parent = process.ppid
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 200).unref()
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
