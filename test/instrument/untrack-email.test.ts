import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DomainConfig,
  type InstrumentedEmail,
  instrumentEmail,
  type StoredLink,
  untrackEmail,
} from '../../src/index.ts'
import { corpusHint, readEmails } from '../differential/corpus.ts'
import { anyDocument, ordinaryDocument } from '../kit/documents.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'
import { judgeSites } from '../kit/judge.ts'

const other: DomainConfig = {
  ...signedDomain,
  name: 'example.net',
  trackingDomains: [{ host: 'links.example.net', status: 'verified' }],
}

const isSame = (html: string): boolean =>
  untrackEmail(instrumentEmail(html, signedDomain, fixed).html, signedDomain).html === html

describe('mail whose hrefs are plainly written comes back as it was', () => {
  it.each([
    ['double quotes', '<body><a href="https://example.org/a?b=1&amp;c=2">x</a></body>'],
    ['single quotes', "<body><a href='https://example.org/it%27s?b=1&amp;c=2'>x</a></body>"],
    ['a double quote in single ones', `<body><a href='https://example.org/"x"'>x</a></body>`],
    ['no quotes', '<body><a href=https://example.org/a?b=1&amp;c=2>x</a></body>'],
    ['< and > in quotes', '<body><a href="https://example.org/?a<b>c">x</a></body>'],
    ['an area and VML', '<area href="https://example.org/"><v:rect href="https://example.org/">'],
    ['a conditional comment', '<!--[if mso]><v:rect href="https://example.org/">x</v:rect><![endif]--><p>x'],
    ['no tracked link', '<p>x <a href="mailto:a@b.example">y</a></p>'],
    ['nothing', ''],
  ])('%s', (_, html) => expect(isSame(html)).toBe(true))
})

describe('a destination is written so that it is read back', () => {
  it.each([
    ['& between double quotes', '<a href="https://example.org/?a&b">', '<a href="https://example.org/?a&amp;b">'],
    ['" between double quotes', '<a href="https://example.org/&#34;">', '<a href="https://example.org/&quot;">'],
    ["' between single quotes", "<a href='https://example.org/&apos;'>", "<a href='https://example.org/&#39;'>"],
    ['a space without quotes', '<a href=https://example.org/a&#32;b>', '<a href="https://example.org/a b">'],
    ['> without quotes', '<a href=https://example.org/a&gt;b>', '<a href="https://example.org/a>b">'],
    [
      'an end of a comment in a comment',
      '<!--[if mso]><v:r href="https://example.org/--&gt;&lt;![endif]"><![endif]-->',
      '<!--[if mso]><v:r href="https://example.org/--&gt;&lt;![endif]"><![endif]-->',
    ],
    [
      '< and > in a comment',
      '<!--[if mso]><v:r href="https://example.org/?a&lt;b&gt;c"><![endif]-->',
      '<!--[if mso]><v:r href="https://example.org/?a&lt;b&gt;c"><![endif]-->',
    ],
    [
      'no quotes in a comment',
      '<!--[if mso]><v:r href=https://example.org/?a--><![endif]-->',
      '<!--[if mso]><v:r href=https://example.org/?a--><![endif]-->',
    ],
  ])('%s', (_, html, expected) => {
    const { html: sent } = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false })
    expect(untrackEmail(sent, signedDomain).html).toBe(expected)
  })
})

it.each([
  ['without quotes in a comment', 'https://example.org/?a="<!--', '<v:r href="https://example.org/?a=&quot;&lt;!--">'],
  ['without quotes in a comment, in need of none', 'https://example.org/', '<v:r href="https://example.org/">'],
])('a tracked link %s gets some', (_, destination, restored) => {
  const { links } = instrumentEmail(`<a href='${destination}'>`, signedDomain, fixed)
  const url = links[0]?.kind === 'tracked' ? links[0].url : ''
  const [before, after] = [`<v:r href=${url}>`, restored].map((tag) => `<!--[if mso]>${tag}<![endif]-->`)
  expect(untrackEmail(before!, signedDomain).html).toBe(after)
})

