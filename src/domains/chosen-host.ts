import { type Host, parseHost } from '../config/host.ts'
import { MailtraceError, quote } from '../errors.ts'
import { registrableDomain } from './registrable-domain.ts'

// The full stops of UTS #46. A browser's address bar takes them for dots, and so does URL.
const dots = /[.\u3002\uff0e\uff61]/

/**
 * The canonical host for what a customer typed: with a dot a full host, without one a label under the sending domain.
 * `domainName` is canonical. Throws for what must not become a tracking domain.
 */
export function readChosenHost(value: string, domainName: string): string {
  const parsed = parseHost(dots.test(value) ? value : `${value}.${domainName}`)
  // URL drops a scheme's own port, so it is looked for in the text.
  const flaw = parsed.kind === 'flawed' ? parsed.flaw : value.includes(':') ? 'has a port' : findFlaw(parsed)
  if (parsed.kind === 'flawed' || flaw !== null) {
    throw new MailtraceError(
      'invalid-host',
      `host ${quote(value)} ${flaw}: use a bare host name like "links.${domainName}"`,
    )
  }
  const host = parsed.name
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

/** What a host may have elsewhere, but not in DNS and in a certificate. */
function findFlaw({ kind, name }: Host): string | null {
  if (kind === 'ipv4') return 'is an IP address'
  // RFC 1123 section 2.1: certificates for such names are not issued.
  if (name.includes('_')) return 'has an underscore'
  // A label without a dot was put under the sending domain. So a name of one label was typed with a dot at its end.
  return name.includes('.') ? null : 'ends with a dot, which makes it a top-level name'
}
