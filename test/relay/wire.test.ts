// What goes over the wire cannot be read in two ways: SMTP smuggling.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeLines, toWire } from '../../src/cli/relay/wire.ts'
import { corpusHint, hasCorpus, readMessages } from '../differential/corpus.ts'
import { messageOf, openClient, sendMail, startTestRelay } from './relays.ts'
import { startUpstream } from './upstream-server.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const normalized = (text: string): string => normalizeLines(bytes(text)).toString('latin1')
const wired = (text: string): string => Buffer.from(toWire(bytes(text))).toString('latin1')

describe('line ends', () => {
  it.each([
    ['a\r\nb\r\n', 'a\r\nb\r\n'],
    ['a\nb\n', 'a\r\nb\r\n'],
    ['a\n\nb', 'a\r\n\r\nb'],
    ['a\rb\r\n', 'a b\r\n'],
    ['a\r\r\nb\r\n', 'a \r\nb\r\n'],
    ['a\n\rb', 'a\r\n b'],
    ['a\0b\r\n', 'a b\r\n'],
    ['\n', '\r\n'],
    ['\r', ' '],
    ['', ''],
    ['\xe4\n\xff', '\xe4\r\n\xff'],
  ])('%j is sent as %j', (text, sent) => {
    expect(normalized(text)).toBe(sent)
  })

  it('that are right already cost nothing', () => {
    const message = bytes(messageOf())
    expect(normalizeLines(message)).toBe(message)
  })
})

describe('dots', () => {
  it.each([
    ['a\r\n', 'a\r\n.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['..\r\n', '...\r\n.\r\n'],
    ['a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r\n.\r\n.\r\n', 'a\r\n..\r\n..\r\n.\r\n'],
    ['a\r\n.b', 'a\r\n..b\r\n.\r\n'],
    ['a.\r\nb.c\r\n', 'a.\r\nb.c\r\n.\r\n'],
    ['', '\r\n.\r\n'],
  ])('%j is sent as %j', (text, sent) => {
    expect(wired(text)).toBe(sent)
  })

  it('whatever a message is made of, every server sees the same end of it, and the same text before', () => {
    const piece = fc.constantFrom('\r', '\n', '.', '\0', 'a', '\r\n', '\r\n.\r\n', '\n.\n', '\n.\r\n', '\r.\r', '\xff')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const message = normalized(pieces.join(''))
        const sent = wired(message)
        expect(sent).not.toMatch(/\0|\r(?!\n)|(?<!\r)\n/)
        // A line that is a dot ends it, for the strict and the lax.
        expect(sent.split('\r\n').indexOf('.')).toBe(sent.split('\r\n').length - 2)
        const read = sent.slice(0, -3).replace(/(^|\n)\./g, '$1')
        expect(read).toBe(message === '' || !message.endsWith('\r\n') ? `${message}\r\n` : message)
      }),
    )
  })
})

const smuggled = (end: string): string =>
  `${messageOf()}line${end}MAIL FROM:<evil@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nFrom: ceo@example.com\r\n\r\nPay.\r\n.\r\n`

describe('a message that smuggles another', () => {
  it.each(['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n.\r', '\r\n\0.\r\n', '\n\0.\r\n'])(
    'behind %j arrives as one',
    async (end) => {
      const upstream = await startUpstream()
      const client = await openClient(await startTestRelay(upstream.port))
      await client.say('MAIL FROM:<ada@example.com>')
      await client.say('RCPT TO:<bob@example.net>')
      await client.say('DATA')
      client.send(bytes(smuggled(end)))
      expect(await client.hear()).toMatch(/^250/)
      expect(upstream.taken.map(({ rcpt }) => rcpt)).toEqual([['RCPT TO:<bob@example.net>']])
      expect(upstream.lines.filter((line) => /evil|victim/.test(line))).toEqual([])
      expect(upstream.raw()).toContain('victim')
      // As a server sees it that takes bare line feeds and carriage returns for line ends, too.
      const lax = upstream.raw().split(/\r\n|\r|\n/)
      expect(lax.indexOf('.')).toBe(-1)
    },
  )

  it('commands in front of the greeting, or many in one packet, are answered one by one', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    client.send(
      bytes(
        `MAIL FROM:<ada@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n${messageOf()}.\r\nMAIL FROM:<ada@example.com>\r\nQUIT\r\n`,
      ),
    )
    const heard: string[] = []
    for (let at = 0; at < 6; at++) heard.push(await client.hear())
    expect(heard.map((answer) => answer.slice(0, 3))).toEqual(['250', '250', '354', '250', '250', '221'])
    expect(upstream.taken).toHaveLength(1)
  })
})

