// The guide of the command line is held to the table of commands, and its examples to what the program does.

import { execFile } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commandUsage, optionUsage } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { warningTable } from '../../src/inspection/warnings.ts'
import { startDnsServer } from '../kit/dns-server.ts'
import { packageFolder, repository, workFolder } from './program.ts'
import { startRelay, startServer, stop } from './server.ts'

const guide = readFileSync(join(repository, 'src/cli/README.md'), 'utf8')

/** Tables stand with aligned columns in the guide; what they say is compared. */
const unaligned = guide.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---')

const sectionOf = (name: string): string =>
  unaligned.split(/^## /m).find((section) => section.startsWith(`${name}\n`)) ?? `no section ${name}`

describe('the guide', () => {
  it('has a section for each command, in order', () => {
    const sections = [...guide.matchAll(/^## `mailtrace (\w+)`$/gm)].map(([, name]) => name)
    expect(sections).toEqual(commands.map(({ name }) => name))
  })

  it.each(commands)('has the usage and every option of $name', (command) => {
    const section = sectionOf(`\`mailtrace ${command.name}\``)
    const rows = Object.entries(command.options).map(
      ([name, option]) => `| \`${optionUsage(name, option).replaceAll('|', '\\|')}\` | ${option.text} |\n`,
    )
    expect(section).toContain(`\`\`\`text\n${commandUsage(command)}\n\`\`\`\n`)
    expect(section).toContain(`\n| option | |\n| --- | --- |\n${rows.join('')}\n`)
    expect(section.match(/^\| `-/gm)?.length).toBe(rows.length)
  })

  it('has every warning', () => {
    const rows = warningTable.map(({ kind, text }) => `| \`${kind}\` | ${text} |\n`)
    expect(unaligned).toContain(`\n| warning | |\n| --- | --- |\n${rows.join('')}\n`)
  })
})

/** Each `sh` block with the `text` block that follows it. */
const examples = [...guide.matchAll(/```sh\n(.*?)```(?:\s+```text\n(.*?)```)?/gs)].map(
  ([, code, output = '']) => [code!.trim(), output] as const,
)

describe('its examples, one after the other in an empty folder,', async () => {
  const server = await startDnsServer([['links.example.com', 'CNAME', 'k7w2q.tracking.example.net']])
  afterAll(server.close)
  // The program under the name that a user has it by, with the resolver of the tests for the system's.
  const program = join(workFolder, 'mailtrace')
  writeFileSync(
    program,
    `#!/bin/sh
[ "$1" = dns ] && set -- "$@" --resolver ${server.address}
exec "${process.execPath}" "${join(packageFolder, 'dist/cli/main.js')}" "$@"
`,
  )
  chmodSync(program, 0o755)

  /** References, keys, times and sizes are new each time. */
  const masked = (text: string): string =>
    text
      .replace(/(\/[co]\/)[\w-]{20,}/g, '$1TOKEN')
      .replace(/"secret": "[\w-]+"/g, '"secret": "SECRET"')
      .replace(/"id": "\d{4}-\d\d"/g, '"id": "ID"')
      .replace(/(At": )\d+/g, '$1TIME')
      .replace(/ style="position[^"]*"/g, ' style="…"')
      .replace(/[\d,]+ after/g, 'N after')
      .replace(/token=[\w-]+/g, 'token=TOKEN')
      .replace(/key mt_[\w-]+/g, 'key KEY')
      .replace(/(localhost:|127\.0\.0\.1:)\d+/g, '$1PORT')

  const runExample = (code: string): Promise<string> =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: `${workFolder}:${process.env.PATH}`, NO_COLOR: '1' }
      const { FORCE_COLOR: _, ...plain } = env as NodeJS.ProcessEnv
      execFile('sh', ['-c', `{ ${code}\n} 2>&1`], { cwd: workFolder, env: plain }, (_error, stdout) => resolve(stdout))
    })

  it.each(examples)('%s', async (code, output) => {
    const [, command, ...args] = code.split(' ')
    if (command !== 'serve' && command !== 'relay') {
      return expect(masked(await runExample(code)).trimEnd()).toBe(masked(output).trimEnd())
    }
    const running = await (command === 'serve' ? startServer : startRelay)(...args)
    expect(masked(running.said.stderr)).toBe(masked(output))
    expect(await stop(running, 'SIGTERM')).toBe(0)
  })

  it('are there for every command', () => {
    const all = examples.map(([code]) => code).join('\n')
    for (const { name } of commands) expect(all).toMatch(new RegExp(`^mailtrace ${name} `, 'm'))
  })
})
