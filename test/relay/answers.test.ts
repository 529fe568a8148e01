// Every answer is the upstream's, and what was not answered 250 is not with it.

import { describe, expect, it } from 'vitest'
import { html, messageOf, now, openClient, sendMail, shortTimeouts, startTestRelay } from './relays.ts'
import { type Step, startUpstream } from './upstream-server.ts'

const go = '354 End data with <CR><LF>.<CR><LF>'

describe('a message that the upstream takes', () => {
  it('is answered as the upstream answers it', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    expect(await sendMail(await openClient(relay))).toEqual([
      '250 Accepted',
      '250 Accepted',
      go,
      '250 2.0.0 Ok: queued as 4711',
    ])
    const [{ mail, rcpt, message }] = upstream.taken as [(typeof upstream.taken)[0]]
    expect([mail, rcpt]).toEqual(['MAIL FROM:<ada@example.com> BODY=8BITMIME', ['RCPT TO:<bob@example.net>']])
    expect(message).toMatch(/<a href="https:\/\/links\.example\.com\/c\/[\w-]+">Sale<\/a>/)
    expect(message).toMatch(/<img src="https:\/\/links\.example\.com\/o\/[\w-]+\.gif"/)
    expect(relay.copies).toEqual(['tracked: 1 link, opens -> 250'])
  })

  it('carries one trace field more, and else nothing that the relay did not put into its HTML', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    await sendMail(await openClient(relay), { message: messageOf([' odd: continuation', 'X-Odd:  two  spaces ']) })
    const { message } = upstream.taken[0]!
    const trace =
      /^Received: from client\.test \(\[127\.0\.0\.1\]\)\r\n\tby relay\.test \(mailtrace\) with ESMTP id \w+\.1;\r\n\tWed, 25 Nov 2026 00:00:00 \+0000\r\n/
    expect(message).toMatch(trace)
    const untracked = message
      .replace(trace, '')
      .replace(/https:\/\/links\.example\.com\/c\/[\w-]+/, 'https://shop.example/sale?a=1&amp;b=2')
      .replace(/<img [^>]*>(?:\r\n)?/, '')
    expect(untracked).toBe(messageOf([' odd: continuation', 'X-Odd:  two  spaces ']))
  })

  it('names its client in no way that could be more than a name', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    await sendMail(await openClient(relay, { hello: 'EHLO a(b;c' }))
    expect(upstream.taken.map(({ message }) => message.split(' (')[0])).toEqual(['Received: from a?b?c'])
  })

  it('is kept with its references before the upstream has it', async () => {
    const upstream = await startUpstream()
    const before: number[] = []
    const relay = await startTestRelay(upstream.port, {
      record: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        before.push(upstream.taken.length, upstream.lines.filter((line) => line === 'DATA').length)
      },
    })
    expect((await sendMail(await openClient(relay))).at(-1)).toMatch(/^250/)
    expect(before).toEqual([0, 0])
  })

  it('is told with all that was minted', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    await sendMail(await openClient(relay), { to: ['bob@example.net', 'eve@example.net'] })
    expect(relay.minted).toEqual([
      {
        type: 'message',
        time: now,
        domain: 'example.com',
        messageRef: expect.stringMatching(/^[\w-]{22}$/),
        campaignRef: null,
        messageId: '<1@example.com>',
        subject: 'News',
        recipients: ['bob@example.net', 'eve@example.net'],
        activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
        issuedAt: now,
        links: [{ part: 'html', index: 0, element: 'a', name: null, destination: 'https://shop.example/sale?a=1&b=2' }],
      },
    ])
  })

  it('goes untracked where its references cannot be kept', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, {
      record: () => Promise.reject(new Error('ENOSPC: no space left on device, write')),
    })
    expect((await sendMail(await openClient(relay))).at(-1)).toMatch(/^250/)
    expect(upstream.taken[0]!.message).toContain(html)
    expect(relay.copies).toEqual(['untracked: what it was given could not be kept: no space left on device -> 250'])
  })
})

