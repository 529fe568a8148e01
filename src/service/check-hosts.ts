import { parseHost } from '../config/host.ts'
import { verifyTrackingDomain } from '../dns/verify-tracking-domain.ts'
import { applyVerification } from '../domains/apply-verification.ts'
import type { HostCheck, StoredDomain } from '../store/stored-domain.ts'
import { retryOnConflict } from './retry-on-conflict.ts'
import type { CheckedServiceOptions } from './service-options.ts'

export type Verifying = Pick<CheckedServiceOptions, 'store' | 'resolver' | 'probe' | 'certificateAuthority' | 'now'>

/** What a check found, and what the record had to point at. */
interface Found {
  readonly host: string
  readonly cnameTarget: string
  readonly check: HostCheck
}

/** The tracking hosts that DNS can tell of. */
export function hostsInDns({ config }: StoredDomain): readonly string[] {
  return config.trackingDomains
    .filter(({ host, scheme, cnameTarget }) => {
      const parsed = parseHost(host, scheme)
      return cnameTarget !== undefined && parsed.kind !== 'flawed' && parsed.port === null
    })
    .map(({ host }) => host)
}

/** Asks DNS about some hosts of a domain, and keeps what was found. `null`: the domain is gone. */
export async function checkHosts(
  stored: StoredDomain,
  hosts: readonly string[],
  options: Verifying,
): Promise<StoredDomain | null> {
  const found = await Promise.all(hosts.map((host) => checkHost(stored, host, options)))
  return await saveChecks(stored, found, options)
}

async function checkHost(
  { config }: StoredDomain,
  host: string,
  { resolver, probe, certificateAuthority, now }: Verifying,
): Promise<Found> {
  const { cnameTarget, outcome, chain, findings } = await verifyTrackingDomain(config, host, {
    resolver,
    probe,
    certificateAuthority,
  })
  return { host, cnameTarget, check: { at: now(), outcome, chain, findings } }
}

/** The domain may have been changed while DNS was asked: what was found is applied to what it is now. */
function saveChecks(
  { owner, id }: StoredDomain,
  found: readonly Found[],
  { store }: Verifying,
): Promise<StoredDomain | null> {
  return retryOnConflict(async () => {
    const stored = await store.domain({ owner, id })
    if (stored === null) return null
    let { config } = stored
    const checks = { ...stored.checks }
    for (const { host, cnameTarget, check } of found) {
      // Asked for another target, the answer says nothing.
      if (config.trackingDomains.find((known) => known.host === host)?.cnameTarget !== cnameTarget) continue
      config = applyVerification(config, host, check.outcome, { now: check.at })
      checks[host] = check
    }
    return await store.updateDomain({ owner, id, version: stored.version, config, checks })
  })
}
