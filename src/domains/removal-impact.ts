import { checkDomain, type DomainConfig } from '../config/domain-config.ts'
import { hostText } from '../config/host.ts'

/** A tracking domain whose links would die. */
export interface StrandedHost {
  readonly host: string
  /** What the proxy must pass requests to; `null` where the configuration does not say. */
  readonly cnameTarget: string | null
  /** What to put in place before the removal. */
  readonly todo: string
}

/** What removing a sending domain would break. */
export interface RemovalImpact {
  /** Every host that may stand in sent mail. Empty: nothing breaks. */
  readonly hosts: readonly StrandedHost[]
  /** What the receiver must go on knowing, or it answers 404 behind any proxy. */
  readonly receiverMustKeep: {
    readonly name: string
    readonly hosts: readonly string[]
    /** Ids of the signing keys; empty where references are stored, and then the stored links must be kept. */
    readonly keyIds: readonly string[]
  }
  /** All of this in a sentence for the person who is about to remove the domain. */
  readonly message: string
}

/**
 * Says which links in sent mail would die with a sending domain, and what keeps them alive: for each host a proxy of
 * the owner's that passes requests on to the tracking target with the original `Host`, and a receiver that still knows
 * the domain's name, hosts and keys. Hosts that were never found in DNS carry no links and are left out, as are those with a
 * port, which are for local use.
 *
 * @throws {MailtraceError} `invalid-config`.
 *
 * @example
 * import { removalImpact } from 'mailtrace/domains'
 *
 * const impact = removalImpact({
 *   name: 'example.com',
 *   openTracking: true,
 *   clickTracking: true,
 *   trackingDomains: [{ host: 'links.example.com', status: 'verified', cnameTarget: 'k7w2q.tracking.example.net' }],
 * })
 * console.log(impact.receiverMustKeep.hosts) // [ 'links.example.com' ]
 */
export function removalImpact(domain: DomainConfig): RemovalImpact {
  const checked = checkDomain(domain)
  const hosts = checked.hosts.flatMap(({ host, port, status }, index) => {
    if (port !== null) return []
    const { verifiedAt, cnameTarget } = domain.trackingDomains[index]!
    // `failed` may have been verified before these times were kept: a false alarm is cheaper than a dead link.
    if (verifiedAt === undefined && (status === 'not_started' || status === 'pending')) return []
    const target = cnameTarget === undefined ? null : hostText(cnameTarget)
    const destination = target ?? 'its tracking target'
    const todo = `point ${host} at a proxy of your own that passes every request to ${destination} with "Host: ${host}", under a certificate for ${host}`
    return [{ host, cnameTarget: target, todo }]
  })
  const names = hosts.map(({ host }) => host)
  const keyIds = checked.keys.map((key) => key.id)
  const secrets = keyIds.length > 0 ? `the signing keys ${keyIds.join(', ')}` : 'the stored links'
  return {
    hosts,
    receiverMustKeep: { name: checked.name, hosts: names, keyIds },
    message:
      hosts.length === 0
        ? `no sent mail depends on a tracking domain of ${checked.name}`
        : `removing ${checked.name} breaks the links in sent mail through ${names.join(', ')}: first put a proxy in place for each, and keep the domain, these hosts and ${secrets} in the receiver`,
  }
}
