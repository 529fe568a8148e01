import { parseArgs } from 'node:util'
import { usageFailure } from './failure.ts'

/** One option. Its check, its line in `--help` and its row in the guide follow from this. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for its value: `FILE`. With `choices`, they do. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly required?: true
  /** It may be given several times. */
  readonly multiple?: true
  /** What it does, its default included. */
  readonly text: string
}

export type OptionTable = Readonly<Record<string, Option>>

/** What a command is run with: an option that was not given is false, undefined or an empty list, a required one is there. */
export type Values<T extends OptionTable> = {
  readonly [Name in keyof T]: T[Name] extends { type: 'boolean' }
    ? boolean
    : T[Name] extends { multiple: true }
      ? readonly string[]
      :
          | (T[Name] extends { choices: readonly (infer Choice)[] } ? Choice : string)
          | (T[Name] extends { required: true } ? never : undefined)
}

export interface Command {
  readonly name: string
  /** The argument beside the options as help shows it, `[FILE|-]`; in brackets it may be left out. */
  readonly operand?: string
  /** What it does and how it ends, in sentences. */
  readonly summary: string
  readonly options: OptionTable
  readonly run: (args: string[]) => Promise<void>
}

/** Makes a command out of its row in the table: `run` gets arguments that have been checked. */
export function defineCommand<const T extends OptionTable>(
  row: Omit<Command, 'run' | 'options'> & {
    readonly options: T
    readonly run: (values: Values<T>, operand: string | undefined) => Promise<void>
  },
): Command {
  return {
    ...row,
    run: async (args) => {
      const { values, operand } = readArguments(row, args)
      await row.run(values as Values<T>, operand)
    },
  }
}

function readArguments(
  command: Omit<Command, 'run'>,
  args: string[],
): { readonly values: Readonly<Record<string, Value>>; readonly operand: string | undefined } {
  const { values, positionals } = parse(command, args)
  const allowed = command.operand === undefined ? 0 : 1
  if (positionals.length > allowed) {
    throw usageFailure(`unexpected argument ${JSON.stringify(positionals[allowed])}`, command.name)
  }
  const [operand] = positionals
  if (command.operand !== undefined && !command.operand.startsWith('[') && operand === undefined) {
    throw usageFailure(`${command.operand} is missing`, command.name)
  }
  const read = Object.entries(command.options).map(([name, option]) => [
    name,
    readValue(name, option, values[name], command.name),
  ])
  return { values: Object.fromEntries(read), operand }
}

type Value = string | boolean | readonly string[] | undefined

function readValue(name: string, option: Option, value: Value, command: string): Value {
  if (value === undefined && option.required) throw usageFailure(`--${name} ${option.value} is missing`, command)
  if (value !== undefined && option.choices && !option.choices.includes(value as string)) {
    throw usageFailure(`--${name} is ${JSON.stringify(value)}: use ${listed(option.choices)}`, command)
  }
  if (option.type === 'boolean') return value === true
  return option.multiple ? (value ?? []) : value
}

function parse({ name, options }: Pick<Command, 'name' | 'options'>, args: string[]) {
  const known = Object.entries(options).map(([option, { type, short, multiple = false }]) => [
    option,
    { type, multiple, ...(short && { short }) },
  ])
  try {
    return parseArgs({ args, options: Object.fromEntries(known), allowPositionals: true }) as {
      values: Record<string, Value>
      positionals: string[]
    }
  } catch (error) {
    // Node explains over several sentences; the first says what is wrong.
    const [message = ''] = (error as Error).message.split(/\.\s|\n/)
    throw usageFailure(message.charAt(0).toLowerCase() + message.slice(1), name)
  }
}

/** `a, b or c` */
const listed = (choices: readonly string[]): string =>
  choices.join(', ').replace(/, ([^,]*)$/, (_, last: string) => ` or ${last}`)

/** `-o, --output FILE` */
export function optionUsage(name: string, { short, value, choices }: Option): string {
  const argument = choices?.join('|') ?? value
  return `${short ? `-${short}, ` : ''}--${name}${argument === undefined ? '' : ` ${argument}`}`
}

/** `mailtrace inspect [FILE|-] --domain FILE [options]` */
export function commandUsage({ name, operand, options }: Omit<Command, 'run'>): string {
  const all = Object.entries(options)
  const required = all.filter(([, option]) => option.required).map(([option, row]) => optionUsage(option, row))
  const others = required.length < all.length ? ['[options]'] : []
  return ['mailtrace', name, ...(operand === undefined ? [] : [operand]), ...required, ...others].join(' ')
}
