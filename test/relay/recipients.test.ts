// A copy for each recipient, and what a client hears that has one answer for all of them.

import { describe, expect, it } from 'vitest'
import { combine } from '../../src/cli/relay/deliver.ts'
import { createSentCopies, nameCopies } from '../../src/cli/relay/sent-copies.ts'
import { readTrackingUrl } from '../../src/index.ts'
import type { Dialog } from './dialog.ts'
import { domain, html, lastAnswer, messageOf, openClient, sendMail, startTestRelay } from './relays.ts'
import { type Script, startUpstream, type UpstreamServer } from './upstream-server.ts'

const three = ['a@example.net', 'b@example.net', 'c@example.net']

/** Whom each message that was taken went to. */
const reached = ({ taken }: UpstreamServer): string[] => taken.map(({ rcpt }) => rcpt.map((line) => line[9]).join(''))

/** By the recipient of the transaction that is under way, what the upstream says after the dot. */
function answering(answers: Readonly<Record<string, string | string[]>>): Script {
  let recipient = ''
  const left = new Map(Object.entries(answers).map(([name, answer]) => [name, [answer].flat()]))
  return {
    steps: {
      RCPT: (line) => {
        recipient = line[9]!
        return undefined
      },
      message: () => left.get(recipient)?.shift(),
    },
  }
}

describe('one copy for each recipient', () => {
  it('has a reference of its own, of which the events file knows whose it is', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    expect(await lastAnswer(await openClient(relay), { to: three })).toBe('250 2.0.0 Ok: queued as 4711')
    expect(reached(upstream)).toEqual(['a', 'b', 'c'])
    const references = upstream.taken.map(({ message }) => {
      const [url] = /https:\/\/links\.example\.com\/c\/[\w-]+/.exec(message)!
      return readTrackingUrl(url, domain)
    })
    expect(references.map((reference) => reference && 'messageRef' in reference && reference.messageRef)).toEqual(
      relay.minted.map(({ messageRef }) => messageRef),
    )
    expect(new Set(relay.minted.map(({ messageRef }) => messageRef)).size).toBe(3)
    expect(relay.minted.map(({ recipients }) => recipients)).toEqual(three.map((each) => [each]))
  })

  it('says how long it is: what the client announced was another message', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    const client = await openClient(relay)
    await client.say('MAIL FROM:<ada@example.com> SIZE=1000')
    for (const recipient of three) await client.say(`RCPT TO:<${recipient}>`)
    await client.say('DATA')
    client.send(`${messageOf()}.\r\n`)
    expect(await client.hear()).toMatch(/^250/)
    const sizes = upstream.lines.flatMap((line) => /^MAIL .* SIZE=(\d+)/.exec(line)?.[1] ?? []).map(Number)
    expect(sizes[0]).toBe(1000)
    // But for the end of the last line, which the pixel may leave open.
    expect(sizes.slice(1)).toEqual(upstream.taken.map(({ message }) => message.length - 2))
  })

  it('has modes of its own', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    const message = messageOf([
      'X-Mailtrace-Ref: <a@example.net> ref-a',
      'X-Mailtrace-Ref: <b@example.net> ref-b',
      'X-Mailtrace-Tracking: <b@example.net> open=off',
      'X-Mailtrace-Tracking: <c@example.net> off',
    ])
    await sendMail(await openClient(relay), { to: three, message })
    expect(relay.copies).toEqual([
      'tracked: 1 link, opens -> 250',
      'tracked: 1 link -> 250',
      'untracked: tracking-disabled -> 250',
    ])
    expect(relay.minted.map(({ messageRef }) => messageRef)).toEqual(['ref-a', 'ref-b'])
    expect(upstream.taken[2]!.message).toContain(html)
    for (const { message } of upstream.taken) expect(message).not.toMatch(/x-mailtrace|ref-[ab]$/im)
  })

  it("has a fresh reference where one is given for all: it can be nobody's own", async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    await sendMail(await openClient(relay), { to: three, message: messageOf(['X-Mailtrace-Ref: one']) })
    expect(new Set(relay.minted.map(({ messageRef }) => messageRef)).size).toBe(3)
    expect(relay.minted.map(({ messageRef }) => messageRef)).not.toContain('one')
  })

  it('goes within the transaction that is open where there is one recipient, said twice or not', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    const client = await openClient(relay)
    await sendMail(client, { message: messageOf(['X-Mailtrace-Ref: one']) })
    await sendMail(client, { to: ['a@example.net', 'a@example.net'] })
    expect(upstream.lines).not.toContain('RSET')
    expect(relay.minted.map(({ messageRef, recipients }) => [messageRef === 'one', recipients])).toEqual([
      [true, ['bob@example.net']],
      [false, ['a@example.net']],
    ])
  })
})

