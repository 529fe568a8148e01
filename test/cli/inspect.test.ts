import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, workFolder, writeDomain, writeFixture } from './program.ts'

const domain = writeDomain('domain.json')
const inspect = (input: string, args: string[] = [], env = {}): ReturnType<typeof run> =>
  run(['inspect', '--domain', domain, ...args], { input, env })
/** How much tracking adds differs with every reference. */
const withoutAfter = (text: string): string => text.replace(/before, [\d,]+ after/, 'before, N after')

const mail = `<body>
<p>Grüße <a href="https://example.org/a?b=1&amp;c=2">x</a>
<!--[if mso]><v:rect href="https://example.org/vml"></v:rect><![endif]-->
<map><area href="/relative" alt="r"></map> <a href="mailto:a@example.com">a@example.com</a></body>
`

const page = `tracking  active through links.example.com, opens and clicks
links     2 tracked, 2 skipped
pixel     on line 4, before </body>
size      241 bytes before, N after

link  line  element  outcome  reason    destination
0     2     a        tracked            https://example.org/a?b=1&c=2
1     3     v:rect   tracked            https://example.org/vml
2     4     area     skipped  relative  /relative
3     4     a        skipped  scheme    mailto:a@example.com
`

describe.concurrent('the page', () => {
  it('lists every link with its outcome and reason', async () => {
    const { code, stdout, stderr } = await inspect(mail)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(withoutAfter(stdout)).toBe(page)
  })

  it.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ NO_COLOR: '1' }, false],
    [{}, false],
  ])('with %j is coloured: %s', async (env, isColoured) => {
    const { stdout } = await inspect(mail, [], env)
    expect(stdout.includes('\u001b[32mtracked\u001b[39m')).toBe(isColoured)
    expect(withoutAfter(stdout.replace(/\u001b\[\d+m/g, ''))).toBe(page)
  })

  it('has no table where there are no links', async () => {
    expect(withoutAfter((await inspect('')).stdout)).toBe(
      `tracking  active through links.example.com, opens and clicks
links     0 tracked, 0 skipped
pixel     on line 1
size      0 bytes before, N after

warning: the input is empty: hand over the HTML of an email
`,
    )
  })

  it('says why nothing is tracked', async () => {
    const off = writeDomain('off.json', { openTracking: false, clickTracking: false })
    const { code, stdout } = await run(['inspect', '--domain', off], { input: mail })
    expect(code).toBe(0)
    expect(stdout).toBe(
      `tracking  inactive: open and click tracking are both off for example.com
links     0 tracked, 0 skipped
pixel     none: tracking is inactive
size      241 bytes before, 241 after
`,
    )
  })

  it.each([
    ['openTracking', 'active through links.example.com, clicks only', 'none: open tracking is off'],
    ['clickTracking', 'active through links.example.com, opens only', 'on line 4, before </body>'],
  ])('says what is on when %s is off', async (field, tracking, pixel) => {
    const { stdout } = await run(['inspect', '--domain', writeDomain(`no-${field}.json`, { [field]: false })], {
      input: mail,
    })
    expect(stdout).toContain(`tracking  ${tracking}\n`)
    expect(stdout).toContain(`pixel     ${pixel}\n`)
  })

  it('shows control characters and overlong links without obeying them, in whatever column', async () => {
    const { stdout } = await inspect(
      `<a href="x:\u001b[2Jy\u202ez\u009b1m">a</a><a href="data:${'a'.repeat(1e6)}">b</a><v:\u001b]0;x href="#"></v>`,
    )
    expect(stdout).toContain('x:\\u001b[2Jy\\u202ez\\u009b1m\n')
    expect(stdout).toContain(`data:${'a'.repeat(194)}…\n`)
    expect(stdout).toContain('v:\\u001b]0;x')
  })

  it('--json is safe to show too, and reads back as it was', async () => {
    const { stdout } = await inspect('<a href="x:\u001b[2Jy\u202ez\u009b1m">a</a>', ['--json'])
    expect(stdout).not.toMatch(/[^\n\P{C}]/u)
    expect(JSON.parse(stdout).links[0].href).toBe('x:\u001b[2Jy\u202ez\u009b1m')
  })
})

const link = '<a href="https://example.org/b">www.example.com/a</a>'

it('warns of what a sender should know before sending', async () => {
  const { code, stdout } = await inspect(link)
  expect(code).toBe(0)
  expect(stdout.split('\n').filter((line) => line.startsWith('warning: '))).toEqual([
    'warning: link 0 shows "www.example.com/a" but leads to https://example.org/b: phishing filters look for that',
  ])
})

it('--json gives the same as data', async () => {
  const { stdout } = await inspect(link, ['--json', '--message-ref', 'm-1'])
  const inspection = JSON.parse(stdout)
  expect(Object.keys(inspection).sort()).toEqual([
    'activation',
    'bytes',
    'issuedAt',
    'links',
    'messageRef',
    'pixel',
    'warnings',
  ])
  expect(inspection).toMatchObject({
    activation: { active: true, host: 'links.example.com' },
    messageRef: 'm-1',
    pixel: { kind: 'placed' },
    links: [{ kind: 'tracked', index: 0, destination: 'https://example.org/b', line: 1, text: 'www.example.com/a' }],
    warnings: [{ kind: 'shown-address', link: 0 }],
  })
  expect(inspection.bytes.after).toBeGreaterThan(inspection.bytes.before)
})

it('--html writes a page beside what it prints', async () => {
  const { code, stdout, stderr } = await inspect(mail, ['--html', 'report.html'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'mailtrace: report.html is the report\n' })
  expect(withoutAfter(stdout)).toBe(page)
  const report = readFileSync(join(workFolder, 'report.html'), 'utf8')
  expect(report).toMatch(/^<!doctype html>\n/)
  expect(report).toContain('<title>standard input - mailtrace</title>')
  writeFixture('mail.html', mail)
  await run(['inspect', './mail.html', '--domain', domain, '--html', 'report.html'])
  expect(readFileSync(join(workFolder, 'report.html'), 'utf8')).toContain('<title>mail.html - mailtrace</title>')
})
