// What the receiver's benchmark asks, and of whom.

import type { RequestListener } from 'node:http'
import { checkDomain, defineDomain } from '../src/config/domain-config.ts'
import { createReceiver, type Receiver } from '../src/receiver/index.ts'
import { createTokenSigner } from '../src/tracking-url/token.ts'

const domain = defineDomain({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
  signingKeys: [{ id: 'k1', secret: 'a secret of at least thirty-two bytes' }],
})

/** Of the length that links in newsletters have once they carry campaign parameters. */
export const destination =
  'https://shop.example/summer/sale?utm_source=newsletter&utm_medium=email&utm_campaign=july#offers'

export const userAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'

/** A thousand clicks, each of another message. */
export function createClickUrls(): readonly string[] {
  const { name, keys } = checkDomain(domain)
  const signer = createTokenSigner(name, keys[0]!)
  const issuedAt = Date.now() - 3_600_000
  return Array.from({ length: 1000 }, (_, index) => {
    const sign = signer.clicks({ mode: 'full', part: 'html', ref: `message-${index}-of-1000`, issuedAt })
    return `https://links.example.com/c/${sign(3, destination)}`
  })
}

const bareHeaders = {
  location: destination,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
}

/**
 * The receiver, and what it is held against: a handler that sends everybody to one place with the same headers. It reads no
 * URL, checks nothing and records nothing, so it is a floor and no alternative.
 */
export function createHandlers(): Record<'receiver' | 'receiver, by lookup', Receiver> & {
  bare(): Promise<Response>
} {
  const onEvent = () => {}
  return {
    bare: async () => new Response(null, { status: 302, headers: bareHeaders }),
    receiver: createReceiver({ domains: domain, onEvent }),
    'receiver, by lookup': createReceiver({ domains: async () => domain, onEvent }),
  }
}

/** The bare handler without a `Request` and a `Response`. */
export const bareListener: RequestListener = (_, outgoing) => {
  outgoing.writeHead(302, { ...bareHeaders, 'content-length': 0 })
  outgoing.end()
}
