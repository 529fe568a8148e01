import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDomain } from '../../src/config/domain-config.ts'
import { clickModes, openModes } from '../../src/config/tracking-modes.ts'
import { readTrackingUrl, type TrackingReference } from '../../src/index.ts'
import { type Mint, mintOf } from '../../src/tracking-url/mint.ts'
import { signedDomain, storedDomain } from '../kit/domains.ts'

const checkedDomain = checkDomain(signedDomain)
/** Made within a test, as what fails outside one fails no test. */
const signedMint = (): Mint => mintOf(checkedDomain)

const midnight = 1_767_225_600_000
const dayMs = 86_400_000
const part = fc.constantFrom('html' as const, 'text' as const)
const pixel = fc.constantFrom('start' as const, 'end' as const)
const ref = fc.string({ minLength: 1, maxLength: 32, unit: 'grapheme-ascii' })
const index = fc.nat(0xffff_ffff)
const destination = fc.string({ unit: 'binary', maxLength: 60 }).map((rest) => `https://shop.example/${rest}`)
const issuedAt = fc.nat(0xffff_ffff).map((seconds) => seconds * 1000)

/** Something that a mint is asked for. */
type Job = (mint: Mint) => readonly string[]
const job: fc.Arbitrary<Job> = fc.oneof(
  fc
    .record({
      mode: fc.constantFrom(...clickModes),
      part,
      ref,
      issuedAt,
      links: fc.array(destination, { maxLength: 3 }),
    })
    .map(({ links, ...message }) => (from: Mint) => {
      const clickUrl = from.clicks(message)
      return links.map((to, at) => clickUrl(at, to))
    }),
  fc
    .record({ mode: fc.constantFrom(...openModes), pixel, ref, issuedAt })
    .map((one) => (from: Mint) => [from.open(one)]),
)

describe('a stored reference', () => {
  const minted = (): Mint => mintOf(checkDomain(storedDomain))
  const shared = { ref: 'V1StGXR8_Z5jdHi6B-myT', issuedAt: midnight }
  const at = 'https://links.example.com'

  it.each([
    ['a click in the HTML part', `${at}/c/V1StGXR8_Z5jdHi6B-myT/3`, { mode: 'full', part: 'html' }],
    ['a click in the text part', `${at}/c/V1StGXR8_Z5jdHi6B-myT/t3`, { mode: 'full', part: 'text' }],
    ['a click in another mode', `${at}/c/V1StGXR8_Z5jdHi6B-myT/3`, { mode: 'anonymous', part: 'html' }],
  ] as const)('%s', (_, url, message) => {
    expect(minted().clicks({ ...message, ...shared })(3, 'https://shop.example/')).toBe(url)
  })

  it.each([
    ['an open at the end', `${at}/o/V1StGXR8_Z5jdHi6B-myT/0.gif`, { mode: 'full', pixel: 'end' }],
    ['an open at the start', `${at}/o/V1StGXR8_Z5jdHi6B-myT/1.gif`, { mode: 'full', pixel: 'start' }],
    ['an open in another mode', `${at}/o/V1StGXR8_Z5jdHi6B-myT/0.gif`, { mode: 'day', pixel: 'end' }],
  ] as const)('%s', (_, url, one) => {
    expect(minted().open({ ...one, ...shared })).toBe(url)
  })
})

