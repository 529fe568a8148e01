import { activeHost } from '../config/activation.ts'
import type { CheckedDomain } from '../config/domain-config.ts'
import type { MessageClicks, MessageOpen } from './payload.ts'
import { createTokenSigner } from './token.ts'
import { trackingFolders, writeTrackingPath } from './tracking-url.ts'

/** Makes the URLs of one domain's new mail: signed if the domain has keys, stored if not, always through the active host. */
export interface Mint {
  /** Whether a click's URL carries its destination, and so is longer than that. */
  readonly carriesDestination: boolean
  /** Where in each URL the reference stands, where nothing else in it hangs on the recipient; else `null`. */
  readonly refAt: number | null
  /** The click URLs of one part of one message: what all links share is laid out once. */
  clicks(message: MessageClicks): (index: number, destination: string) => string
  open(pixel: MessageOpen): string
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
      // Both folders have names of one length.
      refAt: origin.length + trackingFolders.click.length,
      clicks({ part, ref }) {
        // All but the index, once for all links.
        const start = origin + writeTrackingPath({ kind: 'click', ref, part, index: 0 }).slice(0, -1)
        return (index) => start + index
      },
      open: ({ pixel, ref }) => origin + writeTrackingPath({ kind: 'open', ref, pixel }),
    }
  }
  const signer = createTokenSigner(domain.name, key)
  return {
    carriesDestination: true,
    refAt: null,
    clicks(message) {
      const sign = signer.clicks(message)
      return (index, destination) => origin + writeTrackingPath({ kind: 'click', token: sign(index, destination) })
    },
    open: (pixel) => origin + writeTrackingPath({ kind: 'open', token: signer.open(pixel) }),
  }
}