/** What the client hears, from the step on at which the upstream does something else. */
const refusals: [what: string, at: string, step: Step, heard: string[]][] = [
  ['MAIL for good', 'MAIL', '550 5.7.1 not you', ['550 5.7.1 not you']],
  ['MAIL for now', 'MAIL', '451 4.3.0 later', ['451 4.3.0 later']],
  ['MAIL in two lines', 'MAIL', '550-5.7.1 not\r\n550 5.7.1 you', ['550 5.7.1 not 5.7.1 you']],
  ['RCPT for good', 'RCPT', '550 5.1.1 no such user', ['250 Accepted', '550 5.1.1 no such user']],
  ['RCPT for now', 'RCPT', '450 4.2.0 greylisted', ['250 Accepted', '450 4.2.0 greylisted']],
  [
    'DATA for good',
    'DATA',
    '554 5.5.1 no valid recipients',
    ['250 Accepted', '250 Accepted', go, '554 5.5.1 no valid recipients'],
  ],
  ['DATA for now', 'DATA', '451 4.3.5 later', ['250 Accepted', '250 Accepted', go, '451 4.3.5 later']],
  ['the message for good', 'message', '550 5.7.1 spam', ['250 Accepted', '250 Accepted', go, '550 5.7.1 spam']],
  ['the message for now', 'message', '452 4.3.1 full', ['250 Accepted', '250 Accepted', go, '452 4.3.1 full']],
]

describe('an upstream that refuses', () => {
  it.each(refusals)('%s: the client hears it', async (_, at, step, heard) => {
    const upstream = await startUpstream({ steps: { [at]: step } })
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    const all = await sendMail(client)
    expect(all.slice(0, heard.length)).toEqual(heard)
    expect(all.slice(heard.length).filter((answer) => !answer.startsWith('503'))).toEqual([])
    expect(upstream.taken).toEqual([])
    // The session goes on.
    expect(await client.say('NOOP')).toMatch(/^250/)
  })

  it('one recipient of three: the others get the message', async () => {
    const upstream = await startUpstream({
      steps: { RCPT: (line) => (line.includes('bad') ? '550 5.1.1 no such user' : undefined) },
    })
    const relay = await startTestRelay(upstream.port)
    const to = ['a@example.net', 'bad@example.net', 'c@example.net']
    expect(await sendMail(await openClient(relay), { to })).toEqual([
      '250 Accepted',
      '250 Accepted',
      '550 5.1.1 no such user',
      '250 Accepted',
      go,
      '250 2.0.0 Ok: queued as 4711',
    ])
    expect(upstream.taken[0]!.rcpt).toEqual(['RCPT TO:<a@example.net>', 'RCPT TO:<c@example.net>'])
    expect(relay.minted[0]!.recipients).toEqual(['a@example.net', 'c@example.net'])
  })
})

const failures: [what: string, at: string, step: Step, answer: string][] = [
  ['closes instead of a greeting', 'greeting', 'close', '451 4.4.1 upstream: it closed the connection'],
  ['hangs instead of a greeting', 'greeting', 'hang', '451 4.4.1 upstream: it does not answer in time'],
  [
    'greets with a refusal',
    'greeting',
    '554 5.7.1 go away',
    '451 4.4.1 upstream: it does not take mail now: 554 5.7.1 go away',
  ],
  ['is something else', 'greeting', 'SSH-2.0-OpenSSH_9.6', '451 4.4.1 upstream: it does not speak SMTP'],
  ['closes at EHLO', 'EHLO', 'close', '451 4.4.1 upstream: it closed the connection'],
  ['hangs at MAIL', 'MAIL', 'hang', '451 4.4.1 upstream: it does not answer in time'],
  ['closes at MAIL', 'MAIL', 'close', '451 4.4.1 upstream: it closed the connection'],
  ['answers MAIL with 354', 'MAIL', '354 what', '451 4.5.0 the upstream answers 354'],
  ['hangs at RCPT', 'RCPT', 'hang', '451 4.4.1 upstream: it does not answer in time'],
  ['closes at RCPT', 'RCPT', 'close', '451 4.4.1 upstream: it closed the connection'],
  ['hangs at DATA', 'DATA', 'hang', '451 4.4.1 upstream: it does not answer in time'],
  ['closes at DATA', 'DATA', 'close', '451 4.4.1 upstream: it closed the connection'],
  ['takes DATA before the message', 'DATA', '250 done', '451 4.4.1 upstream: it answers DATA oddly: 250 done'],
  ['hangs after the message', 'message', 'hang', '451 4.4.1 upstream: it does not answer in time'],
  ['closes after the message', 'message', 'close', '451 4.4.1 upstream: it closed the connection'],
]

