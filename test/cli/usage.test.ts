import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Command, commandUsage, defineCommand } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { formatCommandHelp, formatHelp } from '../../src/cli/help.ts'
import { repository, run, writeDomain, writeFixture } from './program.ts'

const domain = writeDomain('domain.json')
const html = writeFixture('mail.html', '<p>Hello')

const misuses: [args: string[], message: string][] = [
  [[], 'no command (see mailtrace --help)'],
  [['instrumnet'], 'unknown command "instrumnet" (see mailtrace --help)'],
  [['toString'], 'unknown command "toString" (see mailtrace --help)'],
  [['\u001b[2J\u009b'], 'unknown command "\\u001b[2J\\u009b" (see mailtrace --help)'],
  [['inspect', html], '--domain FILE is missing (see mailtrace inspect --help)'],
  [['inspect', html, '--domain'], "option '--domain <value>' argument missing (see mailtrace inspect --help)"],
  [['inspect', html, '--domain', '--json'], "option '--domain' argument is ambiguous (see mailtrace inspect --help)"],
  [
    ['inspect', html, 'other.html', '--domain', domain],
    'unexpected argument "other.html" (see mailtrace inspect --help)',
  ],
  [['inspect', html, '--domain', domain, '--colour'], "unknown option '--colour' (see mailtrace inspect --help)"],
  [['serve', 'x', '--domain', domain], 'unexpected argument "x" (see mailtrace serve --help)'],
  [['dns', 'x', '--domain', domain], 'unexpected argument "x" (see mailtrace dns --help)'],
  [
    ['instrument', html, '--domain', domain, '--pixel', 'middle'],
    '--pixel is "middle": use end, start or both (see mailtrace instrument --help)',
  ],
  [['relay', '--domain', domain], '--upstream URL is missing (see mailtrace relay --help)'],
  [['relay', '--upstream', 'smtp://127.0.0.1'], '--domain FILE is missing (see mailtrace relay --help)'],
  [['serve', '--domain', domain, '--port', 'http'], '--port is "http": use a number from 0 to 65535'],
  [['serve', '--domain', domain, '--port', '65536'], '--port is "65536": use a number from 0 to 65535'],
]

describe.concurrent('a call that cannot be meant ends with 2 and one line', () => {
  it.each(misuses)('%j', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: `mailtrace: ${message}\n` })
  })
})

describe.concurrent('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [['nonsense', '--help']]])('%j prints every command', async (args) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(formatHelp(commands))
    for (const { name } of commands) expect(stdout).toContain(`  mailtrace ${name} `)
    expect(stdout).toMatch(/Exit code: 0 done, 1 .*, 2 /)
  })

  it.each(commands)('of $name has every option with what it does', async (command) => {
    const { code, stdout, stderr } = await run([command.name, '--domain', 'missing', '-h'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^mailtrace ${command.name} `))
    const flat = stdout.replace(/\s+/g, ' ')
    for (const [name, { text }] of Object.entries(command.options)) {
      expect(flat).toMatch(new RegExp(` --${name} `))
      expect(flat).toContain(text)
    }
    expect((await run(['help', command.name])).stdout).toBe(stdout)
  })

  it('fits terminals', () => {
    const lines = [formatHelp(commands), ...commands.map(formatCommandHelp)].join('').split('\n')
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  it('behind -- is no longer an option', async () => {
    expect(await run(['inspect', '--domain', domain, '--', '--help'])).toMatchObject({
      code: 1,
      stderr: 'mailtrace: cannot read "--help": no such file or directory\n',
    })
  })

  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

const row = {
  name: 'make',
  summary: 'Makes it.',
  options: {
    to: { type: 'string', value: 'FILE', required: true, text: 'where to' },
    quiet: { type: 'boolean', short: 'q', text: 'says nothing' },
    kind: { type: 'string', choices: ['a', 'b', 'c'], text: 'which' },
  },
} as const

describe('a command is one row', () => {
  const make = (operand?: string): Command & { given: unknown[] } => {
    const given: unknown[] = []
    return {
      given,
      ...defineCommand({
        ...row,
        ...(operand !== undefined && { operand }),
        run: async (values, file) => void given.push(values, file),
      }),
    }
  }

  it('from which its arguments follow', async () => {
    const command = make('[FILE]')
    await command.run(['--to', 'x', '-q', 'y'])
    await command.run(['--to=z', '--kind', 'c'])
    expect(command.given).toEqual([
      { to: 'x', quiet: true, kind: undefined },
      'y',
      { to: 'z', quiet: false, kind: 'c' },
      undefined,
    ])
  })

  it.each([
    ['[FILE]', [], '--to FILE is missing (see mailtrace make --help)'],
    ['[FILE]', ['--to', 'x', '--kind', 'd'], '--kind is "d": use a, b or c (see mailtrace make --help)'],
    ['NAME', ['--to', 'x'], 'NAME is missing (see mailtrace make --help)'],
    [undefined, ['--to', 'x', 'y'], 'unexpected argument "y" (see mailtrace make --help)'],
    ['NAME', ['--to', 'x', 'y', 'z'], 'unexpected argument "z" (see mailtrace make --help)'],
  ])('with the operand %s, %j is refused', async (operand, args, message) => {
    await expect(make(operand).run(args)).rejects.toMatchObject({ message, exitCode: 2 })
  })

  it.each([
    ['[FILE]', 'mailtrace make [FILE] --to FILE [options]'],
    [undefined, 'mailtrace make --to FILE [options]'],
  ])('with the operand %s is used as %s', (operand, usage) => {
    expect(commandUsage(make(operand))).toBe(usage)
  })

  it('and its help', () => {
    expect(formatCommandHelp(make('[FILE]'))).toBe(`mailtrace make [FILE] --to FILE [options]

Makes it.

  --to FILE     where to
  -q, --quiet   says nothing
  --kind a|b|c  which
  -h, --help    this text
`)
  })
})
