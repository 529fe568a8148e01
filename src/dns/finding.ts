import type { VerificationOutcome } from '../domains/apply-verification.ts'
import type { DnsRecord } from './dns-record.ts'

/**
 * Every kind of finding: what it says of a tracking domain, and which outcome it means (`null`: it changes none). A check is
 * `verified` unless it finds something that means another outcome.
 *
 * @example
 * import { findingKinds } from 'mailtrace/dns'
 *
 * console.log(findingKinds['tls-not-ready'].outcome) // not-ready
 */
export const findingKinds = {
  'not-found': { outcome: 'not-verified', meaning: 'there is no CNAME record yet' },
  'points-elsewhere': { outcome: 'not-verified', meaning: 'the CNAME record leads somewhere else' },
  loop: { outcome: 'not-verified', meaning: 'the CNAME records lead back to themselves, or on for more than 10 hops' },
  'address-record': {
    outcome: 'not-verified',
    meaning: 'an A or AAAA record, or a proxy, stands where the CNAME record must be',
  },
  'flattened-cname': {
    outcome: 'not-verified',
    meaning: 'the DNS provider publishes the addresses of the target in place of the record (ALIAS, ANAME, flattening)',
  },
  'lookup-failed': { outcome: 'inconclusive', meaning: 'DNS could not be asked where the CNAME record points' },
  'tls-not-ready': { outcome: 'not-ready', meaning: 'the host does not answer over TLS as it should' },
  'probe-failed': { outcome: 'inconclusive', meaning: 'the probe did not get through to a host that is in use' },
  chain: { outcome: null, meaning: 'the target is reached through further CNAME records' },
  wildcard: { outcome: null, meaning: 'a wildcard record answers for the host, and for every other name beside it' },
  'caa-forbids': { outcome: null, meaning: 'CAA records forbid the certificate of the host' },
  'caa-unclear': {
    outcome: null,
    meaning: 'CAA records allow the certificate on conditions that only its requester can judge (RFC 8657)',
  },
  'caa-lookup-failed': { outcome: null, meaning: 'DNS could not be asked for the CAA records' },
  'pixel-blocked': { outcome: null, meaning: 'a public filter list blocks the pixels of a host with such a name' },
} as const

/** The name of a kind of finding; {@link findingKinds} says what each one means. */
export type FindingKind = keyof typeof findingKinds

/**
 * One thing that a check of a tracking domain tells the person who has to act on it. `message` says what is wrong and what to
 * do; `record`, where there is one, is the record to publish. Texts hold nothing unprintable: names of others are written with
 * `\DDD` for what is not visible ASCII (RFC 1035 section 5.1).
 */
export type Finding = {
  [Kind in FindingKind]: { readonly kind: Kind; readonly message: string } & FindingDetails[Kind]
}[FindingKind]

/** What findings of each kind carry beside `kind` and `message`. */
interface FindingDetails {
  'not-found': { readonly record: DnsRecord }
  'points-elsewhere': Miss
  loop: Miss
  'address-record': StrayAddresses
  'flattened-cname': StrayAddresses
  'lookup-failed': FailedLookup
  'tls-not-ready': ProbedUrl
  'probe-failed': ProbedUrl
  chain: { readonly chain: readonly string[] }
  wildcard: { readonly name: string }
  'caa-forbids': CaaObstacle
  'caa-unclear': CaaObstacle
  'caa-lookup-failed': FailedLookup
  'pixel-blocked': {
    /** The list, and its rule. */
    readonly list: string
    readonly rule: string
  }
}

interface Miss {
  /** Where the records lead, hop by hop. */
  readonly chain: readonly string[]
  readonly record: DnsRecord
}

interface StrayAddresses {
  readonly addresses: readonly string[]
  readonly record: DnsRecord
}

interface FailedLookup {
  readonly name: string
  readonly reason: string
}

interface ProbedUrl {
  readonly url: string
  readonly reason: string
}

interface CaaObstacle {
  /** Where the CAA records stand that count. */
  readonly name: string
  /** The domain's owner, or whoever runs the tracking target. */
  readonly fixedBy: 'domain-owner' | 'operator'
  /** The record to add, beside those that stand there; `null` where adding one does not help. */
  readonly record: DnsRecord | null
}

/** What a check came to, by what was found. */
export function outcomeOf(findings: readonly Finding[]): VerificationOutcome {
  const outcomes = findings.map(({ kind }) => findingKinds[kind].outcome)
  return outcomes.find((outcome) => outcome !== null) ?? 'verified'
}
