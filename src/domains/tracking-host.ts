// Owns which host names a sending domain may track through: the reading of a label or host, and the refusals.

import { canonicalHost } from '../config/domain-config.ts'
import { MailtraceError, quote } from '../errors.ts'
import { registrableDomain } from './registrable-domain.ts'

// The full stops of UTS #46, which a browser's address bar takes for dots, and so does URL.
const dots = /[.\u3002\uff0e\uff61]/
/** But for names that end in a number, which URL takes for an address. */
const asciiName = /^(?:[a-z0-9_-]+\.)*(?=[a-z_-])[a-z0-9_-]+$/i
const ipv4 = /^[0-9.]+$/
/** RFC 1123 section 2.1. No underscore: certificates for such names are not issued. */
const hostLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * The canonical host for what a customer typed: with a dot a full host, without one a label under the sending domain.
 * `domainName` is canonical. Throws for what must not become a tracking domain.
 */
export function trackingHost(value: string, domainName: string): string {
  const full = dots.test(value) ? value : `${value}.${domainName}`
  const host = canonicalHost(full)
  // What is spelled in a host name's characters is told what is wrong with it as one.
  const name = host ?? (asciiName.test(full) ? full.toLowerCase() : null)
  const flaw = typedFlaw(value) ?? (name === null ? 'is no host name' : hostNameFlaw(name))
  if (flaw !== null || host === null) {
    throw new MailtraceError(
      'invalid-host',
      `host ${quote(value)} ${flaw}: use a bare host name like "links.${domainName}"`,
    )
  }
  if (host === domainName) {
    throw new MailtraceError(
      'host-is-sending-domain',
      `host ${quote(value)} is the sending domain itself, where a CNAME record would displace its MX records: use a name of its own like "links.${domainName}"`,
    )
  }
  const root = registrableDomain(domainName)
  if (root === null || registrableDomain(host) !== root) {
    throw new MailtraceError(
      'host-outside-domain',
      root === null
        ? `${quote(domainName)} is no registered domain, so no host shares one with it: use a sending domain that you own`
        : `host ${quote(value)} does not belong to ${quote(root)}, the root domain of the sending domain: use a host under it, like "links.${domainName}"`,
    )
  }
  if (host === root) {
    throw new MailtraceError(
      'host-is-root-domain',
      `host ${quote(value)} is a root domain, where no CNAME record can stand: use a name under it, like "links.${domainName}"`,
    )
  }
  return host
}

/** What is wrong with a canonical name as a name in DNS and in a certificate, or `null`. */
function hostNameFlaw(host: string): string | null {
  if (host.includes(':')) return 'has a port'
  if (ipv4.test(host)) return 'is an IP address'
  if (host.length > 253) return 'is longer than 253 characters'
  for (const label of host.split('.')) {
    if (label.length > 63) return 'has a label of more than 63 octets'
    if (label.includes('_')) return 'has an underscore'
    if (!hostLabel.test(label)) return `has the label ${quote(label)}, which is none of a host name`
  }
  // A label without a dot would have been put under the sending domain.
  return host.includes('.') ? null : 'ends with a dot, which makes it a top-level name'
}

/** What was typed although it is no part of a host name, or `null`. */
function typedFlaw(value: string): string | null {
  if (value.includes('://')) return 'has a scheme'
  if (/\s/.test(value)) return 'has white space'
  if (/^\[|:.*:/.test(value)) return 'is an IP address'
  if (value.includes('@')) return 'has a user name'
  if (/[/\\?#]/.test(value)) return 'has a path'
  return value.includes(':') ? 'has a port' : null
}
