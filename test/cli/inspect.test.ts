import { describe, expect, it } from 'vitest'
import { run, writeDomain } from './program.ts'

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

  it('shows control characters and overlong links without obeying them', async () => {
    const { stdout } = await inspect(`<a href="x:\u001b[2Jy\u202ez">a</a><a href="data:${'a'.repeat(1e6)}">b</a>`)
    expect(stdout).toContain('x:\\u{1b}[2Jy\\u{202e}z\n')
    expect(stdout).toContain(`data:${'a'.repeat(194)}…\n`)
  })
})

const link = (text: string, href = 'https://example.org/b', more = ''): string => `<a href="${href}"${more}>${text}</a>`

const warnings: [what: string, input: string, lines: string[]][] = [
  [
    'a text that is another URL',
    link('www.example.com/a'),
    ['link 0 shows "www.example.com/a" but leads to https://example.org/b: phishing filters look for that'],
  ],
  [
    'a text that is another URL, in a link that is not tracked',
    link('www.example.com/a', 'https://example.org/b', ' data-no-track'),
    ['link 0 shows "www.example.com/a" but leads to https://example.org/b: phishing filters look for that'],
  ],
  [
    'a text that is the URL, which tracking will replace',
    link('https://example.org/b'),
    [
      'link 0 shows "https://example.org/b" but will lead through links.example.com: phishing filters look for that; use words, or data-no-track',
    ],
  ],
  ['a text that is the URL, left alone', link('example.org/b', 'https://example.org/b', ' data-no-track'), []],
  ['words, and an address that is no web link', link('b') + link('www.example.com', 'mailto:a@example.com'), []],
  [
    'quoted-printable',
    '<p style=3D"color:red">',
    ['the input looks quoted-printable (`=3D"`): hand over the decoded HTML part, not the source of the message'],
  ],
  ['a query that only looks like it', '<a href="https://example.org/?a=3D&quot;">x</a>', []],
]

describe.concurrent('warnings', () => {
  it.each(warnings)('%s', async (_what, input, lines) => {
    const { code, stdout } = await inspect(input)
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line.startsWith('warning: '))).toEqual(
      lines.map((line) => `warning: ${line}`),
    )
  })

  it.each([
    [91_000, null],
    [93_000, /^warning: 93,\d{3} bytes: Gmail clips a message after 102,400, which is near$/m],
    [103_000, /^warning: 103,\d{3} bytes: Gmail clips a message after 102,400, and a pixel at the end with it$/m],
  ])('at %i bytes of two-byte text', async (bytes, expected) => {
    const { stdout } = await inspect('ü'.repeat(bytes / 2))
    if (expected) expect(stdout).toMatch(expected)
    else expect(stdout).not.toContain('warning:')
  })
})

it('--json gives the same as data', async () => {
  const { stdout } = await inspect(link('www.example.com/a'), ['--json', '--message-ref', 'm-1'])
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
    links: [{ kind: 'tracked', index: 0, destination: 'https://example.org/b' }],
    warnings: [{ kind: 'visible-url' }],
  })
  expect(inspection.bytes.after).toBeGreaterThan(inspection.bytes.before)
})
