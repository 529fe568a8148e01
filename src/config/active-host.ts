// Owns which tracking domain carries new links.

import type { CheckedDomain, CheckedHost } from './domain-config.ts'

/** The newest tracking domain whose CNAME record is verified. */
export function activeHost(domain: CheckedDomain): CheckedHost | undefined {
  return domain.hosts.findLast((host) => host.status === 'verified')
}
