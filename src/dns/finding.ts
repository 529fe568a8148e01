// Owns the kinds of findings: what a check of a tracking domain tells the person who has to act on it.

import type { DnsRecord } from './dns-record.ts'

/**
 * One thing found. `message` says what is wrong and what to do; `record`, where there is one, is the record to publish.
 *
 * These mean `not-verified`:
 * - `not-found`: there is no CNAME record yet.
 * - `points-elsewhere`: the CNAME record leads somewhere else; `chain` says where, hop by hop.
 * - `loop`: the CNAME records lead back to themselves, or on for too long.
 * - `address-record`: an A or AAAA record, or a proxy, stands where the CNAME record must be.
 * - `flattened-cname`: the target's own addresses stand there: the DNS provider flattens the record (ALIAS, ANAME).
 *
 * `tls-not-ready` means `not-ready`. These mean `inconclusive`: `lookup-failed` for a CNAME, and `probe-failed`, when the
 * probe of a verified host did not get through. The rest changes no outcome:
 * - `chain`: the target is reached through further CNAME records.
 * - `wildcard`: a wildcard record answers for the host, and for every other name beside it.
 * - `caa-forbids`: CAA records forbid the certificate of the tracking host.
 * - `caa-unclear`: they allow it under conditions that only the certificate's requester can judge (RFC 8657).
 * - `lookup-failed` for CAA.
 */
export type Finding =
  | { readonly kind: 'not-found'; readonly message: string; readonly record: DnsRecord }
  | {
      readonly kind: 'points-elsewhere' | 'loop'
      readonly message: string
      readonly chain: readonly string[]
      readonly record: DnsRecord
    }
  | {
      readonly kind: 'address-record' | 'flattened-cname'
      readonly message: string
      readonly addresses: readonly string[]
      readonly record: DnsRecord
    }
  | { readonly kind: 'chain'; readonly message: string; readonly chain: readonly string[] }
  | { readonly kind: 'wildcard'; readonly message: string; readonly name: string }
  | {
      readonly kind: 'lookup-failed'
      readonly message: string
      readonly name: string
      readonly type: 'CNAME' | 'CAA'
      readonly reason: string
    }
  | {
      readonly kind: 'caa-forbids' | 'caa-unclear'
      readonly message: string
      /** Where the CAA records stand that count. */
      readonly name: string
      /** The domain's owner, or whoever runs the tracking target. */
      readonly fixedBy: 'domain-owner' | 'operator'
      /** The record to add, beside those that stand there; `null` where adding one does not help. */
      readonly record: DnsRecord | null
    }
  | {
      readonly kind: 'tls-not-ready' | 'probe-failed'
      readonly message: string
      readonly url: string
      readonly reason: string
    }
