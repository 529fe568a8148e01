#!/usr/bin/env node
// Owns the `mailtrace` program: picks the command, ends with the right exit code. The commands are beside it.

import { readFileSync } from 'node:fs'
import { dns } from './dns.ts'
import { exitCodeOf, usageFailure } from './failure.ts'
import { inspect } from './inspect.ts'
import { instrument } from './instrument.ts'
import { note, print } from './output.ts'
import { serve } from './serve.ts'
import { usage } from './usage.ts'

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = { instrument, inspect, serve, dns }

async function main(argv: string[]): Promise<void> {
  const [name, ...args] = argv
  const options = argv.slice(0, argv.concat('--').indexOf('--'))
  if (name === 'help' || options.includes('--help') || options.includes('-h')) return print(usage)
  if (name === '--version') return print(`${readVersion()}\n`)
  if (name === undefined) throw usageFailure('no command')
  if (!Object.hasOwn(commands, name)) throw usageFailure(`unknown command ${JSON.stringify(name)}`)
  await commands[name]!(args)
}

/** From the package this file is part of: `src/cli` and `dist/cli` are equally deep in it. */
function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}

// Without listeners a reader that leaves (`| head`) would end the program with a stack trace; print() handles the rest.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

main(process.argv.slice(2)).catch((error: unknown) => {
  note(error instanceof Error ? error.message : String(error))
  process.exitCode = exitCodeOf(error)
})
