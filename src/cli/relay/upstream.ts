import { isIP } from 'node:net'
import { parseUrl } from '../../url.ts'
import { failure } from '../failure.ts'

export const upstreamTlsModes = ['verify', 'encrypt', 'off'] as const

/** Where mail goes, and how it is spoken to. */
export interface Upstream {
  readonly host: string
  readonly port: number
  /** TLS from the first byte on, not by STARTTLS. */
  readonly isImplicitTls: boolean
  /** `encrypt`: TLS, whoever answers. `off`: STARTTLS is not asked for. */
  readonly tls: (typeof upstreamTlsModes)[number]
  readonly credentials: { readonly user: string; readonly password: string } | null
}

/** For whom a password may go unencrypted, and a certificate need not be verified: nobody stands between. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** @param tls what `--upstream-tls` says. Default: `verify`, and on loopback `off`, or `encrypt` with `smtps:` */
export function readUpstream(text: string, tls: Upstream['tls'] | undefined): Upstream {
  const url = parseUrl(text)
  // Without the text: it may hold a password.
  const wrong =
    'the upstream is no URL like smtp://user:password@smtp.example.net:587: use smtp:// or smtps://, and % for odd characters'
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') throw failure(wrong, 2)
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') throw failure(wrong, 2)
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const isImplicitTls = url.protocol === 'smtps:'
  const user = decode(url.username)
  const password = decode(url.password)
  if (user === null || password === null) throw failure(wrong, 2)
  const credentials = user === '' ? null : { user, password }
  const lowest = isImplicitTls ? 'encrypt' : 'off'
  const mode = tls ?? (isLoopback(host) ? lowest : 'verify')
  if (isImplicitTls && mode === 'off') throw failure('--upstream-tls off does not go with smtps://', 2)
  if (credentials && mode === 'off' && !isLoopback(host)) {
    throw failure('--upstream-tls off would send the password unencrypted: use verify, or no password', 2)
  }
  const port = url.port === '' ? defaultPort(isImplicitTls, credentials !== null) : Number(url.port)
  return { host, port, isImplicitTls, tls: mode, credentials }
}

/** RFC 8314 section 3.3; RFC 6409 section 3.1; RFC 5321 section 4.5.4.2 */
const defaultPort = (isImplicitTls: boolean, isSubmission: boolean): number =>
  isImplicitTls ? 465 : isSubmission ? 587 : 25

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Without its password. */
export const upstreamText = ({ host, port, isImplicitTls }: Upstream): string =>
  `${isImplicitTls ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`
