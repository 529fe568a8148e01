import { describe, expect, it } from 'vitest'
import { type InstrumentMessageOptions, instrumentMessage } from '../../src/message/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'
import { errorOf } from '../kit/error-of.ts'
import { instrument, lines, link, messageOf, outcomesOf, toBytes } from './message-of.ts'

const url = (index: number | string): string => `https://links.example.com/c/${messageRef}/${index}`

const newsletter = lines(
  'From: Ada <ada@example.com>',
  'List-Unsubscribe: <mailto:leave@example.com>,',
  ' <https://example.com/leave?id=1>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary="b"',
  '',
  'preamble',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'caf\xc3\xa9: https://example.org/a https://example.org/private',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>caf\xc3\xa9 <a href="https://example.org/a">a</a>',
  '<a href="https://example.org/private" data-no-track>private</a>',
  '<a href="https://EXAMPLE.com/leave?id=1">leave</a>',
  '--b--',
  'epilogue',
)

describe('instrumentMessage', () => {
  it('instruments the HTML and leaves the rest', () => {
    const raw = toBytes(newsletter)
    const result = instrumentMessage(raw, storedDomain, { ...fixed, openTracking: false })
    expect(Buffer.from(result.message).toString('latin1')).toBe(
      newsletter.replace('href="https://example.org/a"', `href="${url(0)}"`),
    )
    expect({ ...result, message: null }).toEqual({
      message: null,
      activation: { active: true, host: 'links.example.com', open: false, click: 'full' },
      messageRef,
      issuedAt: 1_700_000_000_000,
      parts: [
        { path: '1', type: 'text/plain', start: 241, end: 297, kind: 'skipped', reason: 'other-type' },
        {
          path: '2',
          type: 'text/html',
          start: 346,
          end: 509,
          kind: 'instrumented',
          links: [
            {
              kind: 'tracked',
              index: 0,
              element: 'a',
              name: null,
              destination: 'https://example.org/a',
              url: url(0),
              start: 18,
              end: 39,
            },
            {
              kind: 'skipped',
              index: 1,
              element: 'a',
              name: null,
              href: 'https://example.org/private',
              reason: 'opt-out',
              start: 57,
              end: 84,
            },
            {
              kind: 'skipped',
              index: 2,
              element: 'a',
              name: null,
              href: 'https://EXAMPLE.com/leave?id=1',
              reason: 'caller',
              start: 122,
              end: 152,
            },
          ],
          pixel: { kind: 'skipped', reason: 'off' },
        },
      ],
    })
  })

  it('tracks the plain text too if asked, but what the HTML wants left alone', () => {
    const source = messageOf(newsletter, { text: true })
    expect(source).toContain(`caf\xc3\xa9: ${url('t0')} https://example.org/private\r\n`)
    const [text] = instrument(newsletter, { text: true }).parts
    expect(text).toEqual({
      path: '1',
      type: 'text/plain',
      start: 241,
      end: 297,
      kind: 'instrumented',
      links: [
        { kind: 'tracked', index: 0, destination: 'https://example.org/a', url: url('t0'), start: 6, end: 27 },
        { kind: 'skipped', index: 1, href: 'https://example.org/private', reason: 'caller', start: 28, end: 55 },
      ],
      pixel: { kind: 'skipped', reason: 'no-place' },
    })
  })

  it('leaves the text alone where clicks are off', () => {
    const { parts } = instrument(newsletter, { text: true, openTracking: true, clickTracking: false })
    expect(parts.map((part) => part.kind === 'instrumented' && [part.links, part.pixel.kind])).toEqual([
      [[], 'skipped'],
      [[], 'placed'],
    ])
  })

  it('counts the links of all HTML parts, so that no two share a reference', () => {
    const part = (index: number): readonly string[] => [
      '--b',
      'Content-Type: text/html',
      '',
      `<a href="https://example.org/${index}">x</a>`,
    ]
    const source = lines('Content-Type: multipart/mixed; boundary=b', '', ...part(0), ...part(1), '--b--', '')
    expect(messageOf(source)).toBe(
      source.replace('https://example.org/0', url(0)).replace('https://example.org/1', url(1)),
    )
    const offered: number[] = []
    const skipLink = ({ index }: { readonly index: number }): boolean => {
      offered.push(index)
      return false
    }
    instrument(source, { skipLink })
    expect(offered).toEqual([0, 1])
  })

  it('counts the links of all texts', () => {
    const part = (index: number): readonly string[] => ['--b', '', `https://example.org/${index}`]
    const source = lines('Content-Type: multipart/mixed; boundary=b', '', ...part(0), ...part(1), '--b--', '')
    expect(messageOf(source, { text: true })).toBe(
      source.replace('https://example.org/0', url('t0')).replace('https://example.org/1', url('t1')),
    )
  })

  it('gives all parts one reference', () => {
    const part = ['--b', 'Content-Type: text/html', '', link]
    const source = lines('Content-Type: multipart/mixed; boundary=b', '', ...part, ...part, '--b--', '')
    const result = instrumentMessage(toBytes(source), signedDomain)
    const urls = result.parts.map(
      (each) => each.kind === 'instrumented' && each.pixel.kind === 'placed' && each.pixel.urls[0],
    )
    expect(urls[0]).toBe(urls[1])
    expect(result.messageRef).toMatch(/^[\w-]{22}$/)
  })

  it('says the reference where a text alone carries it', () => {
    expect(instrument('Subject: x\n\nhttps://example.org/', { text: true }).messageRef).toBe(messageRef)
  })

  it('reads List-Unsubscribe where a fold cuts its URL', () => {
    const header = 'List-Unsubscribe: <https://example.org/\r\n leave>'
    const source = lines(header, 'Content-Type: text/html', '', '<a href="https://example.org/leave">x</a>')
    expect(outcomesOf(source)).toEqual(['1 text/html 0'])
  })

  it('says no reference where nothing carries one', () => {
    expect(instrument('Subject: x\n\nno links').messageRef).toBe(null)
    expect(instrument(newsletter, { clickTracking: 'anonymous', campaignRef: 'campaign-0123456789' })).toMatchObject({
      messageRef: null,
      issuedAt: 1_699_920_000_000,
    })
  })

  it('gives the identical array, unread, where tracking is inactive', () => {
    const raw = toBytes(newsletter)
    const result = instrumentMessage(raw, storedDomain, { ...fixed, openTracking: false, clickTracking: false })
    expect(result).toEqual({
      message: raw,
      activation: { active: false, reason: 'tracking-disabled' },
      messageRef: null,
      issuedAt: 1_700_000_000_000,
      parts: [],
    })
    expect(result.message).toBe(raw)
  })

  it('gives the identical array where no link and no pixel is to be placed', () => {
    const raw = toBytes(lines('Content-Type: text/html', 'Content-Transfer-Encoding: base64', '', 'PHA+', 'eA=='))
    expect(instrumentMessage(raw, storedDomain, { ...fixed, openTracking: false }).message).toBe(raw)
  })

  it('reads a view into a larger buffer', () => {
    const whole = toBytes(`xx${newsletter}xx`)
    const result = instrumentMessage(whole.subarray(2, -2), storedDomain, { ...fixed, openTracking: false })
    expect(Buffer.from(result.message).toString('latin1')).toBe(messageOf(newsletter))
    expect(Buffer.from(whole).toString('latin1')).toBe(`xx${newsletter}xx`)
  })

  it.each(['text', null, undefined, {}])('refuses %j as a message', (raw) => {
    const call = () => instrumentMessage(raw as never, storedDomain)
    const named = typeof raw === 'string' ? '"text"' : raw === null || raw === undefined ? `${raw}` : 'an object'
    expect(call).toThrow(new TypeError(`raw is ${named}: pass the whole message as a Uint8Array`))
  })

  it.each<[what: InstrumentMessageOptions, message: string]>([
    [{ text: 'yes' as never }, 'text is "yes": use true or false'],
    [{ dkimSigned: 'break' as never }, 'dkimSigned is "break": use one of leave, instrument'],
    [
      { html: true } as never,
      'options has no field "html": use messageRef, openTracking, clickTracking, campaignRef, pixelPlacement, skipLink, skipUrls, maxUrlLength, now, text, dkimSigned',
    ],
    [{ clickTracking: 'anonymous' }, 'campaignRef is missing: mode "anonymous" reports opens and clicks with it'],
  ])('refuses options %j', (options, message) => {
    expect(errorOf(() => instrument('Subject: x\n\n', options))).toEqual({ code: 'invalid-options', message })
  })
})

