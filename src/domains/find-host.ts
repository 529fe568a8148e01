// Owns the finding of a listed tracking domain by its name.

import type { CheckedDomain } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { MailtraceError, quote } from '../errors.ts'

/** The index of a host in `trackingDomains`; case, a trailing dot and punycode make no difference. */
export function findHost(domain: CheckedDomain, host: string): number {
  const canonical = typeof host === 'string' ? hostText(host) : null
  const index = domain.hosts.findIndex((listed) => listed.host === canonical)
  if (index >= 0) return index
  const hosts = domain.hosts.map((listed) => listed.host).join(', ')
  throw new MailtraceError(
    'unknown-host',
    `host ${quote(host)} is no tracking domain of ${domain.name}: ${hosts === '' ? 'configure it first' : `use one of ${hosts}`}`,
  )
}
