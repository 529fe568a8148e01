import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DomainConfig, type InstrumentOptions, instrumentEmail } from '../../src/index.ts'
import { checkFidelity, type Violation } from '../../src/testing/index.ts'
import { loadParse5 } from '../../src/testing/load-parse5.ts'
import { corpusHint, hasCorpus, readEmails } from '../differential/corpus.ts'
import { anyDocument } from '../kit/documents.ts'
import { fixed, signedDomain, storedDomain } from '../kit/domains.ts'
import { thrownBy } from '../kit/error-of.ts'

const original = `<!doctype html>
<html><head><meta charset="utf-8"><title>Sale</title></head>
<body class="mail">
<p title="a &amp; b">Hello &eacute; world &copy; 2026</p>
<a id="one" href="https://example.org/?a=1&amp;b=2">first</a>
<a href='https://example.org/second' style="color:red">second</a>
<a href="mailto:ada@example.org?subject=a&amp;b">write</a>
<!--[if mso]><v:rect href=https://example.org/vml fill="t"><![endif]-->
</body>
</html>
`

const instrument = (options: InstrumentOptions = {}, domain: DomainConfig = signedDomain) =>
  instrumentEmail(original, domain, { ...fixed, ...options })

const signed = instrument()
const stored = instrument({}, storedDomain)
const both = instrument({ pixelPlacement: 'both' })

const urlOf = ({ links }: typeof signed, at: number): string => {
  const link = links[at]!
  return link.kind === 'tracked' ? link.url : ''
}
const pixelOf = ({ html }: typeof signed): string => /<img [^>]*>/.exec(html)![0]

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The URL of a link of another message, or to elsewhere. */
const foreign = instrumentEmail('<a href="https://example.org/?a=1&amp;b=2">', signedDomain, { messageRef: 'other' })
const elsewhere = instrumentEmail('<a href="https://evil.example/">', signedDomain, fixed)

const found = (html: string, domain: DomainConfig = signedDomain) =>
  checkFidelity(original, html, domain).map(({ kind, was, is }) => [kind, was, is])

describe('what mailtrace makes has no violation', () => {
  it.each(['full', 'identified', 'anonymous', false] as const)('clicks: %s', (clickTracking) => {
    for (const domain of [signedDomain, storedDomain]) {
      for (const pixelPlacement of ['start', 'end', 'both'] as const) {
        for (const openTracking of ['full', 'day', 'anonymous', false] as const) {
          const options = { campaignRef: 'campaign-0123456789', clickTracking, openTracking, pixelPlacement }
          expect(found(instrument(options, domain).html, domain)).toEqual([])
        }
      }
    }
  })

  it('nor does what was instrumented twice, or not at all', () => {
    expect(checkFidelity(signed.html, instrumentEmail(signed.html, signedDomain, fixed).html, signedDomain)).toEqual([])
    expect(found(original)).toEqual([])
    expect(found(original, { ...signedDomain, trackingDomains: [] })).toEqual([])
  })

  it('nor a reply that quotes a tracked mail', () => {
    const reply = `<p>Thanks!</p><blockquote>${signed.html}</blockquote>`
    const sent = instrumentEmail(reply, signedDomain, { messageRef: 'reply' })
    expect(sent.pixel.kind).toBe('placed')
    expect(checkFidelity(reply, sent.html, signedDomain)).toEqual([])
  })

  it.skipIf(!hasCorpus)(`nor any real mail, as a string or as bytes${corpusHint}`, { timeout: 120_000 }, () => {
    const options = {
      ...fixed,
      campaignRef: 'campaign-0123456789',
      maxUrlLength: 8192,
      pixelPlacement: 'both',
    } as const
    for (const { name, text } of readEmails()) {
      for (const clickTracking of ['full', 'anonymous'] as const) {
        const { html } = instrumentEmail(text, signedDomain, { ...options, clickTracking })
        expect(checkFidelity(text, html, signedDomain), name).toEqual([])
        expect(checkFidelity(utf8(text), utf8(html), signedDomain), name).toEqual([])
      }
    }
  })

  it('nor a mail whose end tags end nothing', () => {
    for (const html of ['<noscript></html>', '<svg></body></svg>x', '<!-- x', '<p>x</p><style>a', '<p>x</']) {
      expect(checkFidelity(html, instrumentEmail(html, signedDomain, fixed).html, signedDomain), html).toEqual([])
    }
  })

  it('nor any document', () => {
    const placement = fc.constantFrom('start' as const, 'end' as const, 'both' as const)
    fc.assert(
      fc.property(anyDocument, placement, (html, pixelPlacement) => {
        const sent = instrumentEmail(html, storedDomain, { ...fixed, pixelPlacement })
        expect(checkFidelity(html, sent.html, storedDomain)).toEqual([])
      }),
    )
  })
})

