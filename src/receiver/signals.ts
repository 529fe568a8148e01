// A signal never filters: it is a hint, and every one of them can be forged.

import { isbot } from 'isbot'
import { copyText, type RequestHead } from './request-head.ts'

/** What a request's own words say about who sent it. */
export const signals = [
  /** Apple's Mail Privacy Protection, which loads images whether or not the mail is read. */
  'apple-mpp',
  /** Gmail's proxy, on behalf of a reader. */
  'gmail-image-proxy',
  /** Yahoo's proxy, on behalf of a reader. */
  'yahoo-mail-proxy',
  /** The user agent names a machine, by the `isbot` package; the three above are not meant. */
  'bot',
  /** A browser loads ahead of a click. */
  'prefetch',
  /** So soon after the message was instrumented that a scanner on its way is likelier than a reader. */
  'too-fast',
] as const

export type Signal = (typeof signals)[number]

/** In UTF-16 code units. Real ones have some 150; the rest is an attack on somebody's parser or disk. */
const maxUserAgentLength = 512

export function readUserAgent(headers: RequestHead['headers']): string | null {
  const whole = headers.get('user-agent')
  return whole === null || whole.length <= maxUserAgentLength ? whole : copyText(whole, maxUserAgentLength)
}

/** Says what is known of a request whose message was instrumented `ageMs` ago (`null`: nobody knows). */
export type ClassifyRequest = (
  headers: RequestHead['headers'],
  userAgent: string | null,
  ageMs: number | null,
) => readonly Signal[]

export function createClassifier(tooFastSeconds: number): ClassifyRequest {
  const isBot = createBotTest()
  return (headers, userAgent, ageMs) => {
    const found: Signal[] = []
    const agent = userAgent === null ? null : (proxySignal(userAgent) ?? (isBot(userAgent) ? 'bot' : null))
    if (agent !== null) found.push(agent)
    if (isPrefetch(headers)) found.push('prefetch')
    if (ageMs !== null && ageMs < tooFastSeconds * 1000) found.push('too-fast')
    return found
  }
}

// isbot holds all of these for bots. Seen as `Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com
// GoogleImageProxy)` and `YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html`; older forms of both
// carry the same names.
function proxySignal(userAgent: string): Signal | null {
  if (userAgent === 'Mozilla/5.0') return 'apple-mpp'
  if (userAgent.includes('GoogleImageProxy')) return 'gmail-image-proxy'
  return userAgent.includes('YahooMailProxy') ? 'yahoo-mail-proxy' : null
}

const maxKnownAgents = 1000

// isbot's expression takes 2 microseconds on a browser's user agent, a fifth of a whole request; a few hundred user agents make
// up nearly all traffic.
function createBotTest(): (userAgent: string) => boolean {
  const known = new Map<string, boolean>()
  return (userAgent) => {
    let answer = known.get(userAgent)
    if (answer === undefined) {
      answer = isbot(userAgent)
      if (known.size >= maxKnownAgents) known.clear()
      known.set(userAgent, answer)
    }
    return answer
  }
}

// Sec-Purpose is the Fetch standard's; Purpose is Chromium's and Safari's older one, X-Moz that of Firefox before 115. All
// values that Chromium sends begin like this (`prefetch;prerender`, `prefetch;anonymous-client-ip`).
function isPrefetch(headers: RequestHead['headers']): boolean {
  return purposeHeaders.some((name) => headers.get(name)?.toLowerCase().startsWith('prefetch'))
}
const purposeHeaders = ['sec-purpose', 'purpose', 'x-moz']
