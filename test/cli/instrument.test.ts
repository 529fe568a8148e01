import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { exampleDomain, packageFolder, run, startProgram, workFolder, writeDomain, writeFixture } from './program.ts'

const domain = writeDomain('domain.json')
const mail = '\ufeff<body>\r\n<p>Grüße <a href="https://example.org/a?b=1&amp;c=2">x</a> <a href="#y">y</a></body>\r\n'
const html = writeFixture('mail.html', mail)
const read = (name: string): string => readFileSync(join(workFolder, name), 'utf8')
const summary = 'mailtrace: 1 tracked, 1 skipped, pixel on line 2, before </body>\n'

/** What cannot be foreseen in a signed reference: its time and its MAC. */
const withoutTokens = (text: string): string => text.replace(/(\/[co]\/)[\w-]+/g, '$1TOKEN')
const expected = withoutTokens(instrumentEmail(mail, exampleDomain).html)

describe('where the HTML comes from and goes to', () => {
  it.concurrent.each([
    ['a file', [html], ''],
    ['standard input, by name', ['-'], mail],
    ['standard input, by default', [], mail],
  ])('%s', async (_what, args, input) => {
    const { code, stdout, stderr } = await run(['instrument', ...args, '--domain', domain], { input })
    expect({ code, stderr }).toEqual({ code: 0, stderr: summary })
    expect(withoutTokens(stdout)).toBe(expected)
  })

  it('-o writes a file and nothing to standard output', async () => {
    const result = await run(['instrument', html, '--domain', domain, '-o', 'out.html'])
    expect(result).toEqual({ code: 0, stdout: '', stderr: summary })
    expect(withoutTokens(read('out.html'))).toBe(expected)
    expect(readdirSync(workFolder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('-o may name the input, keeps its mode, and goes through a link', async () => {
    writeFixture('same.html', mail)
    chmodSync(join(workFolder, 'same.html'), 0o600)
    symlinkSync('same.html', join(workFolder, 'link.html'))
    expect(await run(['instrument', 'same.html', '--domain', domain, '-o', 'link.html'])).toMatchObject({ code: 0 })
    expect(withoutTokens(read('same.html'))).toBe(expected)
    expect(statSync(join(workFolder, 'same.html')).mode & 0o777).toBe(0o600)
    expect(lstatSync(join(workFolder, 'link.html')).isSymbolicLink()).toBe(true)
  })

  it('-o into a folder that is not there fails with 1', async () => {
    expect(await run(['instrument', html, '--domain', domain, '-o', 'gone/out.html'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mailtrace: cannot write "gone/out.html": no such file or directory\n',
    })
  })

  it('-o does not replace a device', async () => {
    const { code } = await run(['instrument', html, '--domain', domain, '-o', '/dev/null'])
    expect({ code, isDevice: lstatSync('/dev/null').isCharacterDevice() }).toEqual({ code: 0, isDevice: true })
  })

  it('a full disk behind standard output fails with 1', () => {
    const program = join(packageFolder, 'dist/cli/main.js')
    const command = `"${process.execPath}" "${program}" instrument ${html} --domain ${domain} >/dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: workFolder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'mailtrace: cannot write to standard output: no space left on device\n',
    })
  })

  it('a reader that leaves is no failure', async () => {
    const child = startProgram(['instrument', '-', '--domain', domain])
    child.stdout.once('data', () => child.stdout.destroy())
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.stdin.end(`${'<p>text</p>'.repeat(200_000)}`)
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'mailtrace: 0 tracked, 0 skipped, pixel on line 1\n',
    })
  })
})

describe.concurrent('options', () => {
  it('--json gives the whole result', async () => {
    const { code, stdout } = await run(['instrument', html, '--domain', domain, '--json', '--message-ref', 'm-1'])
    const result = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(withoutTokens(result.html)).toBe(expected)
    expect(result).toMatchObject({
      activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
      messageRef: 'm-1',
      pixel: { kind: 'placed' },
      links: [
        { kind: 'tracked', destination: 'https://example.org/a?b=1&c=2' },
        { kind: 'skipped', reason: 'fragment', href: '#y' },
      ],
    })
  })

  it('--pixel start puts the pixel after <body>', async () => {
    const { stdout, stderr } = await run(['instrument', html, '--domain', domain, '--pixel', 'start'])
    expect(stdout).toMatch(/^\ufeff<body><img /)
    expect(stderr).toBe('mailtrace: 1 tracked, 1 skipped, pixel on line 1, before <p>\n')
  })

  it('--open and --click track less than the domain allows', async () => {
    const args = ['instrument', html, '--domain', domain, '--json', '--campaign-ref', 'spring-2026']
    const [first, second, off] = await Promise.all(
      [
        ['--open', 'anonymous', '--click', 'anonymous'],
        ['--open', 'anonymous', '--click', 'anonymous'],
        ['--click', 'off'],
      ].map(async (modes) => JSON.parse((await run([...args, ...modes])).stdout)),
    )
    expect(first).toMatchObject({ activation: { open: 'anonymous', click: 'anonymous' }, messageRef: null })
    expect(second.html).toBe(first.html)
    expect(off).toMatchObject({ activation: { open: 'full', click: false }, links: [] })
  })

  it('anonymous without a campaign is refused', async () => {
    const result = await run(['instrument', html, '--domain', domain, '--open', 'anonymous'])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(/^mailtrace: .*campaignRef.*\n$/)
  })

  it('a messageRef that does not fit is refused', async () => {
    const result = await run(['instrument', html, '--domain', domain, '--message-ref', ''])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(/^mailtrace: messageRef .*\n$/)
  })
})

const inactive: [changes: object, reason: string][] = [
  [{ openTracking: false, clickTracking: false }, 'open and click tracking are both off for example.com'],
  [{ trackingDomains: [] }, 'example.com has no tracking domain'],
  [
    { trackingDomains: [{ host: 'links.example.com', status: 'pending' }] },
    'no tracking domain of example.com has a verified CNAME record (see mailtrace dns)',
  ],
]

describe.concurrent('an inactive domain', () => {
  it.each(inactive)('%j gives the same bytes and the reason', async (changes, reason) => {
    const result = await run([
      'instrument',
      html,
      '--domain',
      writeDomain(`inactive-${inactive.findIndex(([each]) => each === changes)}.json`, changes),
    ])
    expect(result).toEqual({ code: 0, stdout: mail, stderr: `mailtrace: inactive: ${reason}\n` })
  })
})

it('says so when the input is no decoded HTML', async () => {
  const input = '<body><a href=3D"https://example.org/">x</a></body>'
  const { code, stderr } = await run(['instrument', '--domain', domain], { input })
  expect(code).toBe(0)
  expect(stderr).toBe(
    'mailtrace: warning: the input looks quoted-printable (`=3D"`): hand over the decoded HTML part, not the source of the message\n' +
      'mailtrace: 0 tracked, 1 skipped, pixel on line 1, before </body>\n',
  )
})

it('says so when there is nothing in it', async () => {
  expect((await run(['instrument', '--domain', domain], { input: '\n' })).stderr).toBe(
    'mailtrace: warning: the input is empty: hand over the HTML of an email\n' +
      'mailtrace: 0 tracked, 0 skipped, pixel on line 2\n',
  )
})