describe('an upstream that fails is a 451', () => {
  it.each(failures)('it %s', async (_, at, step, answer) => {
    const upstream = await startUpstream({ steps: { [at]: step } })
    const relay = await startTestRelay(upstream.port, step === 'hang' ? { timeouts: shortTimeouts } : {})
    const client = await openClient(relay)
    const heard = await sendMail(client)
    expect(heard.find((each) => /^[45]/.test(each))).toBe(answer)
    expect(upstream.taken).toEqual([])
    expect(await client.say('NOOP')).toMatch(/^250/)
  })

  it('it closes in the middle of the message', async () => {
    const upstream = await startUpstream({ steps: { block: 'close' } })
    const relay = await startTestRelay(upstream.port)
    const message = messageOf([], `${html}\r\n${'x'.repeat(70)}\r\n`.repeat(5_000))
    expect((await sendMail(await openClient(relay), { message })).at(-1)).toMatch(/^451 4\.4\.1 upstream: /)
    expect(upstream.taken).toEqual([])
  })

  it('it takes no more of the message', async () => {
    const upstream = await startUpstream({ steps: { DATA: 'deaf' } })
    const relay = await startTestRelay(upstream.port, { timeouts: shortTimeouts, maxSize: 50_000_000 })
    const message = messageOf([], `${'x'.repeat(76)}\r\n`.repeat(300_000))
    expect((await sendMail(await openClient(relay), { message })).at(-1)).toBe(
      '451 4.4.1 upstream: it does not answer in time',
    )
  })

  it('it is not there', async () => {
    const relay = await startTestRelay(1)
    expect((await sendMail(await openClient(relay)))[0]).toMatch(/^451 4\.4\.1 upstream: .*ECONNREFUSED/)
    expect(relay.problems).toHaveLength(1)
  })

  it('it does not speak EHLO, but HELO: it is spoken to so', async () => {
    const upstream = await startUpstream({ steps: { EHLO: '502 5.5.2 what?', HELO: '250 upstream.test' } })
    const relay = await startTestRelay(upstream.port)
    expect((await sendMail(await openClient(relay))).at(-1)).toMatch(/^250/)
    expect(upstream.lines.slice(0, 3)).toEqual(['EHLO relay.test', 'HELO relay.test', 'MAIL FROM:<ada@example.com>'])
  })
})

describe('the next message of a client', () => {
  it('goes over the same connection to the upstream', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    for (let at = 0; at < 3; at++) expect((await sendMail(client)).at(-1)).toMatch(/^250/)
    expect([upstream.taken.length, upstream.connections()]).toEqual([3, 1])
    expect(upstream.lines.filter((line) => line === 'RSET')).toEqual([])
  })

  it('goes over a new one where the upstream has left', async () => {
    let isFirst = true
    const upstream = await startUpstream({
      steps: {
        MAIL: () => {
          if (upstream.taken.length === 0 || !isFirst) return undefined
          isFirst = false
          return '421 4.4.2 idle for too long'
        },
      },
    })
    const client = await openClient(await startTestRelay(upstream.port))
    for (let at = 0; at < 2; at++) expect((await sendMail(client)).at(-1)).toMatch(/^250/)
    expect([upstream.taken.length, upstream.connections()]).toEqual([2, 2])
  })

  it('begins anew after a transaction that was given up', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    await client.say('MAIL FROM:<ada@example.com>')
    await client.say('RCPT TO:<wrong@example.net>')
    await client.say('RSET')
    expect((await sendMail(client)).at(-1)).toMatch(/^250/)
    expect(upstream.taken.map(({ rcpt }) => rcpt)).toEqual([['RCPT TO:<bob@example.net>']])
    expect(upstream.lines.filter((line) => line === 'RSET')).toEqual(['RSET'])
  })
})

