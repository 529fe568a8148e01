// Who may send, and what is encrypted: never an open relay.

import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type AdmissionRules, createAdmission, readUsers } from '../../src/cli/relay/admission.ts'
import { listenText, readListen } from '../../src/cli/relay/listen.ts'
import { isLoopback, readUpstream, upstreamText } from '../../src/cli/relay/upstream.ts'
import { cert, key } from './certificate.ts'
import { openDialog } from './dialog.ts'
import { lastAnswer, openClient, sendMail, startTestRelay } from './relays.ts'
import { startUpstream } from './upstream-server.ts'

const rules = { host: '127.0.0.1', hasTls: false, users: null, networks: [] }
const users = new Map([['app', 'secret']])
const plain = (user: string, password: string): string => Buffer.from(`\0${user}\0${password}`).toString('base64')

describe('an open relay', () => {
  it.each<[changes: Partial<AdmissionRules>, message: string]>([
    [
      { host: '0.0.0.0' },
      '--listen 0.0.0.0 would be an open relay: say who may send with --auth FILE or --allow NETWORK',
    ],
    [{ host: '::' }, '--listen :: would be an open relay: say who may send with --auth FILE or --allow NETWORK'],
    [
      { host: '10.0.0.1', hasTls: true },
      '--listen 10.0.0.1 would be an open relay: say who may send with --auth FILE or --allow NETWORK',
    ],
    [
      { host: 'mail.example.com' },
      '--listen mail.example.com would be an open relay: say who may send with --auth FILE or --allow NETWORK',
    ],
    [{ host: '0.0.0.0', users }, '--auth would take passwords unencrypted: add --tls-key FILE and --tls-cert FILE'],
    [{ networks: ['0.0.0.0/0'] }, '--allow 0.0.0.0/0 is everybody, which would be an open relay: name your networks'],
    [{ networks: ['::/0'] }, '--allow ::/0 is everybody, which would be an open relay: name your networks'],
    [{ networks: ['10.0.0.0/33'] }, '--allow is "10.0.0.0/33": use a network like 192.0.2.0/24 or 2001:db8::/32'],
    [{ networks: ['10.0.0/8'] }, '--allow is "10.0.0/8": use a network like 192.0.2.0/24 or 2001:db8::/32'],
    [{ networks: ['10.0.0.0/8/8'] }, '--allow is "10.0.0.0/8/8": use a network like 192.0.2.0/24 or 2001:db8::/32'],
    [{ networks: ['10.0.0.0/'] }, '--allow is "10.0.0.0/": use a network like 192.0.2.0/24 or 2001:db8::/32'],
    // A prefix that was meant for IPv4 would let in everybody.
    [
      { networks: ['::ffff:10.0.0.0/8'] },
      '--allow is "::ffff:10.0.0.0/8": use a network like 192.0.2.0/24 or 2001:db8::/32',
    ],
    [
      { networks: ['0:0:0:0:0:FFFF:a00:0/104'] },
      '--allow is "0:0:0:0:0:FFFF:a00:0/104": use a network like 192.0.2.0/24 or 2001:db8::/32',
    ],
    [{ networks: ['localhost'] }, '--allow is "localhost": use a network like 192.0.2.0/24 or 2001:db8::/32'],
  ])('%j is refused', (changes, message) => {
    expect(() => createAdmission({ ...rules, ...changes })).toThrow(expect.objectContaining({ message, exitCode: 2 }))
  })

  it('has no user without a password', () => {
    const { isPassword } = createAdmission({ ...rules, users })
    expect([
      isPassword('app', 'secret'),
      isPassword('app', ''),
      isPassword('nobody', ''),
      isPassword('nobody', 'secret'),
    ]).toEqual([true, false, false, false])
    expect(createAdmission(rules).isPassword('', '')).toBe(false)
  })

  it.each<[changes: Partial<AdmissionRules>, admitted: Record<string, string>]>([
    [{}, { '127.0.0.1': 'open', '::1': 'open' }],
    [{ users }, { '127.0.0.1': 'auth' }],
    [
      { host: '0.0.0.0', users, hasTls: true },
      { '192.0.2.1': 'auth', '127.0.0.1': 'auth' },
    ],
    [
      { host: '0.0.0.0', networks: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] },
      {
        '192.0.2.255': 'open',
        '192.0.3.0': 'refused',
        '::ffff:192.0.2.1': 'open',
        '2001:db8::1': 'open',
        '2001:db9::1': 'refused',
        '198.51.100.7': 'open',
        '198.51.100.8': 'refused',
        '127.0.0.1': 'refused',
        '': 'refused',
      },
    ],
    // IPv4 addresses stand within ::/64, as IPv6 writes them.
    [
      { host: '0.0.0.0', networks: ['::1/64', '::/1', 'fe80::/10', '1:2:3:4:5:ffff:6:7'] },
      {
        '::1': 'open',
        '192.0.2.1': 'refused',
        '::ffff:192.0.2.1': 'refused',
        '127.0.0.1': 'refused',
        'fe80::1%eth0': 'open',
        '1:2:3:4:5:ffff:6:7': 'open',
      },
    ],
    [
      { host: '0.0.0.0', hasTls: true, users, networks: ['192.0.2.0/24'] },
      { '192.0.2.1': 'open', '192.0.3.1': 'auth' },
    ],
  ])('%j admits %j', (changes, admitted) => {
    const { admit } = createAdmission({ ...rules, ...changes })
    expect(Object.fromEntries(Object.keys(admitted).map((address) => [address, admit(address)]))).toEqual(admitted)
  })

  it('is none for who is not allowed: there is no greeting', async () => {
    const upstream = await startUpstream()
    const admission = createAdmission({ ...rules, networks: ['192.0.2.0/24'] })
    const relay = await startTestRelay(upstream.port, { admission })
    const client = await openDialog(relay.port)
    expect(await client.hear()).toBe('554 5.7.1 this network may not send here')
    await client.closed
  })

  it('is none for who has not signed in', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { admission: createAdmission({ ...rules, users }) })
    const client = await openClient(relay)
    const heard = [
      await client.say('MAIL FROM:<a@example.com>'),
      await client.say('RCPT TO:<b@example.net>'),
      await client.say('DATA'),
      await client.say(`AUTH PLAIN ${plain('app', 'wrong')}`),
      await client.say(`AUTH PLAIN ${plain('nobody', 'secret')}`),
      await client.say('MAIL FROM:<a@example.com>'),
    ]
    expect(heard.map((answer) => answer.slice(0, 3))).toEqual(['530', '530', '530', '535', '535', '530'])
    expect(upstream.connections()).toBe(0)
    expect(await client.say(`AUTH PLAIN ${plain('app', 'secret')}`)).toMatch(/^235/)
    expect(await lastAnswer(client)).toMatch(/^250/)
  })

  it('guesses are few', async () => {
    const relay = await startTestRelay(1, { admission: createAdmission({ ...rules, users }) })
    const client = await openClient(relay)
    const heard: string[] = []
    for (let guess = 0; guess < 3; guess++) heard.push(await client.say(`AUTH PLAIN ${plain('app', `${guess}`)}`))
    const wrong = '535 5.7.8 wrong user or password'
    expect(heard).toEqual([wrong, wrong, '421 4.7.0 too many wrong passwords'])
    await client.closed
    expect(relay.problems).toEqual(['127.0.0.1 does not know a password'])
  })

  it('whoever is in an allowed network need not sign in', async () => {
    const upstream = await startUpstream()
    const admission = createAdmission({ ...rules, users, networks: ['127.0.0.0/8'] })
    const client = await openClient(await startTestRelay(upstream.port, { admission }))
    expect(await lastAnswer(client)).toMatch(/^250/)
    expect(await client.say(`AUTH PLAIN ${plain('app', 'secret')}`)).toMatch(/^500/)
  })
})

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
const own = addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address

