// What is bounded, and how the relay ends.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createReplyReader } from '../../src/cli/relay/reply.ts'
import { openDialog } from './dialog.ts'
import { html, lastAnswer, messageOf, openClient, sendMail, shortTimeouts, startTestRelay } from './relays.ts'
import { startUpstream } from './upstream-server.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('size', () => {
  it('a message of 100 MB is refused by its SIZE, before it is sent', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    expect(await client.say('MAIL FROM:<a@example.com> SIZE=100000000')).toMatch(/^552/)
    expect(upstream.connections()).toBe(0)
  })

  it('one that does not say how long it is, is refused at its end, and is not kept', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    await client.say('MAIL FROM:<a@example.com>')
    await client.say('RCPT TO:<b@example.net>')
    await client.say('DATA')
    const chunk = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1_000))
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for (let at = 0; at < 100; at++) {
      client.send(chunk)
      await wait(1)
      if (at % 10 === 9) collectGarbage()
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    client.send('.\r\n')
    expect(await client.hear()).toBe('552 5.3.4 the message is over 1000000 bytes')
    expect(most).toBeLessThan(60_000_000)
    expect(upstream.lines).not.toContain('DATA')
    expect(await lastAnswer(client)).toMatch(/^250/)
  }, 60_000)

  it('one that is as long as it may be is taken', async () => {
    const upstream = await startUpstream()
    const message = messageOf()
    const client = await openClient(await startTestRelay(upstream.port, { maxSize: message.length }))
    expect(await lastAnswer(client, { message })).toMatch(/^250/)
    expect(await lastAnswer(client, { message: `${message}\r\n` })).toMatch(/^552/)
  })
})

it('recipients are so many, and the others are asked to be sent to separately', async () => {
  const upstream = await startUpstream()
  const client = await openClient(await startTestRelay(upstream.port, { maxRecipients: 2 }))
  const heard = await sendMail(client, { to: ['a@example.net', 'b@example.net', 'c@example.net'] })
  expect(heard.slice(1, 4)).toEqual([
    '250 Accepted',
    '250 Accepted',
    '452 4.5.3 too many recipients: send to the others separately',
  ])
  expect(upstream.taken[0]!.rcpt).toEqual(['RCPT TO:<a@example.net>', 'RCPT TO:<b@example.net>'])
})

it('clients are so many', async () => {
  const relay = await startTestRelay(1, { maxClients: 2 })
  await openClient(relay)
  await openClient(relay)
  const third = await openDialog(relay.port)
  expect(await third.hear()).toMatch(/^421/)
})

it('a client that says nothing is let go', async () => {
  const relay = await startTestRelay(1, { timeouts: { ...shortTimeouts, clientMs: 150 } })
  const client = await openClient(relay)
  expect(await client.hear()).toMatch(/^421/)
})

it('a message that goes in a circle is refused', async () => {
  const upstream = await startUpstream()
  const client = await openClient(await startTestRelay(upstream.port))
  const hops = (count: number): string =>
    messageOf(Array.from({ length: count }, () => 'Received: from a by b; Tue, 24 Nov 2026 00:00:00 +0000'))
  expect(await lastAnswer(client, { message: hops(99) })).toMatch(/^250/)
  expect(await lastAnswer(client, { message: hops(100) })).toBe('554 5.4.6 the message goes in a circle')
  expect(upstream.taken).toHaveLength(1)
})

it('a header of many megabytes is refused: its fields would fill the memory', async () => {
  const upstream = await startUpstream()
  const client = await openClient(await startTestRelay(upstream.port, { maxSize: 10_000_000 }))
  const from = 'From: ada@example.com\r\n'
  const headerOf = (bytes: number): string => `${from}${'a:b\r\n'.repeat((bytes - from.length - 8) / 5)}`
  // With what is left over in one field more.
  const exact = (bytes: number): string => {
    const begun = headerOf(bytes)
    return `${begun}c:${'d'.repeat(bytes - begun.length - 4)}\r\n`
  }
  expect(await lastAnswer(client, { message: `${exact(1_048_576)}\r\n${'body\r\n'.repeat(200_000)}` })).toMatch(/^250/)
  const refused = '554 5.6.0 the header is over 1048576 bytes'
  expect(await lastAnswer(client, { message: `${exact(1_048_577)}\r\nbody\r\n` })).toBe(refused)
  expect(await lastAnswer(client, { message: exact(1_048_577) })).toBe(refused)
  expect(await lastAnswer(client, { message: `\r\n${'a:b\r\n'.repeat(300_000)}` })).toMatch(/^250/)
  expect(upstream.taken).toHaveLength(2)
})

