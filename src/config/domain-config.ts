import { configChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { hostText, parseHost } from './host.ts'
import { type ClickMode, clickModes, type OpenMode, openModes } from './tracking-modes.ts'

/** Where a tracking domain's CNAME record stands, in the vocabulary of the field. */
export const recordStatuses = ['not_started', 'pending', 'verified', 'failed', 'temporary_failure'] as const
export type RecordStatus = (typeof recordStatuses)[number]

/** One host through which links are, were or will be tracked. */
export interface TrackingDomain {
  /** Host name, `links.example.com`. A port is allowed for local use: `links.localhost:8080`. */
  readonly host: string
  /** Only `verified` hosts carry new links: a link through a host whose DNS fails is a broken link. */
  readonly status: RecordStatus
  /** Default: `'https'`. */
  readonly scheme?: 'https' | 'http' | undefined
  /** The name that the CNAME record must point at. Kept by `mailtrace/domains`. */
  readonly cnameTarget?: string | undefined
  /** When this host was last chosen, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly configuredAt?: number | undefined
  /** When its record was last seen to be right, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly verifiedAt?: number | undefined
  /** When its record was last checked with a definite outcome, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly checkedAt?: number | undefined
  /** Since when every definite check found the record missing or wrong, in ms since the epoch. Kept by `mailtrace/domains`. */
  readonly failingSince?: number | undefined
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
  /** How far opens are tracked at most: `true` is `'full'`. A message or a recipient may lower it. */
  readonly openTracking: boolean | OpenMode
  /** How far clicks are tracked at most: `true` is `'full'`. A message or a recipient may lower it. */
  readonly clickTracking: boolean | ClickMode
  /** Every tracking domain ever configured, oldest first: the newest verified one carries new links. */
  readonly trackingDomains: readonly TrackingDomain[]
  /** The first signs, all verify. Absent or empty: references are stored by the application. */
  readonly signingKeys?: readonly SigningKey[] | undefined
  /** In a file of JSON: the schema by which editors check it. It changes nothing. */
  readonly $schema?: string | undefined
}

/** A tracking domain as the inside sees it. */
export interface CheckedHost {
  /** Name and port: `links.example.com`, `links.localhost:8080`. Lower-case A-labels, no trailing dot, no default port. */
  readonly host: string
  readonly name: string
  /** `null`: the scheme's own. */
  readonly port: number | null
  readonly scheme: 'https' | 'http'
  /** `https://links.example.com` */
  readonly origin: string
  readonly status: RecordStatus
}

/** A signing key as the inside sees it. */
export interface CheckedKey {
  readonly id: string
  readonly secret: Uint8Array
}

/** A DomainConfig that has passed {@link checkDomain}: every default applied, every name canonical, nothing optional. */
export interface CheckedDomain {
  /** Lower-case A-labels without trailing dot. */
  readonly name: string
  readonly openTracking: OpenMode | false
  readonly clickTracking: ClickMode | false
  readonly hosts: readonly CheckedHost[]
  readonly keys: readonly CheckedKey[]
}

const domainFields = ['name', 'openTracking', 'clickTracking', 'trackingDomains', 'signingKeys', '$schema']
const timeFields = ['configuredAt', 'verifiedAt', 'checkedAt', 'failingSince'] as const
const trackingDomainFields = ['host', 'status', 'scheme', 'cnameTarget', ...timeFields]
const signingKeyFields = ['id', 'secret']
/** Ids stand in tokens, one byte for each character. */
export const keyIdPattern: RegExp = /^[A-Za-z0-9_-]{1,32}$/

/** In bytes: the output size of SHA-256, below which RFC 2104 section 3 discourages HMAC keys. */
const minimumSecretBytes = 32

/** What {@link defineDomain} has checked. Frozen, so that what was checked is what is there. */
const defined = new WeakMap<object, CheckedDomain>()

/**
 * Checks a sending domain's configuration once and keeps it: every function of every entry takes the result at no further
 * cost, with its keys prepared. The result is a copy, frozen and with its defaults filled in.
 *
 * A plain configuration is taken everywhere too. It is checked at every call, so that a change to it always shows.
 *
 * @throws {MailtraceError} `invalid-config`; the message names the field, says what is wrong and what to do.
 * @example
 * import { defineDomain, trackingActivation } from 'mailtrace'
 *
 * const domain = defineDomain({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
 * })
 * console.log(trackingActivation(domain).active) // true
 */
export function defineDomain(config: DomainConfig): DomainConfig {
  if (defined.has(config)) return config
  const checked = checkFresh(config)
  const domain: DomainConfig = Object.freeze({
    name: checked.name,
    openTracking: checked.openTracking,
    clickTracking: checked.clickTracking,
    trackingDomains: Object.freeze(
      checked.hosts.map(({ host, scheme }, index) =>
        Object.freeze({
          ...config.trackingDomains[index]!,
          host,
          scheme,
          ...canonicalTarget(config.trackingDomains[index]!),
        }),
      ),
    ),
    signingKeys: Object.freeze(
      // The bytes are a copy of their own: the caller may wipe the ones that were passed in.
      checked.keys.map(({ id, secret }, index) => {
        const given = config.signingKeys![index]!.secret
        return Object.freeze({ id, secret: typeof given === 'string' ? given : Uint8Array.from(secret) })
      }),
    ),
  })
  defined.set(domain, checked)
  return domain
}

/** Puts a configuration into the form that the inside uses: at once for a defined one, by a whole check for a plain one. */
export function checkDomain(domain: DomainConfig): CheckedDomain {
  return defined.get(domain) ?? checkFresh(domain)
}

function checkFresh(domain: DomainConfig): CheckedDomain {
  const fields = configChecks.object(domain, 'domain', domainFields)
  const hosts = configChecks.list(fields.trackingDomains, 'trackingDomains').map(checkTrackingDomain)
  const keys =
    fields.signingKeys === undefined ? [] : configChecks.list(fields.signingKeys, 'signingKeys').map(checkSigningKey)
  refuseTwins(hosts, 'host', 'trackingDomains')
  refuseTwins(keys, 'id', 'signingKeys')
  return {
    name: checkName(fields.name),
    openTracking: checkMode(fields.openTracking, 'openTracking', openModes),
    clickTracking: checkMode(fields.clickTracking, 'clickTracking', clickModes),
    hosts,
    keys,
  }
}

function checkMode<Mode extends OpenMode>(value: unknown, path: string, modes: readonly Mode[]): Mode | false {
  if (typeof value === 'boolean') return value && modes[0]!
  if (modes.some((mode) => mode === value)) return value as Mode
  throw configChecks.error(`${path} is ${quote(value)}: use true, false or one of ${modes.join(', ')}`)
}

function checkTrackingDomain(value: unknown, index: number): CheckedHost {
  const path = `trackingDomains[${index}]`
  const fields = configChecks.object(value, path, trackingDomainFields)
  const scheme = fields.scheme ?? 'https'
  if (scheme !== 'https' && scheme !== 'http') {
    throw configChecks.error(`${path}.scheme is ${quote(scheme)}: use "https", or "http" for local use`)
  }
  const status = configChecks.oneOf(fields.status, `${path}.status`, recordStatuses)
  const { cnameTarget } = fields
  if (cnameTarget !== undefined && !isTarget(cnameTarget)) {
    throw configChecks.error(`${path}.cnameTarget is ${quote(cnameTarget)}: use a host name`)
  }
  for (const field of timeFields) {
    if (fields[field] !== undefined && !Number.isFinite(fields[field])) {
      throw configChecks.error(`${path}.${field} is ${quote(fields[field])}: use milliseconds since the epoch`)
    }
  }
  const host = typeof fields.host === 'string' ? parseHost(fields.host, scheme) : null
  if (host === null || host.kind === 'flawed') {
    const advice = 'use a bare host name like "links.example.com", without scheme or path'
    throw configChecks.error(`${path}.host is ${quote(fields.host)}: ${advice}`)
  }
  const { name, port, text } = host
  return { host: text, name, port, scheme, origin: `${scheme}://${text}`, status }
}

/** What a CNAME record can point at. */
function isTarget(value: unknown): boolean {
  const host = typeof value === 'string' ? parseHost(value) : null
  return host?.kind === 'name' && host.port === null
}

const canonicalTarget = ({ cnameTarget }: TrackingDomain): { readonly cnameTarget?: string } =>
  cnameTarget === undefined ? {} : { cnameTarget: hostText(cnameTarget)! }

function checkSigningKey(value: unknown, index: number): CheckedKey {
  const path = `signingKeys[${index}]`
  const { id, secret } = configChecks.object(value, path, signingKeyFields)
  if (typeof id !== 'string' || !keyIdPattern.test(id)) {
    const what = typeof id === 'string' ? `a string of ${id.length} characters that does not fit` : quote(id)
    throw configChecks.error(`${path}.id is ${what}: use 1 to 32 characters of A-Z, a-z, 0-9, "_" and "-"`)
  }
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw configChecks.error(`${path}.secret is no string and no Uint8Array: use at least 32 random bytes`)
  }
  if (typeof secret === 'string' && !secret.isWellFormed()) {
    throw configChecks.error(
      `${path}.secret has a lone surrogate, which UTF-8 cannot carry: use at least 32 random bytes`,
    )
  }
  // A copy, so that a buffer that is reused or wiped afterwards changes no signature.
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : Uint8Array.from(secret)
  if (bytes.length < minimumSecretBytes) {
    throw configChecks.error(`${path}.secret has ${bytes.length} bytes: use at least ${minimumSecretBytes} random ones`)
  }
  return { id, secret: bytes }
}

function checkName(name: unknown): string {
  const host = typeof name === 'string' ? parseHost(name) : null
  if (host?.kind !== 'name' || host.port !== null || (name as string).includes(':')) {
    throw configChecks.error(`name is ${quote(name)}: use the sending domain, like "example.com"`)
  }
  return host.name
}

function refuseTwins<Key extends string>(list: readonly Record<Key, unknown>[], key: Key, path: string): void {
  const seen = new Set<unknown>()
  for (const item of list) {
    if (seen.has(item[key]))
      throw configChecks.error(`${path} has ${key} ${quote(item[key])} twice: list each one once`)
    seen.add(item[key])
  }
}