type Damage = readonly [
  name: string,
  html: string,
  ...violations: readonly (readonly [kind: string, was: string, is: string])[],
]

/** As a damaged mail comes, and everything that is found in it. */
const damages: readonly Damage[] = [
  ['a changed byte', signed.html.replace('Hello', 'Hallo'), ['changed', 'e', 'a']],
  ['a byte too many', `${signed.html}\n`, ['changed', '', '\n']],
  ['a byte lost at the start', signed.html.slice(1), ['changed', '<', '']],
  ['a re-encoded entity', signed.html.replace('&eacute;', 'é'), ['changed', '&eacute;', 'é']],
  ['a re-encoded entity in an attribute', signed.html.replace('a &amp; b', 'a & b'), ['changed', 'amp;', '']],
  [
    'a re-encoded entity in an href',
    signed.html.replace('a&amp;b"', 'a&b"'),
    ['destination', 'mailto:ada@example.org?subject=a&amp;b', 'mailto:ada@example.org?subject=a&b'],
  ],
  ['a lost attribute', signed.html.replace(' style="color:red"', ''), ['changed', ' style="color:red"', '']],
  ['other quotes', signed.html.replace(/'(https:[^']*)'/, '"$1"'), ['changed', "'", '"'], ['changed', "'", '"']],
  ['a changed charset declaration', signed.html.replace('utf-8', 'iso-8859-1'), ['changed', 'utf-8', 'iso-8859-1']],
  [
    'a link to elsewhere',
    signed.html.replace(urlOf(signed, 1), urlOf(elsewhere, 0)),
    ['destination', 'https://example.org/second', 'https://evil.example/'],
  ],
  [
    'a link to elsewhere, past the tracking host',
    signed.html.replace(urlOf(signed, 1), 'https://evil.example/'),
    ['destination', 'https://example.org/second', 'https://evil.example/'],
  ],
  [
    'two links exchanged',
    exchange(signed.html, urlOf(signed, 0), urlOf(signed, 1)),
    ['destination', 'https://example.org/?a=1&b=2', 'https://example.org/second'],
    ['destination', 'https://example.org/second', 'https://example.org/?a=1&b=2'],
  ],
  [
    "another message's link",
    signed.html.replace(urlOf(signed, 0), urlOf(foreign, 0)),
    ['reference', 'https://example.org/second', urlOf(signed, 1)],
    ['reference', 'https://example.org/vml', urlOf(signed, 3)],
    ['reference', '', pixelOf(signed)],
  ],
  [
    'a token cut short',
    signed.html.replace(urlOf(signed, 0), urlOf(signed, 0).slice(0, -1)),
    ['destination', 'https://example.org/?a=1&amp;b=2', urlOf(signed, 0).slice(0, -1)],
  ],
  [
    'a tracking URL that goes on',
    signed.html.replace(urlOf(signed, 0), `${urlOf(signed, 0)}?x`),
    ['destination', 'https://example.org/?a=1&amp;b=2', `${urlOf(signed, 0)}?x`],
  ],
  [
    'a tracking URL over another scheme',
    signed.html.replace(urlOf(signed, 0), urlOf(signed, 0).replace('https', 'http')),
    ['destination', 'https://example.org/?a=1&amp;b=2', urlOf(signed, 0).replace('https', 'http')],
  ],
  [
    'a tracking URL through a former host',
    signed.html.replace(urlOf(signed, 0), urlOf(signed, 0).replace('//links.', '//old.')),
    ['destination', 'https://example.org/?a=1&amp;b=2', urlOf(signed, 0).replace('//links.', '//old.')],
  ],
  [
    'a stored reference where all are signed',
    signed.html.replace(urlOf(signed, 0), urlOf(stored, 0)),
    ['destination', 'https://example.org/?a=1&amp;b=2', urlOf(stored, 0)],
  ],
  [
    "the pixel's URL as a link",
    signed.html.replace(urlOf(signed, 0), /src="([^"]*)"/.exec(pixelOf(signed))![1]!),
    ['destination', 'https://example.org/?a=1&amp;b=2', /src="([^"]*)"/.exec(pixelOf(signed))![1]!],
  ],
  [
    'a moved pixel',
    signed.html.replace(pixelOf(signed), '').replace('<p title', `${pixelOf(signed)}<p title`),
    ['pixel-place', '', pixelOf(signed)],
  ],
  [
    'a pixel moved behind the body',
    signed.html.replace(pixelOf(signed), '').replace('</body>', `</body>${pixelOf(signed)}`),
    ['pixel-place', '', pixelOf(signed)],
  ],
  [
    'a pixel moved into the head',
    signed.html.replace(pixelOf(signed), '').replace('<title>', `${pixelOf(signed)}<title>`),
    ['pixel-place', '', pixelOf(signed)],
  ],
  [
    'a pixel moved out of sight',
    signed.html.replace(pixelOf(signed), '').replace('</title>', `${pixelOf(signed)}</title>`),
    ['changed', '', `${pixelOf(signed).slice(1)}<`],
  ],
  [
    'a second pixel',
    signed.html.replace('</body>', `${pixelOf(signed)}</body>`),
    ['pixel-place', '', pixelOf(signed)],
    ['pixel-count', '', pixelOf(signed)],
  ],
  [
    'a pixel at the start moved',
    both.html.replace(pixelOf(both), '').replace('<p title', `${pixelOf(both)}<p title`),
    ['pixel-place', '', pixelOf(both)],
  ],
  [
    'a pixel that is hidden',
    signed.html.replace('position:absolute', 'display:none'),
    ['pixel-tag', '', pixelOf(signed).replace('position:absolute', 'display:none')],
  ],
  [
    'a pixel over another scheme',
    signed.html.replace(pixelOf(signed), pixelOf(signed).replace('https:', 'http:')),
    ['pixel-tag', '', pixelOf(signed).replace('https:', 'http:')],
  ],
]

