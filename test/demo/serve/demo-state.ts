import { type DomainConfig, trackingActivation } from '../../../src/index.ts'
import type { Store, StoredDomain } from '../../../src/store/index.ts'
import type { ZoneRecord } from '../../kit/dns-server.ts'
import type { Mail } from './mailing.ts'

/** How far a newcomer has come. */
export interface DemoState {
  readonly domain: StoredDomain | null
  /** What has to be in DNS, and whether it is. */
  readonly records: readonly { readonly name: string; readonly value: string; readonly isPublished: boolean }[]
  readonly isTracked: boolean
  readonly isVerified: boolean
  readonly isSent: boolean
  readonly hasPeople: boolean
  readonly hasMachines: boolean
}

export async function readState(store: Store, zone: readonly ZoneRecord[], mails: readonly Mail[]): Promise<DemoState> {
  const { items } = await store.domains({ owner: 'default' })
  const domain = items.find(({ config }) => isOfThisMachine(config.name)) ?? items[0] ?? null
  const { items: campaigns } = await store.campaigns()
  const config: DomainConfig | undefined = domain?.config
  const records = (config?.trackingDomains ?? []).map(({ host, cnameTarget = '' }) => ({
    name: host,
    value: cnameTarget,
    isPublished: zone.some(([name, type, value]) => name === host && type === 'CNAME' && value === cnameTarget),
  }))
  return {
    domain,
    records,
    isTracked: config !== undefined && (config.openTracking !== false || config.clickTracking !== false),
    isVerified: config !== undefined && trackingActivation(config).active,
    isSent: mails.length > 0,
    hasPeople: campaigns.some(({ people }) => people.clicks.total > 0),
    hasMachines: campaigns.some(({ machines }) => machines.clicks.total > 0),
  }
}

/** Only under such a name do links come back to this machine (RFC 6761 section 6.3). */
export const isOfThisMachine = (name: string): boolean => name.endsWith('.localhost')
