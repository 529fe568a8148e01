import { optionChecks } from '../checks.ts'
import type { SigningKey } from '../config/domain-config.ts'
import { findCampaign, listCampaigns } from './campaign-numbers.ts'
import { createDomainStore } from './create-domain-store.ts'
import { createQuery, type Database, type Query } from './database.ts'
import { forget, purge } from './erase.ts'
import type { EventsPart } from './events.ts'
import { findReference } from './find-reference.ts'
import { judge } from './judge-messages.ts'
import { listEvents } from './list-events.ts'
import { findMessage, listMessages } from './message-numbers.ts'
import type { MessagesPart } from './messages.ts'
import { migrate } from './migrate.ts'
import type { NumbersPart } from './numbers.ts'
import { rebuild } from './rebuild.ts'
import { saveCampaign } from './save-campaign.ts'
import { saveMessages } from './save-messages.ts'
import type { DomainStore } from './stored-domain.ts'
import { createWriter } from './write-events.ts'

export interface StoreOptions {
  /** `(text, values) => pool.query(text, values)`, of `pg`'s pool or of PGlite. */
  readonly query: Database['query']
  /** The keys of a sending domain, where they are kept outside. Default: with its configuration */
  readonly signingKeys?: ((name: string) => readonly SigningKey[] | Promise<readonly SigningKey[]>) | undefined
  /** How long `findByHost` takes an answer for good, in ms, 0 to 3,600,000; own changes count at once. Default: 10,000 */
  readonly hostCacheMs?: number | undefined
  /** Most hosts that `findByHost` keeps, of known and of unknown ones, 1 to 1,000,000. Default: 10,000 */
  readonly hostCacheSize?: number | undefined
  /** The time now, for `findByHost`, in ms since the epoch. Default: `Date.now` */
  readonly now?: (() => number) | undefined
}

export interface Store extends EventsPart, MessagesPart, NumbersPart, DomainStore {
  /** Makes the tables, or brings them up to date. Call it at each start: it may run in several processes at once. */
  readonly migrate: () => Promise<void>
}

/**
 * Events, messages, numbers and domains in PostgreSQL: embedded (PGlite) or a server. Nothing is asked of it before a call.
 *
 * @throws {MailtraceError} `invalid-options` for a wrong or unknown option.
 *
 * @example
 * import { PGlite } from '@electric-sql/pglite'
 * import { createStore } from 'mailtrace/store'
 *
 * const database = await PGlite.create()
 * const store = createStore({ query: (text, values) => database.query(text, values) })
 * await store.migrate()
 */
export function createStore(options: StoreOptions): Store {
  optionChecks.object(options, 'options', ['query', 'signingKeys', 'hostCacheMs', 'hostCacheSize', 'now'])
  optionChecks.function(options.query, 'query')
  const query = createQuery(options.query)
  const domains = createDomainStore({
    query,
    signingKeys: options.signingKeys ?? null,
    now: options.now ?? Date.now,
    hostCacheMs: optionChecks.integer(options.hostCacheMs ?? 10_000, 'hostCacheMs', 0, 3_600_000),
    hostCacheSize: optionChecks.integer(options.hostCacheSize ?? 10_000, 'hostCacheSize', 1, 1_000_000),
  })
  return {
    migrate: () => migrate(query),
    ...domains,
    ...eventsPart(query),
    ...messagesPart(query),
    ...numbersPart(query),
  }
}

const eventsPart = (query: Query): EventsPart => ({
  write: createWriter(query),
  judge: (selection) => judge(query, selection),
  events: (options) => listEvents(query, options),
})

const messagesPart = (query: Query): MessagesPart => ({
  saveCampaign: (options) => saveCampaign(query, options),
  saveMessage: (outcome, details) => saveMessages(query, [{ outcome, details }]),
  saveMessages: (messages) => saveMessages(query, messages),
  findReference: (reference) => findReference(query, reference),
  forget: (selection) => forget(query, selection),
  purge: (options) => purge(query, options),
})

const numbersPart = (query: Query): NumbersPart => ({
  campaigns: (options) => listCampaigns(query, options),
  campaign: (options) => findCampaign(query, options),
  messages: (options) => listMessages(query, options),
  message: (options) => findMessage(query, options),
  rebuild: () => rebuild(query),
})
