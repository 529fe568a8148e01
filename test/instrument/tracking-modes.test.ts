// One prepared campaign, each recipient tracked exactly as far as they consented.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clickModes, openModes } from '../../src/config/tracking-modes.ts'
import {
  type ClickMode,
  type DomainConfig,
  type InstrumentedEmail,
  type InstrumentOptions,
  instrumentEmail,
  type OpenMode,
  prepareEmail,
  readTrackingUrl,
  type TrackingReference,
} from '../../src/index.ts'
import { ordinaryDocument } from '../kit/documents.ts'
import { signedDomain, storedDomain } from '../kit/domains.ts'

const html =
  '<html><body><p><a href="https://example.org/a">x</a> <a data-link-name="second" href="https://example.org/b?c&amp;d">y</a></p></body></html>'
const day = Date.UTC(2026, 10, 24)
const now = (): number => day + 13 * 3_600_000 + 4_321
const campaignRef = 'campaign-2026-11-24'
const messageRef = 'message-to-ada-4711'
const domains: [string, DomainConfig][] = [
  ['signed', signedDomain],
  ['stored', storedDomain],
]

const opens = [...openModes, false] as const
const clicks = [...clickModes, false] as const
const anyOpen = fc.constantFrom(...opens)
const anyClick = fc.constantFrom(...clicks)

function referencesOf({ links, pixel }: InstrumentedEmail, domain: DomainConfig): TrackingReference[] {
  const urls = [
    ...links.flatMap((link) => (link.kind === 'tracked' ? link.url : [])),
    ...(pixel.kind === 'placed' ? pixel.urls : []),
  ]
  return urls.map((url) => readTrackingUrl(url, domain)!)
}

describe('what a reference carries', () => {
  const seconds = day + 13 * 3_600_000 + 4_000
  it.each<[mode: OpenMode, message: string | null, campaign: string | null, issuedAt: number]>([
    ['full', messageRef, null, seconds],
    ['identified', messageRef, null, seconds],
    ['day', messageRef, null, seconds],
    ['anonymous', null, campaignRef, day],
  ])('of an open, %s', (mode, message, campaign, issuedAt) => {
    const options = { openTracking: mode, clickTracking: false, messageRef, campaignRef, now } as const
    const email = instrumentEmail(html, signedDomain, options)
    expect(referencesOf(email, signedDomain)).toEqual([
      { kind: 'open', mode, pixel: 'end', messageRef: message, campaignRef: campaign, issuedAt, authenticated: true },
    ])
    expect([email.messageRef, email.issuedAt]).toEqual([message, issuedAt])
    expect(email.activation).toEqual({ active: true, host: 'links.example.com', open: mode, click: false })
  })

  it.each<[mode: ClickMode, message: string | null, campaign: string | null, issuedAt: number]>([
    ['full', messageRef, null, seconds],
    ['identified', messageRef, null, seconds],
    ['anonymous', null, campaignRef, day],
  ])('of a click, %s', (mode, message, campaign, issuedAt) => {
    const options = { openTracking: false, clickTracking: mode, messageRef, campaignRef, now } as const
    const email = instrumentEmail(html, signedDomain, options)
    const fields = { messageRef: message, campaignRef: campaign, issuedAt, authenticated: true }
    expect(referencesOf(email, signedDomain)).toEqual([
      { kind: 'click', mode, part: 'html', index: 0, destination: 'https://example.org/a', ...fields },
      { kind: 'click', mode, part: 'html', index: 1, destination: 'https://example.org/b?c&d', ...fields },
    ])
    expect([email.messageRef, email.issuedAt]).toEqual([message, issuedAt])
  })

  it('stored: the campaign stands where a message stands otherwise', () => {
    const options = { openTracking: 'anonymous', clickTracking: 'full', messageRef, campaignRef, now } as const
    const { links, pixel } = instrumentEmail(html, storedDomain, options)
    expect(links[1]).toMatchObject({ name: 'second', url: `https://links.example.com/c/${messageRef}/1` })
    expect(pixel).toEqual({ kind: 'placed', urls: [`https://links.example.com/o/${campaignRef}/0.gif`] })
  })

  it('a message that refuses both carries none: the identical text', () => {
    const prepared = prepareEmail(html, signedDomain, { now })
    const copy = prepared.instrument({ messageRef, openTracking: false, clickTracking: false })
    expect(copy).toEqual({
      html,
      activation: { active: false, reason: 'tracking-disabled' },
      messageRef: null,
      issuedAt: now() - 321,
      pixel: { kind: 'skipped', reason: 'inactive' },
      links: [],
    })
    expect(Object.is(copy.html, html)).toBe(true)
  })
})