describe('answers of the upstream', () => {
  const read = (...chunks: readonly string[]) => {
    const reader = createReplyReader()
    return chunks.map((chunk) => reader.read(chunk))
  }

  it.each<[chunks: string[], replies: unknown[]]>([
    [['250 ok\r\n'], [[{ code: 250, lines: ['ok'] }]]],
    [['250\r\n'], [[{ code: 250, lines: [''] }]]],
    [['250-a\r\n250-\r\n250 b\n'], [[{ code: 250, lines: ['a', '', 'b'] }]]],
    [
      ['25', '0 o', 'k\r', '\n'],
      [[], [], [], [{ code: 250, lines: ['ok'] }]],
    ],
    [
      ['250 a\r\n451 b\r\n'],
      [
        [
          { code: 250, lines: ['a'] },
          { code: 451, lines: ['b'] },
        ],
      ],
    ],
    [['250 gr\xc3\xbc\xc3\x9fe\r\n'], [[{ code: 250, lines: ['gr\u00fc\u00dfe'] }]]],
    [
      ['hello\r\n', '250 ok\r\n'],
      [null, null],
    ],
    [['150 ok\r\n'], [null]],
    [['2500 ok\r\n'], [null]],
    [['\r\n'], [null]],
    [['x'.repeat(4_097)], [null]],
    [[`250 ${'x'.repeat(4_092)}\n`], [[{ code: 250, lines: ['x'.repeat(4_092)] }]]],
    [[`250 ${'x'.repeat(4_093)}\n`], [null]],
    [['250-x\r\n'.repeat(100)], [[]]],
    [['250-x\r\n'.repeat(101)], [null]],
  ])('%j', (chunks, replies) => {
    expect(read(...chunks)).toEqual(replies)
  })
})

describe('many at once', () => {
  it('50 clients, each with its own message', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const client = await openClient(relay)
        const answer = await lastAnswer(client, {
          from: `${at}@example.com`,
          to: [`${at}@example.net`],
          message: messageOf([`X-Mailtrace-Ref: ref-${at}`], `${html}${at}.`),
        })
        await client.say('QUIT')
        return answer
      }),
    )
    expect(new Set(answers)).toEqual(new Set(['250 2.0.0 Ok: queued as 4711']))
    const numbers = upstream.taken.map(({ mail, rcpt, message }) => [
      /<(\d+)@/.exec(mail)![1],
      /<(\d+)@/.exec(rcpt[0]!)![1],
      /<\/p>(\d+)\./.exec(message)![1],
    ])
    for (const [sender, recipient, text] of numbers) expect([recipient, text]).toEqual([sender, sender])
    expect(new Set(numbers.map(([sender]) => sender)).size).toBe(50)
    for (const { messageRef, recipients } of relay.minted)
      expect(recipients).toEqual([`${messageRef!.slice(4)}@example.net`])
  })

  it('keep nothing when they are gone', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { maxSize: 2_000_000, record: () => {}, onCopy: () => {} })
    const large = messageOf([], `${html}\r\n${`${'x'.repeat(76)}\r\n`.repeat(2_500)}`)
    async function round(count: number): Promise<void> {
      for (let at = 0; at < count; at++) {
        const client = await openClient(relay)
        await sendMail(client, { message: large })
        client.leave()
        upstream.taken.length = 0
        upstream.lines.length = 0
      }
    }
    const used = async (): Promise<number> => {
      await wait(50)
      for (let at = 0; at < 3; at++) collectGarbage()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    await round(10)
    const before = await used()
    await round(40)
    // Forty messages of 200 KB would be 8 MB.
    expect((await used()) - before).toBeLessThan(2_000_000)
  }, 60_000)
})

describe('told to stop', () => {
  it('lets who is idle go, and takes nobody new', async () => {
    const relay = await startTestRelay(1)
    const client = await openClient(relay)
    const stopped = relay.drain()
    expect(await client.hear()).toBe('421 4.3.2 the relay is stopping')
    await client.closed
    await stopped
    await expect(openDialog(relay.port)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('lets who is sending finish, and hears the upstream out', async () => {
    let answer = (_: string): void => {}
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, {
      record: () => new Promise((resolve) => (answer = () => resolve())),
    })
    const client = await openClient(relay)
    await client.say('MAIL FROM:<a@example.com>')
    await client.say('RCPT TO:<b@example.net>')
    await client.say('DATA')
    const stopped = relay.drain()
    await wait(100)
    client.send(`${messageOf()}.\r\n`)
    await wait(500)
    answer('')
    expect(await client.hear()).toBe('250 2.0.0 Ok: queued as 4711')
    expect(await client.hear()).toBe('421 4.3.2 the relay is stopping')
    await stopped
    expect(upstream.taken).toHaveLength(1)
  })

  it('does not wait for ever for who does not finish', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port)
    const client = await openClient(relay)
    await client.say('MAIL FROM:<a@example.com>')
    await client.say('RCPT TO:<b@example.net>')
    await client.say('DATA')
    client.send('From: a@example.com\r\n')
    await relay.drain()
    await client.closed
    expect(upstream.taken).toEqual([])
  })
})
