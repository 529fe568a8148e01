// What must hold for any text whatever. linkify-it is the judge of where URLs are, in a setting of its own.

import fc from 'fast-check'
import { LinkifyIt } from 'linkify-it'
import { describe, expect, it } from 'vitest'
import { readTrackingUrl } from '../../src/index.ts'
import { instrumentText } from '../../src/text/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'

/** Mail clients know other schemes too: what is in such a URL is no URL of its own. */
const client = new LinkifyIt({ fuzzyEmail: false, urlAuth: true })
const finder = new LinkifyIt({ fuzzyEmail: false, urlAuth: true }).add('ftp:').add('mailto:').add('//')

const urls = [
  'https://example.com/',
  'http://example.com/a?b=1&c=2#d',
  'https://example.com/a_(b)',
  'https://münchen.example/straße',
  'https://ada:pw@example.com:8080/',
  'https://example.com',
  'HTTPS://EXAMPLE.COM/A',
  'https://links.example.com/c/abc',
  'https://example.com/?u={{name}}',
  'https://example.com/\ud800',
  'https://exa',
  'ftp://example.com/',
  'mailto:ada@example.com',
  '//example.com/x',
]
const marks = [
  ...' \n\t.,;:!?()[]{}<>"\'*_~|/\\@#&%=-+$…，。“”（）',
  '\r\n',
  '\r\n> ',
  ' \r\n',
  '<URL:',
  '{{ x }}',
  '<%= x %>',
]
const piece = fc.oneof(fc.constantFrom(...urls), fc.constantFrom(...marks), fc.string({ unit: 'binary', maxLength: 4 }))
const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const options = { ...fixed, maxUrlLength: 8192 }

describe.each([
  ['signed', signedDomain],
  ['stored', storedDomain],
])('whatever the text, %s', (_, domain) => {
  it('only URLs change that linkify-it finds; each is found again, whole, and leads where it led', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { text: sent, links } = instrumentText(text, domain, options)
        let expected = ''
        let copied = 0
        for (const [index, link] of links.entries()) {
          expect(link.index).toBe(index)
          const url = link.kind === 'tracked' ? link.url : text.slice(link.start, link.end)
          expected += text.slice(copied, link.start) + url
          copied = link.end
        }
        expect(sent).toBe(expected + text.slice(copied))

        const ranges = (finder.match(text) ?? []).map(({ index, lastIndex }) => [index, lastIndex])
        expect(links.map(({ start, end }) => [start, end])).toEqual(ranges)

        const found = (client.match(sent) ?? []).map(({ raw }) => raw)
        for (const link of links) {
          if (link.kind !== 'tracked') continue
          expect(found).toContain(link.url)
          const reference = readTrackingUrl(link.url, domain)
          expect(reference).toMatchObject({ kind: 'click', part: 'text', index: link.index, messageRef })
          if (domain === signedDomain) expect(reference).toMatchObject({ destination: link.destination })
          expect(link.destination).toBe(text.slice(link.start, link.end).toWellFormed())
        }
      }),
      { numRuns: Number(process.env.MAILTRACE_RUNS ?? 1000) },
    )
  })

  it('twice is once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sent = instrumentText(text, domain, options).text
        expect(instrumentText(sent, domain, options).text).toBe(sent)
      }),
      { numRuns: Number(process.env.MAILTRACE_RUNS ?? 500) },
    )
  })
})
