// The decoder reads four bytes at once. Here an expression is its judge, which reads them one by one.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeQuotedPrintable } from '../../src/message/quoted-printable.ts'
import { toBytes } from './message-of.ts'

/** RFC 2045 section 6.7 */
const body = /^(?:[^=]|=[0-9A-F]{2}|=\r?\n|=$)*$/i

const judge = (raw: string): string | null =>
  body.test(raw)
    ? raw
        .replace(/=(?:\r?\n|$)/g, '')
        .replace(/=(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : null

const pieces = fc.constantFrom(
  '=3D',
  '=e9',
  '=\r\n',
  '=\n',
  '=',
  '\r',
  '\n',
  'x',
  'xyz',
  'F',
  '<p>',
  '\xe9',
  '\xbd',
  '\xff',
)
const bodies = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))

it('every body is decoded as it stands in RFC 2045, or not at all', () => {
  fc.assert(
    fc.property(bodies, (raw) => {
      expect(decodeQuotedPrintable(toBytes(raw))?.content ?? null).toBe(judge(raw))
    }),
  )
})

it.each(Array.from({ length: 9 }, (_, at) => at))(
  'an escape behind %i bytes, in an array that begins anywhere',
  (at) => {
    const raw = `${'x'.repeat(at)}=3D${'y'.repeat(9 - at)}`
    for (const start of [0, 1, 2, 3]) {
      const array = toBytes(`${'='.repeat(start)}${raw}===`).subarray(start, start + raw.length)
      expect(decodeQuotedPrintable(array)?.content).toBe(raw.replace('=3D', '='))
    }
  },
)

it('places lie where a soft break or an escape stands, in the raw body and in the content', () => {
  const raw = `${'x'.repeat(511)}=3D${'y'.repeat(600)}=\r\nz=41`
  expect(decodeQuotedPrintable(toBytes(raw))?.places).toEqual([1114, 1112])
})
