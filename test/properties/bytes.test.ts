// Bytes in, bytes out: the same mail and the same outcomes as for the text that a browser makes of the bytes.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addLinkParameters,
  type DomainConfig,
  instrumentEmail,
  type LinkSite,
  type PrepareOptions,
  prepareEmail,
  untrackEmail,
} from '../../src/index.ts'
import { hasCorpus, readEmails } from '../differential/corpus.ts'
import { kinds } from '../kit/documents.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'
import { keepById } from '../kit/fidelity.ts'

const numRuns = Number(process.env.MAILTRACE_RUNS ?? 600)

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const decode = (bytes: Uint8Array): string => decoder.decode(bytes)

interface Placed {
  readonly start: number
  readonly end: number
}

/** Offsets of bytes, as offsets of the text. */
function inText<Outcome extends Placed>(bytes: Uint8Array, outcomes: readonly Outcome[]): readonly Outcome[] {
  let known = { at: 0, textAt: 0 }
  function offsetInText(at: number): number {
    if (at < known.at) known = { at: 0, textAt: 0 }
    known = { at, textAt: known.textAt + decode(bytes.subarray(known.at, at)).length }
    return known.textAt
  }
  return outcomes.map((outcome) => ({ ...outcome, start: offsetInText(outcome.start), end: offsetInText(outcome.end) }))
}

const asText = <Result extends { readonly html: Uint8Array; readonly links: readonly Placed[] }>(
  bytes: Uint8Array,
  result: Result,
) => ({ ...result, html: decode(result.html), links: inText(bytes, result.links) })

/** A view into a larger buffer, as parsers of messages give them. */
function asView(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + 7).fill(0x3c)
  larger.set(bytes, 3)
  return larger.subarray(3, 3 + bytes.length)
}

function checkSame(bytes: Uint8Array, domain: DomainConfig): void {
  const text = decode(bytes)
  const before = bytes.slice()

  const asked: unknown[] = []
  const options = (list: unknown[]): PrepareOptions => ({
    campaignRef: 'campaign-0123456789',
    maxUrlLength: 8192,
    pixelPlacement: 'both',
    now: fixed.now,
    skipLink: (link: LinkSite) => {
      const { start, end, ...rest } = link
      list.push(rest)
      return keepById(link)
    },
  })
  const askedOfBytes: unknown[] = []
  const { messageRef } = fixed
  const expected = instrumentEmail(text, domain, { ...options(asked), messageRef })
  const result = instrumentEmail(bytes, domain, { ...options(askedOfBytes), messageRef })
  expect(asText(bytes, result)).toEqual(expected)
  expect(askedOfBytes).toEqual(asked)
  expect(Buffer.compare(instrumentEmail(asView(bytes), domain, { ...options([]), messageRef }).html, result.html)).toBe(
    0,
  )

  // One after the other, so that what was laid out for one recipient is used for the next.
  const prepared = prepareEmail(bytes, domain, options([]))
  const preparedText = prepareEmail(text, domain, options([]))
  for (const message of [
    { messageRef },
    { messageRef: 'message-9876543210' },
    { messageRef },
    { messageRef: 'message-of-another-length' },
    { messageRef, openTracking: false },
    { messageRef, openTracking: 'anonymous', clickTracking: 'anonymous' },
    { messageRef, openTracking: 'anonymous', clickTracking: 'anonymous' },
    { messageRef, openTracking: false, clickTracking: false },
    { messageRef },
  ] as const) {
    const copy = prepared.instrument(message)
    expect(asText(bytes, copy)).toEqual(preparedText.instrument(message))
    copy.html.fill(0)
  }

  const untracked = untrackEmail(result.html, domain)
  expect(asText(result.html, untracked)).toEqual(untrackEmail(expected.html, domain))
  const parameters = ({ index }: LinkSite): Record<string, string> | null => (index === 1 ? null : { ref: `ü${index}` })
  expect(asText(bytes, addLinkParameters(bytes, parameters))).toEqual(addLinkParameters(text, parameters))
  expect(Buffer.compare(bytes, before)).toBe(0)
}

const place = fc.double({ min: 0, max: 1, noNaN: true })
/** Lead bytes without what should follow, what should follow without a lead byte, and what no UTF-8 has. */
const wrongByte = fc.constantFrom(0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0xff, 0xef)

const illFormed = (document: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(document, fc.array(fc.record({ place, byte: wrongByte, drop: fc.nat(2) }), { maxLength: 8 }))
    .map(([html, changes]) => {
      const bytes = [...encoder.encode(html)]
      for (const { place, byte, drop } of changes) bytes.splice(Math.floor(place * bytes.length), drop, byte)
      return Uint8Array.from(bytes)
    })

describe('bytes give the same mail and the same outcomes as their text', () => {
  it.each(Object.entries(kinds))('%s, ill-formed too', (_, document) => {
    fc.assert(
      fc.property(illFormed(document), fc.boolean(), (bytes, isSigned) => {
        checkSame(bytes, isSigned ? signedDomain : storedDomain)
      }),
      { numRuns },
    )
  })

  it.each(Object.entries(kinds))('%s, where long mail is read in stretches', { timeout: 60_000 }, (_, document) => {
    // A stretch ends from 87,040 on, and 128,000 bytes are read at once.
    const filler = '<p class="x">y <b>z</b></p>\n'
    const paragraphs = (length: number): string => filler.repeat(length / filler.length)
    const long = fc
      .tuple(fc.integer({ min: 84_000, max: 132_000 }), document, fc.nat(60_000), document)
      .map(([before, one, between, other]) => `<body>${paragraphs(before)}${one}${paragraphs(between)}${other}`)
    fc.assert(
      fc.property(illFormed(long), fc.boolean(), (bytes, isSigned) => {
        checkSame(bytes, isSigned ? signedDomain : storedDomain)
      }),
      { numRuns: Math.ceil(numRuns / 40) },
    )
  })

  it.skipIf(!hasCorpus)('real mails', { timeout: 60_000 }, () => {
    for (const { text } of readEmails()) checkSame(encoder.encode(text), signedDomain)
  })
})
