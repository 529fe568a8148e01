// The relay between real mail servers: Debian's Postfix before and behind it, swaks and Python's smtplib as clients, as its guide says.

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createAdmission } from '../../src/cli/relay/admission.ts'
import { cert, key } from '../relay/certificate.ts'
import { messageOf, openClient, sendMail, startTestRelay, type TestRelay } from '../relay/relays.ts'
import { startUpstream } from '../relay/upstream-server.ts'
import { isRoot, type Postfix, startPostfix } from './postfix.ts'
import { freePort } from './stage.ts'

const run = promisify(execFile)
const python = process.env.PYTHON ?? '/usr/bin/python3'
const guide = readFileSync(new URL('../../src/cli/relay/README.md', import.meta.url), 'utf8')

/** The configuration that the guide has for a file of Postfix. */
function configuration(after: string): string {
  const code = new RegExp(`${after}[^\`]*\`\`\`cfg\\n(.*?)\`\`\``, 's').exec(
    guide
      .replaceAll('`main.cf`', 'main.cf')
      .replaceAll('`master.cf`', 'master.cf')
      .replaceAll('`--upstream smtp://127.0.0.1:10026`', ''),
  )?.[1]
  if (code === undefined) throw new Error(`the guide has no configuration after ${after}`)
  return code
}

const untilIn = async (what: () => number, count: number, postfix: Postfix): Promise<void> => {
  await expect.poll(what, { timeout: 40_000, message: postfix.log().slice(-3_000) }).toBe(count)
}

const isTracked = (message: string): boolean =>
  message.replaceAll('=\r\n', '').replaceAll('=\n', '').includes('https://links.example.com/c/')

/** One tracking URL in each. */
const urlsOf = (postfix: Postfix): (string | undefined)[] =>
  postfix
    .mail()
    .map(({ message }) => /https:\/\/links\.example\.com\/c\/[\w-]+/.exec(message.replaceAll('=\n', ''))?.[0])

const clients: [name: string, send: (relay: TestRelay) => Promise<unknown>][] = [
  [
    'swaks',
    ({ port }) =>
      run('swaks', [
        '--server',
        `127.0.0.1:${port}`,
        '--from',
        'news@example.com',
        '--to',
        'ada@example.net,bob@example.net',
        '--header',
        'Content-Type: text/html',
        '--header',
        'X-Mailtrace-Campaign: spring',
        '--body',
        '<a href="https://shop.example/">Sale</a>',
      ]),
  ],
  [
    "Python's smtplib",
    ({ port }) =>
      run(python, [
        '-c',
        `import smtplib, email.message
m = email.message.EmailMessage()
m['From'], m['To'], m['Subject'] = 'news@example.com', 'ada@example.net, bob@example.net', 'Gr\u00fc\u00dfe'
m['X-Mailtrace-Campaign'] = 'spring'
m.set_content('Sale: https://shop.example/')
m.add_alternative('<p>Gr\u00fc\u00dfe</p><a href="https://shop.example/">Sale</a>' + '<p>.\\n.</p>' * 50, subtype='html')
with smtplib.SMTP('127.0.0.1', ${port}) as s:
    refused = s.send_message(m)
    assert refused == {}, refused`,
      ]),
  ],
]

