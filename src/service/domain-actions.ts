// What the API and the console both do with domains. Rules of the product are thrown as MailtraceError, in words for people.

import type { TrackingSwitches } from '../config/activation.ts'
import { type DomainConfig, defineDomain } from '../config/domain-config.ts'
import { configureTrackingDomain } from '../domains/configure-tracking-domain.ts'
import { type RemovalImpact, removalImpact } from '../domains/removal-impact.ts'
import { setTracking } from '../domains/set-tracking.ts'
import type { StoredDomain } from '../store/stored-domain.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import { checkHosts, hostsInDns } from './check-hosts.ts'
import { retryOnConflict } from './retry-on-conflict.ts'
import type { CheckedServiceOptions } from './service-options.ts'

/** Whose domain, and which. */
export interface DomainSelection {
  readonly owner: string
  readonly id: string
}

export interface DomainSettings extends TrackingSwitches {
  /** The tracking domain: a label under the sending domain, or a full host. `null` and `''` are refused as removals. */
  readonly host?: string | null | undefined
}

/** Each gives `null` where the owner has no such domain. */
export interface DomainActions {
  readonly create: (domain: { readonly owner: string; readonly name: string } & DomainSettings) => Promise<StoredDomain>
  /** `version`: refuses the change if the domain is no longer the one that was shown. Default: the newest is changed */
  readonly change: (
    selection: DomainSelection,
    settings: DomainSettings & { readonly version?: number | undefined },
  ) => Promise<StoredDomain | null>
  /** Asks DNS about all tracking hosts now, former ones included. */
  readonly verify: (selection: DomainSelection) => Promise<StoredDomain | null>
  readonly remove: (selection: DomainSelection & { readonly acknowledged: boolean }) => Promise<RemovalImpact | null>
}

export function createDomainActions(options: CheckedServiceOptions): DomainActions {
  const { store, now, changeIntervalMs } = options

  async function withHost(config: DomainConfig, host: string | null, owner: string): Promise<DomainConfig> {
    const cnameTarget = await options.cnameTarget({ owner, name: config.name })
    return configureTrackingDomain(config, host, { now: now(), cnameTarget, changeIntervalMs })
  }

  return {
    create: async ({ owner, name, host, openTracking = false, clickTracking = false }) => {
      const empty = defineDomain({
        name,
        openTracking,
        clickTracking,
        trackingDomains: [],
        signingKeys: [freshKey(now())],
      })
      const config = host === undefined ? empty : await withHost(empty, host, owner)
      return await store.createDomain({ owner, config, now: now() })
    },

    change: ({ owner, id }, { openTracking, clickTracking, host, version }) => {
      const attempt = async (): Promise<StoredDomain | null> => {
        const stored = await store.domain({ owner, id })
        if (stored === null) return null
        const switched = setTracking(stored.config, { openTracking, clickTracking })
        const config = host === undefined ? switched : await withHost(switched, host, owner)
        return await store.updateDomain({ owner, id, version: version ?? stored.version, config })
      }
      return version === undefined ? retryOnConflict(attempt) : attempt()
    },

    verify: async (selection) => {
      const stored = await store.domain(selection)
      return stored && (await checkHosts(stored, hostsInDns(stored), options))
    },

    remove: async ({ owner, id, acknowledged }) => {
      const stored = await store.domain({ owner, id })
      if (stored === null) return null
      const isRemoved = await store.deleteDomain({ owner, id, acknowledged, now: now() })
      return isRemoved ? removalImpact(stored.config) : null
    },
  }
}

/** Named by its month, as keys rotate; a secret of 256 bits. Where the store keeps keys outside, it is not stored. */
function freshKey(now: number): { readonly id: string; readonly secret: string } {
  return { id: new Date(now).toISOString().slice(0, 7), secret: randomRef() + randomRef() }
}
