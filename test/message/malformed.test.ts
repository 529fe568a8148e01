// What two mail readers could take in two ways is left alone; what all read alike is not, however odd it is.

import { describe, expect, it } from 'vitest'
import { instrumentMessage } from '../../src/message/index.ts'
import { fixed, storedDomain } from '../kit/domains.ts'
import { instrument, lines, link, outcomesOf, toBytes } from './message-of.ts'

const part = ['Content-Type: text/html', '', link]
const mixed = (header: string, ...body: readonly string[]): string => lines(`Content-Type: ${header}`, '', ...body)
/** A multipart in another, from its first part on. */
const within = (...rest: readonly string[]): string =>
  mixed('multipart/mixed; boundary=b', '--b', 'Content-Type: multipart/mixed; boundary=c', '', '--c', ...part, ...rest)
const simple = mixed('multipart/mixed; boundary=b', '--b', ...part, '--b--', '')

it('the message that the cases are made of', () => {
  expect(outcomesOf(simple)).toEqual(['1 text/html 1'])
})

describe('left alone as a whole', () => {
  it.each<[what: string, source: string]>([
    ['nothing', ''],
    ['no empty line', 'Content-Type: text/html\r\n'],
    ['a line that is no field', lines('Content-Type: text/html', 'no field', '', link)],
    ['a space before the colon', lines('Content-Type : text/html', '', link)],
    ['a field without a name', lines('Content-Type: text/html', ': x', '', link)],
    ['a name that is no ASCII', lines('Content-Type: text/html', 'caf\xe9: x', '', link)],
    ['a name like a delimiter', lines('Content-Type: text/html', '--b: x', '', link)],
    ['a continuation of nothing', lines(' x', 'Content-Type: text/html', '', link)],
    ['a continuation of white space', lines('Content-Type: text/html', ' \t', ' x', '', link)],
    ['a NUL', lines('Content-Type: text/html', 'X: a\0b', '', link)],
    ['a bare carriage return', lines('Content-Type: text/html', 'X: a\rContent-Transfer-Encoding: base64', '', link)],
    ['a separator of mailboxes that is not first', lines('X: y', 'From ada Tue', 'Content-Type: text/html', '', link)],
    ['no boundary', simple.replace('; boundary=b', '')],
    ['a boundary in pieces', simple.replace('boundary=b', 'boundary*0=b')],
    ['an empty boundary', simple.replace('boundary=b', 'boundary=""')],
    ['a boundary that ends in a space', simple.replace('boundary=b', 'boundary="b "')],
    ['a boundary with an escape', simple.replace('boundary=b', 'boundary="\\b"')],
    ['a boundary that is no ASCII', simple.replaceAll(/b(?=\r|-)/g, '\xe9')],
    ['a boundary of 257 characters', simple.replaceAll(/(?<==|--)b/g, 'b'.repeat(257))],
    ['two boundaries', simple.replace('boundary=b', 'boundary=b; boundary=c')],
    ['a comment', simple.replace('boundary=b', 'boundary=b (c)')],
    ['a parameter without a value', simple.replace('boundary=b', 'boundary=b; x')],
    ['an encoded multipart', simple.replace('\r\n', '\r\nContent-Transfer-Encoding: base64\r\n')],
    [
      'two encodings of a multipart',
      simple.replace('\r\n', '\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 7bit\r\n'),
    ],
    ['no delimiter', simple.replaceAll('--b', '-- b')],
    ['the last delimiter alone', mixed('multipart/mixed; boundary=b', link, '--b--')],
    ['a delimiter and more', simple.replace('--b\r\n', '--bc\r\n')],
    ['a last delimiter and more', simple.replace('--b--', '--b--c')],
    ['a delimiter and more, in a part', simple.replace(link, `${link}\r\n--b is it`)],
    ['a delimiter after the last', `${simple}--b\r\n\r\nx`],
    ['a delimiter behind a bare carriage return', simple.replace(link, `${link}\r--b\r`)],
    ['a delimiter behind a bare carriage return, in a multipart within', within(`x\r--c`, '--b--')],
    ['a part without a header', simple.replace(lines(...part), link)],
    ['a part without an empty line', simple.replace('\r\n\r\n<a', '\r\n<a')],
    [
      'a delimiter in a header',
      mixed('multipart/mixed; boundary=b', '--b', 'Content-Type: text/html', '--b', ...part, '--b--'),
    ],
    ['a part that ends with its delimiter', mixed('multipart/mixed; boundary=b', '--b', ...part, '--b')],
    [
      'a boundary that another begins with',
      mixed(
        'multipart/mixed; boundary=b',
        '--b',
        'Content-Type: multipart/mixed; boundary=bc',
        '',
        '--bc',
        ...part,
        '--bc--',
        '--b--',
      ),
    ],
    [
      'a boundary that begins with the one around it',
      mixed(
        'multipart/mixed; boundary=bc',
        '--bc',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        ...part,
        '--b--',
        '--bc--',
      ),
    ],
    [
      'one boundary twice',
      mixed(
        'multipart/mixed; boundary=b',
        '--b',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        ...part,
        '--b--',
        '--b--',
      ),
    ],
    [
      'a multipart within that has no delimiter',
      mixed(
        'multipart/mixed; boundary=b',
        '--b',
        'Content-Type: multipart/mixed; boundary=c',
        '',
        link,
        '--b',
        ...part,
        '--b--',
      ),
    ],
  ])('%s', (_, source) => {
    const raw = toBytes(source)
    const { message, parts } = instrumentMessage(raw, storedDomain, fixed)
    expect(parts.map((each) => [each.path, each.kind === 'skipped' && each.reason])).toEqual([['', 'malformed']])
    expect(parts.map(({ end }) => end)).toEqual([raw.length])
    expect(message).toBe(raw)
  })

  const nested = (depth: number): string => {
    let source = lines(...part)
    for (let level = 0; level < depth; level++) {
      source = mixed(`multipart/mixed; boundary=b${level}.`, `--b${level}.`, source, `--b${level}.--`)
    }
    return source
  }
  const wide = (count: number): string =>
    mixed('multipart/mixed; boundary=b', ...Array.from({ length: count }, () => lines('--b', ...part)), '--b--')

  it('more than 31 multiparts within each other', () => {
    expect(outcomesOf(nested(31))).toEqual([`${'1.'.repeat(30)}1 text/html 1`])
    expect(outcomesOf(nested(33))).toEqual([' multipart/mixed too-complex'])
  })

  it('more than 1,000 parts', () => {
    expect(outcomesOf(wide(1000)).length).toBe(1000)
    expect(outcomesOf(wide(1001))).toEqual([' multipart/mixed too-complex'])
  })
})

