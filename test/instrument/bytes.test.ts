import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { addLinkParameters, instrumentEmail, prepareEmail, untrackEmail } from '../../src/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'
import { pixelTag } from '../kit/fidelity.ts'

const encoder = new TextEncoder()
const bytesOf = (html: string): Uint8Array => encoder.encode(html)
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

const html = '<body><p>Grüße 😀 <a href="https://example.org/ü">x</a></p></body>'
const url = 'https://links.example.com/c/message-0123456789/0'
const image = pixelTag('https://links.example.com/o/message-0123456789/0.gif')
const tracked = `<body><p>Grüße 😀 <a href="${url}">x</a></p>${image}</body>`

describe('bytes in, bytes out', () => {
  it('instrumentEmail counts bytes', () => {
    const bytes = bytesOf(html)
    const result = instrumentEmail(bytes, storedDomain, fixed)
    expect(textOf(result.html)).toBe(tracked)
    const start = bytesOf('<body><p>Grüße 😀 <a href="').length
    expect(result.links).toEqual([
      {
        kind: 'tracked',
        index: 0,
        element: 'a',
        name: null,
        destination: 'https://example.org/ü',
        url,
        start,
        end: start + bytesOf('https://example.org/ü').length,
      },
    ])
    expect(JSON.parse(JSON.stringify(result)).links).toEqual(result.links)
  })

  it('a plain Uint8Array comes out, whatever kind went in', () => {
    for (const input of [bytesOf(html), Buffer.from(html), bytesOf(`<<${html}`).subarray(2)]) {
      const { html: out } = instrumentEmail(input, storedDomain, fixed)
      expect(Object.getPrototypeOf(out)).toBe(Uint8Array.prototype)
      expect([out.byteOffset, out.length, out.buffer.byteLength]).toEqual([0, out.length, out.length])
      expect(textOf(out)).toBe(tracked)
    }
  })

  it('an array of another realm is one', () => {
    const other = runInNewContext('new Uint8Array([60, 112, 62])') as Uint8Array
    expect(other).not.toBeInstanceOf(Uint8Array)
    expect(textOf(instrumentEmail(other, storedDomain, { ...fixed, clickTracking: false }).html)).toMatch(/^<p><img /)
  })

  it('untrackEmail and addLinkParameters write UTF-8', () => {
    const signed = instrumentEmail(bytesOf(html), signedDomain, fixed)
    expect(textOf(untrackEmail(signed.html, signedDomain).html)).toBe(html)
    const extended = addLinkParameters(bytesOf(html), () => ({ q: 'é' }))
    expect(textOf(extended.html)).toBe(html.replace('org/ü', 'org/ü?q=%C3%A9'))
  })

  it('what is no UTF-8 stays as it was, and reads as in a browser', () => {
    const wrong = Uint8Array.from([0x80, 0xff, 0xe2, 0x82])
    const parts = [bytesOf('<p>'), wrong, bytesOf('<a href="https://example.org/'), wrong, bytesOf('">x')]
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
    const { html: out, links } = instrumentEmail(bytes, storedDomain, { ...fixed, openTracking: false })
    expect([...out]).toEqual([...bytesOf('<p>'), ...wrong, ...bytesOf(`<a href="${url}">x`)])
    expect(links).toMatchObject([{ destination: 'https://example.org/\ufffd\ufffd\ufffd' }])
  })

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf], 'no-place'],
    ['a byte order mark that is cut off', [0xef, 0xbb], 'placed'],
    ['two byte order marks', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], 'placed'],
  ])('a frameset after %s', (_, mark, kind) => {
    const { pixel } = instrumentEmail(Uint8Array.from([...mark, ...bytesOf('<frameset>')]), storedDomain, fixed)
    expect(pixel.kind === 'placed' ? 'placed' : pixel.reason).toBe(kind)
  })
})

describe('with nothing to do', () => {
  const bytes = bytesOf(html)
  const off = { openTracking: false, clickTracking: false }

  it.each([
    ['tracking is off', () => instrumentEmail(bytes, storedDomain, off)],
    ['no link is tracked', () => instrumentEmail(bytes, storedDomain, { openTracking: false, skipLink: () => true })],
    ['there is nothing to take out', () => untrackEmail(bytes, storedDomain)],
    ['there is nothing to add', () => addLinkParameters(bytes, () => null)],
  ])('the identical array comes back where %s', (_, call) => {
    expect(call().html).toBe(bytes)
  })

  it('the copies of a prepared email are nobody else’s', () => {
    const prepared = prepareEmail(bytes, storedDomain)
    const copy = prepared.instrument(off)
    copy.html.fill(0)
    expect(textOf(prepared.instrument(off).html)).toBe(html)
    expect(textOf(bytes)).toBe(html)
  })
})

describe('a prepared email', () => {
  it.each([
    ['an array', bytesOf(html)],
    ['a Buffer, whose slices are views', Buffer.from(html)],
  ])('keeps nothing of %s', (_, input) => {
    const prepared = prepareEmail(input, storedDomain, { now: fixed.now })
    input.fill(0)
    for (let times = 0; times < 3; times++) {
      const { html: out } = prepared.instrument({ messageRef })
      expect(textOf(out)).toBe(tracked)
      out.fill(0)
    }
  })

  it('gives each of those who get the same an array of their own', () => {
    const prepared = prepareEmail(bytesOf(html), storedDomain, { campaignRef: 'campaign-0123456789' })
    const anonymous = { openTracking: 'anonymous', clickTracking: 'anonymous' } as const
    const expected = textOf(prepared.instrument(anonymous).html)
    expect(expected).toContain('/c/campaign-0123456789/0')
    for (let times = 0; times < 2; times++) {
      const { html: out } = prepared.instrument(anonymous)
      expect(textOf(out)).toBe(expected)
      out.fill(0)
    }
  })

  it.each([
    ['full', 'anonymous'],
    ['anonymous', 'full'],
  ] as const)('names a recipient where the mode does: opens %s, clicks %s', (openTracking, clickTracking) => {
    const prepared = prepareEmail(bytesOf(html), storedDomain, { campaignRef: 'campaign-0123456789' })
    for (const ref of ['message-0123456789', 'message-9876543210', 'message-1111111111']) {
      const { html: out } = prepared.instrument({ messageRef: ref, openTracking, clickTracking })
      const [open, click] = [openTracking, clickTracking].map((mode) => (mode === 'full' ? ref : 'campaign-0123456789'))
      expect(textOf(out)).toContain(`href="https://links.example.com/c/${click}/0"`)
      expect(textOf(out)).toContain(`src="https://links.example.com/o/${open}/0.gif"`)
    }
  })

  it('lays references of any length', () => {
    const prepared = prepareEmail(bytesOf(html), storedDomain, { now: fixed.now })
    for (const ref of ['message-0123456789', 'message-9876543210', 'another-message-of-ours', 'message-0123456789']) {
      const { html: out } = prepared.instrument({ messageRef: ref })
      expect(textOf(out)).toBe(tracked.replaceAll('message-0123456789', ref))
    }
  })
})
