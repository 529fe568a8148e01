import { optionChecks } from '../checks.ts'
import type { CertificateAuthority } from '../dns/caa-policy.ts'
import type { Probe } from '../dns/probe.ts'
import type { DnsResolver } from '../dns/resolver.ts'
import { quote } from '../errors.ts'
import type { Store } from '../store/create-store.ts'
import type { SignIn } from './console/sign-in.ts'

/**
 * What the server passes beside the request, whatever that is. Each hook gets them after the request.
 */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, no hook could say what its platform passes
export type Contexts = readonly any[]

type MaybePromise<T> = T | PromiseLike<T>

/** What somebody may do: `read` sees, `write` also changes. */
export const accessModes = ['read', 'write'] as const
export type Access = (typeof accessModes)[number]

/** Who asks: the owner of what may be seen, and whether it may be changed. */
export interface Identity {
  readonly owner: string
  readonly access: Access
}

/** A key of the API. */
export interface ApiKey {
  /** What follows `Authorization: Bearer`: 16 to 256 characters. Use at least 128 random bits. */
  readonly key: string
  /** Whose domains and numbers the key is for. Default: `'default'` */
  readonly owner?: string | undefined
  readonly access: Access
}

/** Options of {@link createService}. */
export interface ServiceOptions {
  readonly store: Store
  /** How DNS is asked: `nodeResolver()`, `httpsResolver({ url })`, or your own. */
  readonly resolver: DnsResolver
  /** Asks whether a tracking host answers over TLS: `nodeProbe()`. Default: the CNAME record alone counts */
  readonly probe?: Probe | undefined
  /** Who issues the certificates of tracking hosts. Default: CAA records are not looked at */
  readonly certificateAuthority?: CertificateAuthority | undefined
  /**
   * What the CNAME record of a tracking host must point at: one name, or one for each domain. Give each customer one of its own
   * that nobody guesses (`k7w2q.tracking.example.net`): with a shared one a stranger could verify a customer's host.
   */
  readonly cnameTarget: string | ((domain: { readonly owner: string; readonly name: string }) => MaybePromise<string>)
  /** The keys of the API, or a lookup of the one that a request brings: `null` for one that is not known. */
  readonly apiKeys: readonly ApiKey[] | ((token: string) => MaybePromise<Identity | null>)
  /** Sign-in to the console by a link that works once: see `createSignIn`. Default: none */
  readonly signIn?: SignIn | undefined
  /**
   * Who else is signed in to the console; `null`: nobody, and a page says so. A `Response` is sent as it is: to where one signs
   * in. Default: nobody is
   */
  readonly authorize?:
    | ((request: Request, ...contexts: Contexts) => MaybePromise<Identity | Response | null>)
    | undefined
  /**
   * The client's address, by whose network failed attempts at the API are counted: see `headerAddress` and `forwardedAddress` of
   * `mailtrace/receiver`. Default: all clients count as one
   */
  readonly clientAddress?: ((request: Request, ...contexts: Contexts) => MaybePromise<string | null>) | undefined
  /** Requests that one key may make to the API, per minute, 1 to 1,000,000. Default: 600 */
  readonly requestsPerMinute?: number | undefined
  /** The shortest time between two changes of a tracking domain, in whole ms, from 1 on. Default: 86,400,000 (24 hours) */
  readonly changeIntervalMs?: number | undefined
  /** Takes what went wrong inside; the client hears of it only that something did. Default: `console.error` */
  readonly onError?: ((error: unknown) => unknown) | undefined
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

/** {@link ServiceOptions} once checked. */
export interface CheckedServiceOptions
  extends Pick<
    ServiceOptions,
    'store' | 'resolver' | 'probe' | 'signIn' | 'certificateAuthority' | 'apiKeys' | 'changeIntervalMs'
  > {
  readonly cnameTarget: (domain: { readonly owner: string; readonly name: string }) => MaybePromise<string>
  readonly authorize: NonNullable<ServiceOptions['authorize']>
  readonly clientAddress: NonNullable<ServiceOptions['clientAddress']>
  readonly requestsPerMinute: number
  readonly onError: (error: unknown) => unknown
  readonly now: () => number
}

const fields = [
  'store',
  'resolver',
  'probe',
  'certificateAuthority',
  'cnameTarget',
  'apiKeys',
  'signIn',
  'authorize',
  'clientAddress',
  'requestsPerMinute',
  'changeIntervalMs',
  'onError',
  'now',
]

/** In characters. */
const [minKeyLength, maxKeyLength] = [16, 256]

export function checkServiceOptions(options: ServiceOptions): CheckedServiceOptions {
  optionChecks.object(options, 'options', fields)
  const { store, cnameTarget, apiKeys, signIn, authorize = () => null, clientAddress = () => null } = options
  const { onError = (error) => console.error('mailtrace: the service failed:', error), now = Date.now } = options
  optionChecks.function(onError, 'onError')
  if (typeof store?.findByHost !== 'function') {
    throw optionChecks.error(`store is ${quote(store)}: use what createStore made`)
  }
  if (typeof cnameTarget !== 'string' && typeof cnameTarget !== 'function') {
    throw optionChecks.error(`cnameTarget is ${quote(cnameTarget)}: use the host name that CNAME records must point at`)
  }
  if (signIn !== undefined && typeof signIn?.identify !== 'function') {
    throw optionChecks.error(`signIn is ${quote(signIn)}: use what createSignIn made`)
  }
  if (typeof apiKeys !== 'function') checkApiKeys(optionChecks.list(apiKeys, 'apiKeys'))
  return {
    ...options,
    cnameTarget: typeof cnameTarget === 'string' ? () => cnameTarget : cnameTarget,
    authorize: optionChecks.function(authorize, 'authorize'),
    clientAddress: optionChecks.function(clientAddress, 'clientAddress'),
    requestsPerMinute: optionChecks.integer(options.requestsPerMinute ?? 600, 'requestsPerMinute', 1, 1_000_000),
    // What it throws itself has no other place to go, and must not become an answer.
    onError: (error) => {
      new Promise((settle) => settle(onError(error))).catch((cause) =>
        console.error('mailtrace: onError failed:', cause),
      )
    },
    now: optionChecks.function(now, 'now'),
  }
}

function checkApiKeys(list: readonly unknown[]): void {
  const seen = new Set<string>()
  list.forEach((value, index) => {
    const key = checkApiKey(value, index)
    if (seen.has(key)) throw optionChecks.error(`apiKeys[${index}].key is there twice: give each key to one owner`)
    seen.add(key)
  })
}

function checkApiKey(value: unknown, index: number): string {
  const path = `apiKeys[${index}]`
  const { key, owner, access } = optionChecks.object(value, path, ['key', 'owner', 'access'])
  // A header carries no other characters unchanged. The key itself is never told.
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    throw optionChecks.error(`${path}.key is no text of printable ASCII characters: use at least 128 random bits`)
  }
  if (key.length < minKeyLength || key.length > maxKeyLength) {
    const advice = `use ${minKeyLength} to ${maxKeyLength}, of at least 128 random bits`
    throw optionChecks.error(`${path}.key has ${key.length} characters: ${advice}`)
  }
  if (owner !== undefined && (typeof owner !== 'string' || owner === '')) {
    throw optionChecks.error(`${path}.owner is ${quote(owner)}: use the owner of the domains that the key is for`)
  }
  optionChecks.oneOf(access, `${path}.access`, accessModes)
  return key
}
