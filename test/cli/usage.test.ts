import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository, run, writeDomain, writeFixture } from './program.ts'

const domain = writeDomain('domain.json')
const html = writeFixture('mail.html', '<p>Hello')

const misuses: [args: string[], message: string][] = [
  [[], 'no command'],
  [['instrumnet'], 'unknown command "instrumnet"'],
  [['toString'], 'unknown command "toString"'],
  [['inspect', html], '--domain FILE is missing'],
  [['inspect', html, '--domain'], "option '--domain <value>' argument missing"],
  [['inspect', html, '--domain', '--json'], "option '--domain' argument is ambiguous"],
  [['inspect', html, 'other.html', '--domain', domain], 'unexpected argument "other.html"'],
  [['inspect', html, '--domain', domain, '--colour'], "unknown option '--colour'"],
  [['serve', 'x', '--domain', domain], 'unexpected argument "x"'],
  [['dns', 'x', '--domain', domain], 'unexpected argument "x"'],
]

const wrongValues: [args: string[], message: string][] = [
  [['instrument', html, '--domain', domain, '--pixel', 'middle'], '--pixel is "middle": use end or start'],
  [['serve', '--domain', domain, '--port', 'http'], '--port is "http": use a number from 0 to 65535'],
  [['serve', '--domain', domain, '--port', '65536'], '--port is "65536": use a number from 0 to 65535'],
]

describe.concurrent('a call that cannot be meant ends with 2 and one line', () => {
  it.each(misuses)('%j', async (args, message) => {
    expect(await run(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `mailtrace: ${message} (see mailtrace --help)\n`,
    })
  })

  it.each(wrongValues)('%j', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: `mailtrace: ${message}\n` })
  })
})

describe.concurrent('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [['inspect', '--help']], [['dns', '--domain', 'missing', '-h']]])(
    '%j prints the usage to standard output',
    async (args) => {
      const { code, stdout, stderr } = await run(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const command of ['instrument', 'inspect', 'serve', 'dns']) expect(stdout).toContain(`mailtrace ${command} `)
      expect(stdout).toMatch(/Exit code: 0 done, 1 .*, 2 /)
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
    },
  )

  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})