describe('answers that differ', () => {
  it.each<[what: string, answers: Record<string, string | string[]>, heard: string, sentTo: string[]]>([
    ['nobody may', { a: '550 5.7.1 spam', b: '550 5.7.1 spam', c: '550 5.7.1 spam' }, '550 5.7.1 spam', []],
    ['the first may not: nothing is sent', { a: '451 4.3.0 later' }, '451 4.3.0 later', []],
    ['the first may never: nothing is sent', { a: '550 5.7.1 spam' }, '550 5.7.1 spam', []],
    ['the second may not', { b: '451 4.3.0 later' }, '451 4.3.0 later (2 of 3 recipients have theirs)', ['a', 'c']],
    ['the last may never', { c: '550 5.7.1 no' }, '550 5.7.1 no (2 of 3 recipients have theirs)', ['a', 'b']],
    [
      'for now weighs more than never',
      { b: '550 5.7.1 no', c: '451 4.3.0 later' },
      '451 4.3.0 later (1 of 3 recipients have theirs)',
      ['a'],
    ],
  ])('%s', async (_, answers, heard, sentTo) => {
    const upstream = await startUpstream(answering(answers))
    const client = await openClient(await startTestRelay(upstream.port, { isPerRecipient: true }))
    expect(await lastAnswer(client, { to: three })).toBe(heard)
    expect(reached(upstream)).toEqual(sentTo)
  })

  it('a second attempt sends to those alone who have nothing yet', async () => {
    const upstream = await startUpstream(answering({ b: ['451 4.3.0 later', '451 4.3.0 later'] }))
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    // Whoever tries again does so over a new connection.
    const attempt = async (message?: string) =>
      lastAnswer(await openClient(relay), { to: three, ...(message && { message }) })
    expect(await attempt()).toBe('451 4.3.0 later (2 of 3 recipients have theirs)')
    expect(await attempt()).toBe('451 4.3.0 later (2 of 3 recipients have theirs)')
    // Another message, meanwhile.
    expect(await attempt(messageOf([], 'other'))).toBe('250 2.0.0 Ok: queued as 4711')
    expect(await attempt()).toBe('250 2.0.0 it was sent before')
    expect(reached(upstream)).toEqual(['a', 'c', 'a', 'b', 'c', 'b'])
    // All have it: the same bytes again are meant.
    expect(await attempt()).toBe('250 2.0.0 Ok: queued as 4711')
    expect(reached(upstream).slice(6)).toEqual(['a', 'b', 'c'])
  })

  it('the upstream leaves after the first copy: 451, and the next attempt goes on', async () => {
    const upstream = await startUpstream({ steps: { RSET: () => (upstream.taken.length === 1 ? 'close' : undefined) } })
    const relay = await startTestRelay(upstream.port, { isPerRecipient: true })
    const first = await sendMail(await openClient(relay), { to: three })
    expect(first.at(-1)).toMatch(/^250/)
    expect(reached(upstream)).toEqual(['a', 'b', 'c'])
  })

  it('a recipient that is refused only for the copy has that answer', async () => {
    let count = 0
    const upstream = await startUpstream({
      steps: { RCPT: (line) => (line.includes('<b@') && count++ > 0 ? '450 4.2.0 later' : undefined) },
    })
    const client = await openClient(await startTestRelay(upstream.port, { isPerRecipient: true }))
    expect(await lastAnswer(client, { to: three })).toBe('450 4.2.0 later (2 of 3 recipients have theirs)')
    expect(reached(upstream)).toEqual(['a', 'c'])
  })

  it('are one answer by these rules', () => {
    const reply = (code: number, line: string) => ({ code, lines: [line] })
    expect(combine([reply(250, 'a'), reply(250, 'b')])).toEqual(reply(250, 'b'))
    expect(combine([reply(550, 'a'), reply(451, 'b'), reply(452, 'c')])).toEqual(reply(451, 'b'))
    expect(combine([reply(550, 'a'), reply(554, 'b')])).toEqual(reply(550, 'a'))
    expect(combine([{ code: 550, lines: ['a', 'b'] }, reply(250, 'c')])).toEqual(
      reply(550, 'a b (1 of 2 recipients have theirs)'),
    )
  })
})

