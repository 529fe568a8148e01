/**
 * Whether a URL lies where tracking URLs are minted: on one of the given hosts, under `/c/` or `/o/`. It needs no key, as it
 * is asked about any destination.
 */
export function isTrackingUrl(url: URL, hosts: readonly { readonly host: string }[]): boolean {
  if (!url.pathname.startsWith('/c/') && !url.pathname.startsWith('/o/')) return false
  const host = url.hostname.replace(/\.$/, '') + (url.port && `:${url.port}`)
  return hosts.some((known) => known.host === host)
}
