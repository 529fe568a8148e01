import type { DomainConfig } from '../config/domain-config.ts'
import type { Finding } from '../dns/finding.ts'
import type { VerificationOutcome } from '../domains/apply-verification.ts'
import type { Page } from './page.ts'

/** A sending domain as the store keeps it. */
export interface StoredDomain {
  /** A UUID. */
  readonly id: string
  /** Whose it is: a text that the application chooses. */
  readonly owner: string
  /** Counts the changes. An update names the one that it was made from. */
  readonly version: number
  /** In ms since the epoch. */
  readonly createdAt: number
  readonly config: DomainConfig
  /** What the last check of each tracking host came to, by host. One that was never checked has none. */
  readonly checks: Readonly<Record<string, HostCheck>>
}

/** What a check of a tracking host came to. */
export interface HostCheck {
  /** When, in ms since the epoch. */
  readonly at: number
  readonly outcome: VerificationOutcome
  /** Where the host's CNAME records lead, hop by hop. */
  readonly chain: readonly string[]
  readonly findings: readonly Finding[]
}

/** A tracking host that is to be verified now, by whoever claimed it. */
export interface DueHost {
  readonly domain: StoredDomain
  readonly host: string
}

/** The part of a store that keeps domains. Every name and every tracking host, former ones included, has one owner. */
export interface DomainStore {
  /** @throws {MailtraceError} `domain-taken`, `host-taken`, `invalid-config`, `invalid-options` */
  createDomain(options: {
    readonly owner: string
    readonly config: DomainConfig
    readonly now: number
  }): Promise<StoredDomain>
  /** `null`: there is none of this owner. */
  domain(options: { readonly owner: string; readonly id: string }): Promise<StoredDomain | null>
  /** `null`: there is none of this owner. */
  domainByName(options: { readonly owner: string; readonly name: string }): Promise<StoredDomain | null>
  /** By name: those behind `after`, or the last ones in front of `before`. `limit`: 1 to 100. Default: 20 */
  domains(options: {
    readonly owner: string
    readonly after?: string | undefined
    readonly before?: string | undefined
    readonly limit?: number | undefined
  }): Promise<Page<StoredDomain>>
  /**
   * Replaces a domain's configuration, if its version is still the one that was read (compare and set). Tracking hosts may be
   * added, never dropped. Signing keys that it does not name at all stay, too. `checks` replace those that are stored; without any these stay.
   *
   * @throws {MailtraceError} `version-conflict`, `unknown-domain`, `host-taken`, `removal-refused`, `invalid-config`, `invalid-options`
   */
  updateDomain(options: {
    readonly owner: string
    readonly id: string
    readonly version: number
    readonly config: DomainConfig
    readonly checks?: StoredDomain['checks'] | undefined
  }): Promise<StoredDomain>
  /**
   * Removes a domain. Hosts that may stand in sent mail are kept answering: see `removalImpact`. As long as there are some,
   * `acknowledged` must be true. `false`: there is no such domain of this owner.
   *
   * @throws {MailtraceError} `removal-unacknowledged`
   */
  deleteDomain(options: {
    readonly owner: string
    readonly id: string
    readonly acknowledged: boolean
    readonly now: number
  }): Promise<boolean>
  /** For `createReceiver({ domains })`: who lists a tracking host, former hosts and removed domains included. Cached. */
  findByHost(host: string): Promise<DomainConfig | null>
  /** Tracking hosts whose check is due; whoever gets one has it to itself for ten minutes. `limit`: 1 to 100. */
  claimDueHosts(options: { readonly now: number; readonly limit: number }): Promise<readonly DueHost[]>
}