describe('mode anonymous without campaignRef is refused', () => {
  const message = 'campaignRef is missing: mode "anonymous" reports opens and clicks with it'
  const refused = expect.objectContaining({ code: 'invalid-options', message })
  const anonymousDomain: DomainConfig = { ...signedDomain, openTracking: 'anonymous', clickTracking: false }

  it('where the email is prepared', () => {
    expect(() => prepareEmail(html, anonymousDomain)).toThrow(refused)
    expect(() => prepareEmail(html, signedDomain, { clickTracking: 'anonymous' })).toThrow(refused)
    expect(() => instrumentEmail(html, anonymousDomain)).toThrow(refused)
  })

  it('where a recipient asks for it', () => {
    const prepared = prepareEmail(html, signedDomain)
    expect(() => prepared.instrument({ openTracking: 'anonymous' })).toThrow(refused)
    expect(() => prepared.instrument({ openTracking: false, clickTracking: 'anonymous' })).toThrow(refused)
  })

  it('but not where tracking is inactive', () =>
    expect(prepareEmail(html, { ...anonymousDomain, trackingDomains: [] }).instrument().links).toEqual([]))

  it.each([
    ['', 'is a string of 0 characters that does not fit: use 1 to 128 bytes of well-formed UTF-8'],
    [7, 'is a number: use a string'],
  ])('a campaignRef of %j', (ref, flaw) =>
    expect(() => prepareEmail(html, signedDomain, { campaignRef: ref as string })).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: `campaignRef ${flaw}` }),
    ),
  )

  it('a campaignRef that could be guessed, stored', () =>
    expect(() => prepareEmail(html, storedDomain, { campaignRef: 'november' })).toThrow(
      'campaignRef is a string of 8 characters that does not fit: without signing keys, use 16 to 128 unguessable',
    ))
})

