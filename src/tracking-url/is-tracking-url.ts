// Owns which URLs lie where tracking URLs are minted. It must need no key, as it is asked about any destination.

import { canonicalHost } from '../config/domain-config.ts'

/** Whether a URL is on one of the given hosts, under `/c/` or `/o/`. */
export function isTrackingUrl(url: URL, hosts: readonly { readonly host: string }[]): boolean {
  if (!url.pathname.startsWith('/c/') && !url.pathname.startsWith('/o/')) return false
  const host = canonicalHost(url.host, url.protocol === 'http:' ? 'http' : 'https')
  return hosts.some((known) => known.host === host)
}
