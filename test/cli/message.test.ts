import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, workFolder, writeDomain, writeFixture } from './program.ts'

const ref = 'message-0123456789'
const domain = writeDomain('domain.json', { signingKeys: [] })
const source = [
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=iso-8859-1',
  '',
  'caf\xe9 https://example.org/',
  '--b',
  'Content-Type: text/html; charset=iso-8859-1',
  '',
  'caf\xe9 <a href="https://example.org/">x</a> <a href="#y">y</a>',
  '--b--',
  '',
].join('\r\n')
const file = writeFixture('mail.eml', Buffer.from(source, 'latin1'))
const url = `https://links.example.com/c/${ref}/`
const tracked = source.replace('"https://example.org/"', `"${url}0"`)
const args = ['--message', '--message-ref', ref, '--open', 'off', '--domain', domain]

describe('mailtrace instrument --message', () => {
  it('writes the message, bytes as they are', async () => {
    const result = await run(['instrument', file, ...args, '-o', 'out.eml'])
    expect(result).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'mailtrace: part 1 (text/plain): left alone: other-type; part 2 (text/html): 1 tracked, 1 skipped, no pixel: off\n',
    })
    expect(readFileSync(join(workFolder, 'out.eml'), 'latin1')).toBe(tracked)
  })

  it('writes to standard output, of standard input', async () => {
    const plain = source.replaceAll('\xe9', 'e')
    const { code, stdout } = await run(['instrument', ...args], { input: plain })
    expect([code, stdout]).toEqual([0, tracked.replaceAll('\xe9', 'e')])
  })

  it('tracks the text too with --text', async () => {
    const { stderr } = await run(['instrument', file, ...args, '--text', '-o', 'text.eml'])
    expect(stderr).toBe(
      'mailtrace: part 1 (text/plain): 1 tracked, 0 skipped; part 2 (text/html): 1 tracked, 1 skipped, no pixel: off\n',
    )
    expect(readFileSync(join(workFolder, 'text.eml'), 'latin1')).toBe(
      tracked.replace('\xe9 https://example.org/', `\xe9 ${url}t0`),
    )
  })

  it('gives all as JSON, the message in base64', async () => {
    const { stdout } = await run(['instrument', file, ...args, '--json'])
    const { message, messageRef, parts } = JSON.parse(stdout)
    expect(Buffer.from(message, 'base64').toString('latin1')).toBe(tracked)
    expect([messageRef, parts.length]).toEqual([ref, 2])
  })

  it('changes what is DKIM-signed with --dkim-signed alone', async () => {
    const signed = `DKIM-Signature: v=1\r\n${source.replaceAll('\xe9', 'e')}`
    const left = await run(['instrument', ...args], { input: signed })
    expect([left.stdout, left.stderr]).toEqual([signed, 'mailtrace: the message: left alone: dkim-signed\n'])
    const changed = await run(['instrument', ...args, '--dkim-signed'], { input: signed })
    expect(changed.stdout).toBe(`DKIM-Signature: v=1\r\n${tracked.replaceAll('\xe9', 'e')}`)
  })

  it('says why nothing is tracked', async () => {
    const off = writeDomain('off.json', { trackingDomains: [] })
    const { code, stdout, stderr } = await run(['instrument', '-', '--message', '--domain', off], {
      input: 'Subject: x\n\n',
    })
    expect([code, stdout, stderr]).toEqual([
      0,
      'Subject: x\n\n',
      'mailtrace: inactive: example.com has no tracking domain\n',
    ])
  })

  it('says that a whole message is left alone', async () => {
    const { stderr } = await run(['instrument', '-', '--message', '--domain', domain], { input: 'no header\n' })
    expect(stderr).toBe('mailtrace: the message: left alone: malformed\n')
  })

  it('is asked for where a message is given without it', async () => {
    const { stderr } = await run(['instrument', '--domain', domain], { input: 'Subject: x\n\nhello' })
    expect(stderr).toContain(
      'mailtrace: warning: the input looks like the source of a message: use --message or instrumentMessage, or hand over its HTML part, decoded\n',
    )
  })
})

describe('mailtrace inspect --message', () => {
  it('shows parts and links', async () => {
    const { code, stdout } = await run(['inspect', file, '--message', '--domain', domain])
    expect([code, stdout]).toEqual([
      0,
      `tracking  active through links.example.com, opens and clicks

part  type        bytes  outcome
1     text/plain  25     left alone: other-type
2     text/html   60     1 tracked, 1 skipped, pixel placed

part  link  outcome  reason    destination
2     0     tracked            https://example.org/
2     1     skipped  fragment  #y
`,
    ])
  })

  it('shows what is left alone as a whole', async () => {
    const { stdout } = await run(['inspect', '-', '--message', '--domain', domain], { input: 'no header\n' })
    expect(stdout).toBe(`tracking  active through links.example.com, opens and clicks

part  type  bytes  outcome
all         10     left alone: malformed
`)
  })

  it('shows that nothing is tracked', async () => {
    const off = writeDomain('off.json', { trackingDomains: [] })
    const { stdout } = await run(['inspect', file, '--message', '--domain', off])
    expect(stdout).toBe('tracking  inactive: example.com has no tracking domain\n')
  })

  it('gives all as JSON, without the message', async () => {
    const { stdout } = await run(['inspect', file, ...args, '--json'])
    expect(Object.keys(JSON.parse(stdout))).toEqual(['activation', 'messageRef', 'issuedAt', 'parts'])
  })
})

it.each([
  [['instrument', '--text'], '--text goes with --message (see mailtrace instrument --help)'],
  [['inspect', '--text'], '--text goes with --message (see mailtrace inspect --help)'],
  [['instrument', '--dkim-signed'], '--dkim-signed goes with --message (see mailtrace instrument --help)'],
  [['inspect', '--dkim-signed'], '--dkim-signed goes with --message (see mailtrace inspect --help)'],
  [
    ['inspect', '--message', '--html', 'report.html'],
    '--html shows one HTML mail: leave it out with --message (see mailtrace inspect --help)',
  ],
])('mailtrace %j is refused', async (command, message) => {
  const { code, stdout, stderr } = await run([...command, '--domain', domain])
  expect([code, stdout, stderr]).toEqual([2, '', `mailtrace: ${message}\n`])
})
