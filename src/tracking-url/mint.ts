// Owns making tracking URLs for new mail: signed if the domain has keys, stored if not, always through the active host.

import { activeHost } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import { createTokenSigner } from './token.ts'
import { signedClickUrl, signedOpenUrl, storedClickUrl, storedOpenUrl } from './tracking-url.ts'

/** Makes the URLs of one domain's mail. `issuedAt` in seconds since the epoch. */
export interface Mint {
  /** Whether a click's URL carries its destination, and so is longer than that. */
  readonly carriesDestination: boolean
  click(part: 'html' | 'text', messageRef: string, issuedAt: number, index: number, destination: string): string
  open(messageRef: string, issuedAt: number): string
}

const mints = new WeakMap<CheckedDomain, Mint>()

/** The mint of a domain's active host, prepared once; the domain's tracking must be active. */
export function mintOf(domain: CheckedDomain): Mint {
  const known = mints.get(domain)
  if (known !== undefined) return known
  const mint = createMint(domain)
  mints.set(domain, mint)
  return mint
}

function createMint(domain: CheckedDomain): Mint {
  const { origin } = activeHost(domain)!
  const [key] = domain.keys
  if (key === undefined) {
    return {
      carriesDestination: false,
      click: (part, messageRef, _issuedAt, index) => storedClickUrl(origin, part, messageRef, index),
      open: (messageRef) => storedOpenUrl(origin, messageRef),
    }
  }
  const signer = createTokenSigner(domain.name, key)
  return {
    carriesDestination: true,
    click: (part, messageRef, issuedAt, index, destination) =>
      signedClickUrl(origin, signer.click(part, messageRef, issuedAt, index, destination)),
    open: (messageRef, issuedAt) => signedOpenUrl(origin, signer.open(messageRef, issuedAt)),
  }
}
