import type { Query } from './database.ts'
import { feedLock } from './feed-lock.ts'
import type { Plan } from './plan-message.ts'
import { metBy, sumShares } from './rollup-sums.ts'

const commitSql = `
WITH task AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS t(
    domain text, message_ref text, version bigint, campaign text, events integer, counted jsonb, kept jsonb, is_last boolean)
), seen AS MATERIALIZED (
  SELECT m.domain, m.message_ref
  FROM mailtrace_messages m JOIN task t ON t.domain = m.domain AND t.message_ref = m.message_ref
  WHERE m.version = t.version
  ORDER BY 1, 2
  FOR UPDATE OF m
), gate AS MATERIALIZED (
  SELECT pg_advisory_xact_lock_shared($6::integer) FROM (SELECT count(*) AS found FROM seen) s WHERE s.found = $7::integer
), written AS (
  UPDATE mailtrace_messages m
  SET version = m.version + 1, campaign = t.campaign, events = t.events, counted = t.counted, kept = t.kept,
    stale = m.stale AND NOT t.is_last
  FROM task t, gate
  WHERE m.domain = t.domain AND m.message_ref = t.message_ref
), inserted AS (
  INSERT INTO mailtrace_events (domain, message_ref, id, campaign, campaign_ref, type, mode, host, time, issued_at, user_agent,
    client_address, signals, part, link_index, destination, pixel, actor, reasons, block)
  SELECT domain, message_ref, id, campaign, campaign_ref, type, mode, host, time, issued_at, user_agent,
    client_address, signals, part, link_index, destination, pixel, actor, reasons, block
  FROM json_to_recordset($2::json) AS e(
    domain text, message_ref text, id text, campaign text, campaign_ref text, type text, mode text, host text, time bigint,
    issued_at bigint, user_agent text, client_address text, signals text[], part text, link_index integer, destination text,
    pixel text, actor text, reasons text[], block integer), gate
), changed AS (
  UPDATE mailtrace_events e
  SET actor = c.actor, reasons = c.reasons, campaign = c.campaign
  FROM json_to_recordset($3::json) AS c(
    domain text, message_ref text, id text, actor text, reasons text[], campaign text), gate
  WHERE e.domain = c.domain AND e.message_ref = c.message_ref AND e.id = c.id
), erased AS (
  DELETE FROM mailtrace_events e
  USING json_to_recordset($4::json) AS d(domain text, message_ref text, id text), gate
  WHERE e.domain = d.domain AND e.message_ref = d.message_ref AND e.id = d.id
), summed AS (
  INSERT INTO mailtrace_rollups AS r (domain, campaign, scope, key, actor, type, total, messages, anonymous, destination)
  SELECT s.domain, s.campaign, s.scope, s.key, s.actor, s.type, s.total, s.messages, 0, s.destination
  FROM json_to_recordset($5::json) AS s(
    domain text, campaign text, scope text, key text, actor text, type text, total bigint, messages bigint,
    destination text), gate
  ORDER BY s.domain, s.campaign, s.scope, s.key, s.actor, s.type
  ON CONFLICT (domain, campaign, scope, key, actor, type)
  DO UPDATE SET total = r.total + excluded.total, messages = r.messages + excluded.messages,
    destination = coalesce(r.destination, excluded.destination)
), met AS (
  INSERT INTO mailtrace_campaigns AS c (domain, campaign, created_at, last_event_at)
  SELECT m.domain, m.campaign, m.created_at, m.last_event_at
  FROM json_to_recordset($8::json) AS m(domain text, campaign text, created_at bigint, last_event_at bigint), gate
  ORDER BY m.domain, m.campaign
  ON CONFLICT (domain, campaign) DO UPDATE SET last_event_at = excluded.last_event_at
  WHERE c.last_event_at IS NULL OR c.last_event_at < excluded.last_event_at
)
SELECT domain, message_ref FROM seen`

/** Writes all of the plans, or none if any of their messages has changed: then again without these, which it gives. */
export async function commit(query: Query, plans: readonly Plan[]): Promise<ReadonlySet<Plan>> {
  let ready = plans
  const lost = new Set<Plan>()
  while (ready.length > 0) {
    const rows = await query(commitSql, commitValues(ready))
    if (rows.length === ready.length) break
    const seen = new Set(rows.map(({ domain, message_ref }) => `${domain} ${message_ref}`))
    const isSeen = ({ task }: Plan) => seen.has(`${task.domain} ${task.messageRef}`)
    for (const plan of ready) if (!isSeen(plan)) lost.add(plan)
    ready = ready.filter(isSeen)
  }
  return lost
}

function commitValues(plans: readonly Plan[]): unknown[] {
  const keyOf = ({ task: { domain, messageRef } }: Plan) => ({ domain, message_ref: messageRef })
  const tasks = plans.map((plan) => ({
    ...keyOf(plan),
    version: plan.version,
    campaign: plan.campaign,
    events: plan.events,
    counted: plan.after,
    kept: plan.kept,
    is_last: plan.isLastBlock,
  }))
  const inserted = plans.flatMap((plan) => plan.inserted)
  const changed = plans.flatMap((plan) =>
    plan.changed.map(({ id, actor, reasons, campaign }) => ({
      ...keyOf(plan),
      id,
      actor,
      reasons,
      campaign,
    })),
  )
  const erased = plans.flatMap((plan) => plan.erased.map(({ id }) => ({ ...keyOf(plan), id })))
  return [
    JSON.stringify(tasks),
    JSON.stringify(inserted),
    JSON.stringify(changed),
    JSON.stringify(erased),
    JSON.stringify(sumShares(plans)),
    feedLock,
    plans.length,
    JSON.stringify(metBy(plans)),
  ]
}
