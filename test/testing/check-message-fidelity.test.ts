import { describe, expect, it } from 'vitest'
import { instrumentMessage } from '../../src/message/index.ts'
import { checkMessageFidelity } from '../../src/testing/index.ts'
import { corpusHint, hasCorpus, readMessages } from '../differential/corpus.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const textOf = (message: Uint8Array): string => Buffer.from(message).toString('latin1')

const original = [
  'From: Ada <ada@example.com>',
  'Subject: Sale',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  'preamble',
  '--outer',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'One: https://example.org/1. Two: <https://example.org/2?a=b>, three:',
  'https://example.org/3',
  '--inner',
  'Content-Type: text/html; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '<p>caf=E9 <a href=3D"https://example.org/1">one</a> <a href=3D"https://example.org/=',
  '2">two</a></p>',
  '--inner--',
  '--outer',
  'Content-Type: text/html; name=page.html',
  'Content-Disposition: attachment; filename=page.html',
  'Content-Transfer-Encoding: base64',
  '',
  'PGEgaHJlZj0iaHR0cHM6Ly9leGFtcGxlLm9yZy8iPng8L2E+',
  '--outer--',
  'epilogue',
  '',
].join('\r\n')
const raw = latin1(original)
const instrument = (message = raw, domain = signedDomain, options = {}) =>
  instrumentMessage(message, domain, { ...fixed, text: true, dkimSigned: 'instrument', ...options }).message
const sent = textOf(instrument())
const urls = sent.replaceAll('=\r\n', '').match(/https:\/\/links\.example\.com\/c\/[\w-]+/g)!
const found = (message: string, before = raw) =>
  checkMessageFidelity(before, latin1(message), signedDomain).map(({ part, kind, was, is }) => [part, kind, was, is])

describe('what mailtrace makes of a message has no violation', () => {
  it.each([
    ['signed', signedDomain, {}],
    ['stored', storedDomain, {}],
    ['without text', signedDomain, { text: false }],
    ['two pixels', signedDomain, { pixelPlacement: 'both' }],
    ['nothing', signedDomain, { openTracking: false, clickTracking: false }],
  ])('%s', (_, domain, options) => {
    expect(checkMessageFidelity(raw, instrument(raw, domain, options), domain)).toEqual([])
  })

  it.each([
    [
      'lines that grow too long, and are encoded',
      `Content-Type: text/html\r\n\r\n<p>${'x '.repeat(480)}<a href="https://example.org/">x</a>\r\n`,
    ],
    [
      'base64',
      `Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n${btoa('<a href="https://example.org/">x</a>')}\n`,
    ],
    ['no header', '\r\n<a href="https://example.org/">'],
    ['text alone', 'Subject: x\r\n\r\nhttps://example.org/ https://example.org/?a=1 (https://example.org/b)\r\n'],
    ['text that is the URL alone', 'Subject: x\r\n\r\nhttps://example.org/x'],
    [
      'no last delimiter',
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<a href="https://example.org/">x</a>\r\n',
    ],
  ])('%s', (_, message) => {
    for (const domain of [signedDomain, storedDomain]) {
      const changed = instrument(latin1(message), domain)
      expect(checkMessageFidelity(latin1(message), changed, domain)).toEqual([])
    }
  })

  it.skipIf(!hasCorpus)(`real messages${corpusHint}`, () => {
    let count = 0
    for (const { name, bytes } of readMessages()) {
      for (const domain of [signedDomain, storedDomain]) {
        const changed = instrument(bytes, domain)
        if (changed !== bytes) count++
        expect([name, checkMessageFidelity(bytes, changed, domain)]).toEqual([name, []])
      }
    }
    expect(count).toBeGreaterThan(50)
  })
})

describe('what a careless step does to it is found', () => {
  it.each<[what: string, damage: (message: string) => string, violations: unknown[]]>([
    ['a header', (message) => message.replace('Sale', 'Sell'), [['', 'frame', 'ale', 'ell']]],
    ['a header more', (message) => message.replace('Subject', 'X: y\r\nSubject'), [['', 'frame', '', 'X: y\r\n']]],
    ['the preamble', (message) => message.replace('preamble', 'Preamble'), [['', 'frame', 'p', 'P']]],
    ['the epilogue', (message) => message.replace('epilogue\r\n', ''), [['', 'frame', 'epilogue\r\n', '']]],
    ['what a part is', (message) => message.replace('iso-8859-1', 'utf-8'), [['', 'frame', 'iso-8859-1', 'utf-8']]],
    ['an attachment', (message) => message.replace('PGEg', 'PGIg'), [['2', 'frame', 'E', 'I']]],
    [
      'the text',
      (message) => message.replace('Two: ', 'Three: '),
      [['1.1', 'changed', expect.any(String), expect.any(String)]],
    ],
    [
      'the end of the text',
      (message) => message.replace('three:', 'four:'),
      [['1.1', 'changed', expect.any(String), expect.any(String)]],
    ],
    [
      'links of the text, in turns',
      (message) => message.replace(urls[0]!, 'URL').replace(urls[1]!, urls[0]!).replace('URL', urls[1]!),
      [
        ['1.1', 'destination', 'https://example.org/1', 'https://example.org/2?a=b'],
        ['1.1', 'destination', 'https://example.org/2?a=b', 'https://example.org/1'],
      ],
    ],
    [
      'the text of the HTML',
      (message) => message.replace('caf=E9', 'caf=E8'),
      [['1.2', 'changed', '\u00e9', '\u00e8']],
    ],
    [
      'a link of the HTML',
      (message) => message.replace('">one<', 'x">one<'),
      [['1.2', 'destination', 'https://example.org/1', expect.any(String)]],
    ],
  ])('%s', (_, damage, violations) => {
    expect(damage(sent)).not.toBe(sent)
    expect(found(damage(sent))).toEqual(violations)
  })

  it('a part that is missing', () => {
    const without = sent.replace(/--outer\r\nContent-Type: text\/html; name[\s\S]*(?=--outer--)/, '')
    expect(found(without).map(([part, kind]) => [part, kind])).toEqual([['', 'frame']])
  })

  it('a text whose references are those of another message', () => {
    const other = textOf(instrument(raw, signedDomain, { messageRef: 'other' }))
    const mixed =
      sent.slice(0, sent.indexOf('Content-Type: text/html')) + other.slice(other.indexOf('Content-Type: text/html'))
    expect(found(mixed).map(([part, kind]) => [part, kind])).toEqual([
      ['1.2', 'reference'],
      ['1.2', 'reference'],
      ['1.2', 'reference'],
    ])
  })
})

it.each([
  ['original', 'x', raw],
  ['instrumented', raw, 'x'],
])('%s must be bytes', (name, before, after) => {
  expect(() => checkMessageFidelity(before as never, after as never, signedDomain)).toThrow(
    new TypeError(`${name} is "x": pass the whole message as a Uint8Array`),
  )
})
