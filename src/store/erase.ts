// Retention and erasure: what identifies a person goes, what was counted stays counted.

import { optionChecks } from '../checks.ts'
import { checkDomainName, checkName, checkText, optional } from './check-options.ts'
import type { Query } from './database.ts'
import { settleBlocks } from './judge-messages.ts'
import type { Erased, ForgetSelection, PurgeOptions } from './messages.ts'

// From here on no event of these messages is written. Their events follow; were it to end between, they are stale.
const forgetSql = `
UPDATE mailtrace_messages m
SET recipient = NULL, subject = NULL, html = NULL, forgotten = true, stale = true, version = version + 1
WHERE (recipient = $1 OR (message_ref = $2 AND domain IN (SELECT known.domain FROM mailtrace_owners known))) AND ($3::text IS NULL OR domain = $3)
  AND ($4::text IS NULL OR EXISTS (SELECT FROM mailtrace_owners o WHERE o.domain = m.domain AND o.owner = $4))
RETURNING domain, message_ref, events`

export async function forget(query: Query, selection: ForgetSelection): Promise<Erased> {
  optionChecks.object(selection, 'options', ['recipient', 'messageRef', 'domain', 'owner'])
  const given = selection as Readonly<Record<string, unknown>>
  const recipient = optional(given.recipient, 'recipient', checkText)
  const messageRef = optional(given.messageRef, 'messageRef', checkName)
  if ((recipient === null) === (messageRef === null)) {
    throw optionChecks.error('options name no one to forget, or two: use recipient or messageRef')
  }
  const domain = optional(given.domain, 'domain', checkDomainName)
  const rows = await query(forgetSql, [recipient, messageRef, domain, optional(given.owner, 'owner', checkName)])
  const { erased } = await settleBlocks(query, rows)
  return { messages: rows.length, events: erased }
}

const oldSql = `
SELECT e.domain, e.message_ref, m.events
FROM (
  SELECT domain, message_ref FROM mailtrace_events WHERE message_ref <> '' AND time < $1::bigint ORDER BY time LIMIT 1000
) e JOIN mailtrace_messages m ON m.domain = e.domain AND m.message_ref = e.message_ref
GROUP BY e.domain, e.message_ref, m.events`

const oldAnonymousSql = `
WITH old AS MATERIALIZED (
  SELECT domain, id FROM mailtrace_events WHERE message_ref = '' AND time < $1::bigint ORDER BY time LIMIT 5000
), erased AS (
  DELETE FROM mailtrace_events e USING old
  WHERE e.domain = old.domain AND e.message_ref = '' AND e.id = old.id
  RETURNING e.domain, e.campaign, e.type, e.time, e.part, e.link_index, e.actor
), sums AS (
  SELECT e.domain, e.campaign, s.scope, s.key, e.actor, e.type, count(*) AS events
  FROM erased e CROSS JOIN LATERAL (VALUES
    ('all', ''), ('day', (e.time / 86400000)::text), ('link', e.part || ' ' || e.link_index)) AS s(scope, key)
  WHERE s.key IS NOT NULL
  GROUP BY e.domain, e.campaign, s.scope, s.key, e.actor, e.type
), kept AS (
  UPDATE mailtrace_rollups r SET kept = r.kept + s.events
  FROM sums s
  WHERE r.domain = s.domain AND r.campaign = s.campaign AND r.scope = s.scope AND r.key = s.key AND r.actor = s.actor
    AND r.type = s.type
)
SELECT count(*) AS events FROM erased`

const oldMessagesSql = `
WITH erased AS (
  UPDATE mailtrace_messages SET recipient = NULL, subject = NULL, html = NULL
  WHERE listed_at < $1::bigint AND (recipient IS NOT NULL OR subject IS NOT NULL OR html IS NOT NULL)
  RETURNING 1
), unreadable AS (
  DELETE FROM mailtrace_unreadable
)
SELECT count(*) AS messages FROM erased`

export async function purge(query: Query, options: PurgeOptions): Promise<Erased> {
  optionChecks.object(options, 'options', ['before'])
  const before = optionChecks.time(options.before, 'before')
  const old = [Math.ceil(before)]
  let events = 0
  for (;;) {
    const rows = await query(oldSql, old)
    if (rows.length === 0) break
    events += (await settleBlocks(query, rows, ({ time }) => time < before)).erased
  }
  for (;;) {
    const [erased] = await query(oldAnonymousSql, old)
    if (Number(erased!.events) === 0) break
    events += Number(erased!.events)
  }
  const [erased] = await query(oldMessagesSql, old)
  return { messages: Number(erased!.messages), events }
}
