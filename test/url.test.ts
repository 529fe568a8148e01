import { describe, expect, it } from 'vitest'
import { parseUrl } from '../src/url.ts'

const authority = (length: number): string =>
  `${'a'.repeat(length - 8)}.example`.replace(/a{63}(?=a)/g, (run) => `${run.slice(1)}.`)

describe('an authority of over 1,024 code units is not parsed', () => {
  it.each([
    ['combining marks', `https://a${'\u0301\u0323'.repeat(512)}/`],
    ['with user info', `https://${'u'.repeat(1000)}@links.example.com.example/`],
    ['without the slashes', `https:${authority(1025)}`],
    ['with backslashes', `https:\\\\${authority(1025)}`],
    ['behind any number of slashes', `https:${'/'.repeat(9000)}${authority(1025)}`],
    ['behind white space', ` \n https://${authority(1025)}`],
    ['before a query', `https://${authority(1025)}?q`],
    ['before a fragment', `https://${authority(1025)}#f`],
    ['before a backslash', `https://${authority(1025)}\\p`],
    ['an international host of over 253', `https://${'中'.repeat(254)}/`],
    ['a percent-encoded one', `https://${'%E4%B8%AD'.repeat(30)}/`],
    ['an international host behind user info', `https://u@${'中'.repeat(254)}:80/`],
    ['of another scheme', `ftp://${authority(1025)}/`],
  ])('%s', (_, text) => expect(parseUrl(text)).toBe(null))
})

describe('everything else is what URL makes of it', () => {
  it.each([
    ['an authority of 1,024', `https://u${':'.repeat(1024 - 13)}@example.com/`],
    ['an international host', `https://${'中'.repeat(10)}.example/${'a'.repeat(300)}`],
    ['an international path behind a long host', `https://${authority(300).slice(0, 200)}/${'中'.repeat(300)}`],
    ['a long path', `https://example.com/${'a'.repeat(100_000)}`],
    ['a long query', `https://example.com?${'a'.repeat(100_000)}`],
    ['a long fragment', `https://example.com#${'a'.repeat(100_000)}`],
    ['many slashes', `https:${'/'.repeat(9000)}example.com/`],
    ['a short one', 'HTTPS://Example.com'],
    ['no authority', 'mailto:a@b.example'],
  ])('%s', (_, text) => expect(parseUrl(text)?.href).toBe(new URL(text).href))

  it.each(['', 'links.example.com', 'https://', 'a'.repeat(5000)])('nothing for %j', (text) =>
    expect(parseUrl(text)).toBe(null),
  )
})
