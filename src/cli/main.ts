#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { commands } from './commands.ts'
import { exitCodeOf, usageFailure } from './failure.ts'
import { formatCommandHelp, formatHelp } from './help.ts'
import { note, print } from './terminal.ts'

async function main(argv: string[]): Promise<void> {
  const [name, ...args] = argv
  const command = commands.find((each) => each.name === (name === 'help' ? args[0] : name))
  const options = argv.slice(0, argv.concat('--').indexOf('--'))
  if (name === 'help' || options.includes('--help') || options.includes('-h')) {
    return print(command ? formatCommandHelp(command) : formatHelp(commands))
  }
  if (name === '--version') return print(`${readVersion()}\n`)
  if (name === undefined) throw usageFailure('no command')
  if (command === undefined) throw usageFailure(`unknown command ${JSON.stringify(name)}`)
  await command.run(args)
}

/** From the package this file is part of: `src/cli` and `dist/cli` are equally deep in it. */
function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}

// Without a listener, a reader that leaves (`| head`) would end the program with a stack trace. print() does the rest.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

main(process.argv.slice(2)).catch((error: unknown) => {
  note(error instanceof Error ? error.message : String(error))
  process.exitCode = exitCodeOf(error)
})