function exchange(html: string, one: string, other: string): string {
  return html.replace(one, '@@').replace(other, one).replace('@@', other)
}

describe('every damage is found', () => {
  const cutAll = (violations: readonly (readonly [string, string, string])[]) =>
    violations.map(([kind, was, is]) => [kind, was, is.length > 200 ? `${is.slice(0, 199)}…` : is])
  it.each(damages.map(([name, html, ...violations]) => ({ name, html, violations })))(
    '$name',
    ({ html, violations }) => {
      expect(html).not.toBe(signed.html)
      expect(found(html)).toEqual(cutAll(violations))
    },
  )
})

describe('what a signature does not vouch for', () => {
  it('stored links that were exchanged', () => {
    const html = exchange(stored.html, urlOf(stored, 0), urlOf(stored, 1))
    expect(found(html, storedDomain)).toEqual([['reference', 'link 1', 'link 0']])
  })

  it('a stored link of another message', () => {
    const other = urlOf(stored, 3).replace('message', 'massage')
    expect(found(stored.html.replace(urlOf(stored, 3), other), storedDomain)).toEqual([
      ['reference', 'https://example.org/vml', other],
    ])
  })

  it('a stored link that was none', () => {
    const html = stored.html.replace('mailto:ada@example.org?subject=a&amp;b', urlOf(stored, 3).replace('/3', '/2'))
    expect(found(html, storedDomain).map(([kind, was]) => [kind, was])).toEqual([
      ['destination', 'mailto:ada@example.org?subject=a&amp;b'],
    ])
  })

  it('a link of the text part', () => {
    const html = stored.html.replace(urlOf(stored, 1), urlOf(stored, 1).replace('/1', '/t1'))
    expect(found(html, storedDomain)).toEqual([
      ['destination', 'https://example.org/second', urlOf(stored, 1).replace('/1', '/t1')],
    ])
  })

  it('any tracking, where the domain has none', () => {
    const domain: DomainConfig = { ...storedDomain, trackingDomains: [{ host: 'links.example.com', status: 'failed' }] }
    expect(found(stored.html, domain).map(([kind]) => kind)).toEqual([
      'destination',
      'destination',
      'destination',
      'pixel-tag',
    ])
  })
})

it('links that were added or lost', () => {
  const html = signed.html.replace(/<a id.*?<\/a>/, '')
  expect(checkFidelity(original, html, signedDomain)[0]).toEqual({
    kind: 'link-count',
    place: { original: [0, original.length], instrumented: [0, html.length] },
    was: '4',
    is: '3',
  })
})

it('one character changed, anywhere', () => {
  fc.assert(
    fc.property(fc.nat({ max: signed.html.length - 1 }), fc.constantFrom('x', 'y', '<', '"', '&', ' '), (at, other) => {
      fc.pre(signed.html[at] !== other)
      expect(found(signed.html.slice(0, at) + other + signed.html.slice(at + 1))).not.toEqual([])
    }),
    { numRuns: 300 },
  )
})