describe('what is kept for a second attempt', () => {
  it('names message, sender and recipient', () => {
    const names = [
      nameCopies(Buffer.from('a'), 's')('r'),
      nameCopies(Buffer.from('b'), 's')('r'),
      nameCopies(Buffer.from('a'), 't')('r'),
      nameCopies(Buffer.from('a'), 's')('q'),
    ]
    expect(new Set(names).size).toBe(4)
    expect(nameCopies(Buffer.from('a'), 's')('r')).toBe(names[0])
  })

  it('is bounded: the oldest goes first', () => {
    const copies = createSentCopies(2)
    for (const name of ['a', 'b', 'c']) copies.add(name)
    expect(['a', 'b', 'c'].map(copies.has)).toEqual([false, true, true])
    copies.remove('b')
    copies.add('d')
    expect(['b', 'c', 'd'].map(copies.has)).toEqual([false, true, true])
  })
})

describe('LMTP', () => {
  async function openLmtp(script: Script, options = {}): Promise<{ upstream: UpstreamServer; client: Dialog }> {
    const upstream = await startUpstream(script)
    const relay = await startTestRelay(upstream.port, {
      listen: { scheme: 'lmtp', host: '127.0.0.1', port: 0 },
      ...options,
    })
    return { upstream, client: await openClient(relay, { hello: 'LHLO client.test' }) }
  }
  async function answersOf(client: Dialog, to: readonly string[], message?: string): Promise<string[]> {
    const first = await sendMail(client, { to, ...(message && { message }) })
    const answers = [first.at(-1)!]
    while (answers.length < to.length) answers.push(await client.hear())
    return answers
  }

  it('has an answer for each copy', async () => {
    const { upstream, client } = await openLmtp(answering({ a: '451 4.3.0 later', b: '550 5.7.1 no' }), {
      isPerRecipient: true,
    })
    expect(await answersOf(client, three)).toEqual(['451 4.3.0 later', '550 5.7.1 no', '250 2.0.0 Ok: queued as 4711'])
    expect(reached(upstream)).toEqual(['c'])
    expect(await client.say('NOOP')).toMatch(/^250/)
  })

  it('has the one answer of one message for each recipient', async () => {
    const { upstream, client } = await openLmtp({})
    expect(await answersOf(client, three)).toEqual(three.map(() => '250 2.0.0 Ok: queued as 4711'))
    expect(reached(upstream)).toEqual(['abc'])
  })

  it('has an answer for a recipient that is there twice, twice, and one copy', async () => {
    const { upstream, client } = await openLmtp({}, { isPerRecipient: true })
    expect(await answersOf(client, ['a@example.net', 'b@example.net', 'a@example.net'])).toHaveLength(3)
    expect(reached(upstream)).toEqual(['a', 'b'])
    expect(await client.say('NOOP')).toMatch(/^250/)
  })

  it('goes on after an upstream that says 421', async () => {
    const { client } = await openLmtp(answering({ a: '421 4.4.2 bye' }), { isPerRecipient: true })
    expect((await answersOf(client, three))[0]).toBe('451 4.4.2 bye')
    expect(await client.say('NOOP')).toMatch(/^250/)
  })

  it('does not speak EHLO', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { listen: { scheme: 'lmtp', host: '127.0.0.1', port: 0 } })
    const client = await openClient(relay)
    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^503/)
  })
})