describe.skipIf(!isRoot)('in front of a Postfix', () => {
  it.each(clients)('%s: one message to two recipients', async (_, send) => {
    const behind = await startPostfix()
    const relay = await startTestRelay(behind.port)
    await send(relay)
    await untilIn(() => behind.mail().length, 2, behind)
    expect(behind.mail().map(({ to }) => to)).toEqual(['ada', 'bob'])
    for (const { message } of behind.mail()) {
      expect(isTracked(message)).toBe(true)
      expect(message).not.toContain('X-Mailtrace')
      expect(message).toMatch(/^Received: from .*\n\tby relay\.test \(mailtrace\) with ESMTP id /m)
    }
    expect(new Set(urlsOf(behind)).size).toBe(1)
    expect(relay.minted).toMatchObject([{ recipients: ['ada@example.net', 'bob@example.net'], campaignRef: 'spring' }])
  })

  it("Python's smtplib by STARTTLS, and signed in", async () => {
    const behind = await startPostfix()
    const users = new Map([['app', 'secret']])
    const admission = createAdmission({ host: '0.0.0.0', hasTls: true, users, networks: [] })
    const relay = await startTestRelay(behind.port, { admission, tls: { key, cert } })
    const send = (password: string): Promise<unknown> =>
      run(python, [
        '-c',
        `import smtplib, ssl
context = ssl._create_unverified_context()
with smtplib.SMTP('127.0.0.1', ${relay.port}) as s:
    s.starttls(context=context)
    s.login('app', '${password}')
    s.sendmail('news@example.com', ['ada@example.net'], 'From: news@example.com\\r\\nContent-Type: text/html\\r\\n\\r\\n<a href="https://shop.example/">x</a>\\r\\n')`,
      ])
    await expect(send('wrong')).rejects.toThrow('SMTPAuthenticationError')
    await send('secret')
    await untilIn(() => behind.mail().length, 1, behind)
    expect(behind.mail()[0]!.message).toContain('(mailtrace) with ESMTPSA id')
  })

  it('its answers to RCPT are heard at once, and its own size is what counts', async () => {
    const behind = await startPostfix({
      main: 'message_size_limit = 20000\nmailbox_size_limit = 0\nvirtual_mailbox_limit = 0',
    })
    const relay = await startTestRelay(behind.port)
    const client = await openClient(relay)
    const heard = await sendMail(client, { to: ['ada@example.net', 'nobody@example.net'] })
    expect(heard[2]).toMatch(/^550 5\.1\.1 <nobody@example\.net>: Recipient address rejected: User unknown/)
    expect(heard.at(-1)).toMatch(/^250 2\.0\.0 Ok: queued as /)
    expect(await client.say('MAIL FROM:<a@example.com> SIZE=30000')).toMatch(
      /^552 5\.3\.4 Message size exceeds fixed limit/,
    )
    const large = await sendMail(client, { message: messageOf([], `${'x'.repeat(76)}\r\n`.repeat(400)) })
    expect(large.at(-1)).toMatch(/^552 5\.3\.4 /)
    await untilIn(() => behind.mail().length, 1, behind)
  })
})

