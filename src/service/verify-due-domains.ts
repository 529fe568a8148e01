import { optionChecks } from '../checks.ts'
import type { RecordStatus } from '../config/domain-config.ts'
import type { CertificateAuthority } from '../dns/caa-policy.ts'
import type { Probe } from '../dns/probe.ts'
import type { DnsResolver } from '../dns/resolver.ts'
import type { VerificationOutcome } from '../domains/apply-verification.ts'
import type { Store } from '../store/create-store.ts'
import type { DueHost } from '../store/stored-domain.ts'
import { checkHosts, type Verifying } from './check-hosts.ts'

/** Options of {@link verifyDueDomains}. */
export interface VerifyDueOptions {
  readonly store: Store
  /** How DNS is asked: `nodeResolver()`, `httpsResolver({ url })`, or your own. */
  readonly resolver: DnsResolver
  /** Asks whether a tracking host answers over TLS: `nodeProbe()`. Default: the CNAME record alone counts */
  readonly probe?: Probe | undefined
  /** Who issues the certificates of tracking hosts. Default: CAA records are not looked at */
  readonly certificateAuthority?: CertificateAuthority | undefined
  /** Most hosts of one run, 1 to 100. Where that many come back, more may be due: call it again at once. Default: 100 */
  readonly limit?: number | undefined
  /** The time now, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

/** What became of a tracking host whose check was due. */
export type DueVerification =
  | {
      readonly kind: 'checked'
      readonly owner: string
      readonly domain: string
      readonly host: string
      readonly outcome: VerificationOutcome
      readonly before: RecordStatus
      readonly status: RecordStatus
    }
  | {
      /** It could not be checked, or what was found not be stored; it comes again after ten minutes. */
      readonly kind: 'failed'
      readonly owner: string
      readonly domain: string
      readonly host: string
      readonly cause: unknown
    }

const fields = ['store', 'resolver', 'probe', 'certificateAuthority', 'limit', 'now']

/** So many hosts are asked about at the same time. */
const lanes = 8

/**
 * Checks the tracking hosts whose DNS is due to be looked at, and keeps what was found. Call it once a minute, in as many
 * processes as you like: each host is checked by one of them.
 *
 * Hosts that wait for their record and those that failed of late are due ten minutes after their last check, verified ones
 * after an hour, those that have failed for good after a day.
 *
 * @throws {MailtraceError} `invalid-options`.
 *
 * @example
 * import { nodeProbe, nodeResolver } from 'mailtrace/dns'
 * import { verifyDueDomains, type VerifyDueOptions } from 'mailtrace/service'
 *
 * declare const store: VerifyDueOptions['store'] // what createStore of mailtrace/store made
 * for (const due of await verifyDueDomains({ store, resolver: nodeResolver(), probe: nodeProbe() })) {
 *   if (due.kind === 'failed') console.error(due.host, due.cause)
 *   else if (due.status !== due.before) console.log(`${due.host} was ${due.before} and is ${due.status}`)
 * }
 */
export async function verifyDueDomains(options: VerifyDueOptions): Promise<readonly DueVerification[]> {
  optionChecks.object(options, 'options', fields)
  const { limit = 100, now = Date.now } = options
  const verifying: Verifying = { ...options, now: optionChecks.function(now, 'now') }
  const due = await options.store.claimDueHosts({ now: now(), limit })
  const results: DueVerification[] = []
  const waiting = [...due]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await verifyDue(next, verifying)
      if (result !== null) results.push(result)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

/** `null`: the domain was removed meanwhile, or its record has to point elsewhere now. */
async function verifyDue({ domain, host }: DueHost, options: Verifying): Promise<DueVerification | null> {
  const { owner, config } = domain
  const who = { owner, domain: config.name, host }
  const statusIn = ({ trackingDomains }: typeof config): RecordStatus =>
    trackingDomains.find((known) => known.host === host)!.status
  try {
    const checked = await checkHosts(domain, [host], options)
    const outcome = checked?.checks[host]?.outcome
    if (!checked || outcome === undefined) return null
    return { kind: 'checked', ...who, outcome, before: statusIn(config), status: statusIn(checked.config) }
  } catch (cause) {
    return { kind: 'failed', ...who, cause }
  }
}