describe('places', () => {
  const text = 'äöü <a href="https://example.org/">ä</a> ü'
  const sent = instrumentEmail(text, signedDomain, fixed).html

  it('count code units of a string', () => {
    const [violation] = checkFidelity(text, sent.replace('> ü', '> ä'), signedDomain)
    expect(violation).toEqual<Violation>({
      kind: 'changed',
      place: { original: [41, 42], instrumented: [sent.indexOf('> ü') + 2, sent.indexOf('> ü') + 3] },
      was: 'ü',
      is: 'ä',
    })
  })

  it('count bytes of a Uint8Array, which is read as UTF-8', () => {
    const damaged = sent.replace('> ü', '> €')
    const [violation] = checkFidelity(utf8(text), utf8(damaged), signedDomain)
    const at = utf8(damaged.slice(0, damaged.indexOf('€'))).length
    expect(violation).toEqual({
      kind: 'changed',
      place: { original: [45, 47], instrumented: [at, at + 3] },
      was: 'ü',
      is: '€',
    })
  })

  it('are those of whole characters', () => {
    expect(checkFidelity(utf8('<p>aéc'), utf8('<p>aüc'), signedDomain)).toEqual([
      { kind: 'changed', place: { original: [4, 6], instrumented: [4, 6] }, was: 'é', is: 'ü' },
    ])
    expect(checkFidelity(utf8('<p>a€c'), utf8('<p>a₭c'), signedDomain)).toMatchObject([{ was: '€', is: '₭' }])
    // Another first byte, the same last one.
    expect(checkFidelity(utf8('<p>aéc'), utf8('<p>aĩc'), signedDomain)).toMatchObject([{ was: 'é', is: 'ĩ' }])
    expect(checkFidelity('<p>a😀c', '<p>a😁c', signedDomain)).toEqual([
      { kind: 'changed', place: { original: [4, 6], instrumented: [4, 6] }, was: '😀', is: '😁' },
    ])
    expect(checkFidelity('<p>a😀c', '<p>ac', signedDomain)).toMatchObject([{ was: '😀', is: '' }])
  })

  it('of bytes that are no UTF-8', () => {
    const html = Uint8Array.from([...utf8('<a href="https://example.org/?'), 0xe9, ...utf8('">'), 0xe9])
    const sent = utf8(instrumentEmail('<a href="https://example.org/?\ufffd">', signedDomain, fixed).html)
    const at = sent.indexOf(0x3e)
    const bytes = Uint8Array.from([...sent.subarray(0, at + 1), 0xe9, ...sent.subarray(at + 1)])
    expect(checkFidelity(html, bytes, signedDomain)).toEqual([])
    bytes[at + 1] = 0xe8
    expect(checkFidelity(html, bytes, signedDomain)).toMatchObject([
      { kind: 'changed', place: { original: [33, 34], instrumented: [at + 1, at + 2] } },
    ])
  })

  it('of a destination beyond ASCII, in bytes', () => {
    const html = '<a href="https://example.org/ä?b=&uuml;">'
    const { html: tracked } = instrumentEmail(html, signedDomain, fixed)
    expect(checkFidelity(utf8(html), utf8(tracked), signedDomain)).toEqual([])
    const other = '<a href="https://example.org/ö?b=&uuml;">'
    expect(checkFidelity(utf8(other), utf8(tracked), signedDomain).map(({ was, is }) => [was, is])).toEqual([
      ['https://example.org/ö?b=ü', 'https://example.org/ä?b=ü'],
    ])
  })

  it('stand in the order of the mail', () => {
    const html = signed.html.replace('utf-8', 'ascii').replace('>write', '>schreib').replace('>second', '>zweiter')
    const starts = checkFidelity(original, html, signedDomain).map(({ place }) => place.instrumented[0])
    expect(starts.length).toBe(3)
    expect(starts).toEqual(starts.toSorted((one, other) => one - other))
  })

  it('are cut where much is wrong', () => {
    const [violation] = checkFidelity('', 'x'.repeat(300), signedDomain)
    expect(violation).toMatchObject({ was: '', is: `${'x'.repeat(199)}…` })
    expect(checkFidelity('', 'x'.repeat(200), signedDomain)).toMatchObject([{ is: 'x'.repeat(200) }])
  })
})

describe('misuse', () => {
  it.each([
    [null, '', "original is null: pass the email's HTML as a string or a Uint8Array"],
    ['', 7, "instrumented is 7: pass the email's HTML as a string or a Uint8Array"],
    ['', new Uint8Array(), 'original and instrumented are a string and bytes: pass two of a kind'],
    [new Uint8Array(), '', 'original and instrumented are a string and bytes: pass two of a kind'],
  ])('%j and %j', (before, after, message) => {
    const error = thrownBy(() => checkFidelity(before as string, after as string, signedDomain))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message })
  })

  it('a domain that is none', () => {
    expect(thrownBy(() => checkFidelity('', '', {} as DomainConfig))).toMatchObject({ code: 'invalid-config' })
  })

  it('no parse5', () => {
    const createRequire = () => () => {
      throw new Error('not found')
    }
    expect(thrownBy(() => loadParse5(createRequire))).toMatchObject({
      code: 'unsupported-platform',
      message: 'checkFidelity needs parse5: npm install --save-dev parse5',
    })
  })
})
