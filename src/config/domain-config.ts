// Owns the shape of a sending domain's configuration and its check at the border. Inside, only CheckedDomain is used:
// every default applied, every name canonical, nothing optional.

import { MailtraceError, quote } from '../errors.ts'
import { parseUrl } from '../url.ts'

/** Where a tracking domain's CNAME record stands, in the vocabulary of the field. */
export type RecordStatus = 'not_started' | 'pending' | 'verified' | 'failed' | 'temporary_failure'

/** One host through which links are, were or will be tracked. */
export interface TrackingDomain {
  /** Host name, `links.example.com`. A port is allowed for local use: `links.localhost:8080`. */
  readonly host: string
  /** Only `verified` hosts carry new links: a link through a host whose DNS fails is a broken link. */
  readonly status: RecordStatus
  /** Default: `'https'`. */
  readonly scheme?: 'https' | 'http'
  /** The name that the CNAME record must point at. Kept by `mailtrace/domains`. */
  readonly cnameTarget?: string
  /** When this host was last chosen, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly configuredAt?: number
  /** When its record was last seen to be right, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly verifiedAt?: number
  /** When its record was last checked with a definite outcome, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly checkedAt?: number
  /** Since when every definite check found the record missing or wrong, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly failingSince?: number
}

/** A key that signs references. Keys rotate: put the new one first and keep the old ones, as sent links need them. */
export interface SigningKey {
  /** 1 to 32 characters of `[A-Za-z0-9_-]`; stands in every token, so it must be no secret. */
  readonly id: string
  /** At least 32 bytes; a string counts as its UTF-8 bytes. */
  readonly secret: string | Uint8Array
}

/** A sending domain and how its mail is tracked. Plain data: it survives JSON if the secrets are strings. */
export interface DomainConfig {
  /** The sending domain, `example.com`. */
  readonly name: string
  readonly openTracking: boolean
  readonly clickTracking: boolean
  /** Every tracking domain ever configured, oldest first: the newest verified one carries new links. */
  readonly trackingDomains: readonly TrackingDomain[]
  /** The first signs, all verify. Absent or empty: references are stored by the application. */
  readonly signingKeys?: readonly SigningKey[]
}

/** A tracking domain as the inside sees it. */
export interface CheckedHost {
  /** Lower-case A-labels, without trailing dot or default port. */
  readonly host: string
  /** `https://links.example.com` */
  readonly origin: string
  readonly status: RecordStatus
}

/** A signing key as the inside sees it. */
export interface CheckedKey {
  readonly id: string
  readonly secret: Uint8Array
}

/** A DomainConfig that has passed {@link checkDomain}. */
export interface CheckedDomain {
  /** Lower-case A-labels without trailing dot. */
  readonly name: string
  readonly openTracking: boolean
  readonly clickTracking: boolean
  readonly hosts: readonly CheckedHost[]
  readonly keys: readonly CheckedKey[]
}

const domainFields = ['name', 'openTracking', 'clickTracking', 'trackingDomains', 'signingKeys']
const timeFields = ['configuredAt', 'verifiedAt', 'checkedAt', 'failingSince'] as const
const trackingDomainFields = ['host', 'status', 'scheme', 'cnameTarget', ...timeFields]
const signingKeyFields = ['id', 'secret']
const statuses: readonly unknown[] = ['not_started', 'pending', 'verified', 'failed', 'temporary_failure']
/** Ids stand in tokens, one byte for each character. */
export const keyIdPattern: RegExp = /^[A-Za-z0-9_-]{1,32}$/

/** In bytes: the output size of SHA-256, below which RFC 2104 section 3 discourages HMAC keys. */
const minimumSecretBytes = 32

interface Checked {
  readonly fingerprint: readonly unknown[]
  readonly domain: CheckedDomain
}

const checkedDomains = new WeakMap<object, Checked>()

/**
 * Checks a configuration and puts it into the form that the inside uses. A pipeline that passes the same object a million
 * times pays once (0.3 us instead of 5, and keys are prepared once); one that changes the object gets the new answer.
 */
export function checkDomain(domain: DomainConfig): CheckedDomain {
  const known = checkedDomains.get(domain)
  const fingerprint = takeFingerprint(domain)
  if (known && isSameList(known.fingerprint, fingerprint)) return known.domain
  const checked = checkFresh(domain)
  checkedDomains.set(domain, { fingerprint, domain: checked })
  return checked
}

/** Everything that a configuration says, as one flat list. Fields are read as the check reads them: they may be accessors. */
function takeFingerprint(domain: DomainConfig): unknown[] {
  const into: unknown[] = []
  pushFields(domain, domainFields, into)
  pushItems(domain?.trackingDomains, trackingDomainFields, into)
  pushItems(domain?.signingKeys, signingKeyFields, into)
  return into
}

function pushItems(list: unknown, fields: readonly string[], into: unknown[]): void {
  if (!Array.isArray(list)) return
  for (const item of list) pushFields(item, fields, into)
  into.push(list.length)
}

function pushFields(value: unknown, fields: readonly string[], into: unknown[]): void {
  if (typeof value !== 'object' || value === null) {
    into.push(value)
    return
  }
  for (const key of Object.keys(value)) into.push(key)
  for (const field of fields) {
    const content = (value as Record<string, unknown>)[field]
    into.push(content)
    if (content instanceof Uint8Array) for (const byte of content) into.push(byte)
  }
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]))
}

