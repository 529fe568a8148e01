import { optionChecks } from '../checks.ts'
import { type DomainConfig, defineDomain, type SigningKey } from '../config/domain-config.ts'
import { removalImpact } from '../domains/removal-impact.ts'
import { MailtraceError, quote } from '../errors.ts'
import type { Query, Row } from './database.ts'
import {
  checkOwner,
  domainTaken,
  domainThere,
  isText,
  type OutsideKeys,
  readConfig,
  readDomainRow,
  readVersion,
  refusal,
  writeConfig,
  writeHosts,
  writeKeys,
} from './domain-row.ts'
import * as sql from './domain-statements.ts'
import { createHostCache } from './host-cache.ts'
import type { DomainStore, StoredDomain } from './stored-domain.ts'
import { claimMs } from './verification-schedule.ts'

export interface DomainStoreOptions {
  readonly query: Query
  readonly signingKeys: OutsideKeys
  readonly now: () => number
  readonly hostCacheMs: number
  readonly hostCacheSize: number
}

/** Anything else is an id of nobody's; PostgreSQL would call it an error. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A removal is tried so often against whoever changes the domain at the same time. */
const maxAttempts = 10

/** The part of a store that keeps domains. */
export function createDomainStore(options: DomainStoreOptions): DomainStore {
  const { query, signingKeys: outside } = options
  const cache = createHostCache({
    load: async (host) => {
      const [row] = await query(sql.selectByHost, [host])
      return row === undefined ? null : await readConfig(row, outside)
    },
    now: options.now,
    maxAgeMs: options.hostCacheMs,
    maxHosts: options.hostCacheSize,
  })

  /** Runs a statement that changes a domain; whatever it came to, what is known of the hosts is asked anew. */
  async function change(text: string, values: readonly unknown[], { name, trackingDomains }: DomainConfig) {
    try {
      const [row] = await query(text, values)
      return row
    } catch (cause) {
      throw refusal(cause, name)
    } finally {
      cache.forget(trackingDomains.map(({ host }) => host))
    }
  }

  const read = (row: Row | undefined): Promise<StoredDomain> | null =>
    row === undefined ? null : readDomainRow(row, outside)

  async function find(owner: unknown, id: unknown): Promise<Row | undefined> {
    if (typeof id !== 'string' || !uuid.test(id)) return undefined
    const [row] = await query(sql.selectDomain, [id, checkOwner(owner)])
    return row
  }

  /** Takes back a domain of the owner's that was removed: sent links need its hosts and its keys. */
  async function revive(row: Row, domain: DomainConfig): Promise<Row | undefined> {
    const former = await readDomainRow(row, outside)
    const config = withFormer(domain, former.config)
    const keys = writeKeys(config.signingKeys ?? [], outside)
    const hosts = writeHosts(config, former.checks)
    const { id, owner, version } = former
    const values = [id, owner, version, config.name, writeConfig(config), keys, null, hosts]
    return change(sql.reviveDomain, values, config)
  }

  return {
    createDomain: async ({ owner, config, now }) => {
      checkOwner(owner)
      const createdAt = checkTime(now)
      const domain = defineDomain(config)
      const keys = writeKeys(domain.signingKeys ?? [], outside)
      const [former] = await query(sql.selectFormer, [owner, domain.name])
      if (former?.removed_at === null) throw domainThere(domain.name)
      const row =
        former === undefined
          ? await change(
              sql.insertDomain,
              [owner, domain.name, createdAt, writeConfig(domain), keys, writeHosts(domain, {})],
              domain,
            )
          : await revive(former, domain)
      if (row === undefined) throw domainTaken(domain.name)
      return readDomainRow(row, outside)
    },

    domain: async ({ owner, id }) => read(await find(owner, id)),

    domainByName: async ({ owner, name }) => {
      if (typeof name !== 'string' || !isText(name)) return null
      const [row] = await query(sql.selectByName, [checkOwner(owner), name])
      return read(row)
    },

    domains: async ({ owner, after, before, limit = 20 }) => {
      checkOwner(owner)
      optionChecks.integer(limit, 'limit', 1, 100)
      checkCursor(after, 'after')
      checkCursor(before, 'before')
      if (after !== undefined && before !== undefined) {
        throw optionChecks.error('after and before are both given: use one of them')
      }
      // One more than asked for says whether there are more.
      const [text, cursor] = before === undefined ? [sql.selectAfter, after ?? ''] : [sql.selectBefore, before]
      const rows = await query(text, [owner, cursor, limit + 1])
      const items = await Promise.all(rows.slice(0, limit).map((row) => readDomainRow(row, outside)))
      const next = rows.length > limit ? items.at(-1)!.config.name : null
      return { items: before === undefined ? items : items.reverse(), next }
    },

    updateDomain: async ({ owner, id, version, config, checks }) => {
      const domain = defineDomain(config)
      optionChecks.integer(version, 'version', 1, Number.MAX_SAFE_INTEGER)
      const row = await find(owner, id)
      if (row === undefined) throw unknownDomain()
      const keys = config.signingKeys === undefined ? null : writeKeys(config.signingKeys, outside)
      const hosts = writeHosts(domain, checks ?? (await readDomainRow(row, outside)).checks)
      const json = checks === undefined ? null : JSON.stringify(checks)
      const values = [id, owner, version, domain.name, writeConfig(domain), keys, json, hosts]
      const changed = await change(sql.updateDomain, values, domain)
      if (changed !== undefined) return readDomainRow(changed, outside)
      throw whyUnchanged(await find(owner, id), version, domain.name)
    },

    deleteDomain: async ({ owner, id, acknowledged, now }) => {
      const removedAt = checkTime(now)
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const row = await find(owner, id)
        if (row === undefined) return false
        const { version, config } = await readDomainRow(row, outside)
        const impact = removalImpact(config)
        const kept = impact.receiverMustKeep.hosts
        if (kept.length > 0 && acknowledged !== true) {
          throw new MailtraceError('removal-unacknowledged', impact.message)
        }
        const left = { ...config, trackingDomains: config.trackingDomains.filter(({ host }) => kept.includes(host)) }
        const gone =
          kept.length === 0
            ? await change(sql.deleteDomain, [id, owner, version], config)
            : await change(
                sql.removeDomain,
                [id, owner, version, removedAt, writeConfig(left), JSON.stringify(kept)],
                config,
              )
        if (gone !== undefined) return true
      }
      throw versionConflict()
    },

    findByHost: (host) => cache.find(host),

    claimDueHosts: async ({ now, limit }) => {
      const time = checkTime(now)
      optionChecks.integer(limit, 'limit', 1, 100)
      const rows = await query(sql.claimHosts, [time, limit, time + claimMs])
      return Promise.all(
        // Without keys from outside, which DNS is no matter for: where they cannot be had, hosts are checked all the same.
        rows.map(async (row) => ({ domain: await readDomainRow(row, null), host: row.host as string })),
      )
    },
  }
}

