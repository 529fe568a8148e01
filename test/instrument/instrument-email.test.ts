import { describe, expect, it, vi } from 'vitest'
import { scanImages, scanLinks } from '../../src/html/scan-html.ts'
import {
  type DomainConfig,
  type InstrumentedEmail,
  instrumentEmail,
  type PrepareOptions,
  prepareEmail,
  readTrackingUrl,
} from '../../src/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'
import { pixelTag } from '../kit/fidelity.ts'

const html = '<body><p>Hello <a href="https://example.org/a?b=1&amp;c=2">x</a> <a href="#top">y</a></p></body>'

describe('what comes back', () => {
  it('with stored references', () => {
    const img = pixelTag('https://links.example.com/o/message-0123456789/0.gif')
    expect(instrumentEmail(html, storedDomain, fixed)).toEqual({
      html: `<body><p>Hello <a href="https://links.example.com/c/message-0123456789/0">x</a> <a href="#top">y</a></p>${img}</body>`,
      activation: { active: true, host: 'links.example.com', open: 'full', click: 'full' },
      messageRef,
      issuedAt: 1_700_000_000_000,
      pixel: { kind: 'placed', urls: ['https://links.example.com/o/message-0123456789/0.gif'] },
      links: [
        {
          kind: 'tracked',
          index: 0,
          element: 'a',
          name: null,
          destination: 'https://example.org/a?b=1&c=2',
          url: 'https://links.example.com/c/message-0123456789/0',
          start: 24,
          end: 57,
        },
        { kind: 'skipped', index: 1, element: 'a', name: null, href: '#top', reason: 'fragment', start: 74, end: 78 },
      ],
    })
  })

  it('with signed ones', () => {
    const result = instrumentEmail(html, signedDomain, fixed)
    const [link] = result.links
    if (link?.kind !== 'tracked' || result.pixel.kind !== 'placed') throw new Error('nothing is tracked')
    expect(link.url).toMatch(/^https:\/\/links\.example\.com\/c\/[A-Za-z0-9_-]+$/)
    expect(readTrackingUrl(link.url, signedDomain)).toEqual({
      kind: 'click',
      mode: 'full',
      part: 'html',
      index: 0,
      destination: 'https://example.org/a?b=1&c=2',
      messageRef,
      campaignRef: null,
      issuedAt: 1_700_000_000_000,
      authenticated: true,
    })
    expect(readTrackingUrl(result.pixel.urls[0]!, signedDomain)).toEqual({
      kind: 'open',
      mode: 'full',
      pixel: 'end',
      messageRef,
      campaignRef: null,
      issuedAt: 1_700_000_000_000,
      authenticated: true,
    })
  })

  it('survives JSON', () => {
    const result = instrumentEmail(html, signedDomain, fixed)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  it('through http and a port, for local use', () => {
    const local: DomainConfig = {
      ...storedDomain,
      trackingDomains: [{ host: 'links.localhost:8080', status: 'verified', scheme: 'http' }],
    }
    const { links, pixel } = instrumentEmail(html, local, { messageRef })
    expect(links[0]).toMatchObject({ url: 'http://links.localhost:8080/c/message-0123456789/0' })
    expect(pixel).toMatchObject({ urls: ['http://links.localhost:8080/o/message-0123456789/0.gif'] })
  })
})

// Counts the scans, of links and of images: nothing else looks into the text.
vi.mock(import('../../src/html/scan-html.ts'), { spy: true })

/** Whether a call looked into the text. */
function isRead(call: () => unknown): boolean {
  vi.mocked(scanLinks).mockClear()
  vi.mocked(scanImages).mockClear()
  call()
  return vi.mocked(scanLinks).mock.calls.length + vi.mocked(scanImages).mock.calls.length > 0
}

const inactive: readonly [reason: string, domain: DomainConfig, options?: PrepareOptions][] = [
  ['tracking-disabled', { ...signedDomain, openTracking: false, clickTracking: false }],
  ['tracking-disabled', signedDomain, { openTracking: false, clickTracking: false }],
  ['tracking-disabled', { ...signedDomain, openTracking: false }, { openTracking: true, clickTracking: false }],
  ['no-tracking-domain', { ...signedDomain, trackingDomains: [] }],
  [
    'cname-unverified',
    { ...signedDomain, trackingDomains: [{ host: 'links.example.com', status: 'temporary_failure' }] },
  ],
]

describe('when tracking is inactive', () => {
  it.each(inactive)('%s: the identical string, and why', (reason, domain, options) => {
    const result = instrumentEmail(html, domain, { ...fixed, ...options })
    expect(Object.is(result.html, html)).toBe(true)
    expect(result).toEqual({
      html,
      activation: { active: false, reason },
      messageRef: null,
      issuedAt: 1_700_000_000_000,
      pixel: { kind: 'skipped', reason: 'inactive' },
      links: [],
    })
    expect(prepareEmail(html, domain, { ...options, now: fixed.now }).instrument({ messageRef })).toEqual(result)
  })

  it.each(inactive)('%s: nothing looks into the text', (_, domain, options) => {
    expect(isRead(() => instrumentEmail(html, domain, { ...options, messageRef }))).toBe(false)
    expect(isRead(() => instrumentEmail(html, signedDomain, { messageRef }))).toBe(true)
  })

  it('takes text that would be hard to read', () => {
    const text = '<a href="<!--[if mso]>\0\ud800'.repeat(1000)
    expect(Object.is(instrumentEmail(text, inactive[0]![1]).html, text)).toBe(true)
  })
})

describe('the switches of a message only switch off', () => {
  const opensOnly = { ...signedDomain, clickTracking: false }
  const clicksOnly = { ...signedDomain, openTracking: false }

  it.each([
    ['neither', signedDomain, {}, 'full', 'full'],
    ['both on', signedDomain, { openTracking: true, clickTracking: true }, 'full', 'full'],
    ['opens off', signedDomain, { openTracking: false }, false, 'full'],
    ['clicks off', signedDomain, { clickTracking: false }, 'full', false],
    ['clicks off by the domain', opensOnly, {}, 'full', false],
    ['clicks off by the domain, on by the message', opensOnly, { clickTracking: true }, 'full', false],
    ['opens off by the domain', clicksOnly, {}, false, 'full'],
    ['opens off by the domain, on by the message', clicksOnly, { openTracking: true }, false, 'full'],
  ] as const)('%s', (_, domain, switches, open, click) => {
    const result = instrumentEmail(html, domain, { ...fixed, ...switches })
    expect(result.activation).toEqual({ active: true, host: 'links.example.com', open, click })
    expect(result.pixel.kind === 'placed' || result.pixel.reason).toBe(open === false ? 'off' : true)
    expect(result.links.map(({ kind }) => kind)).toEqual(click !== false ? ['tracked', 'skipped'] : [])
    expect(result.html.includes('<img ')).toBe(open !== false)
    expect(result.html.includes('https://example.org/a?b=1&amp;c=2')).toBe(click === false)
  })

  it('with both off nothing is on', () => {
    expect(instrumentEmail(html, opensOnly, { openTracking: false }).activation).toEqual({
      active: false,
      reason: 'tracking-disabled',
    })
  })
})

describe('twice', () => {
  const first = instrumentEmail(html, signedDomain, fixed)

  it('with the same messageRef changes nothing', () => {
    const second = instrumentEmail(first.html, signedDomain, { ...fixed, now: () => 1_800_000_000_000 })
    expect(second.html).toBe(first.html)
    expect(second.pixel).toEqual({ kind: 'skipped', reason: 'already-present' })
    expect(second.links.map((link) => link.kind === 'skipped' && link.reason)).toEqual(['already-tracked', 'fragment'])
  })

  it('through another host of the domain changes nothing', () => {
    const moved: DomainConfig = {
      ...signedDomain,
      trackingDomains: [...signedDomain.trackingDomains, { host: 'new.example.com', status: 'verified' }],
    }
    expect(instrumentEmail(first.html, moved, fixed).html).toBe(first.html)
  })

  it('tracks the links that were added since', () => {
    const second = instrumentEmail(`${first.html}<a href="https://example.org/new">z</a>`, signedDomain, fixed)
    expect(second.links.map((link) => (link.kind === 'skipped' ? link.reason : link.index))).toEqual([
      'already-tracked',
      'fragment',
      2,
    ])
  })
})

describe('a reply that quotes an older tracked mail', () => {
  const older = instrumentEmail(html, signedDomain, { ...fixed, messageRef: 'older-message-0001' })
  const oldLink = older.links[0]!.kind === 'tracked' ? older.links[0]!.url : ''
  const oldPixel = older.pixel.kind === 'placed' ? older.pixel.urls[0]! : ''
  const reply = `<body><a href="https://example.org/reply">z</a><blockquote>${older.html}</blockquote></body>`
  const result = instrumentEmail(reply, signedDomain, { ...fixed, messageRef: 'newer-message-0002' })

  it('gets a pixel of its own, beside the old one', () => {
    expect(result.pixel.kind).toBe('placed')
    const newPixel = result.pixel.kind === 'placed' ? result.pixel.urls[0]! : ''
    expect(readTrackingUrl(newPixel, signedDomain)).toMatchObject({ kind: 'open', messageRef: 'newer-message-0002' })
    expect(result.html.split(newPixel).length).toBe(2)
    expect(result.html.split(oldPixel).length).toBe(2)
  })

  it('keeps the quoted links with their old reference', () => {
    expect(result.links.map((link) => [link.index, link.kind === 'skipped' ? link.reason : link.destination])).toEqual([
      [0, 'https://example.org/reply'],
      [1, 'already-tracked'],
      [2, 'fragment'],
    ])
    expect(result.html.split(oldLink).length).toBe(2)
    expect(readTrackingUrl(oldLink, signedDomain)).toMatchObject({ messageRef: 'older-message-0001' })
  })

  it('and a reply to that, too', () => {
    const third = instrumentEmail(`<p>${result.html}`, signedDomain, { ...fixed, messageRef: 'third-message-0003' })
    expect(third.html.match(/<img [^>]*\/o\//g)?.length).toBe(3)
    expect(third.links.every((link) => link.kind === 'skipped')).toBe(true)
  })
})

describe('a prepared email', () => {
  it.each([signedDomain, storedDomain])('gives each recipient what instrumentEmail gives', (domain) => {
    const prepared = prepareEmail(html, domain, { now: fixed.now })
    for (const ref of ['recipient-number-001', 'recipient-number-002', 'recipient-number-001']) {
      expect(prepared.instrument({ messageRef: ref })).toEqual(
        instrumentEmail(html, domain, { ...fixed, messageRef: ref }),
      )
    }
  })

  it('gives each copy its own reference', () => {
    const prepared = prepareEmail(html, signedDomain)
    const copies = Array.from({ length: 100 }, () => prepared.instrument())
    expect(new Set(copies.map((copy) => copy.messageRef)).size).toBe(100)
    expect(new Set(copies.map((copy) => copy.html)).size).toBe(100)
    for (const copy of copies) expect(refsIn(copy)).toEqual([copy.messageRef, copy.messageRef])
  })

  it('places the pixel for each recipient unless it is theirs that is there', () => {
    const prepared = prepareEmail(instrumentEmail(html, signedDomain, fixed).html, signedDomain)
    expect(prepared.instrument({ messageRef }).pixel).toEqual({ kind: 'skipped', reason: 'already-present' })
    expect(prepared.instrument({ messageRef: 'another-recipient-01' }).pixel.kind).toBe('placed')
  })

  it('asks skipLink once for all', () => {
    let count = 0
    const prepared = prepareEmail(html, signedDomain, { skipLink: () => ++count > 99 })
    prepared.instrument()
    prepared.instrument()
    expect(count).toBe(1)
  })

  it('keeps what it was given, whatever happens to it afterwards', () => {
    const trackingDomains = [{ host: 'links.example.com', status: 'verified' as const }]
    const options: { -readonly [Key in keyof PrepareOptions]: PrepareOptions[Key] } = { pixelPlacement: 'end' }
    const prepared = prepareEmail(html, { ...storedDomain, trackingDomains }, options)
    const before = prepared.instrument({ messageRef })
    trackingDomains[0]!.host = 'evil.example.net'
    options.clickTracking = false
    expect(prepared.instrument({ messageRef })).toEqual(before)
  })

  it("does not let one caller's changes reach another copy", () => {
    const prepared = prepareEmail(html, storedDomain)
    const before = prepared.instrument({ messageRef })
    ;(before.links as unknown[]).length = 0
    expect(prepared.instrument({ messageRef }).links.length).toBe(2)
  })
})

function refsIn({ links, pixel }: InstrumentedEmail): readonly (string | null | undefined)[] {
  const urls = [
    ...links.flatMap((link) => (link.kind === 'tracked' ? [link.url] : [])),
    pixel.kind === 'placed' ? pixel.urls[0]! : '',
  ]
  return urls.map((url) => readTrackingUrl(url, signedDomain)?.messageRef)
}
