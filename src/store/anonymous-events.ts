// Events that belong to no message: each is judged by itself, so what it counts as is known before it is written, and the
// database counts those that are new.

import { judgeEvents } from '../engagement/judge-events.ts'
import type { Query } from './database.ts'
import { type EventRow, toJudged } from './event-rows.ts'
import { feedLock } from './feed-lock.ts'

// Sorted, so that two writers of the same events wait for one another in one order.
const writeSql = `
WITH feed AS MATERIALIZED (
  SELECT pg_advisory_xact_lock_shared($2::integer)
), inserted AS (
  INSERT INTO mailtrace_events (domain, message_ref, id, campaign, campaign_ref, type, mode, host, time, issued_at, user_agent,
    client_address, signals, part, link_index, destination, pixel, actor, reasons, block)
  SELECT domain, '', id, campaign_ref, campaign_ref, type, mode, host, time, issued_at, user_agent,
    client_address, signals, part, link_index, destination, pixel, actor, reasons, 0
  FROM json_to_recordset($1::json) AS e(
    domain text, id text, campaign_ref text, type text, mode text, host text, time bigint, issued_at bigint, user_agent text,
    client_address text, signals text[], part text, link_index integer, destination text, pixel text, actor text,
    reasons text[]), feed
  ORDER BY domain, id
  ON CONFLICT DO NOTHING
  RETURNING domain, campaign, type, time, coalesce(issued_at, time) AS created_at, part, link_index, destination, actor
), summed AS (
  INSERT INTO mailtrace_rollups AS r (domain, campaign, scope, key, actor, type, total, messages, anonymous, destination)
  SELECT i.domain, i.campaign, s.scope, s.key, i.actor, i.type, count(*), 0, count(*),
    CASE s.scope WHEN 'link' THEN min(i.destination) END
  FROM inserted i CROSS JOIN LATERAL (VALUES
    ('all', ''), ('day', (i.time / 86400000)::text), ('link', i.part || ' ' || i.link_index)) AS s(scope, key)
  WHERE i.campaign IS NOT NULL AND s.key IS NOT NULL
  GROUP BY i.domain, i.campaign, s.scope, s.key, i.actor, i.type
  ORDER BY i.domain, i.campaign, s.scope, s.key, i.actor, i.type
  ON CONFLICT (domain, campaign, scope, key, actor, type)
  DO UPDATE SET total = r.total + excluded.total, anonymous = r.anonymous + excluded.anonymous,
    destination = coalesce(r.destination, excluded.destination)
), owned AS (
  INSERT INTO mailtrace_owners (domain, owner)
  SELECT DISTINCT domain, 'default' FROM inserted i
  WHERE NOT EXISTS (SELECT FROM mailtrace_owners o WHERE o.domain = i.domain)
  ORDER BY 1
  ON CONFLICT DO NOTHING
)
INSERT INTO mailtrace_campaigns AS c (domain, campaign, created_at, last_event_at)
SELECT domain, campaign, min(created_at), max(time) FROM inserted
WHERE campaign IS NOT NULL
GROUP BY domain, campaign
ORDER BY domain, campaign
ON CONFLICT (domain, campaign) DO UPDATE SET last_event_at = excluded.last_event_at
WHERE c.last_event_at IS NULL OR c.last_event_at < excluded.last_event_at`

export async function writeAnonymous(query: Query, rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return
  const judged = judgeEvents(rows.map(toJudged)).map(({ actor, reasons }, at) => ({ ...rows[at], actor, reasons }))
  await query(writeSql, [JSON.stringify(judged), feedLock])
}

// PostgreSQL before 18 gives no old values back from an UPDATE, so they are read and held first.
const judgeSql = `
WITH judged AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS j(domain text, id text, actor text, reasons text[])
), old AS MATERIALIZED (
  SELECT e.domain, e.id, e.campaign, e.type, e.time, e.part, e.link_index, e.actor, j.actor AS new_actor, j.reasons
  FROM mailtrace_events e JOIN judged j ON j.domain = e.domain AND j.id = e.id
  WHERE e.message_ref = ''
  ORDER BY 1, 2
  FOR UPDATE OF e
), changed AS (
  UPDATE mailtrace_events e SET actor = old.new_actor, reasons = old.reasons
  FROM old
  WHERE e.domain = old.domain AND e.message_ref = '' AND e.id = old.id
)
INSERT INTO mailtrace_rollups AS r (domain, campaign, scope, key, actor, type, total, messages, anonymous)
SELECT o.domain, o.campaign, s.scope, s.key, a.actor, o.type, sum(a.sign), 0, sum(a.sign)
FROM old o
CROSS JOIN LATERAL (VALUES
  ('all', ''), ('day', (o.time / 86400000)::text), ('link', o.part || ' ' || o.link_index)) AS s(scope, key)
CROSS JOIN LATERAL (VALUES (o.actor, -1), (o.new_actor, 1)) AS a(actor, sign)
WHERE o.campaign IS NOT NULL AND s.key IS NOT NULL
GROUP BY o.domain, o.campaign, s.scope, s.key, a.actor, o.type
HAVING sum(a.sign) <> 0
ORDER BY o.domain, o.campaign, s.scope, s.key, a.actor, o.type
ON CONFLICT (domain, campaign, scope, key, actor, type)
DO UPDATE SET total = r.total + excluded.total, anonymous = r.anonymous + excluded.anonymous`

const listSql = `
SELECT domain, id, type, mode, time, issued_at, user_agent, client_address, signals, part, link_index, destination, actor,
  reasons
FROM mailtrace_events
WHERE message_ref = '' AND (domain, id) > ($1, $2) AND ($3::text IS NULL OR domain = $3) AND ($4::text IS NULL OR campaign = $4)
ORDER BY domain, id
LIMIT 1000`

/** Judges anonymous events anew, as when the rules have improved. */
export async function judgeAnonymous(query: Query, domain: string | null, campaign: string | null): Promise<void> {
  for (let after = ['', '']; ; ) {
    const stored = await query(listSql, [...after, domain, campaign])
    if (stored.length === 0) return
    const rows = stored.map((row) => ({ ...row, message_ref: '', time: Number(row.time) }) as unknown as EventRow)
    const judged = judgeEvents(rows.map(toJudged)).map(({ actor, reasons }, at) => ({ ...stored[at]!, actor, reasons }))
    const changed = judged.filter(
      ({ actor, reasons }, at) => actor !== stored[at]!.actor || `${reasons}` !== `${stored[at]!.reasons}`,
    )
    if (changed.length > 0) await query(judgeSql, [JSON.stringify(changed)])
    const last = stored.at(-1)!
    after = [last.domain as string, last.id as string]
  }
}
