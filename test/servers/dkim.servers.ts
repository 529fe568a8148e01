// nodemailer signs what the plugin made of a message: an independent verifier, Debian's python3-dkim, finds the signature valid.

import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailtrace } from '../../src/nodemailer/index.ts'
import { type Mailbox, openMailbox } from '../nodemailer/mailbox.ts'
import { nodemailers } from '../nodemailer/nodemailers.ts'
import { domain, type Message, plain } from '../nodemailer/sending.ts'
import { temporaryFolder } from './stage.ts'

const python = process.env.PYTHON ?? '/usr/bin/python3'
const script = new URL('verify-dkim.py', import.meta.url).pathname

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
})
const records = { 'k1._domainkey.example.com': `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}` }

/** What the verifier says of each signature of each message. */
function verify(...messages: readonly Buffer[]): string[] {
  const folder = temporaryFolder()
  const files = [JSON.stringify(records), ...messages].map((content, at) => {
    writeFileSync(join(folder, `${at}`), content)
    return join(folder, `${at}`)
  })
  return execFileSync(python, [script, ...files], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox()
})
afterAll(() => mailbox.close())

const html = `<p>Gr\u00fc\u00dfe</p>${'<a href="https://shop.example/sale?a=1&amp;b=2">Sale</a> '.repeat(20)}\r\n.\r\n`
const rows: [what: string, message: Message][] = [
  ['HTML', { html }],
  ['HTML and text in base64', { html, text: 'Sale: https://shop.example/sale', encoding: 'base64' }],
  [
    'nested multiparts',
    {
      html,
      text: 'Sale',
      attachments: [
        { cid: 'a', content: 'x' },
        { filename: 'a.txt', content: 'x' },
      ],
    },
  ],
  ['a List-Unsubscribe header', { html, list: { unsubscribe: 'https://example.com/u' } }],
]

describe.each(nodemailers)('what nodemailer %s signs', (_, nodemailer) => {
  it.each(rows)('%s: is valid, and no longer once a byte of it is changed', async (_, message) => {
    const dkim = { domainName: 'example.com', keySelector: 'k1', privateKey }
    const transporter = nodemailer.createTransport({ host: '127.0.0.1', port: mailbox.port, ignoreTLS: true, dkim })
    transporter.use('compile', mailtrace({ domain, text: true }))
    await transporter.sendMail({ ...plain, ...message })
    transporter.close()
    const { raw } = mailbox.deliveries.at(-1)!
    expect(`${raw}`.replaceAll('=\r\n', '')).toMatch(/links\.example\.com|bGlua3MuZXhhbXBsZS5jb20/)
    const changed = Buffer.from(`${raw}`.replace('Subject: News', 'Subject: Views'))
    expect(verify(raw, changed)).toEqual(['valid', 'invalid'])
  })
})
