import { maxTimeoutMs, optionChecks } from '../checks.ts'
import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'
import { findHost, type VerificationOutcome } from '../domains/apply-verification.ts'
import { MailtraceError, quote } from '../errors.ts'
import { startDeadline } from '../timers.ts'
import type { CertificateAuthority } from './caa-policy.ts'
import { checkCaa } from './check-caa.ts'
import { type CnameCheck, checkCname } from './check-cname.ts'
import { isUnescapedName } from './dns-name.ts'
import { missingTarget } from './dns-record.ts'
import { checkFilterLists } from './filter-lists.ts'
import { type Finding, outcomeOf } from './finding.ts'
import { createLookups } from './lookups.ts'
import { checkTls, type Probe } from './probe.ts'
import type { DnsResolver } from './resolver.ts'

/** Options of {@link verifyTrackingDomain}. */
export interface VerifyOptions {
  /** How DNS is asked: `nodeResolver()`, `httpsResolver({ url })`, or your own. */
  readonly resolver: DnsResolver
  /** Who issues the host's certificate. Default: CAA records are not looked at. */
  readonly certificateAuthority?: CertificateAuthority | undefined
  /**
   * Asks whether the host answers over TLS, once its CNAME record is right: `nodeProbe()`, or `fetch` where all hosts are
   * your own, as it connects to whatever address the owner of the host's DNS names, private ones too. Use one in production:
   * a verified record is no certificate yet, and a link without one is a broken link. A wrong certificate and any answer but
   * 204 are `not-ready`. A probe that did not get through is `not-ready` as long as the host is not verified; for a verified
   * host it is `inconclusive`, as the trouble may be on this side. Default: the record alone counts.
   *
   */
  readonly probe?: Probe | undefined
  /** The longest wait for the probe, in ms, 1 to 60,000, whether it heeds its `signal` or not. Default: 10,000 */
  readonly probeTimeoutMs?: number | undefined
  /** The longest wait for DNS in all, in ms, 1 to 60,000, whatever the resolver's own is. Default: 20,000 */
  readonly dnsTimeoutMs?: number | undefined
}

/** What a check came to. */
export interface Verification {
  readonly host: string
  /** What the CNAME record must point at. */
  readonly cnameTarget: string
  /** For `applyVerification`. */
  readonly outcome: VerificationOutcome
  /** Where the host's CNAME records lead, hop by hop. */
  readonly chain: readonly string[]
  /** What a person should know or do; empty when all is well. */
  readonly findings: readonly Finding[]
}

const fields = ['resolver', 'certificateAuthority', 'probe', 'probeTimeoutMs', 'dnsTimeoutMs']
const authorityFields = ['names', 'accountUri', 'validationMethods']

/**
 * Checks a tracking domain, current or former, against DNS: its CNAME record, with `certificateAuthority` the CAA records
 * that would forbid its certificate, with `probe` whether it answers over TLS. Changes nothing: give the outcome to
 * `applyVerification`. Whatever the resolver and the probe do, the promise does not reject for it: trouble gives the outcome
 * `inconclusive`, with the reason. A check makes at most 64 lookups and ends within `dnsTimeoutMs` and `probeTimeoutMs`.
 *
 * A right CNAME record proves control of the host's DNS and no more. The application proves who owns the sending
 * domain, and gives each name and host one owner.
 *
 * @throws {MailtraceError} `unknown-host`; `invalid-host` for one with a port, which DNS knows nothing of;
 * `invalid-config`, also for a host without `cnameTarget`; `invalid-options`.
 *
 * @example
 * import { verifyTrackingDomain } from 'mailtrace/dns'
 *
 * const cnameTarget = 'k7w2q.tracking.example.net'
 * const domain = {
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'pending' as const, cnameTarget }],
 * }
 * // In production: nodeResolver(), or httpsResolver({ url }).
 * const resolver = {
 *   cname: async (name: string) => (name === 'links.example.com' ? [cnameTarget] : []),
 *   addresses: async () => [],
 *   caa: async () => [],
 * }
 * const { outcome, findings } = await verifyTrackingDomain(domain, 'links.example.com', { resolver })
 * console.log(outcome, findings) // verified []
 */
