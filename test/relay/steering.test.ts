// Headers steer the relay, and nobody sees them who reads the mail.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSteering, removeSteering } from '../../src/cli/relay/steering.ts'
import { html, messageOf, openClient, sendMail, startTestRelay } from './relays.ts'
import { startUpstream } from './upstream-server.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const steer = (...fields: string[]) => readSteering(bytes(messageOf(fields)), ['bob@example.net'], false)
const nothing = { messageRef: null, campaignRef: null, openTracking: 'full', clickTracking: 'full', flaws: [] }

describe('what the headers say', () => {
  it.each<[fields: string[], says: object]>([
    [[], nothing],
    [['X-Mailtrace-Ref: order-1'], { ...nothing, messageRef: 'order-1' }],
    [['x-MAILTRACE-ref:order-1 '], { ...nothing, messageRef: 'order-1' }],
    [['X-Mailtrace-Ref:\r\n\torder-1'], { ...nothing, messageRef: 'order-1' }],
    [['X-Mailtrace-Ref : order-1'], { ...nothing, messageRef: 'order-1' }],
    [['X-Mailtrace-Campaign: spring'], { ...nothing, campaignRef: 'spring' }],
    [['X-Mailtrace-Campaign: fr\u00c3\u00bch'], { ...nothing, campaignRef: 'fr\u00fch' }],
    [['X-Mailtrace-Tracking: off'], { ...nothing, openTracking: false, clickTracking: false }],
    [['X-Mailtrace-Tracking: OFF'], { ...nothing, openTracking: false, clickTracking: false }],
    [['X-Mailtrace-Tracking: open=off'], { ...nothing, openTracking: false }],
    [['X-Mailtrace-Tracking: click=anonymous'], { ...nothing, clickTracking: 'anonymous' }],
    [
      ['X-Mailtrace-Tracking: open=day, click=identified'],
      { ...nothing, openTracking: 'day', clickTracking: 'identified' },
    ],
    [['X-Mailtrace-Tracking: Open = day ;\r\n click=off'], { ...nothing, openTracking: 'day', clickTracking: false }],
    [['X-Mailtrace-Tracking: open=day', 'X-Mailtrace-Tracking: open=identified'], { ...nothing, openTracking: 'day' }],
    [['X-Mailtrace-Tracking: open=day, open=full'], { ...nothing, openTracking: 'day' }],
    [['X-Mailtrace-Ref: a', 'X-Mailtrace-Ref: a'], { ...nothing, messageRef: 'a' }],
    [['X-Mailtrace-Ref: <bob@example.net> a', 'X-Mailtrace-Ref: <eve@example.net> b'], { ...nothing, messageRef: 'a' }],
    [['X-Mailtrace-Tracking: <BOB@example.net> open=off'], { ...nothing, openTracking: false }],
    [
      ['X-Mailtrace-Tracking: <eve@example.net> off', 'X-Mailtrace-Tracking: click=off'],
      { ...nothing, clickTracking: false },
    ],
  ])('%j', (fields, says) => {
    expect(steer(...fields)).toEqual(says)
  })

  it.each<[fields: string[], flaw: string]>([
    [['X-Mailtrace-Tracking: on'], 'X-Mailtrace-Tracking is "on": use off, or open=MODE, click=MODE'],
    [['X-Mailtrace-Tracking: open=never'], 'X-Mailtrace-Tracking is "open=never": use off, or open=MODE, click=MODE'],
    [['X-Mailtrace-Tracking: click=day'], 'X-Mailtrace-Tracking is "click=day": use off, or open=MODE, click=MODE'],
    [['X-Mailtrace-Tracking: open=day,'], 'X-Mailtrace-Tracking is "open=day,": use off, or open=MODE, click=MODE'],
    [['X-Mailtrace-Tracking:'], 'X-Mailtrace-Tracking is "": use off, or open=MODE, click=MODE'],
    [['X-Mailtrace-Ref: a', 'X-Mailtrace-Ref: b'], 'X-Mailtrace-Ref is there twice'],
    [['X-Mailtrace-Ref: a', 'X-Mailtrace-Ref: <bob@example.net> b'], 'X-Mailtrace-Ref is there twice'],
    [['X-Mailtrace-Ref:'], 'X-Mailtrace-Ref is empty'],
    [['X-Mailtrace-Campaign: a', 'X-Mailtrace-Campaign: b'], 'X-Mailtrace-Campaign is there twice'],
    [['X-Mailtrace-Traking: off'], 'no header is called "x-mailtrace-traking"'],
    [['X-Mailtrace-: off'], 'no header is called "x-mailtrace-"'],
  ])('%j is flawed', (fields, flaw) => {
    expect(steer(...fields).flaws).toEqual([flaw])
  })

  it('a mode that nobody knows lowers to nothing', () => {
    expect(steer('X-Mailtrace-Tracking: open=never, click=identified')).toMatchObject({
      openTracking: false,
      clickTracking: false,
    })
  })

  it('of several recipients of one copy, the lowest holds', () => {
    const message = bytes(
      messageOf([
        'X-Mailtrace-Tracking: <a@x.test> open=day',
        'X-Mailtrace-Tracking: <b@x.test> open=off, click=anonymous',
      ]),
    )
    expect(readSteering(message, ['a@x.test', 'b@x.test'], false)).toMatchObject({
      openTracking: false,
      clickTracking: 'anonymous',
    })
  })
})