describe('what comes back', () => {
  const html = '<body><p><a href="#top">x</a> <a href="https://example.org/">y</a></p></body>'

  it('says what was restored, and which pixels went', () => {
    const sent = instrumentEmail(html, signedDomain, { ...fixed, pixelPlacement: 'both' })
    const [, link] = sent.links
    const url = link?.kind === 'tracked' ? link.url : ''
    const start = sent.html.indexOf(url)
    expect(untrackEmail(sent.html, signedDomain)).toEqual({
      html,
      links: [
        {
          kind: 'restored',
          index: 1,
          element: 'a',
          destination: 'https://example.org/',
          url,
          start,
          end: start + url.length,
        },
      ],
      pixels: sent.pixel.kind === 'placed' ? sent.pixel.urls : [],
    })
  })

  it('asks for stored links', () => {
    const sent = instrumentEmail(html, storedDomain, fixed)
    const asked: StoredLink[] = []
    const findReference = (link: StoredLink): { destination: string } => {
      asked.push(link)
      return { destination: 'https://example.org/' }
    }
    expect(untrackEmail(sent.html, storedDomain, { findReference }).html).toBe(html)
    expect(asked).toEqual([{ domain: 'example.com', ref: 'message-0123456789', part: 'html', index: 1 }])
  })

  it.each([
    ['nobody to ask', {}],
    ['one that is unknown', { findReference: () => null }],
    ['no destination', { findReference: () => ({}) }],
    ['no web link', { findReference: () => ({ destination: 'javascript:alert(1)' }) }],
  ])('stored: %s leaves the link', (_, options) => {
    const sent = instrumentEmail(html, storedDomain, { ...fixed, openTracking: false })
    const result = untrackEmail(sent.html, storedDomain, options as object)
    expect(result.html).toBe(sent.html)
    expect(result.links).toMatchObject([{ kind: 'kept', reason: 'unknown-reference', index: 1, element: 'a' }])
  })

  it('a promise is refused', () => {
    const sent = instrumentEmail(html, storedDomain, fixed)
    const findReference = async (): Promise<object> => ({ destination: 'https://example.org/' })
    expect(() => untrackEmail(sent.html, storedDomain, { findReference } as object)).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: 'findReference gives a promise: give the link at once',
      }),
    )
  })

  it.each([
    ['a changed token', (url: string) => url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['a former form', () => 'https://links.example.com/c/x'],
    ['the URL of a pixel', () => 'https://old.example.com/o/x.gif'],
  ])('%s leaves the link', (_, change) => {
    const sent = instrumentEmail(html, signedDomain, { ...fixed, openTracking: false })
    const changed = sent.html.replace(/https:\/\/links[^"]*/, change)
    const result = untrackEmail(changed, signedDomain)
    expect(result.html).toBe(changed)
    expect(result.links).toMatchObject([{ kind: 'kept', reason: 'bad-reference' }])
  })

  it("another domain's tracking stays", () => {
    const theirs = instrumentEmail(html, other, fixed).html
    expect(untrackEmail(theirs, signedDomain)).toEqual({ html: theirs, links: [], pixels: [] })
  })

  it('a reply that quotes tracked mail is taken apart too', () => {
    const quoted = instrumentEmail('<a href="https://example.org/1">1</a>', signedDomain, fixed).html
    const reply = instrumentEmail(`<p>thanks</p><blockquote>${quoted}</blockquote>`, signedDomain, {
      ...fixed,
      messageRef: 'reply',
    })
    expect(untrackEmail(reply.html, signedDomain)).toMatchObject({
      html: '<p>thanks</p><blockquote><a href="https://example.org/1">1</a></blockquote>',
      pixels: [{}, {}].map(() => expect.stringContaining('/o/')),
    })
  })

  it.each([
    [{ find: () => null }, 'options has no field "find": use findReference'],
    [{ findReference: {} }, 'findReference is an object: use a function'],
  ])('%j is refused', (options, message) =>
    expect(() => untrackEmail('', signedDomain, options as object)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    ),
  )

  it('HTML that is none is a TypeError', () =>
    expect(() => untrackEmail(7 as unknown as string, signedDomain)).toThrow(
      new TypeError("html is 7: pass the email's HTML as a string or a Uint8Array"),
    ))
})

/** Undoes it and holds the result against what parse5 sees in the original. */
function checkUndone(html: string, domain: DomainConfig): boolean {
  const sent = instrumentEmail(html, domain, { ...fixed, maxUrlLength: 8192 })
  const { html: undone } = untrackEmail(sent.html, domain, { findReference: ({ index }) => storedIn(sent, index) })
  expect(judgeSites(undone).map(targetOf)).toEqual(judgeSites(html).map(targetOf))
  expect(untrackEmail(undone, domain)).toMatchObject({ html: undone, pixels: [] })
  return undone === html
}

/** Where a browser goes: what URL makes of it, or the text that it cannot follow. */
function targetOf({ href }: { readonly href: string }): string {
  try {
    return new URL(href).href
  } catch {
    return href
  }
}

const storedIn = ({ links }: InstrumentedEmail, index: number): { destination?: string } | null => {
  const link = links[index]
  return link?.kind === 'tracked' ? { destination: link.destination } : null
}

describe.each([
  ['signed', signedDomain],
  ['stored', storedDomain],
])('for any mail, undone leads where it led: %s', (_, domain) => {
  it.each([
    ['ordinary documents', ordinaryDocument],
    ['any document', anyDocument],
  ])('%s', (_kind, document) => {
    fc.assert(
      fc.property(document, (html) => void checkUndone(html, domain)),
      { numRuns: 300 },
    )
  })

  it("another domain's is left, whatever the mail", () => {
    fc.assert(
      fc.property(anyDocument, (html) => {
        const theirs = instrumentEmail(html, other, fixed).html
        expect(untrackEmail(theirs, domain).html).toBe(theirs)
      }),
      { numRuns: 200 },
    )
  })
})

const emails = readEmails()
describe.runIf(emails.length > 0)(`real mail${corpusHint}`, () => {
  it('leads where it led, and most comes back byte for byte', () => {
    const same = emails.filter(({ text }) => checkUndone(text, signedDomain)).length
    console.log(`untracked: ${same} of ${emails.length} real mails come back byte for byte`)
    expect(same / emails.length).toBeGreaterThan(0.8)
  })
})