describe('left alone as a part', () => {
  it.each<[what: string, header: readonly string[], outcome: string]>([
    ['a type without a slash', ['Content-Type: html'], 'text/plain malformed'],
    ['a type that is none', ['Content-Type: ;'], 'text/plain malformed'],
    ['two types', ['Content-Type: text/html', 'Content-Type: text/html'], 'text/plain malformed'],
    ['parameters that cannot be read', ['Content-Type: text/html; charset'], 'text/html malformed'],
    ['a comment', ['Content-Type: text/html (really)'], 'text/html malformed'],
    ['two semicolons', ['Content-Type: text/html; charset=utf-8;;'], 'text/html malformed'],
    ['a charset twice', ['Content-Type: text/html; charset=utf-8; CHARSET=utf-8'], 'text/html malformed'],
    ['a charset with a language', ["Content-Type: text/html; charset*=''utf-8"], 'text/html malformed'],
    ['a quote that is not closed', ['Content-Type: text/html; charset="utf-8'], 'text/html malformed'],
    ['an escape', ['Content-Type: text/html; charset="utf\\-8"'], 'text/html malformed'],
    [
      'two dispositions',
      ['Content-Type: text/html', 'Content-Disposition: inline', 'Content-Disposition: inline'],
      'text/html malformed',
    ],
    [
      'a disposition that cannot be read',
      ['Content-Type: text/html', 'Content-Disposition: inline; x'],
      'text/html malformed',
    ],
    ['a disposition that is none', ['Content-Type: text/html', 'Content-Disposition: ='], 'text/html malformed'],
    ['an empty disposition', ['Content-Type: text/html', 'Content-Disposition:'], 'text/html malformed'],
    ['a multipart without a boundary', ['Content-Type: multipart/mixed'], 'multipart/mixed malformed'],
  ])('%s', (_, header, outcome) => {
    const source = mixed('multipart/mixed; boundary=b', '--b', ...header, '', link, '--b', ...part, '--b--')
    expect(outcomesOf(source)).toEqual([`1 ${outcome}`, '2 text/html 1'])
  })
})