describe.each(domains)('always, %s', (_, domain) => {
  const recipient = fc.record({
    openTracking: fc.option(fc.oneof(anyOpen, fc.constant(true as const)), { nil: undefined }),
    clickTracking: fc.option(fc.oneof(anyClick, fc.constant(true as const)), { nil: undefined }),
    messageRef: fc.constantFrom('message-to-ada-4711', 'message-to-bob-4712', 'message-to-eve-4713'),
  })
  const campaign = fc.record({
    openTracking: anyOpen,
    clickTracking: anyClick,
    pixelPlacement: fc.constantFrom('end', 'start', 'both'),
  })

  it('a mixed campaign equals the copies instrumented one by one', () => {
    fc.assert(
      fc.property(ordinaryDocument, anyOpen, anyClick, campaign, fc.array(recipient, { maxLength: 6 }), (...args) => {
        const [text, openTracking, clickTracking, email, recipients] = args
        const own: DomainConfig = { ...domain, openTracking, clickTracking }
        const prepared = prepareEmail(text, own, { ...email, campaignRef, now })
        for (const options of recipients) {
          const lower = <Mode>(one: Mode, other: Mode | true | undefined, order: readonly Mode[]): Mode =>
            order[Math.max(order.indexOf(one), other === true || other === undefined ? 0 : order.indexOf(other))]!
          const alone: InstrumentOptions = {
            ...email,
            messageRef: options.messageRef,
            openTracking: lower<OpenMode | false>(email.openTracking, options.openTracking, opens),
            clickTracking: lower<ClickMode | false>(email.clickTracking, options.clickTracking, clicks),
            campaignRef,
            now,
          }
          expect(prepared.instrument(options)).toEqual(instrumentEmail(text, own, alone))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('two anonymous copies are the same bytes, whatever comes before and between', () => {
    fc.assert(
      fc.property(ordinaryDocument, fc.array(recipient, { maxLength: 4 }), (text, between) => {
        // Time goes on, also past midnight.
        let time = day + 86_390_000
        const prepared = prepareEmail(text, domain, { campaignRef, now: () => (time += 5_000) })
        const anonymous = (ref: string): InstrumentedEmail =>
          prepared.instrument({ messageRef: ref, openTracking: 'anonymous', clickTracking: 'anonymous' })
        const first = anonymous('message-to-ada-4711')
        for (const options of between) prepared.instrument(options)
        const second = anonymous('message-to-eve-4713')
        expect(second).toEqual(first)
        expect(first.messageRef).toBe(null)
        expect(first.html).not.toContain('message-to-ada-4711')
      }),
      { numRuns: 100 },
    )
  })

  it('a recipient who changes a copy changes no other', () => {
    const prepared = prepareEmail(html, domain, { campaignRef, now })
    const anonymous = (): InstrumentedEmail =>
      prepared.instrument({ openTracking: 'anonymous', clickTracking: 'anonymous' })
    const untouched = structuredClone(anonymous())
    const changed = anonymous() as unknown as { html: string; links: object[]; pixel: { urls: string[] } }
    changed.html = 'changed'
    Object.assign(changed.links[0]!, { url: 'changed' })
    changed.links.length = 1
    changed.pixel.urls[0] = 'changed'
    expect(anonymous()).toEqual(untouched)
  })

  it('no reference says more than the lowest ceiling', () => {
    fc.assert(
      fc.property(anyOpen, anyClick, recipient, (openTracking, clickTracking, options) => {
        const own: DomainConfig = { ...domain, openTracking, clickTracking }
        const email = prepareEmail(html, own, { campaignRef, now }).instrument(options)
        const { activation } = email
        const effective = activation.active ? activation : { open: false, click: false }
        for (const reference of referencesOf(email, own)) {
          const mode = effective[reference.kind]
          expect(reference.mode).toBe(domain === signedDomain ? mode : null)
          const ref = reference.messageRef ?? reference.campaignRef
          expect(ref).toBe(mode === 'anonymous' ? campaignRef : options.messageRef)
        }
        const asked = [options.openTracking, options.clickTracking].map((mode) => (mode === undefined ? true : mode))
        if (asked[0] !== true)
          expect(opens.indexOf(effective.open as OpenMode)).toBeGreaterThanOrEqual(opens.indexOf(asked[0] as OpenMode))
        expect(opens.indexOf(effective.open as OpenMode)).toBeGreaterThanOrEqual(opens.indexOf(openTracking))
        if (asked[1] !== true)
          expect(clicks.indexOf(effective.click as ClickMode)).toBeGreaterThanOrEqual(
            clicks.indexOf(asked[1] as ClickMode),
          )
        expect(clicks.indexOf(effective.click as ClickMode)).toBeGreaterThanOrEqual(clicks.indexOf(clickTracking))
      }),
    )
  })
})

describe('a pixel that is there already', () => {
  const anonymous = { openTracking: 'anonymous', clickTracking: false, campaignRef, now } as const
  it.each(domains)('of the campaign, %s', (_, domain) => {
    const once = instrumentEmail(html, domain, anonymous)
    expect(instrumentEmail(once.html, domain, anonymous)).toMatchObject({
      html: once.html,
      messageRef: null,
      pixel: { kind: 'skipped', reason: 'already-present' },
    })
    const other = instrumentEmail(once.html, domain, { ...anonymous, campaignRef: 'campaign-2026-12-24' })
    expect(other.pixel.kind).toBe('placed')
  })

  it('a message is not taken for a campaign of the same name', () => {
    const once = instrumentEmail(html, signedDomain, anonymous)
    const message = { messageRef: campaignRef, clickTracking: false, now } as const
    expect(instrumentEmail(once.html, signedDomain, message).pixel.kind).toBe('placed')
  })
})

describe("pixelPlacement 'both'", () => {
  const both = { pixelPlacement: 'both', clickTracking: false, messageRef, now } as const

  it('places one at each end', () => {
    const email = instrumentEmail(html, signedDomain, both)
    expect(email.html.match(/<body><img [^>]*><p>.*<img [^>]*><\/body>/)).not.toBe(null)
    expect(referencesOf(email, signedDomain)).toMatchObject([
      { kind: 'open', pixel: 'start' },
      { kind: 'open', pixel: 'end' },
    ])
    expect(instrumentEmail(email.html, signedDomain, both).html).toBe(email.html)
  })

  it.each([
    ['no body tag', '<p>x</p>'],
    ['an empty body', '<body></body>'],
  ])('places one where they would stand together: %s', (_, text) => {
    const email = instrumentEmail(text, signedDomain, both)
    expect(referencesOf(email, signedDomain)).toMatchObject([{ kind: 'open', pixel: 'end' }])
  })

  it("'start' where there is no body tag is at the end, and says so", () => {
    const email = instrumentEmail('<p>x</p>', signedDomain, { ...both, pixelPlacement: 'start' })
    expect(referencesOf(email, signedDomain)).toMatchObject([{ kind: 'open', pixel: 'end' }])
  })
})