it.skipIf(own === undefined)('on loopback nobody else reaches it', async () => {
  const relay = await startTestRelay(1)
  await expect(openDialog(relay.port, { host: own! })).rejects.toThrow(/ECONNREFUSED/)
})

describe('the file of users', () => {
  it('has one on each line', () => {
    expect(readUsers('\ufeff# apps\r\napp:se:cret\n\nother:x', 'users')).toEqual(
      new Map([
        ['app', 'se:cret'],
        ['other', 'x'],
      ]),
    )
  })

  it.each([
    ['secret', 'users: line 1 is not user:password'],
    ['a:b\n:c', 'users: line 2 is not user:password'],
    ['a:', 'users: line 1 is not user:password'],
    ['a:b\na:c', 'users: line 2 has a user that is there already'],
    ['# nobody', 'users has no user: write user:password, one on each line'],
  ])('%j is refused', (text, message) => {
    expect(() => readUsers(text, 'users')).toThrow(expect.objectContaining({ message, exitCode: 1 }))
  })
})

describe('where it listens', () => {
  it.each([
    ['127.0.0.1:2525', { scheme: 'smtp', host: '127.0.0.1', port: 2525 }],
    ['localhost:0', { scheme: 'smtp', host: 'localhost', port: 0 }],
    ['[::1]:25', { scheme: 'smtp', host: '::1', port: 25 }],
    ['SMTPS://mail.example.com:465', { scheme: 'smtps', host: 'mail.example.com', port: 465 }],
    ['lmtp://127.0.0.1:2424', { scheme: 'lmtp', host: '127.0.0.1', port: 2424 }],
  ])('%s', (text, listen) => {
    expect(readListen(text)).toEqual(listen)
    expect(listenText(readListen(text), readListen(text).port)).toBe(
      `${listen.scheme}://${text.toLowerCase().replace(/^\w+:\/\//, '')}`,
    )
  })

  it.each(['2525', '127.0.0.1', ':25', '127.0.0.1:65536', '::1:25', 'http://a:1', 'a b:1', '127.0.0.1:25/x', ''])(
    'not %j',
    (text) => {
      const message = `--listen is ${JSON.stringify(text)}: use HOST:PORT, or smtps:// or lmtp:// before it`
      expect(() => readListen(text)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
    },
  )

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['127.example.com', false],
    ['localhost.example.com', false],
    ['0.0.0.0', false],
    ['::', false],
  ])('%s is loopback: %s', (host, is) => {
    expect(isLoopback(host)).toBe(is)
  })
})