describe('read by all alike', () => {
  it.each<[what: string, source: string, outcomes: readonly string[]]>([
    ['the separator of a mailbox', `From ada@example.com Tue Nov 24\r\n${simple}`, ['1 text/html 1']],
    [
      'hyphens behind a bare carriage return, where there are no delimiters',
      lines('Content-Type: text/html', '', `\r--${link}`),
      ['1 text/html 1'],
    ],
    [
      'hyphens behind a bare carriage return that begin no delimiter',
      simple.replace(link, `${link}\r--c\r--`),
      ['1 text/html 1'],
    ],
    ["a delimiter's text within a line", simple.replace(link, `x--b--b ${link} --b--`), ['1 text/html 1']],
    [
      'the delimiter of a multipart that has ended',
      within('--c--', '--b', ...part, '--c', '--b--'),
      ['1.1 text/html 1', '2 text/html 1'],
    ],
    ['line feeds alone', simple.replaceAll('\r\n', '\n'), ['1 text/html 1']],
    ['mixed line ends', simple.replaceAll('--b\r\n', '--b\n'), ['1 text/html 1']],
    [
      'white space behind delimiters',
      simple.replaceAll('--b\r\n', '--b \t\r\n').replace('--b--', '--b-- '),
      ['1 text/html 1'],
    ],
    ['no last delimiter', simple.replace('--b--', ''), ['1 text/html 1']],
    ['cut off in a part', simple.slice(0, simple.indexOf('</a>')), ['1 text/html 1']],
    ['no last delimiter within', within('--b', ...part, '--b--'), ['1.1 text/html 1', '2 text/html 1']],
    [
      'a preamble and an epilogue',
      mixed('multipart/mixed; boundary=b', '--', link, '--b', ...part, '--b--', link),
      ['1 text/html 1'],
    ],
    ['hyphens', simple.replace(link, `--\r\n-- \r\n--c\r\n-${link}`), ['1 text/html 1']],
    ['a folded type', simple.replace('; boundary', ';\r\n\tboundary'), ['1 text/html 1']],
    ['a quoted boundary', simple.replace('boundary=b', 'Boundary = "b" ;'), ['1 text/html 1']],
    ['a boundary that ought to be quoted', simple.replaceAll(/(?<==|--)b/g, '=_b/x:?'), ['1 text/html 1']],
    [
      'a boundary with spaces',
      simple.replace('boundary=b', 'boundary="b b"').replaceAll('--b', '--b b'),
      ['1 text/html 1'],
    ],
    ['a boundary of 256 characters', simple.replaceAll(/(?<==|--)b/g, 'b'.repeat(256)), ['1 text/html 1']],
    ['a boundary like a field', simple.replaceAll(/(?<==|--)b/g, 'b:b'), ['1 text/html 1']],
    ['8bit, said of a multipart', simple.replace('\r\n', '\r\nContent-Transfer-Encoding: 8BIT\r\n'), ['1 text/html 1']],
    [
      'a delimiter at once behind a header',
      simple.replace(lines(...part), lines('', '--b', ...part)),
      ['1 text/plain other-type', '2 text/html 1'],
    ],
    ['an odd field of no matter', lines('X!#$%: \xe9', ...part), ['1 text/html 1']],
  ])('%s', (_, source, outcomes) => {
    expect(outcomesOf(source)).toEqual(outcomes)
  })

  it('the last line end of a message that was cut off is a delimiter to some', () => {
    const cut = mixed('multipart/mixed; boundary=b', '--b', 'Content-Type: text/html', '', '<p>x', '')
    const pixel = /<img [^>]*>/
    for (const source of [cut, cut.replaceAll('\r\n', '\n')]) {
      const after = Buffer.from(instrument(source, { openTracking: true }).message).toString('latin1')
      expect(after.replace(pixel, '*')).toBe(source.replace('<p>x', '<p>x*'))
    }
  })
})
