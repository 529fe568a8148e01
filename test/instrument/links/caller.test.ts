import { describe, expect, it } from 'vitest'
import { type InstrumentOptions, instrumentEmail } from '../../../src/index.ts'
import { fixed, signedDomain } from '../../kit/domains.ts'
import { anchor, outcomeOf } from './outcome-of.ts'

const unsubscribe = 'https://example.com/unsubscribe?u=1&list=2'

describe('skipUrls: the same URL is left alone, however it is written', () => {
  it.each([
    ['as it is', 'https://example.com/unsubscribe?u=1&list=2'],
    ['with another case of scheme and host', 'HTTPS://Example.COM/unsubscribe?u=1&list=2'],
    ['with the default port', 'https://example.com:443/unsubscribe?u=1&list=2'],
    ['with white space around it', ' https://example.com/unsubscribe?u=1&list=2\n'],
    ['over two lines', 'https://example.com/unsub\nscribe?u=1&list=2'],
    ['with dot segments', 'https://example.com/a/../unsubscribe?u=1&list=2'],
  ])('%s', (_, href) => expect(outcomeOf(href, { skipUrls: [unsubscribe] })).toBe('caller'))

  it('also the other way round, and among several', () =>
    expect(
      outcomeOf(unsubscribe, { skipUrls: ['https://a.example/', 'HTTPS://Example.com:443/unsubscribe?u=1&list=2'] }),
    ).toBe('caller'))

  it.each([
    ['another query', 'https://example.com/unsubscribe?u=2&list=2'],
    ['a fragment', 'https://example.com/unsubscribe?u=1&list=2#x'],
    ['another scheme', 'http://example.com/unsubscribe?u=1&list=2'],
    ['a longer path', 'https://example.com/unsubscribe-rates?u=1&list=2'],
  ])('but not %s', (_, href) => expect(outcomeOf(href, { skipUrls: [unsubscribe] })).toBe('tracked'))

  it.each([
    [['/unsubscribe'], 'skipUrls[0] is no absolute URL: use URLs like those in the mail'],
    [['https://a.example/', 7], 'skipUrls[1] is no absolute URL: use URLs like those in the mail'],
    [[new URL('https://a.example/')], 'skipUrls[0] is no absolute URL: use URLs like those in the mail'],
    ['https://a.example/', 'skipUrls is a string: use an array'],
  ])('%j is refused', (skipUrls, message) =>
    expect(() => instrumentEmail('', signedDomain, { skipUrls } as InstrumentOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-options', message }),
    ),
  )
})

describe('skipLink: anything but a boolean is refused', () => {
  it.each([
    [Promise.resolve(false), 'an object'],
    [undefined, 'undefined'],
    [1, '1'],
    ['', '""'],
  ])('%s', (answer, shown) => {
    const skipLink = (() => answer) as unknown as () => boolean
    expect(() => instrumentEmail(anchor('https://example.org/'), signedDomain, { skipLink })).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: `skipLink gives ${shown}: give true or false, at once`,
      }),
    )
  })
})

describe('what takes long to parse is not parsed', () => {
  const marks = '\u0301\u0323'.repeat(250_000)
  it.each([
    ['an international host', `https://a${marks}/`, 'too-long'],
    ['one that a redirect could carry', `https://a${'\u0301\u0323'.repeat(600)}/`, 'invalid-url'],
    ['one of 1,025 code units', `https://${'é'.repeat(1021)}.com/`, 'invalid-url'],
    ['any URL of over 8,192 characters', `https://example.org/${'a'.repeat(8173)}`, 'too-long'],
  ])('%s', (_, href, reason) => {
    expect(outcomeOf(href)).toBe(reason)
    expect(outcomeOf(href, { skipLink: () => true })).toBe(reason)
  })

  it('nor where the host is written as character references', () => {
    const html = `<a href="https://a${'&#769;&#803;'.repeat(100_000)}/">x</a>`
    expect(instrumentEmail(html, signedDomain, fixed).links).toMatchObject([{ reason: 'too-long' }])
  })

  it('nor the source of an image that might be a pixel', () => {
    const html = `<img src="https://a${marks}/o/x/0.gif"><img src="https://links.example.com/o/${'a'.repeat(9000)}.gif">`
    expect(instrumentEmail(html, signedDomain, fixed).pixel.kind).toBe('placed')
  })
})