describe('addresses become no commands', () => {
  it.each([
    'MAIL FROM:<a@example.com\rRCPT TO:<evil@example.net>',
    'MAIL FROM:<a@example.com> SIZE=1 EVIL=a+0D+0ARCPT',
    'MAIL FROM:<a@example.com\x00>',
  ])('%j', async (line) => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    await client.say(line)
    expect(upstream.lines.filter((each) => /evil/i.test(each))).toEqual([])
  })

  it('domains are written in ASCII, and the rest needs SMTPUTF8', async () => {
    const upstream = await startUpstream({ extensions: ['8BITMIME'] })
    const client = await openClient(await startTestRelay(upstream.port))
    expect(await client.say('MAIL FROM:<ada@xn--mnchen-3ya.example>')).toMatch(/^250/)
    expect(await client.say('RCPT TO:<bob@xn--mnchen-3ya.example>')).toMatch(/^250/)
    expect(await client.say('RCPT TO:<j\u00f6rg@example.net>')).toBe(
      '553 5.6.7 an address that is not ASCII needs SMTPUTF8',
    )
    expect(upstream.lines.slice(1)).toEqual([
      'MAIL FROM:<ada@xn--mnchen-3ya.example> BODY=8BITMIME',
      'RCPT TO:<bob@xn--mnchen-3ya.example>',
    ])
    await client.say('RSET')
    expect(await client.say('MAIL FROM:<ada@example.com> SMTPUTF8')).toBe('550 5.6.7 the upstream takes no SMTPUTF8')
  })
})

describe('what the upstream can', () => {
  it('SMTPUTF8 and SIZE are passed on', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port))
    await client.say('MAIL FROM:<j\u00f6rg@example.com> SIZE=4711 SMTPUTF8')
    await client.say('RCPT TO:<j\u00f6rg@example.net>')
    expect(upstream.lines.slice(1).map((line) => Buffer.from(line, 'latin1').toString())).toEqual([
      'MAIL FROM:<j\u00f6rg@example.com> SIZE=4711 BODY=8BITMIME SMTPUTF8',
      'RCPT TO:<j\u00f6rg@example.net>',
    ])
  })

  it.each([
    ['caf\xe9', '554 5.6.3 the upstream takes no 8BITMIME: encode the message'],
    ['cafe', '250 2.0.0 Ok: queued as 4711'],
  ])('without 8BITMIME, %j is answered %j', async (text, answer) => {
    const upstream = await startUpstream({ extensions: [] })
    const client = await openClient(await startTestRelay(upstream.port))
    expect((await sendMail(client, { message: messageOf([], text) })).at(-1)).toBe(answer)
    expect(upstream.lines).toContain('MAIL FROM:<ada@example.com>')
  })

  it('what it cannot is no longer announced, once that is known', async () => {
    const extensions = ['8BITMIME', 'SMTPUTF8']
    const upstream = await startUpstream({
      steps: { EHLO: () => ['250-upstream.test', ...extensions.map((each) => `250-${each}`), '250 SIZE'].join('\r\n') },
    })
    const relay = await startTestRelay(upstream.port)
    const announced = async (): Promise<string[]> => {
      const client = await openClient(relay)
      await client.say('MAIL FROM:<a@example.com>')
      const said = await (await openClient(relay)).say('EHLO client.test')
      return ['8BITMIME', 'SMTPUTF8'].filter((each) => said.includes(each))
    }
    expect(await announced()).toEqual(['8BITMIME', 'SMTPUTF8'])
    extensions.pop()
    expect(await announced()).toEqual(['8BITMIME'])
    extensions.pop()
    expect(await announced()).toEqual([])
    extensions.push('SMTPUTF8')
    expect(await announced()).toEqual(['SMTPUTF8'])
  })

  it('long lines stay long', async () => {
    const upstream = await startUpstream()
    const line = `${'x'.repeat(5_000)} ${'\xe4'.repeat(3_000)}`
    await sendMail(await openClient(await startTestRelay(upstream.port, { domains: new Map() })), {
      message: messageOf([], line),
    })
    expect(upstream.taken[0]!.message).toContain(line)
  })
})

describe.skipIf(!hasCorpus)(`real messages${corpusHint}`, () => {
  it('arrive as they were but for line ends, where nothing is tracked', async () => {
    const upstream = await startUpstream()
    const client = await openClient(await startTestRelay(upstream.port, { domains: new Map(), maxSize: 10_000_000 }))
    for (const { name, bytes: raw } of readMessages()) {
      const message = normalizeLines(Buffer.from(raw)).toString('latin1')
      const whole = message.endsWith('\r\n') ? message : `${message}\r\n`
      expect([name, (await sendMail(client, { message: whole })).at(-1)]).toEqual([
        name,
        '250 2.0.0 Ok: queued as 4711',
      ])
      const { message: got } = upstream.taken.at(-1)!
      expect(got.slice(got.indexOf('+0000\r\n') + 7) === whole, name).toBe(true)
    }
  })
})