/** A bigint holds whole numbers. */
const checkTime = (now: unknown): number => Math.floor(optionChecks.time(now, 'now'))

function checkCursor(value: unknown, path: string): void {
  if (value !== undefined && (typeof value !== 'string' || !isText(value))) {
    throw optionChecks.error(`${path} is ${quote(value)}: use the next of the page before`)
  }
}

/** Hosts oldest first, so the former ones come before; the newest key signs. */
function withFormer(domain: DomainConfig, former: DomainConfig): DomainConfig {
  const hosts = domain.trackingDomains.filter(({ host }) => !former.trackingDomains.some((old) => old.host === host))
  const old: readonly SigningKey[] = former.signingKeys ?? []
  const keys = (domain.signingKeys ?? []).filter(({ id }) => !old.some((key) => key.id === id))
  return { ...domain, trackingDomains: [...former.trackingDomains, ...hosts], signingKeys: [...keys, ...old] }
}

function whyUnchanged(row: Row | undefined, version: number, name: string): MailtraceError {
  if (row === undefined) return unknownDomain()
  if (readVersion(row) !== version) return versionConflict()
  if (row.name !== name) {
    return optionChecks.error(
      `config.name is ${quote(name)}, and the domain is ${quote(row.name)}: create another domain, as a name cannot be changed`,
    )
  }
  return new MailtraceError(
    'removal-refused',
    'config leaves out a tracking domain, which can never be removed, as the links in sent mail go through it: keep all of trackingDomains',
  )
}

function unknownDomain(): MailtraceError {
  return new MailtraceError('unknown-domain', 'there is no such domain: it may have been removed')
}

function versionConflict(): MailtraceError {
  return new MailtraceError(
    'version-conflict',
    'the domain was changed meanwhile: read it again, and change what is there now',
  )
}
