import { describe, expect, it } from 'vitest'
import { exampleDomain, run, writeDomain, writeFixture } from './program.ts'

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
  ['no such domain file', [html, '--domain', 'gone.json'], 'cannot read "gone.json": no such file or directory'],
  [
    'a domain file that is no JSON',
    [html, '--domain', writeFixture('broken.json', `{"signingKeys":[{"secret":"${key!.secret}"]}`)],
    '"broken.json" is not valid JSON',
  ],
  [
    'a domain of another shape',
    [html, '--domain', writeDomain('typo.json', { trackingDomain: 'links.example.com' })],
    '"typo.json": domain has no field "trackingDomain": use name, openTracking, clickTracking, trackingDomains, signingKeys',
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

it('never shows a secret', async () => {
  for (const file of ['broken.json', 'short.json']) {
    const { stderr } = await run(['inspect', html, '--domain', file])
    expect(stderr).not.toMatch(/hunter2|a secret of the tests/)
  }
})
