import { optionChecks } from '../checks.ts'
import type { Actor } from '../engagement/engagement-event.ts'
import type { Reason } from '../engagement/rules.ts'
import { checkDomainName, checkName, checkOwner, optional } from './check-options.ts'
import { type Query, type Row, toNumber } from './database.ts'
import { toEvent } from './event-rows.ts'
import type { EventsOptions, StoredEvent } from './events.ts'
import { feedLock } from './feed-lock.ts'
import { checkLimit, type Page, pageFields, readCursor, toPage, writeCursor } from './page.ts'

// The newest that is seen, then a wait for all that are being written: what has a lower number is there when it is over.
const newestSql = `
WITH newest AS MATERIALIZED (
  SELECT max(e.seq) AS seq
  FROM mailtrace_owners o
  CROSS JOIN LATERAL (SELECT seq FROM mailtrace_events WHERE domain = o.domain ORDER BY seq DESC LIMIT 1) e
  WHERE o.owner = $1
)
SELECT seq, pg_advisory_xact_lock($2::integer) FROM newest`

const columns = `e.domain, e.message_ref, e.id, e.seq, e.campaign_ref, e.type, e.mode, e.host, e.time, e.issued_at, e.user_agent,
  e.client_address, e.signals, e.part, e.link_index, e.destination, e.pixel, e.actor, e.reasons`

const oldestSql = `
SELECT ${columns}
FROM mailtrace_owners o
CROSS JOIN LATERAL (
  SELECT * FROM mailtrace_events
  WHERE domain = o.domain AND ($4::text IS NULL OR campaign = $4) AND ($5::text IS NULL OR message_ref = $5)
    AND seq > $6::bigint AND seq <= $7::bigint
  ORDER BY seq LIMIT $2::integer
) e
WHERE o.owner = $1 AND ($3::text IS NULL OR o.domain = $3)
ORDER BY e.seq LIMIT $2::integer`

const newestFirstSql = `
SELECT ${columns}
FROM mailtrace_owners o
CROSS JOIN LATERAL (
  SELECT * FROM mailtrace_events
  WHERE domain = o.domain AND ($4::text IS NULL OR campaign = $4) AND ($5::text IS NULL OR message_ref = $5)
    AND ($6::bigint IS NULL OR seq < $6)
  ORDER BY seq DESC LIMIT $2::integer
) e
WHERE o.owner = $1 AND ($3::text IS NULL OR o.domain = $3)
ORDER BY e.seq DESC LIMIT $2::integer`

const fields = ['owner', 'domain', 'campaign', 'messageRef', 'order', ...pageFields]

export async function listEvents(query: Query, options: EventsOptions = {}): Promise<Page<StoredEvent>> {
  optionChecks.object(options, 'options', fields)
  const { order = 'oldest' } = options
  optionChecks.oneOf(order, 'order', ['oldest', 'newest'])
  const limit = checkLimit(options.limit)
  const after = readCursor(options.after, [0])
  const values = [
    checkOwner(options.owner),
    limit + 1,
    optional(options.domain, 'domain', checkDomainName),
    optional(options.campaign, 'campaign', checkName),
    optional(options.messageRef, 'messageRef', checkName),
  ]
  if (order === 'newest') {
    return toPage(await query(newestFirstSql, [...values, after?.[0] ?? null]), limit, toStoredEvent, positionOf)
  }
  const [newest] = await query(newestSql, [values[0], feedLock])
  const rows = await query(oldestSql, [...values, after?.[0] ?? 0, newest!.seq ?? 0])
  return toPage(rows, limit, toStoredEvent, positionOf)
}

const positionOf = ({ seq }: Row) => [toNumber(seq)]

export function toStoredEvent(row: Row): StoredEvent {
  const { actor, reasons } = row
  return {
    event: toEvent(row),
    actor: actor as Actor,
    reasons: reasons as Reason[],
    cursor: writeCursor(positionOf(row)),
  }
}