describe('the upstream', () => {
  const credentials = { user: 'me@example.com', password: 'p:@ss' }
  it.each([
    [
      'smtp://smtp.example.net',
      undefined,
      { host: 'smtp.example.net', port: 25, isImplicitTls: false, tls: 'verify', credentials: null },
    ],
    [
      'smtp://me%40example.com:p%3A%40ss@smtp.example.net',
      undefined,
      { host: 'smtp.example.net', port: 587, isImplicitTls: false, tls: 'verify', credentials },
    ],
    [
      'smtps://SMTP.example.net/',
      undefined,
      { host: 'smtp.example.net', port: 465, isImplicitTls: true, tls: 'verify', credentials: null },
    ],
    [
      'smtp://127.0.0.1:1025',
      undefined,
      { host: '127.0.0.1', port: 1025, isImplicitTls: false, tls: 'off', credentials: null },
    ],
    [
      'smtps://localhost',
      undefined,
      { host: 'localhost', port: 465, isImplicitTls: true, tls: 'encrypt', credentials: null },
    ],
    ['smtp://[::1]:25', 'verify', { host: '::1', port: 25, isImplicitTls: false, tls: 'verify', credentials: null }],
    [
      'smtp://smtp.example.net',
      'off',
      { host: 'smtp.example.net', port: 25, isImplicitTls: false, tls: 'off', credentials: null },
    ],
    [
      'smtp://me%40example.com:p%3A%40ss@localhost',
      'off',
      { host: 'localhost', port: 587, isImplicitTls: false, tls: 'off', credentials },
    ],
  ] as const)('%s with %s', (text, tls, upstream) => {
    expect(readUpstream(text, tls)).toEqual(upstream)
  })

  const wrong =
    'the upstream is no URL like smtp://user:password@smtp.example.net:587: use smtp:// or smtps://, and % for odd characters'
  it.each([
    ['smtp.example.net', undefined, wrong],
    ['https://smtp.example.net', undefined, wrong],
    ['smtp://', undefined, wrong],
    ['smtp://a/b', undefined, wrong],
    ['smtp://a?b', undefined, wrong],
    ['smtp://a#b', undefined, wrong],
    ['smtp://%ff:b@a', undefined, wrong],
    ['smtp://a:%ff@a', undefined, wrong],
    ['smtps://a', 'off', '--upstream-tls off does not go with smtps://'],
    ['smtp://a:b@c', 'off', '--upstream-tls off would send the password unencrypted: use verify, or no password'],
  ] as const)('not %s with %s, and without a word of its password', (text, tls, message) => {
    expect(() => readUpstream(text, tls)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
  })

  it.each([
    ['smtp://me:secret@smtp.example.net', 'smtp://smtp.example.net:587'],
    ['smtps://[::1]', 'smtps://[::1]:465'],
  ])('%s is shown as %s', (text, shown) => {
    expect(upstreamText(readUpstream(text, undefined))).toBe(shown)
  })
})

describe('TLS to clients', () => {
  const tls = { key, cert }

  it('by STARTTLS, after which who sends must say hello anew', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { tls })
    const client = await openClient(relay)
    await client.say('MAIL FROM:<before@example.com>')
    expect(await client.say('STARTTLS')).toMatch(/^220/)
    await client.startTls()
    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^503/)
    await client.say('EHLO client.test')
    expect(await lastAnswer(client)).toMatch(/^250/)
    expect(upstream.taken[0]!.message).toMatch(/\(mailtrace\) with ESMTPS id/)
  })

  it('what is said in the same packet as STARTTLS is not taken for what TLS protects', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port, { tls }))
    client.send('STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.com>\r\n')
    expect(await client.hear()).toMatch(/^220/)
    await client.startTls()
    expect(await client.say('RCPT TO:<b@example.net>')).toMatch(/^503/)
    expect(upstream.connections()).toBe(0)
  })

  it('from the first byte on', async () => {
    const upstream = await startUpstream()
    const listen = { scheme: 'smtps', host: '127.0.0.1', port: 0 } as const
    const client = await openClient(await startTestRelay(upstream.port, { tls, listen }), { tls: true })
    expect(await client.say('STARTTLS')).toMatch(/^500/)
    expect(await lastAnswer(client)).toMatch(/^250/)
  })

  it('a client that does not speak it is told of, and harms nobody', async () => {
    const upstream = await startUpstream()
    const listen = { scheme: 'smtps', host: '127.0.0.1', port: 0 } as const
    const relay = await startTestRelay(upstream.port, { tls, listen })
    const client = await openDialog(relay.port)
    client.send('EHLO client.test\r\n')
    await client.closed
    expect(relay.problems).toEqual([expect.stringMatching(/^a client's connection failed: /)])
    expect(await lastAnswer(await openClient(relay, { tls: true }))).toMatch(/^250/)
  })

  it('a password is not taken before it', async () => {
    const admission = createAdmission({ ...rules, host: '0.0.0.0', hasTls: true, users })
    const client = await openClient(await startTestRelay(1, { tls, admission }))
    expect(await client.say(`AUTH PLAIN ${plain('app', 'secret')}`)).toMatch(/^538/)
    await client.say('STARTTLS')
    await client.startTls()
    expect(await client.say('EHLO client.test')).toContain('AUTH')
    expect(await client.say(`AUTH PLAIN ${plain('app', 'secret')}`)).toMatch(/^235/)
  })

  it('without a key is not offered', async () => {
    const client = await openDialog((await startTestRelay(1)).port)
    await client.hear()
    expect(await client.say('EHLO client.test')).toBe(
      '250 relay.test Nice to meet you, [127.0.0.1] PIPELINING 8BITMIME SMTPUTF8 SIZE 1000000',
    )
    expect(await client.say('STARTTLS')).toMatch(/^500/)
  })
})

describe('TLS to the upstream', () => {
  const extensions = ['STARTTLS', 'AUTH PLAIN LOGIN', '8BITMIME']
  const relayTo = (url: string, tls: 'verify' | 'encrypt' | 'off') =>
    startTestRelay(1, { upstream: readUpstream(url, tls) })

  it.each([
    ['STARTTLS', false, 'smtp'],
    ['TLS from the first byte on', true, 'smtps'],
  ] as const)('%s, and AUTH within it', async (_, isImplicitTls, scheme) => {
    const upstream = await startUpstream({ extensions, isImplicitTls })
    const relay = await relayTo(`${scheme}://me:p%40ss@localhost:${upstream.port}`, 'encrypt')
    expect(await lastAnswer(await openClient(relay))).toMatch(/^250/)
    const auth = `AUTH PLAIN ${plain('me', 'p@ss')}`
    expect(upstream.lines.slice(0, -3)).toEqual(
      isImplicitTls ? ['EHLO relay.test', auth] : ['EHLO relay.test', 'STARTTLS', 'EHLO relay.test', auth],
    )
  })

  it.each(['smtp', 'smtps'])(
    'a certificate that nobody vouches for is refused before anything is said (%s)',
    async (scheme) => {
      const upstream = await startUpstream({ extensions, isImplicitTls: scheme === 'smtps' })
      const relay = await relayTo(`${scheme}://me:secret@localhost:${upstream.port}`, 'verify')
      expect(await sendMail(await openClient(relay))).toContain('451 4.4.1 upstream: self-signed certificate')
      expect(upstream.lines.filter((line) => line.startsWith('AUTH'))).toEqual([])
    },
  )

  it('an upstream without STARTTLS is refused', async () => {
    const upstream = await startUpstream({ extensions: ['AUTH PLAIN'] })
    const relay = await relayTo(`smtp://me:secret@localhost:${upstream.port}`, 'verify')
    expect((await sendMail(await openClient(relay)))[0]).toBe('451 4.4.1 upstream: it offers no STARTTLS')
    expect(upstream.lines).toEqual(['EHLO relay.test'])
  })

  it.each([
    ['STARTTLS', '454 4.7.0 not now', '451 4.4.1 upstream: it refuses STARTTLS: 454 4.7.0 not now'],
    ['STARTTLS', '220 go\r\n250 injected', '451 4.4.1 upstream: it speaks before TLS'],
    ['AUTH', '535 5.7.8 wrong', '451 4.4.1 upstream: it refuses AUTH: 535 5.7.8 wrong'],
  ])('%s answered %j', async (step, answer, heard) => {
    const upstream = await startUpstream({ extensions, steps: { [step]: answer } })
    const relay = await relayTo(`smtp://me:secret@localhost:${upstream.port}`, 'encrypt')
    expect((await sendMail(await openClient(relay)))[0]).toBe(heard)
    expect(relay.problems[0]).toBe(heard.slice(4))
    expect(heard).not.toContain('secret')
  })

  it('AUTH LOGIN where there is no other', async () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const upstream = await startUpstream({
      extensions: ['AUTH LOGIN'],
      steps: {
        AUTH: '334 VXNlcm5hbWU6',
        [base64('user').slice(0, 4).toUpperCase()]: '334 UGFzc3dvcmQ6',
        [base64('password').slice(0, 4).toUpperCase()]: '235 2.7.0 welcome',
      },
    })
    const relay = await relayTo(`smtp://user:password@localhost:${upstream.port}`, 'off')
    expect(await lastAnswer(await openClient(relay))).toMatch(/^250/)
    expect(upstream.lines.slice(1, 4)).toEqual(['AUTH LOGIN', base64('user'), base64('password')])
  })
})