describe('they are taken out', () => {
  it.each([
    ['X-Mailtrace-Ref: a\r\n'],
    ['X-Mailtrace-Ref: a\r\n b\r\n\tc\r\n'],
    ['x-mailtrace-tracking : off\r\n'],
    ['X-Mailtrace-Anything: a\r\nX-Mailtrace-Ref:\r\n'],
  ])('%j', (field) => {
    for (const [before, after] of [
      ['', `Subject: a\r\n b\r\n\r\n${field}`],
      ['Subject: a\r\n b\r\n', `To: c\r\n\r\n`],
      ['Subject: a\r\n', '\r\nbody'],
      ['this is no field\r\nSubject: a\r\n', '\r\nbody'],
      ['Subject: a\r\n', ''],
    ]) {
      expect(`${removeSteering(bytes(before + field + after))}`).toBe(before! + after)
    }
  })

  it.each([
    '\r\nX-Mailtrace-Ref: in the body\r\n',
    'Subject: a\r\n X-Mailtrace-Ref: folded\r\n\r\n',
    'NotX-Mailtrace-Ref: a\r\n\r\n',
    '',
  ])('%j has none', (text) => {
    const message = bytes(text)
    expect(removeSteering(message)).toBe(message)
  })

  it('wherever they stand, and nothing else goes', () => {
    const line = fc.constantFrom(
      'Subject: a',
      ' folded',
      '\tfolded: too',
      'no field',
      'X-Other: b',
      'X-Mailtrace: c',
      ':',
    )
    const own = fc.constantFrom('X-Mailtrace-Ref: a', 'x-mailtrace-tracking:', 'X-MAILTRACE-CAMPAIGN\t: b')
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            line,
            own.map((field) => ({ field, folds: [' c', '\td'] })),
          ),
        ),
        fc.string(),
        (lines, body) => {
          const all = lines.flatMap((each) => (typeof each === 'string' ? each : [each.field, ...each.folds]))
          // What is folded after one of them is a part of it.
          const kept: string[] = []
          let isOwn = false
          for (const each of all) {
            if (!/^[ \t]/.test(each)) isOwn = /^x-mailtrace-/i.test(each)
            if (!isOwn) kept.push(each)
          }
          const text = (some: readonly string[]): string => [...some, '', body.replace(/[^ -~]/g, '')].join('\r\n')
          expect(removeSteering(bytes(text(all))).toString('latin1')).toBe(text(kept))
        },
      ),
    )
  })
})

describe('through the relay', () => {
  async function relayed(fields: readonly string[], options = {}, to = ['bob@example.net']) {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, options)
    expect((await sendMail(await openClient(relay), { message: messageOf(fields), to })).at(-1)).toMatch(/^250/)
    return { message: upstream.taken[0]!.message, relay }
  }

  it('the reference and the campaign that are given are used', async () => {
    const { message, relay } = await relayed([
      'X-Mailtrace-Ref: order-4711',
      'X-Mailtrace-Campaign: spring',
      'X-Mailtrace-Tracking: open=anonymous',
    ])
    expect(relay.minted).toMatchObject([
      { messageRef: 'order-4711', campaignRef: 'spring', activation: { open: 'anonymous', click: 'full' } },
    ])
    expect(message).not.toMatch(/mailtrace-/i)
  })

  it.each<[fields: string[], copy: string]>([
    [['X-Mailtrace-Tracking: off'], 'untracked: tracking-disabled -> 250'],
    [
      ['X-Mailtrace-Tracking: nothing'],
      'untracked: X-Mailtrace-Tracking is "nothing": use off, or open=MODE, click=MODE -> 250',
    ],
    [
      ['X-Mailtrace-Tracking: open=anonymous'],
      'untracked: campaignRef is missing: mode "anonymous" reports opens and clicks with it -> 250',
    ],
    [
      [`X-Mailtrace-Ref: ${'x'.repeat(129)}`],
      'untracked: messageRef is a string of 129 characters that does not fit: use 1 to 128 bytes of well-formed UTF-8 -> 250',
    ],
    [['DKIM-Signature: v=1; a=rsa-sha256', 'X-Mailtrace-Ref: a'], 'untracked: dkim-signed -> 250'],
    [['Content-Type: text/plain', 'X-Mailtrace-Ref: a'], 'untracked: malformed -> 250'],
    [['From: Eve <eve@other.example>', 'X-Mailtrace-Ref: a'], 'untracked: From names no domain of --domain -> 250'],
  ])('%j: it goes untracked, and without them', async (fields, copy) => {
    const { message, relay } = await relayed(fields)
    expect(relay.copies).toEqual([copy])
    expect(relay.minted).toEqual([])
    expect(message.slice(message.indexOf('From: '))).toBe(
      messageOf(fields.filter((field) => !field.startsWith('X-Mailtrace'))),
    )
  })

  it('mail of a domain that is not known is passed on as it is', async () => {
    const upstream = await startUpstream()
    const relay = await startTestRelay(upstream.port, { domains: new Map() })
    await sendMail(await openClient(relay))
    const { message } = upstream.taken[0]!
    expect(message.slice(message.indexOf('From: '))).toBe(messageOf())
  })

  it('--text and --dkim-signed do what they say', async () => {
    const { message } = await relayed(['DKIM-Signature: v=1; a=rsa-sha256'], { dkimSigned: 'instrument' })
    expect(message).not.toContain(html)
    const plain = await startUpstream()
    const relay = await startTestRelay(plain.port, { withText: true })
    await sendMail(await openClient(relay), { message: 'From: a@example.com\r\n\r\nhttps://shop.example/\r\n' })
    expect(relay.minted[0]!.links).toEqual([
      { part: 'text', index: 0, element: null, name: null, destination: 'https://shop.example/' },
    ])
  })
})
