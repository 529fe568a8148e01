// Which pixels a text carries already: those that a browser would load, of this domain and this message.

import { describe, expect, it } from 'vitest'
import { type InstrumentedEmail, instrumentEmail } from '../../src/index.ts'
import { fixed, messageRef, signedDomain, storedDomain } from '../kit/domains.ts'

const open = (html: string, ref: string = messageRef, domain = signedDomain): InstrumentedEmail =>
  instrumentEmail(html, domain, { ...fixed, clickTracking: false, messageRef: ref })

function pixelUrl(ref: string, domain = signedDomain): string {
  const { pixel } = open('<p>x', ref, domain)
  if (pixel.kind !== 'placed') throw new Error('no pixel')
  return pixel.urls[0]!
}

const mine = pixelUrl(messageRef)
const other = pixelUrl('message-of-another-recipient')

const present: readonly [what: string, html: string][] = [
  ['as it was placed', open('<p>x').html],
  ['in other quotes', `<img src='${mine}'>`],
  ['without quotes', `<IMG SRC=${mine}>`],
  ['with white space around it', `<img src=" ${mine}\n">`],
  ['with a character reference in it', `<img src="${mine.replace('.gif', '&#46;gif')}">`],
  ['with a query that a gateway added', `<img src="${mine}?x=1&amp;y=2">`],
  ['after the scheme was changed', `<img src="${mine.replace('https:', 'http:')}">`],
  ['through a former host', `<img src="${mine.replace('links.', 'old.')}">`],
  ['in noscript, as scripting is off', `<body><noscript><img src="${mine}"></noscript>`],
  ['among others', `<img src="x.png"><img src="${other}"><img alt="" src="${mine}">`],
  ['as the first of two sources', `<img src="${mine}" src="x.png">`],
]

const absent: readonly [what: string, html: string][] = [
  ['of another message', `<img src="${other}">`],
  ['in a comment', `<!-- <img src="${mine}"> -->`],
  ['in a conditional comment, which no browser reads', `<!--[if mso]><img src="${mine}"><![endif]-->`],
  ['in a style', `<style><img src="${mine}"></style>`],
  ['in a title', `<title><img src="${mine}"></title>`],
  ['in a textarea', `<textarea><img src="${mine}"></textarea>`],
  ['in an attribute', `<p title='<img src="${mine}">'>`],
  ['as text', `<p>${mine}</p>`],
  ['as a link', `<a href="${mine}">x</a>`],
  ['as data-src', `<img data-src="${mine}">`],
  ['as the second of two sources', `<img src="x.png" src="${mine}">`],
  ['in another tag', `<image-x src="${mine}">`],
  ['on another host', `<img src="${mine.replace('links.', 'lynx.')}">`],
  ['on another path', `<img src="${mine.replace('/o/', '/x/o/')}">`],
  [
    'with a changed token',
    `<img src="${mine.replace(/.\.gif$/, (end) => (end.startsWith('A') ? 'B.gif' : 'A.gif'))}">`,
  ],
  ['of another domain', `<img src="${pixelUrl(messageRef, { ...signedDomain, name: 'example.net' })}">`],
  ['in a tag that is cut off', `<p>x</p><img src="${mine}"`],
]

describe('a pixel of this message is there already', () => {
  it.each(present)('%s', (_, html) => {
    const result = open(html)
    expect(result.pixel).toEqual({ kind: 'skipped', reason: 'already-present' })
    expect(result.html).toBe(html)
  })

  it('with a stored reference', () => {
    const once = open('<p>x', messageRef, storedDomain)
    expect(open(once.html, messageRef, storedDomain)).toEqual({
      ...once,
      pixel: { kind: 'skipped', reason: 'already-present' },
    })
  })

  it('with a stored reference, when the domain has got keys since', () => {
    const once = open('<p>x', messageRef, storedDomain)
    expect(open(once.html).pixel).toEqual({ kind: 'skipped', reason: 'already-present' })
  })

  it('signed at another time, or with the key before', () => {
    const once = open('<p>x')
    const later = { ...fixed, now: (): number => 1_800_000_000_000 }
    expect(instrumentEmail(once.html, signedDomain, later).html).toBe(once.html)
    const [key] = signedDomain.signingKeys!
    const rotated = {
      ...signedDomain,
      signingKeys: [{ id: 'k2', secret: 'another secret of thirty-two bytes or more' }, key!],
    }
    expect(open(once.html, messageRef, rotated).html).toBe(once.html)
  })
})

describe('it is not there', () => {
  it.each(absent)('%s', (_, html) => {
    expect(open(html).pixel.kind).toBe('placed')
  })

  it('in a text without any place for it, which is said instead', () => {
    expect(open(`<frameset><img src="${mine}">`).pixel).toEqual({ kind: 'skipped', reason: 'no-place' })
  })
})

describe('in a text that was not for browsers all the way', () => {
  it('what comes before a stop counts', () => {
    expect(open(`<img src="${mine}"><svg></i>`).pixel).toEqual({ kind: 'skipped', reason: 'already-present' })
  })
})