describe('a mint', () => {
  it('is prepared once for a domain', () => {
    const domain = checkDomain(signedDomain)
    expect(mintOf(domain)).toBe(mintOf(domain))
    expect(mintOf(checkDomain({ ...signedDomain }))).not.toBe(mintOf(domain))
  })

  it('says whether its URLs grow with the destination', () => {
    expect([signedMint().carriesDestination, mintOf(checkDomain(storedDomain)).carriesDestination]).toEqual([
      true,
      false,
    ])
  })

  it('says where the reference stands, if nothing else hangs on the recipient', () => {
    const stored = mintOf(
      checkDomain({ ...storedDomain, trackingDomains: [{ host: 'a.example', status: 'verified' }] }),
    )
    expect([stored.refAt, signedMint().refAt]).toEqual([20, null])
    const about = { mode: 'full', ref: 'V1StGXR8_Z5jdHi6B-myT', issuedAt: 0 } as const
    const urls = [stored.clicks({ ...about, part: 'text' })(7, ''), stored.open({ ...about, pixel: 'end' })]
    expect(urls.map((url) => url.indexOf(about.ref))).toEqual([20, 20])
  })

  it('makes the same URL whatever it made before and between', () => {
    const fresh = (): Mint => mintOf(checkDomain({ ...signedDomain }))
    const used = fresh()
    fc.assert(
      fc.property(fc.array(job, { maxLength: 6 }), (jobs) => {
        expect(jobs.map((each) => each(used))).toEqual(jobs.map((each) => each(fresh())))
      }),
      { numRuns: 300 },
    )
    const message = { mode: 'full', part: 'html', issuedAt: midnight } as const
    const [one, other] = [used.clicks({ ...message, ref: 'one' }), used.clicks({ ...message, ref: 'other' })]
    const urls = [one(0, 'http://a'), other(0, 'http://a'), one(1, 'http://b'), other(1, 'http://b')]
    expect(urls.map((url) => readTrackingUrl(url, signedDomain)?.messageRef)).toEqual(['one', 'other', 'one', 'other'])
  })
})

describe('what was minted is read back exactly', () => {
  it('a click', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...clickModes),
        part,
        ref,
        issuedAt,
        index,
        destination,
        (mode, where, id, time, at, to) => {
          const isAnonymous = mode === 'anonymous'
          const expected: TrackingReference = {
            kind: 'click',
            mode,
            part: where,
            index: at,
            destination: to,
            messageRef: isAnonymous ? null : id,
            campaignRef: isAnonymous ? id : null,
            issuedAt: isAnonymous ? time - (time % dayMs) : time,
            authenticated: true,
          }
          const url = signedMint().clicks({ mode, part: where, ref: id, issuedAt: time })(at, to)
          expect(readTrackingUrl(url, signedDomain)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('an open', () => {
    fc.assert(
      fc.property(fc.constantFrom(...openModes), pixel, ref, issuedAt, (mode, where, id, time) => {
        const isAnonymous = mode === 'anonymous'
        const expected: TrackingReference = {
          kind: 'open',
          mode,
          pixel: where,
          messageRef: isAnonymous ? null : id,
          campaignRef: isAnonymous ? id : null,
          issuedAt: isAnonymous ? time - (time % dayMs) : time,
          authenticated: true,
        }
        expect(
          readTrackingUrl(signedMint().open({ mode, pixel: where, ref: id, issuedAt: time }), signedDomain),
        ).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

describe('anonymous references', () => {
  const time = fc.nat(dayMs - 1)
  const day = fc.nat(49_709).map((number) => number * dayMs)

  it('are the same for any time of a UTC day, and for no other day', () => {
    fc.assert(
      fc.property(day, time, time, pixel, part, (start, one, other, where, from) => {
        const open = (at: number) =>
          signedMint().open({ mode: 'anonymous', pixel: where, ref: 'campaign', issuedAt: at })
        const click = (at: number) =>
          signedMint().clicks({ mode: 'anonymous', part: from, ref: 'campaign', issuedAt: at })(
            3,
            'https://shop.example/',
          )
        expect(open(start + one)).toBe(open(start + other))
        expect(click(start + one)).toBe(click(start + other))
        expect(open(start + one)).not.toBe(open(start + dayMs + other))
        expect(click(start + one)).not.toBe(click(start + dayMs + other))
      }),
      { numRuns: 200 },
    )
  })

  it('cut what references of other modes keep: the second', () => {
    for (const mode of ['full', 'identified', 'day'] as const) {
      const open = (at: number) => signedMint().open({ mode, pixel: 'end', ref: 'm', issuedAt: at })
      expect(open(midnight + 999)).toBe(open(midnight))
      expect(open(midnight + 1000)).not.toBe(open(midnight))
    }
  })
})