it('a connection on which the upstream said farewell is left for another', async () => {
  const upstream = await startUpstream()
  const client = await openClient(await startTestRelay(upstream.port))
  await sendMail(client)
  upstream.sayToAll('421 4.4.2 idle for too long')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await sendMail(client)).at(-1)).toMatch(/^250/)
  expect(upstream.connections()).toBe(2)
  await expect.poll(upstream.open).toBe(1)
})

describe('after a refusal', () => {
  it.each(['MAIL', 'DATA', 'message'])(
    'of %s the next message begins with RSET: a SIZE may have been kept',
    async (at) => {
      let isFirst = true
      const upstream = await startUpstream({
        steps: {
          [at]: () => {
            const step = isFirst ? '552 5.3.4 too long' : undefined
            isFirst = false
            return step
          },
        },
      })
      const client = await openClient(await startTestRelay(upstream.port))
      await sendMail(client)
      await client.say('RSET')
      expect((await sendMail(client)).at(-1)).toMatch(/^250/)
      expect(upstream.lines.filter((line) => line === 'RSET')).toEqual(['RSET'])
      expect(upstream.connections()).toBe(1)
    },
  )
})

describe('a client that leaves', () => {
  it('while the upstream is being reached: its connection is not kept', async () => {
    const upstream = await startUpstream({ steps: { greeting: 'hang' } })
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    client.send('MAIL FROM:<ada@example.com>\r\n')
    await expect.poll(upstream.connections).toBe(1)
    client.leave()
    await new Promise((resolve) => setTimeout(resolve, 50))
    upstream.sayToAll('220 upstream.test')
    await expect.poll(upstream.open).toBe(0)
    expect(upstream.lines.at(-1)).toBe('QUIT')
  })

  it.each([
    ['in the middle of its message', messageOf().slice(0, -10)],
    ['before the dot', messageOf()],
    ['after half of the end', `${messageOf()}.\r`],
  ])('%s: nothing is delivered', async (_, bytes) => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    await client.say('MAIL FROM:<ada@example.com>')
    await client.say('RCPT TO:<bob@example.net>')
    await client.say('DATA')
    client.send(bytes)
    await new Promise((resolve) => setTimeout(resolve, 50))
    client.leave()
    await relay.drain()
    expect([upstream.taken, relay.minted]).toEqual([[], []])
    expect(upstream.lines).not.toContain('DATA')
  })

  it('once its message is with the upstream: that is heard out', async () => {
    const upstream = await startUpstream({ steps: { message: 'hang' } })
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    void sendMail(client)
    await expect.poll(upstream.raw).toContain('</p>')
    client.leave()
    await new Promise((resolve) => setTimeout(resolve, 100))
    upstream.sayToAll('250 2.0.0 Ok: queued as 4711')
    await expect.poll(() => relay.copies).toEqual(['tracked: 1 link, opens -> 250'])
    await expect.poll(upstream.open).toBe(0)
    expect(upstream.lines.at(-1)).toBe('QUIT')
  })

  it('while its references are being kept: nothing is delivered', async () => {
    const upstream = await startUpstream()
    let kept = (): void => {}
    const relay = await startTestRelay(upstream.port, { record: () => new Promise((resolve) => (kept = resolve)) })
    const client = await openClient(relay)
    void sendMail(client)
    await new Promise((resolve) => setTimeout(resolve, 300))
    client.leave()
    await new Promise((resolve) => setTimeout(resolve, 50))
    kept()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([upstream.taken, upstream.lines.includes('DATA')]).toEqual([[], false])
  })
})
