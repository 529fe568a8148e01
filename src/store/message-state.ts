import { type Cell, type Counted, countedNothing, type Twin } from './counted.ts'
import type { Query, Row } from './database.ts'
import type { EventRow, Verdict } from './event-rows.ts'
import type { Task } from './settle.ts'

/**
 * Events of one message that are judged together. Real messages have far fewer; without it, a client that calls one link for ever
 * would make each of its events dearer than the one before.
 */
export const blockSize = 2000

/** A message as it is stored, with the events of a block. */
export interface State {
  readonly version: number
  readonly campaign: string | null
  readonly sentAt: number | null
  readonly saved: boolean
  readonly forgotten: boolean
  readonly openMode: string | null
  readonly clickMode: string | null
  /** That ever came. */
  readonly events: number
  readonly counted: Counted
  readonly kept: readonly Cell[]
  /** How many links it has; `null`: unknown. */
  readonly links: number | null
  readonly twins: readonly Twin[]
  readonly block: readonly StoredRow[]
  /** Of the fresh events, those that are in another block. */
  readonly known: readonly string[]
}

export type StoredRow = EventRow & Verdict & { readonly campaign: string | null; readonly block: number }

const readSql = `
WITH asked AS (
  SELECT * FROM json_to_recordset($1::json)
    AS a(n integer, domain text, message_ref text, block integer, ids text[], listed_at bigint)
), owned AS (
  INSERT INTO mailtrace_owners (domain, owner)
  SELECT DISTINCT domain, 'default' FROM asked
  WHERE NOT EXISTS (SELECT FROM mailtrace_owners o WHERE o.domain = asked.domain)
  ORDER BY 1
  ON CONFLICT DO NOTHING
), made AS (
  INSERT INTO mailtrace_messages (domain, message_ref, listed_at)
  SELECT domain, message_ref, listed_at FROM asked
  WHERE NOT EXISTS (
    SELECT FROM mailtrace_messages m WHERE m.domain = asked.domain AND m.message_ref = asked.message_ref
  )
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING
)
SELECT a.n, m.version, m.campaign, m.sent_at, m.saved, m.forgotten, m.open_mode, m.click_mode, m.events,
  m.counted::text AS counted, m.kept::text AS kept, s.size, s.twins::text AS twins,
  (
    SELECT json_agg(json_build_array(
      e.id, e.type, e.mode, e.time, e.issued_at, e.user_agent, e.client_address, e.signals, e.part, e.link_index,
      e.actor, e.reasons, e.campaign))::text
    FROM mailtrace_events e
    WHERE e.domain = a.domain AND e.message_ref = a.message_ref AND e.block = coalesce(a.block, m.events / $2::integer)
  ) AS block,
  CASE WHEN m.events >= $2::integer THEN (
    SELECT json_agg(e.id)::text FROM mailtrace_events e
    WHERE e.domain = a.domain AND e.message_ref = a.message_ref AND e.id = ANY (a.ids)
  ) END AS known
FROM asked a
LEFT JOIN mailtrace_messages m ON m.domain = a.domain AND m.message_ref = a.message_ref
LEFT JOIN mailtrace_campaigns c ON c.domain = a.domain AND c.campaign = m.campaign
LEFT JOIN mailtrace_link_sets s ON s.domain = a.domain AND s.hash = coalesce(m.link_set, c.link_set)
ORDER BY a.n`

export async function readStates(query: Query, tasks: readonly Task[]): Promise<State[]> {
  const asked = tasks.map(({ domain, messageRef, block, fresh = [] }, n) => ({
    n,
    domain,
    message_ref: messageRef,
    block,
    ids: fresh.map(({ id }) => id),
    listed_at: fresh[0]?.issued_at ?? fresh[0]?.time ?? 0,
  }))
  const rows = await query(readSql, [JSON.stringify(asked), blockSize])
  return rows.map((row, n) => toState(row, tasks[n]!))
}

function toState(row: Row, { domain, messageRef }: Task): State {
  const parse = <T>(value: unknown, absent: T): T => (value === null ? absent : JSON.parse(value as string))
  const number = (value: unknown): number | null => (value === null ? null : Number(value))
  return {
    // Of a message that another process made at the same moment, nothing is seen yet: it is as new.
    version: number(row.version) ?? 0,
    campaign: row.campaign as string | null,
    sentAt: number(row.sent_at),
    saved: row.saved === true,
    forgotten: row.forgotten === true,
    openMode: row.open_mode as string | null,
    clickMode: row.click_mode as string | null,
    events: number(row.events) ?? 0,
    counted: parse(row.counted, countedNothing),
    kept: parse(row.kept, []),
    links: number(row.size),
    twins: parse(row.twins, []),
    block: parse<unknown[][]>(row.block, []).map((values) => toStoredRow(values, domain, messageRef)),
    known: parse(row.known, []),
  }
}

function toStoredRow(values: readonly unknown[], domain: string, messageRef: string): StoredRow {
  const [id, type, mode, time, issued_at, user_agent, client_address, signals, part, link_index, ...rest] = values
  const [actor, reasons, campaign] = rest
  const fields = { id, type, mode, time, issued_at, user_agent, client_address, signals, part, link_index }
  return { domain, message_ref: messageRef, ...fields, actor, reasons, campaign } as unknown as StoredRow
}