describe('which parts', () => {
  const part = (header: readonly string[], body: string = link): string => lines('Subject: x', ...header, '', body)

  it.each<[what: string, header: readonly string[], outcome: string]>([
    ['HTML', ['Content-Type: text/html'], '1 text/html 1'],
    ['HTML in capitals', ['CONTENT-TYPE: TEXT/HTML'], '1 text/html 1'],
    ['inline', ['Content-Type: text/html', 'Content-Disposition: inline'], '1 text/html 1'],
    ['Inline', ['Content-Type: text/html', 'Content-Disposition: INLINE; size=3'], '1 text/html 1'],
    ['no type at all', [], '1 text/plain other-type'],
    ['AMP', ['Content-Type: text/x-amp-html'], '1 text/x-amp-html other-type'],
    ['a calendar', ['Content-Type: text/calendar; method=REQUEST'], '1 text/calendar other-type'],
    ['a message', ['Content-Type: message/rfc822'], '1 message/rfc822 other-type'],
    ['an attachment', ['Content-Type: text/html', 'Content-Disposition: attachment'], '1 text/html attachment'],
    ['any other disposition', ['Content-Type: text/html', 'Content-Disposition: x-own'], '1 text/html attachment'],
    ['inlined', ['Content-Type: text/html', 'Content-Disposition: inlined'], '1 text/html attachment'],
    ['a name', ['Content-Type: text/html; name=a.html'], '1 text/html attachment'],
    ['a name in pieces', ['Content-Type: text/html; name*0=a'], '1 text/html attachment'],
    ['a file name', ['Content-Type: text/html', 'Content-Disposition: inline; filename="a"'], '1 text/html attachment'],
    ['names of other things', ['Content-Type: text/html; surname=x; names=y'], '1 text/html 1'],
    [
      'signed S/MIME',
      ['Content-Type: application/pkcs7-mime; smime-type=signed-data'],
      '1 application/pkcs7-mime signed',
    ],
    [
      'signed S/MIME, quoted',
      ['Content-Type: application/x-pkcs7-mime; Smime-Type="Signed-Data"'],
      '1 application/x-pkcs7-mime signed',
    ],
    ['encrypted S/MIME', ['Content-Type: application/x-pkcs7-mime'], '1 application/x-pkcs7-mime encrypted'],
    ['multipart/signed', ['Content-Type: multipart/signed; boundary=b'], ' multipart/signed signed'],
    ['multipart/encrypted', ['Content-Type: multipart/encrypted'], ' multipart/encrypted encrypted'],
    ['multipart/report', ['Content-Type: multipart/report; boundary=b'], ' multipart/report other-type'],
  ])('%s', (_, header, outcome) => {
    expect(outcomesOf(part(header))).toEqual([outcome])
  })

  it.each([
    ['empty', lines('Content-Type: text/html', '', '')],
    [
      'empty, without text',
      lines('Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/html', '', '--b--'),
    ],
  ])('%s', (_, source) => {
    expect(outcomesOf(source, { openTracking: true })).toEqual(['1 text/html empty'])
  })

  it.each([
    ['-----BEGIN PGP SIGNED MESSAGE-----', 'signed'],
    ['-----BEGIN PGP MESSAGE-----', 'encrypted'],
  ])('%s', (armor, reason) => {
    expect(outcomesOf(part(['Content-Type: text/html'], `<pre>${armor}\r\n${link}`))).toEqual([`1 text/html ${reason}`])
    expect(outcomesOf(part([], `${armor}\r\nhttps://example.org/`), { text: true })).toEqual([`1 text/plain ${reason}`])
  })

  it.each(['DKIM-Signature', 'dkim-signature', 'ARC-Message-Signature', 'DomainKey-Signature'])('%s', (name) => {
    const source = part(['Content-Type: text/html', `${name}: v=1; b=abc`])
    expect(outcomesOf(source)).toEqual([' text/html dkim-signed'])
    expect(outcomesOf(source, { dkimSigned: 'leave' })).toEqual([' text/html dkim-signed'])
    expect(outcomesOf(source, { dkimSigned: 'instrument' })).toEqual(['1 text/html 1'])
  })

  it('numbers parts as IMAP does', () => {
    const source = lines(
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: multipart/related; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/html',
      '',
      link,
      '--inner',
      'Content-Type: image/png',
      '',
      'x',
      '--inner--',
      '',
      '--outer',
      'Content-Type: multipart/signed; boundary=signed',
      '',
      '--signed',
      'Content-Type: text/html',
      '',
      link,
      '--signed--',
      '--outer',
      'Content-Type: text/html',
      '',
      link,
      '--outer--',
    )
    expect(outcomesOf(source)).toEqual([
      '1.1 text/html 1',
      '1.2 image/png other-type',
      '2 multipart/signed signed',
      '3 text/html 1',
    ])
  })
})
