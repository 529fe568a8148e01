import { describe, expect, it } from 'vitest'
import type { DomainConfig } from '../../src/index.ts'
import { readTrackingUrl } from '../../src/index.ts'
import { instrumentText, prepareText, type TextOptions } from '../../src/text/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'
import { thrownBy } from '../kit/error-of.ts'

const issuedAt = 1_700_000_000_000
const instrument = (text: string, options: TextOptions = {}, domain: DomainConfig = storedDomain) =>
  instrumentText(text, domain, { ...fixed, ...options })

describe('instrumentText', () => {
  it('changes the URLs and nothing else', () => {
    const text =
      '> On Monday, Ada wrote:\r\n> see <https://example.org/a>  \r\n\r\n-- \r\nAda (https://example.org/b?c=d).'
    expect(instrument(text)).toEqual({
      text: '> On Monday, Ada wrote:\r\n> see <https://links.example.com/c/message-0123456789/t0>  \r\n\r\n-- \r\nAda (https://links.example.com/c/message-0123456789/t1).',
      activation: { active: true, host: 'links.example.com', open: false, click: 'full' },
      messageRef,
      issuedAt,
      links: [
        {
          kind: 'tracked',
          index: 0,
          destination: 'https://example.org/a',
          url: 'https://links.example.com/c/message-0123456789/t0',
          start: 32,
          end: 53,
        },
        {
          kind: 'tracked',
          index: 1,
          destination: 'https://example.org/b?c=d',
          url: 'https://links.example.com/c/message-0123456789/t1',
          start: 70,
          end: 95,
        },
      ],
    })
  })

  it('signs references of the text part', () => {
    const [link] = instrument('https://example.org/', {}, signedDomain).links
    const url = link?.kind === 'tracked' ? link.url : ''
    expect(readTrackingUrl(url, signedDomain)).toEqual({
      kind: 'click',
      mode: 'full',
      part: 'text',
      index: 0,
      destination: 'https://example.org/',
      messageRef,
      campaignRef: null,
      issuedAt,
      authenticated: true,
    })
  })

  it('leaves a text without URLs alone', () => {
    expect(instrument('Nothing to see.')).toEqual({
      text: 'Nothing to see.',
      activation: { active: true, host: 'links.example.com', open: false, click: 'full' },
      messageRef: null,
      issuedAt,
      links: [],
    })
  })
})

describe('modes', () => {
  const text = 'https://example.org/'

  it.each([
    ['the domain tracks no clicks', { ...storedDomain, clickTracking: false }, {}, 'tracking-disabled'],
    ['the message refuses them', storedDomain, { clickTracking: false }, 'tracking-disabled'],
    ['there is no tracking domain', { ...storedDomain, trackingDomains: [] }, {}, 'no-tracking-domain'],
    [
      'none is verified',
      { ...storedDomain, trackingDomains: [{ host: 'links.example.com', status: 'pending' }] },
      {},
      'cname-unverified',
    ],
  ] as const)('nothing changes where %s', (_, domain, options, reason) => {
    expect(instrument(text, options, domain)).toEqual({
      text,
      activation: { active: false, reason },
      messageRef: null,
      issuedAt,
      links: [],
    })
  })

  it('anonymous: the campaign, and no message', () => {
    const options = { clickTracking: 'anonymous', campaignRef: 'campaign-0123456789' } as const
    const result = instrument(text, options)
    expect(result.text).toBe('https://links.example.com/c/campaign-0123456789/t0')
    expect(result.messageRef).toBeNull()
    expect(result.issuedAt).toBe(Date.UTC(2023, 10, 14))
  })

  it('anonymous, and no campaign is named', () => {
    expect(thrownBy(() => instrument(text, { clickTracking: 'anonymous' }))).toMatchObject({
      code: 'invalid-options',
      message: 'campaignRef is missing: mode "anonymous" reports opens and clicks with it',
    })
  })

  it('the anonymous opens of a domain need no campaign: a text has none', () => {
    const domain: DomainConfig = { ...storedDomain, openTracking: 'anonymous' }
    expect(instrument(text, {}, domain).activation).toMatchObject({ active: true, open: false, click: 'full' })
  })
})

describe('prepareText', () => {
  it('makes copies as instrumentText does', () => {
    const text = 'https://example.org/ and mailto:ada@example.org'
    const { messageRef: ref, ...options } = fixed
    for (const clickTracking of ['full', 'identified', false] as const) {
      expect(prepareText(text, signedDomain, options).instrument({ messageRef: ref, clickTracking })).toEqual(
        instrument(text, { clickTracking }, signedDomain),
      )
    }
  })

  it('makes one anonymous copy for all', () => {
    const prepared = prepareText('https://example.org/', signedDomain, { campaignRef: 'c', clickTracking: 'anonymous' })
    expect(prepared.instrument({ messageRef: 'a' })).toEqual(prepared.instrument({ messageRef: 'b' }))
  })
})

describe('misuse', () => {
  it('a text that is none', () => {
    const call = thrownBy(() => instrumentText(null as unknown as string, storedDomain))
    expect(call).toBeInstanceOf(TypeError)
    expect(call).toMatchObject({ message: 'text is null: pass the plain-text part as a string' })
    expect(thrownBy(() => prepareText(7 as unknown as string, storedDomain))).toMatchObject({
      message: 'text is 7: pass the plain-text part as a string',
    })
  })

  it.each([
    ['openTracking', 'messageRef, clickTracking, campaignRef, skipUrls, maxUrlLength, now'],
    ['pixelPlacement', 'messageRef, clickTracking, campaignRef, skipUrls, maxUrlLength, now'],
    ['skipLink', 'messageRef, clickTracking, campaignRef, skipUrls, maxUrlLength, now'],
  ])('option %s, which only HTML has', (name, known) => {
    expect(thrownBy(() => instrument('', { [name]: undefined }))).toMatchObject({
      code: 'invalid-options',
      message: `options has no field "${name}": use ${known}`,
    })
  })

  it('an option of a message where a text is prepared, and the reverse', () => {
    const options = { messageRef } as object
    expect(thrownBy(() => prepareText('', storedDomain, options))).toMatchObject({
      message: 'options has no field "messageRef": use clickTracking, campaignRef, skipUrls, maxUrlLength, now',
    })
    expect(thrownBy(() => prepareText('', storedDomain).instrument({ maxUrlLength: 300 } as object))).toMatchObject({
      message: 'options has no field "maxUrlLength": use clickTracking, messageRef',
    })
  })

  it('a messageRef that does not fit', () => {
    expect(thrownBy(() => instrument('', { messageRef: 'short' }))).toMatchObject({
      code: 'invalid-message-ref',
      message:
        'messageRef is a string of 5 characters that does not fit: without signing keys, use 16 to 128 unguessable characters of A-Z, a-z, 0-9, "_", "-"',
    })
  })
})