export async function verifyTrackingDomain(
  domain: DomainConfig,
  host: string,
  options: VerifyOptions,
): Promise<Verification> {
  const checked = checkDomain(domain)
  const index = findHost(checked, host)
  const { name, port, origin, status } = checked.hosts[index]!
  const target = domain.trackingDomains[index]?.cnameTarget
  const { resolver, certificateAuthority, probe, probeTimeoutMs, dnsTimeoutMs } = checkVerifyOptions(options)
  if (port !== null) {
    throw new MailtraceError(
      'invalid-host',
      `host ${quote(host)} has a port, which is for local use: DNS has no record of it`,
    )
  }
  if (target === undefined) throw missingTarget(index, name)
  const cnameTarget = hostText(target)!

  const { chain, findings } = await checkDns(name, cnameTarget, resolver, certificateAuthority, dnsTimeoutMs)
  const tls =
    probe !== undefined && outcomeOf(findings) === 'verified'
      ? await checkTls(origin, probe, probeTimeoutMs, status === 'verified')
      : []
  const all = [...findings, ...tls, ...checkFilterLists(name)]
  return { host: name, cnameTarget, outcome: outcomeOf(all), chain, findings: all }
}

/** What DNS says, of both kinds of records at the same time. */
async function checkDns(
  host: string,
  target: string,
  resolver: DnsResolver,
  authority: CertificateAuthority | undefined,
  timeoutMs: number,
): Promise<CnameCheck> {
  const deadline = startDeadline(timeoutMs)
  try {
    const lookups = createLookups(resolver, deadline)
    const [cname, caa] = await Promise.all([
      checkCname(host, target, lookups),
      authority ? checkCaa(host, target, authority, lookups) : [],
    ])
    return { chain: cname.chain, findings: [...cname.findings, ...caa] }
  } finally {
    deadline.end()
  }
}

function checkVerifyOptions(
  options: VerifyOptions,
): VerifyOptions & { readonly probeTimeoutMs: number; readonly dnsTimeoutMs: number } {
  optionChecks.object(options, 'options', fields)
  const { resolver, certificateAuthority, probe, probeTimeoutMs = 10_000, dnsTimeoutMs = 20_000 } = options
  for (const method of ['cname', 'addresses', 'caa'] as const) {
    if (typeof resolver?.[method] !== 'function') {
      throw optionChecks.error(
        `resolver has no method ${method}: pass nodeResolver(), httpsResolver({ url }) or your own`,
      )
    }
  }
  if (probe !== undefined && typeof probe !== 'function') {
    throw optionChecks.error(`probe is ${quote(probe)}: use fetch, or a function like it`)
  }
  if (certificateAuthority !== undefined) checkAuthority(certificateAuthority)
  return {
    ...options,
    probeTimeoutMs: optionChecks.integer(probeTimeoutMs, 'probeTimeoutMs', 1, maxTimeoutMs),
    dnsTimeoutMs: optionChecks.integer(dnsTimeoutMs, 'dnsTimeoutMs', 1, maxTimeoutMs),
  }
}

function checkAuthority(authority: CertificateAuthority): void {
  optionChecks.object(authority, 'certificateAuthority', authorityFields)
  const { names, validationMethods = [] } = authority
  // The names are written into records to publish.
  if (!isListOfTexts(names) || names.length === 0 || !names.every((name) => isUnescapedName(name.toLowerCase()))) {
    throw optionChecks.error('certificateAuthority.names is no list of names: use ["letsencrypt.org"] or the like')
  }
  if (!isListOfTexts(validationMethods)) {
    throw optionChecks.error('certificateAuthority.validationMethods is no list: use ["http-01"] or the like')
  }
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
}
