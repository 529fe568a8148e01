// The relay as a program: its call, its events file, and what remains of it when it is killed.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDialog } from '../relay/dialog.ts'
import { lastAnswer, messageOf, openClient } from '../relay/relays.ts'
import { startUpstream } from '../relay/upstream-server.ts'
import { exampleDomain, run, startProgram, workFolder, writeDomain, writeFixture } from './program.ts'
import { startRelay, stop, until } from './server.ts'

const domain = writeDomain('domain.json')
const client = (port: number) => openClient({ port, drain: async () => {} })
const linesOf = (name: string): { messageRef: string; recipients: string[] }[] =>
  readFileSync(join(workFolder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('the program', () => {
  it('says where it listens, prints what became of each message, and keeps its references', async () => {
    const upstream = await startUpstream()
    const running = await startRelay(
      '--domain',
      domain,
      '--upstream',
      `smtp://127.0.0.1:${upstream.port}`,
      '--events',
      'sent.jsonl',
    )
    expect(running.said.stderr).toBe(
      `mailtrace: listening on smtp://127.0.0.1:${running.port}, for mail of example.com\nmailtrace: passing on to smtp://127.0.0.1:${upstream.port}\n`,
    )
    expect(await lastAnswer(await client(running.port), { message: messageOf(['X-Mailtrace-Ref: order-1']) })).toMatch(
      /^250/,
    )
    await lastAnswer(await client(running.port), { message: messageOf(['X-Mailtrace-Tracking: none']) })
    expect(await stop(running, 'SIGTERM')).toBe(0)
    expect(running.said.stdout.replace(/^\d\d:\d\d:\d\d/gm, 'TIME')).toBe(
      [
        'TIME tracked: 1 link, opens (order-1) -> 250 2.0.0 Ok: queued as 4711',
        'TIME untracked: X-Mailtrace-Tracking is "none": use off, or open=MODE, click=MODE -> 250 2.0.0 Ok: queued as 4711',
        '',
      ].join('\n'),
    )
    expect(running.said.stdout + running.said.stderr).not.toContain('bob@example.net')
    expect(linesOf('sent.jsonl')).toMatchObject([
      { messageRef: 'order-1', recipients: ['bob@example.net'], messageId: '<1@example.com>' },
    ])
  })

  it('takes the upstream from the environment, and shows no password', async () => {
    const upstream = await startUpstream({ extensions: ['AUTH PLAIN'] })
    const child = startProgram(['relay', '--listen', '127.0.0.1:0', '--domain', domain], {
      MAILTRACE_UPSTREAM: `smtp://me:secret@127.0.0.1:${upstream.port}`,
    })
    let said = ''
    child.stderr.on('data', (text) => (said += text))
    await until(() => said.includes('passing on'))
    const port = Number(/:(\d+), for/.exec(said)![1])
    expect(await lastAnswer(await client(port))).toMatch(/^250/)
    expect(upstream.lines[1]).toBe(`AUTH PLAIN ${Buffer.from('\0me\0secret').toString('base64')}`)
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(said).not.toContain('secret')
  })

  it('is for several domains', async () => {
    const other = writeDomain('other.json', {
      name: 'other.example',
      trackingDomains: [{ host: 'links.other.example', status: 'verified' }],
    })
    const upstream = await startUpstream()
    const running = await startRelay(
      '--domain',
      domain,
      '--domain',
      other,
      '--upstream',
      `smtp://127.0.0.1:${upstream.port}`,
      '--text',
    )
    const dialog = await client(running.port)
    for (const name of ['example.com', 'other.example', 'third.example']) {
      await lastAnswer(dialog, { message: `From: a@${name}\r\n\r\nhttps://shop.example/\r\n` })
    }
    expect(upstream.taken.map(({ message }) => /https:\/\/[^/]+/.exec(message)![0])).toEqual([
      'https://links.example.com',
      'https://links.other.example',
      'https://shop.example',
    ])
    expect(await stop(running, 'SIGINT')).toBe(0)
  })

  it('SIGTERM lets a message that has begun arrive', async () => {
    const upstream = await startUpstream()
    const running = await startRelay('--domain', domain, '--upstream', `smtp://127.0.0.1:${upstream.port}`)
    const dialog = await client(running.port)
    await dialog.say('MAIL FROM:<a@example.com>')
    await dialog.say('RCPT TO:<b@example.net>')
    await dialog.say('DATA')
    dialog.send('From: a@example.com\r\n')
    const stopped = stop(running, 'SIGTERM')
    await expect
      .poll(() =>
        openDialog(running.port).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed')
    dialog.send('\r\n.\r\n')
    expect(await dialog.hear()).toBe('250 2.0.0 Ok: queued as 4711')
    expect(await stopped).toBe(0)
    expect(upstream.taken).toHaveLength(1)
  })
})

const stored = writeDomain('stored.json', { signingKeys: undefined })
const upstreamUrl = 'smtp://127.0.0.1:1'
const users = writeFixture('users', 'app:secret\n')
const twin = writeFixture('twin.json', JSON.stringify({ ...exampleDomain, name: 'EXAMPLE.com' }))

describe('a call that would not do', () => {
  it.each<[args: string[], code: number, message: string]>([
    [
      ['--listen', '0.0.0.0:2525'],
      2,
      '--listen 0.0.0.0 would be an open relay: say who may send with --auth FILE or --allow NETWORK',
    ],
    [
      ['--listen', '0.0.0.0:2525', '--auth', users],
      2,
      '--auth would take passwords unencrypted: add --tls-key FILE and --tls-cert FILE',
    ],
    [['--listen', '2525'], 2, '--listen is "2525": use HOST:PORT, or smtps:// or lmtp:// before it'],
    [['--listen', 'smtps://127.0.0.1:0'], 2, 'smtps:// needs --tls-key FILE and --tls-cert FILE'],
    [['--tls-key', 'key.pem'], 2, '--tls-key and --tls-cert go together (see mailtrace relay --help)'],
    [['--tls-key', 'no.pem', '--tls-cert', 'no.pem'], 1, 'cannot read "no.pem": no such file or directory'],
    [['--auth', 'nobody'], 1, 'cannot read "nobody": no such file or directory'],
    [['--allow', '0.0.0.0/0'], 2, '--allow 0.0.0.0/0 is everybody, which would be an open relay: name your networks'],
    [['--domain', twin], 1, `${twin} is for example.com, which another --domain has`],
    [['--domain', stored], 1, `${stored} is for example.com, which another --domain has`],
    [['--max-size', '0'], 2, '--max-size is "0": use a number from 1 to 1000000000'],
    [['--max-clients', 'many'], 2, '--max-clients is "many": use a number from 1 to 100000'],
    [['--max-recipients', '100001'], 2, '--max-recipients is "100001": use a number from 1 to 100000'],
    [['--name', 'a b'], 2, '--name is "a b": use a host name'],
    [
      ['--upstream-tls', 'maybe'],
      2,
      '--upstream-tls is "maybe": use verify, encrypt or off (see mailtrace relay --help)',
    ],
    [
      ['--upstream', 'smtp://me:secret'],
      2,
      'the upstream is no URL like smtp://user:password@smtp.example.net:587: use smtp:// or smtps://, and % for odd characters',
    ],
    [['--events', 'no/such/folder'], 1, 'cannot write "no/such/folder": no such file or directory'],
  ])('%j', async (args, code, message) =>
    expect(await run(['relay', '--domain', domain, '--upstream', upstreamUrl, ...args])).toEqual({
      code,
      stdout: '',
      stderr: `mailtrace: ${message}\n`,
    }),
  )

  it('stored references need the events file', async () =>
    expect(await run(['relay', '--domain', stored, '--upstream', upstreamUrl])).toMatchObject({
      code: 1,
      stderr: `mailtrace: ${stored} has no signingKeys: its references stand nowhere else, add --events FILE or --database URL\n`,
    }))

  it('a port that is taken', async () => {
    const { port } = await startUpstream()
    expect(
      await run(['relay', '--domain', domain, '--upstream', upstreamUrl, '--listen', `127.0.0.1:${port}`]),
    ).toMatchObject({
      code: 1,
      stderr: `mailtrace: port ${port} is in use: choose another with --listen\n`,
    })
  })
})

describe('killed under load', () => {
  it('20 times: a message is answered 250 and was delivered, or is not answered 250', {
    timeout: 180_000,
  }, async () => {
    const upstream = await startUpstream()
    const answered = new Set<string>()
    const attempted = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const running = await startRelay(
        '--domain',
        domain,
        '--upstream',
        `smtp://127.0.0.1:${upstream.port}`,
        '--events',
        'killed.jsonl',
      )
      const closed = once(running.child, 'close')
      let count = 0
      const clients = Array.from({ length: 8 }, async (_, at) => {
        const dialog = await client(running.port).catch(() => null)
        for (let turn = 0; dialog !== null && turn < 10_000; turn++) {
          const name = `${round}-${at}-${turn}`
          attempted.add(name)
          const answer = await lastAnswer(dialog, {
            message: messageOf([`X-Mailtrace-Ref: ref-${name}`, `X-Name: ${name}`]),
          })
          if (answer === 'closed') return
          if (answer.startsWith('250')) answered.add(name)
          count++
        }
      })
      // Some die as they begin, some in the middle of hundreds.
      const enough = [0, 1, 5, 20, 50][round % 5]!
      await until(() => count >= enough)
      running.child.kill('SIGKILL')
      await Promise.all([...clients, closed])
    }
    const delivered = upstream.taken.map(({ message }) => /^X-Name: (\S+)/m.exec(message)![1]!)
    const arrived = new Set(delivered)
    expect([...answered].filter((name) => !arrived.has(name))).toEqual([])
    expect(delivered.length).toBe(arrived.size)
    expect([...arrived].filter((name) => !attempted.has(name))).toEqual([])
    expect(answered.size).toBeGreaterThan(200)
    // Whatever was delivered can be told whose it is.
    const kept = new Set(linesOf('killed.jsonl').map(({ messageRef }) => messageRef))
    expect([...arrived].filter((name) => !kept.has(`ref-${name}`))).toEqual([])
  })
})
