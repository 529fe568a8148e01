// Owns how arguments are read: node:util's parser, with its errors put into the words of a usage failure.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { failure, usageFailure } from './failure.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>>

export function parseArguments<const O extends Options>(args: string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    // Node explains over several sentences; the first says what is wrong.
    const [message = ''] = (error as Error).message.split(/\.\s|\n/)
    throw usageFailure(message.charAt(0).toLowerCase() + message.slice(1))
  }
}

/** For a command that takes at most one FILE. */
export function onlyPositional(positionals: readonly string[]): string | undefined {
  if (positionals.length > 1) throw usageFailure(`unexpected argument ${JSON.stringify(positionals[1])}`)
  return positionals[0]
}

/** For a command that takes none. */
export function noPositionals(positionals: readonly string[]): void {
  if (positionals.length > 0) throw usageFailure(`unexpected argument ${JSON.stringify(positionals[0])}`)
}

/** @param text an option's value, in decimal digits */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw failure(`--port is ${JSON.stringify(text)}: use a number from 0 to 65535`, 2)
  return port
}
