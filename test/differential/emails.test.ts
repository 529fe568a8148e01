// Real mail, with parse5 as judge of everything and htmlparser2 as a second voice on the links.

import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { attributeValue } from '../../src/html/attribute-value.ts'
import { readMarkup } from '../../src/html/markup.ts'
import { scanLinks } from '../../src/html/scan-html.ts'
import { type InstrumentedEmail, instrumentEmail } from '../../src/index.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'
import { checkBytes, checkFidelity } from '../kit/fidelity.ts'
import { judgeSites } from '../kit/judge.ts'
import { corpusHint, hasCorpus, readEmails } from './corpus.ts'

const emails = readEmails()

describe.skipIf(!hasCorpus)(`real mail keeps every link and every other byte${corpusHint}`, () => {
  it('is all there', () => {
    expect(emails.length).toBeGreaterThanOrEqual(300)
    expect(emails.flatMap(({ text }) => scanLinks(readMarkup(text)).sites).length).toBeGreaterThan(500)
  })

  // Exact trees: no mail of the corpus has formatting elements that the pixel re-opens at its end.
  it.each([
    ['end', 'signed', signedDomain],
    ['start', 'stored', storedDomain],
  ] as const)('pixel at the %s, %s references', (pixelPlacement, _, domain) => {
    for (const { name, text } of emails) {
      withName(name, () => checkFidelity(text, { exactTree: true, pixelPlacement, domain }))
    }
  })

  it('the other way round, only the URLs differ', () => {
    for (const { name, text } of emails) {
      for (const pixelPlacement of ['end', 'start'] as const) {
        const [signed, stored] = [signedDomain, storedDomain].map((domain) =>
          instrumentEmail(text, domain, { ...fixed, pixelPlacement, maxUrlLength: 8192 }),
        )
        expect(withoutUrls(stored!), name).toEqual(withoutUrls(signed!))
        expect(checkBytes(text, stored!), name).toBe(checkBytes(text, signed!))
      }
    }
  })

  it('htmlparser2 sees the same links', () => {
    for (const { name, text } of emails) expect(ourHrefs(text), name).toEqual(secondVoice(text))
  })
})

/** Where htmlparser2 12 departs from the standard, as parse5 reads it. None of it occurs in the corpus. */
const dissent: readonly [difference: string, html: string, theirs: readonly string[], ours: readonly string[]][] = [
  ['line ends are not normalized', '<a href="a\r\nb">', ['a\r\nb'], ['a\nb']],
  ['NUL is not replaced', '<a href="a\0b">', ['a\0b'], ['a\ufffdb']],
  ['script data is never double escaped', '<script><!--<script></script><a href=a></script>', ['a'], []],
  ['attributes of an end tag of raw text are not read', '<style></style x="><a href=b>"><a href=a>', ['b', 'a'], ['a']],
  ['breaking out of foreign content does not bring raw text back', '<svg><p><style><a href=x></style>', ['x'], []],
]

describe('where htmlparser2 differs, parse5 agrees with us', () => {
  it.each(dissent)('%s: %j', (_, html, theirs, ours) => {
    expect(secondVoice(html)).toEqual(theirs)
    expect(ourHrefs(html)).toEqual(ours)
    expect(judgeSites(html).map(({ href }) => href)).toEqual(ours)
  })
})

function withName(name: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw new Error(name, { cause: error })
  }
}

const withoutUrls = ({ links, pixel }: InstrumentedEmail): unknown => ({
  links: links.map((link) => ({ ...link, url: null })),
  pixel: pixel.kind,
})

/** What stands in conditional comments is for Outlook, and no parser's business. */
function ourHrefs(html: string): readonly string[] {
  return scanLinks(readMarkup(html))
    .sites.filter(({ inComment }) => !inComment)
    .map(({ start, end }) => attributeValue(readMarkup(html), start, end))
}

function secondVoice(html: string): readonly string[] {
  const hrefs: string[] = []
  const parser = new Parser({
    onopentag(name, { href }) {
      if ((name === 'a' || name === 'area' || name.startsWith('v:')) && href !== undefined) hrefs.push(href)
    },
  })
  parser.end(html)
  return hrefs
}
