import { constants } from 'node:buffer'
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleDomain, run, workFolder, writeDomain, writeFixture } from './program.ts'

/** A file that takes no room on the disk. */
function writeSparse(name: string, bytes: number): string {
  const file = openSync(join(workFolder, name), 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
  return name
}

const domain = writeDomain('domain.json')
const html = writeFixture('mail.html', '<p>Hello')
const [key] = exampleDomain.signingKeys!

const wrongInputs: [what: string, args: string[], message: string][] = [
  ['no such HTML', ['gone.html', '--domain', domain], 'cannot read "gone.html": no such file or directory'],
  ['a folder', ['.', '--domain', domain], 'cannot read ".": illegal operation on a directory'],
  [
    'HTML in Latin-1',
    [writeFixture('latin1.html', Uint8Array.of(0x63, 0x61, 0x66, 0xe9)), '--domain', domain],
    '"latin1.html" is not UTF-8: convert it first, or bytes would be lost',
  ],
  [
    'HTML in UTF-16 without a byte order mark',
    [writeFixture('utf16le.html', Buffer.from('<p>Hello', 'utf16le')), '--domain', domain],
    '"utf16le.html" is UTF-16: convert it to UTF-8 first',
  ],
  [
    'HTML in UTF-16 with one, big-endian',
    [writeFixture('utf16be.html', Buffer.from('\ufeff日本', 'utf16le').swap16()), '--domain', domain],
    '"utf16be.html" is UTF-16: convert it to UTF-8 first',
  ],
  [
    'HTML in UTF-16 with one, little-endian',
    [writeFixture('utf16mark.html', Buffer.from('\ufeff日本', 'utf16le')), '--domain', domain],
    '"utf16mark.html" is UTF-16: convert it to UTF-8 first',
  ],
  [
    'more than a string can hold',
    [writeSparse('huge.html', 615_000_000), '--domain', domain],
    `cannot read "huge.html": 615000000 bytes are more than the ${constants.MAX_STRING_LENGTH} that can be handled`,
  ],
  ['no such domain file', [html, '--domain', 'gone.json'], 'cannot read "gone.json": no such file or directory'],
  [
    'a domain file that is no JSON',
    [html, '--domain', writeFixture('broken.json', `{"signingKeys":[{"secret":"${key!.secret}"]}`)],
    '"broken.json" is not valid JSON: line 1, column 66: expected "," or "}"',
  ],
  [
    'a domain file in Latin-1',
    [html, '--domain', writeFixture('latin1.json', Uint8Array.of(0x22, 0xe9, 0x22))],
    '"latin1.json" is not UTF-8: convert it first, or bytes would be lost',
  ],
  [
    'a domain of another shape',
    [html, '--domain', writeDomain('typo.json', { trackingDomain: 'links.example.com' })],
    '"typo.json": domain has no field "trackingDomain": use name, openTracking, clickTracking, trackingDomains, signingKeys, $schema',
  ],
  [
    'a tracking host with a scheme',
    [
      html,
      '--domain',
      writeDomain('scheme.json', { trackingDomains: [{ host: 'https://links.example.com', status: 'verified' }] }),
    ],
    '"scheme.json": trackingDomains[0].host is "https://links.example.com": use a bare host name like "links.example.com", without scheme or path',
  ],
  [
    'a short secret',
    [html, '--domain', writeDomain('short.json', { signingKeys: [{ id: 'k1', secret: 'hunter2' }] })],
    '"short.json": signingKeys[0].secret has 7 bytes: use at least 32 random ones',
  ],
]

describe.concurrent.each(['instrument', 'inspect'])('%s refuses wrong input with 1 and one line', (command) => {
  it.each(wrongInputs)('%s', async (_what, args, message) => {
    expect(await run([command, ...args])).toEqual({ code: 1, stdout: '', stderr: `mailtrace: ${message}\n` })
  })
})

it.each([
  ['a single NUL, which is UTF-8', 'a\u0000'],
  ['NULs at odd and even places', '\u0000'.repeat(8)],
  ['two bytes', '<\u0000'],
  ['nothing', ''],
])('takes %s', async (_what, input) => {
  expect(await run(['instrument', '--domain', domain], { input })).toMatchObject({ code: 0 })
})

it('takes a domain file with a byte order mark', async () => {
  const marked = writeFixture('marked.json', `\ufeff${JSON.stringify(exampleDomain)}`)
  expect(await run(['inspect', html, '--domain', marked])).toMatchObject({ code: 0, stderr: '' })
})

it('never shows a secret', async () => {
  for (const file of ['broken.json', 'short.json']) {
    const { stderr } = await run(['inspect', html, '--domain', file])
    expect(stderr).not.toMatch(/hunter2|a secret of the tests/)
  }
})