describe.skipIf(!isRoot)('Postfix in front, as the guide has it', () => {
  /** `relayhost` of the guide, with the port of this relay. */
  const smarthost = (port: number): string => configuration('main.cf').replace('2525', `${port}`)

  it('as smarthost: tracked once, delivered once', async () => {
    const behind = await startPostfix()
    const relay = await startTestRelay(behind.port)
    const front = await startPostfix({
      main: smarthost(relay.port),
      passesOn: true,
    })
    expect(
      (await sendMail(await openClient(front as never), { to: ['ada@example.net', 'bob@example.net'] })).at(-1),
    ).toMatch(/^250/)
    await untilIn(() => behind.mail().length, 2, behind)
    await untilIn(front.waiting, 0, front)
    expect(urlsOf(behind).filter((url) => url !== undefined)).toHaveLength(2)
    expect(relay.minted).toHaveLength(1)
  })

  it('a recipient that the upstream refuses bounces, and the others get theirs', async () => {
    const behind = await startPostfix()
    const relay = await startTestRelay(behind.port)
    const front = await startPostfix({
      main: smarthost(relay.port),
      passesOn: true,
    })
    await sendMail(await openClient(front as never), { to: ['ada@example.net', 'nobody@example.net'] })
    await untilIn(() => behind.mail().length, 1, behind)
    await expect
      .poll(front.log, { timeout: 40_000 })
      .toMatch(/to=<nobody@example\.net>.* status=bounced .*said: 550 5\.1\.1/)
    expect(front.log()).toMatch(/to=<ada@example\.net>.* status=sent \(250 2\.0\.0 Ok: queued as /)
  })

  it('keeps what the upstream does not take, and sends it when it is back: no message is lost, and none comes twice', async () => {
    const port = await freePort()
    const relay = await startTestRelay(port)
    const front = await startPostfix({
      main: smarthost(relay.port),
      passesOn: true,
    })
    for (let at = 0; at < 5; at++)
      await sendMail(await openClient(front as never), { to: ['ada@example.net', 'bob@example.net'] })
    await expect.poll(front.log, { timeout: 40_000 }).toMatch(/status=deferred .*451 4\.4\.1 upstream: /)
    expect(front.waiting()).toBe(5)
    const behind = await startPostfix({ port })
    const flushed = (): number => {
      front.flush()
      return front.waiting()
    }
    await expect.poll(flushed, { timeout: 40_000, interval: 500 }).toBe(0)
    await untilIn(() => behind.mail().length, 10, behind)
    expect(behind.mail().every(({ message }) => isTracked(message))).toBe(true)
  })

  it('a copy that is refused for now is tried again, and those alone who have none get one', async () => {
    let [recipient, refusals] = ['', 2]
    const upstream = await startUpstream({
      steps: {
        RCPT: (line) => {
          recipient = line
          return undefined
        },
        message: () => (recipient.includes('bob') && refusals-- > 0 ? '451 4.3.0 later' : undefined),
      },
    })
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    const front = await startPostfix({ main: smarthost(relay.port), passesOn: true })
    await sendMail(await openClient(front as never), { to: ['ada@example.net', 'bob@example.net', 'eve@example.net'] })
    const flushed = (): number => {
      front.flush()
      return front.waiting()
    }
    await expect.poll(flushed, { timeout: 40_000, interval: 500 }).toBe(0)
    const names = upstream.taken.map(({ rcpt }) => /<(\w+)@/.exec(rcpt.join())![1])
    expect([names.toSorted(), refusals < 1]).toEqual([['ada', 'bob', 'eve'], true])
  })

  it('as content filter: out at one port and back at another', async () => {
    const [back, filter] = [await freePort(), await freePort()]
    const relay = await startTestRelay(back, { listen: { scheme: 'smtp', host: '127.0.0.1', port: filter } })
    const [, ...services] = configuration('master.cf').split(/^(?=\S)/m)
    const postfix = await startPostfix({
      smtpdOptions: [`content_filter=smtp:[127.0.0.1]:${filter}`],
      master: services.join('').replace('10026', `${back}`),
    })
    expect(configuration('master.cf')).toContain('-o content_filter=smtp:[127.0.0.1]:2525')
    await sendMail(await openClient(postfix as never), { to: ['ada@example.net', 'bob@example.net'] })
    await untilIn(() => postfix.mail().length, 2, postfix)
    expect(postfix.mail().every(({ message }) => isTracked(message))).toBe(true)
    expect(relay.minted).toHaveLength(1)
    await untilIn(postfix.waiting, 0, postfix)
  })

  it('as content filter that speaks LMTP: each recipient has a copy, and a retry is for those alone who have none', async () => {
    const [back, filter] = [await freePort(), await freePort()]
    const relay = await startTestRelay(back, {
      listen: { scheme: 'lmtp', host: '127.0.0.1', port: filter },
      isPerRecipient: true,
    })
    const [, ...services] = configuration('master.cf').split(/^(?=\S)/m)
    const postfix = await startPostfix({
      smtpdOptions: [`content_filter=lmtp:[127.0.0.1]:${filter}`],
      master: services.join('').replace('10026', `${back}`),
    })
    await sendMail(await openClient(postfix as never), {
      to: ['ada@example.net', 'bob@example.net', 'eve@example.net'],
    })
    await untilIn(() => postfix.mail().length, 3, postfix)
    expect(new Set(urlsOf(postfix)).size).toBe(3)
    expect(relay.minted.map(({ recipients }) => recipients)).toEqual([
      ['ada@example.net'],
      ['bob@example.net'],
      ['eve@example.net'],
    ])
    await untilIn(postfix.waiting, 0, postfix)
  })
})
