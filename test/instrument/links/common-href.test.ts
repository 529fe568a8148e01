// The short cut for common hrefs must give what the long way gives.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attributeValue } from '../../../src/html/attribute-value.ts'
import { readMarkup } from '../../../src/html/markup.ts'
import { readCommonHref } from '../../../src/instrument/links/common-href.ts'
import { findProblem, toDestination } from '../../../src/instrument/links/destination.ts'

const hosts = [{ host: 'links.example.com' }, { host: 'old.example.com' }]

const piece = fc.oneof(
  fc.constantFrom(
    'https://',
    'http://',
    'example.org',
    'links.example.com',
    'old.example.com',
    '/c/',
    '/o/',
    'a.xn--',
    '.co',
    '.com',
    '/',
    '?',
    '#',
    '##',
    '&',
    '&amp;',
    '&amp',
    '&copy',
    '&copy=',
    '&not',
    '&notin;',
    '&utm_',
    '&uml',
    '&lt=',
    '&#38;',
    '=',
    '%20',
    '%',
    '%%',
    '%na',
    'name%',
    '{',
    '}',
    '[',
    ']',
    'name',
    '..',
    '../',
    ':80',
    '@',
    '1.2.3',
    '0x1',
    '-',
    '_',
    ' ',
    '\t',
    '\u00e9',
  ),
  fc.string({ unit: fc.constantFrom(...'abcxfnotlgut019.-/?#&;=%_:@'), maxLength: 5 }),
)

/** Hrefs the property tries; raised by the same variable as the properties. */
const numRuns = Number(process.env.MAILTRACE_RUNS ?? 5000)

it('is taken only where both agree', () => {
  let taken = 0
  fc.assert(
    fc.property(
      fc.constantFrom('https://', 'http://', ''),
      fc.constantFrom('example.org', 'a.example.co', 'links.example.com', ''),
      fc.constantFrom('/', '?', ''),
      fc.array(piece, { maxLength: 8 }),
      (start, host, slash, pieces) => {
        const href = start + host + slash + pieces.join('')
        // In the middle of a text, as it stands in mail.
        const html = `<a href="${href}">`
        const common = readCommonHref(html, 9, 9 + href.length, hosts)
        if (common === null) return
        taken++
        const destination = toDestination(attributeValue(readMarkup(html), 9, 9 + href.length))
        expect([common, findProblem(common, hosts)]).toEqual([destination, null])
      },
    ),
    { numRuns },
  )
  expect(taken).toBeGreaterThan(numRuns / 50)
})