function checkFresh(domain: DomainConfig): CheckedDomain {
  const fields = checkFields(domain, domainFields, 'domain')
  const hosts = checkList(fields.trackingDomains, 'trackingDomains').map(checkTrackingDomain)
  const keys = fields.signingKeys === undefined ? [] : checkList(fields.signingKeys, 'signingKeys').map(checkSigningKey)
  refuseTwins(hosts, 'host', 'trackingDomains')
  refuseTwins(keys, 'id', 'signingKeys')
  return {
    name: checkName(fields.name),
    openTracking: checkBoolean(fields.openTracking, 'openTracking'),
    clickTracking: checkBoolean(fields.clickTracking, 'clickTracking'),
    hosts,
    keys,
  }
}

/** RFC 1035 section 2.3.4, and the underscore, which some hosts do have. */
const hostLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/**
 * The canonical form of a host name with an optional port: lower-case A-labels, no trailing dot, no default port.
 * `null` for what is no host: a scheme, a path, user info, white space, an empty label, a number that means an address.
 */
export function canonicalHost(host: string, scheme: 'https' | 'http' = 'https'): string | null {
  // What URL would take for something else than a host and a port, or would silently drop.
  if (/[\s/\\?#@%]|:(?!\d+$)/.test(host)) return null
  const { hostname = '', port = '' } = parseUrl(`${scheme}://${host}`) ?? {}
  const name = hostname.replace(/\.$/, '')
  // URL allows quotes, `*`, `(` and more in hosts; in an attribute's text they would do harm, in DNS they mean nothing.
  if (name.length > 253 || !name.split('.').every((label) => hostLabel.test(label))) return null
  if (/^[\d.]+$/.test(name) && !host.startsWith(name)) return null
  return name + (port && `:${port}`)
}

function checkTrackingDomain(value: unknown, index: number): CheckedHost {
  const path = `trackingDomains[${index}]`
  const fields = checkFields(value, trackingDomainFields, path)
  const scheme = fields.scheme ?? 'https'
  if (scheme !== 'https' && scheme !== 'http') {
    throw invalid(`${path}.scheme is ${quote(scheme)}: use "https", or "http" for local use`)
  }
  const status = fields.status
  if (!statuses.includes(status)) {
    throw invalid(`${path}.status is ${quote(status)}: use one of ${statuses.join(', ')}`)
  }
  const { cnameTarget } = fields
  if (cnameTarget !== undefined && (typeof cnameTarget !== 'string' || canonicalHost(cnameTarget) === null)) {
    throw invalid(`${path}.cnameTarget is ${quote(cnameTarget)}: use a host name`)
  }
  for (const field of timeFields) {
    if (fields[field] !== undefined && !Number.isFinite(fields[field])) {
      throw invalid(`${path}.${field} is ${quote(fields[field])}: use milliseconds since the epoch`)
    }
  }
  const host = typeof fields.host === 'string' ? canonicalHost(fields.host, scheme) : null
  if (host === null) {
    throw invalid(
      `${path}.host is ${quote(fields.host)}: use a bare host name like "links.example.com", without scheme or path`,
    )
  }
  return { host, origin: `${scheme}://${host}`, status: status as RecordStatus }
}

function checkSigningKey(value: unknown, index: number): CheckedKey {
  const path = `signingKeys[${index}]`
  const { id, secret } = checkFields(value, signingKeyFields, path)
  if (typeof id !== 'string' || !keyIdPattern.test(id)) {
    const what = typeof id === 'string' ? `a string of ${id.length} characters that does not fit` : quote(id)
    throw invalid(`${path}.id is ${what}: use 1 to 32 characters of A-Z, a-z, 0-9, "_" and "-"`)
  }
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw invalid(`${path}.secret is no string and no Uint8Array: use at least 32 random bytes`)
  }
  if (typeof secret === 'string' && !secret.isWellFormed()) {
    throw invalid(`${path}.secret has a lone surrogate, which UTF-8 cannot carry: use at least 32 random bytes`)
  }
  // A copy, so that a buffer that is reused or wiped afterwards changes no signature.
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : Uint8Array.from(secret)
  if (bytes.length < minimumSecretBytes) {
    throw invalid(`${path}.secret has ${bytes.length} bytes: use at least ${minimumSecretBytes} random ones`)
  }
  return { id, secret: bytes }
}

function checkName(name: unknown): string {
  const canonical = typeof name === 'string' && !name.includes(':') ? canonicalHost(name) : null
  if (canonical === null || /^[\d.]+$/.test(canonical)) {
    throw invalid(`name is ${quote(name)}: use the sending domain, like "example.com"`)
  }
  return canonical
}

function checkBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw invalid(`${field} is ${quote(value)}: use true or false`)
  return value
}

function checkList(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${field} is ${describe(value)}: use an array`)
  return Array.from(value) // a hole becomes undefined, which the check of the item refuses
}

function checkFields(value: unknown, known: readonly string[], path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${path} is ${describe(value)}: use an object`)
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw invalid(`${path} has no field ${quote(key)}: use ${known.join(', ')}`)
  }
  return value as Record<string, unknown>
}

/** Without the text: where a list or an object should be, a string may well be a secret, or the whole configuration. */
function describe(value: unknown): string {
  return typeof value === 'string' ? 'a string' : quote(value)
}

function refuseTwins<Key extends string>(list: readonly Record<Key, unknown>[], key: Key, path: string): void {
  const seen = new Set<unknown>()
  for (const item of list) {
    if (seen.has(item[key])) throw invalid(`${path} has ${key} ${quote(item[key])} twice: list each one once`)
    seen.add(item[key])
  }
}

function invalid(message: string): MailtraceError {
  return new MailtraceError('invalid-config', message)
}
