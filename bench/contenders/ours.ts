import { type DomainConfig, defineDomain, instrumentEmail, prepareEmail } from '../../src/index.ts'
import { type Contender, messageRef, trackingOrigin } from './contender.ts'

export const stored: DomainConfig = defineDomain({
  name: 'example.com',
  openTracking: true,
  clickTracking: true,
  trackingDomains: [{ host: new URL(trackingOrigin).host, status: 'verified' }],
})
export const signed: DomainConfig = defineDomain({
  ...stored,
  signingKeys: [{ id: 'k1', secret: 'benchmark-secret-of-at-least-32-bytes' }],
})
const encoder = new TextEncoder()

const bytes = (domain: DomainConfig, note: string): Contender => ({
  note,
  prepare: (html) => {
    const input = encoder.encode(html)
    return () => instrumentEmail(input, domain, { messageRef }).html
  },
})

const prepared = (domain: DomainConfig): Contender => ({
  note: "one more recipient's copy of a mail that was scanned before",
  prepare: (html) => {
    const email = prepareEmail(encoder.encode(html), domain)
    return () => email.instrument({ messageRef }).html
  },
})

export const ours: Readonly<Record<string, Contender>> = {
  'ours, bytes, stored': bytes(stored, 'instrumentEmail on bytes, with an outcome for every link'),
  'ours, bytes, signed': bytes(signed, 'the same, with an HMAC-SHA256 for every link'),
  'ours, string to bytes, stored': {
    note: 'a string comes in: encoded first, then as above',
    prepare: (html) => () => instrumentEmail(Buffer.from(html), stored, { messageRef }).html,
  },
  'ours, string, stored': {
    note: 'a string comes in and out, and is encoded then',
    prepare: (html) => () => instrumentEmail(html, stored, { messageRef }).html,
  },
  'ours, prepared, stored': prepared(stored),
  'ours, prepared, signed': prepared(signed),
  'floor: copy the bytes': {
    isFloor: true,
    prepare: (html) => {
      const input = encoder.encode(html)
      return () => input.slice()
    },
  },
}
