import { quote } from '../errors.ts'
import { parseUrl } from '../url.ts'

/** A host as a value, or what is wrong with the text that should have been one. */
export type ParsedHost = Host | { readonly kind: 'flawed'; readonly flaw: string }

export interface Host {
  /** An IPv6 address is no host here: no sent link has one. */
  readonly kind: 'name' | 'ipv4'
  /** Lower-case A-labels without trailing dot. */
  readonly name: string
  /** `null`: the scheme's own. */
  readonly port: number | null
  /** Name and port, as configurations and URLs write them: `links.localhost:8080`. */
  readonly text: string
}

/** RFC 1035 section 2.3.4, and the underscore, which some hosts do have. */
const hostLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/
/** A name in ASCII, unless it ends in a number: URL takes that for an address. */
const asciiName = /^(?:[a-z0-9_-]+\.)*(?=[a-z_-])[a-z0-9_-]+$/i
/** In characters (RFC 1035 section 2.3.4). */
const maxNameLength = 253
/** In UTF-16 code units: an international name may be longer than its A-labels. */
const maxTextLength = 1024

/**
 * Reads a host name with an optional port. A flaw is the rest of a sentence that begins with the text: `has a scheme`.
 *
 * @param scheme whose own port is none
 */
export function parseHost(text: string, scheme: 'https' | 'http' = 'https'): ParsedHost {
  const typed = typedFlaw(text)
  if (typed !== null) return { kind: 'flawed', flaw: typed }
  const { hostname = '', port = '' } = parseUrl(`${scheme}://${text}`) ?? {}
  const name = hostname.replace(/\.$/, '')
  if (/^[\d.]+$/.test(name)) {
    // URL takes `2130706433` and `127.1` for addresses too.
    if (!text.startsWith(name)) return { kind: 'flawed', flaw: 'is no host name' }
    return { kind: 'ipv4', name, port: port === '' ? null : Number(port), text: name + (port && `:${port}`) }
  }
  const flaw = nameFlaw(name, text)
  if (flaw !== null) return { kind: 'flawed', flaw }
  return { kind: 'name', name, port: port === '' ? null : Number(port), text: name + (port && `:${port}`) }
}

/** The canonical text of a host; `null` for what is none. */
export function hostText(text: string, scheme?: 'https' | 'http'): string | null {
  const host = parseHost(text, scheme)
  return host.kind === 'flawed' ? null : host.text
}

/** What URL would take for something else than a host and a port, or would silently drop. */
function typedFlaw(text: string): string | null {
  if (text.length > maxTextLength) return `is longer than ${maxTextLength} characters`
  if (text.includes('://')) return 'has a scheme'
  if (/\s/.test(text)) return 'has white space'
  if (/[\0-\x1f\x7f]/.test(text)) return 'has a control character'
  if (/^\[|:.*:/.test(text)) return 'is an IP address'
  if (text.includes('@')) return 'has a user name'
  if (/[/\\?#]/.test(text)) return 'has a path'
  if (/:(?!\d+$)/.test(text)) return 'has a port'
  return text.includes('%') ? 'is no host name' : null
}

/** URL allows quotes, `*`, `(` and more in hosts. They would do harm in an attribute's text, and mean nothing in DNS. */
function nameFlaw(parsed: string, text: string): string | null {
  // A text in the characters of a host name is told what is wrong with it as a host name, even where URL refuses it.
  const spelled = text.replace(/:\d+$/, '').replace(/\.$/, '')
  const name = parsed === '' && asciiName.test(spelled) ? spelled.toLowerCase() : parsed
  if (name.length > maxNameLength) return `is longer than ${maxNameLength} characters`
  const label = name.split('.').find((part) => !hostLabel.test(part))
  if (label === undefined) return parsed === '' ? 'is no host name' : null
  if (label.length > 63) return 'has a label of more than 63 octets'
  return /^[a-z0-9_-]+$/.test(label) ? `has the label ${quote(label)}, which is none of a host name` : 'is no host name'
}
