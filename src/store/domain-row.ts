import { configChecks, optionChecks } from '../checks.ts'
import type { DomainConfig, SigningKey } from '../config/domain-config.ts'
import { MailtraceError, quote } from '../errors.ts'
import type { Row } from './database.ts'
import type { HostCheck, StoredDomain } from './stored-domain.ts'
import { nextCheckAt } from './verification-schedule.ts'

/** Where keys come from: the application, or `null` where they stand in the table. */
export type OutsideKeys = ((name: string) => readonly SigningKey[] | Promise<readonly SigningKey[]>) | null

export type Checks = Readonly<Record<string, HostCheck>>

/** What a driver makes of a column of type json: pg and PGlite parse it. */
const readJson = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)

export const readVersion = (row: Row): number => Number(row.version)

export async function readDomainRow(row: Row, outside: OutsideKeys): Promise<StoredDomain> {
  return {
    id: row.id as string,
    owner: row.owner as string,
    version: readVersion(row),
    createdAt: Number(row.created_at),
    config: await readConfig(row, outside),
    checks: readJson(row.checks) as Checks,
  }
}

/** Whole or not at all: without its keys every signed link of a domain would be a 404. */
export async function readConfig(row: Row, outside: OutsideKeys): Promise<DomainConfig> {
  const config = readJson(row.config) as DomainConfig
  const stored = readJson(row.signing_keys) as readonly SigningKey[]
  return { ...config, signingKeys: outside === null ? stored : await outside(config.name) }
}

/** The column `config`. Of type json, which unlike jsonb holds what a stranger's DNS may have put into it. */
export const writeConfig = ({ signingKeys, ...config }: DomainConfig): string => JSON.stringify(config)

export function writeKeys(keys: readonly SigningKey[], outside: OutsideKeys): string {
  if (outside !== null) return '[]'
  keys.forEach(({ secret }, index) => {
    if (typeof secret === 'string') return
    throw configChecks.error(
      `signingKeys[${index}].secret is a Uint8Array, which JSON does not hold: use a string, or keep the keys outside with the store's signingKeys`,
    )
  })
  return JSON.stringify(keys)
}

/** For `json_to_recordset`: hosts in one order, so that two writers never wait for one another. */
export function writeHosts(config: DomainConfig, checks: Checks): string {
  return JSON.stringify(
    config.trackingDomains.map((tracking) => ({
      host: tracking.host,
      due_at: nextCheckAt(tracking, checks[tracking.host]),
    })),
  )
}

/** In characters. */
const maxOwnerLength = 256

export function checkOwner(owner: unknown): string {
  if (typeof owner === 'string' && owner !== '' && owner.length <= maxOwnerLength && isText(owner)) return owner
  throw optionChecks.error(`owner is ${quote(owner)}: use a text of 1 to ${maxOwnerLength} characters`)
}

/** PostgreSQL's text holds no NUL, and UTF-8 no lone surrogate. */
export const isText = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

/** 23505 unique_violation (PostgreSQL manual, appendix A). */
const uniqueViolation = '23505'

/** What a unique index has refused, in words that do not tell whose it is. */
export function refusal(cause: unknown, name: string): unknown {
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || cause.code !== uniqueViolation) return cause
  const constraint = 'constraint' in cause ? String(cause.constraint) : ''
  return constraint.startsWith('mailtrace_hosts') ? hostTaken(name) : domainTaken(name)
}

export function domainTaken(name: string): MailtraceError {
  return new MailtraceError(
    'domain-taken',
    `domain ${quote(name)} has been registered already: if it is yours, ask whoever runs this for it`,
  )
}

/** Of the same owner. */
export function domainThere(name: string): MailtraceError {
  return new MailtraceError('domain-taken', `domain ${quote(name)} is registered already: change the one that is there`)
}

function hostTaken(name: string): MailtraceError {
  return new MailtraceError(
    'host-taken',
    `a tracking domain of ${quote(name)} is in use elsewhere, or was, and the links in sent mail go through it: choose another host`,
  )
}
