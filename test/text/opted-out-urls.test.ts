import { expect, it } from 'vitest'
import { instrumentEmail } from '../../src/index.ts'
import { instrumentText, optedOutUrls } from '../../src/text/index.ts'
import { fixed, storedDomain } from '../kit/domains.ts'

const url = 'https://example.com/reset?t=1&u=2'
const linksOf = (html: string, options = {}) => instrumentEmail(html, storedDomain, { ...fixed, ...options }).links

it('sendgrid/docs#5611: what the HTML part opted out of is left alone in the text', () => {
  const links = linksOf(
    '<a data-no-track href="https://example.com/reset?t=1&amp;u=2">Reset</a> <a href="https://example.com/">Home</a>',
  )
  const text = `Reset: ${url} Home: https://example.com/`
  expect(instrumentText(text, storedDomain, { ...fixed, skipUrls: optedOutUrls(links) })).toMatchObject({
    text: `Reset: ${url} Home: https://links.example.com/c/message-0123456789/t1`,
    links: [{ kind: 'skipped', reason: 'caller', href: url }, { kind: 'tracked' }],
  })
})

it.each([
  ['an opt-out', `<a data-no-track href="${url}">`, {}, [url]],
  ['skipLink', `<a href="${url}">`, { skipLink: () => true }, [url]],
  ['skipUrls', `<a href="${url}">`, { skipUrls: [url] }, [url]],
  ['a tracked link', `<a href="${url}">`, {}, []],
  ['what cannot be tracked', '<a href="mailto:a@b.example"><a href="https://example.com/{{x}}">', {}, []],
  ['an opt-out without a URL', '<a data-no-track href="{{url}}"><a data-no-track href="">', {}, []],
  ['an address', '<a data-no-track href="mailto:a@b.example">', {}, ['mailto:a@b.example']],
])('%s', (_, html, options, urls) => {
  expect(optedOutUrls(linksOf(html, options))).toEqual(urls)
})
