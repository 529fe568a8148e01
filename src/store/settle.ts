// The one way in which events come into the store or leave it, and in which a message comes to count. A message is read with its
// events, judged, and written with all that follows, in one statement, if nothing has changed it meanwhile; else once more. So
// there is no moment in which an event is stored and not counted, and nothing to be mended after a crash.

import { judgeEvents } from '../engagement/judge-events.ts'
import {
  type Cell,
  type Counted,
  cellOf,
  countedNothing,
  type Share,
  sharesOf,
  sumCells,
  type Twin,
} from './counted.ts'
import type { Query, Row } from './database.ts'
import { type EventRow, toJudged, type Verdict } from './event-rows.ts'
import { feedLock } from './feed-lock.ts'

/** What is to be done with a message. */
export interface Task {
  readonly domain: string
  readonly messageRef: string
  /** Events to write. Default: none */
  readonly fresh?: readonly EventRow[]
  /** Which of its blocks is judged. Default: the last one, which takes what is fresh */
  readonly block?: number
  /** Which events of the block are erased, while they stay counted. Default: none */
  readonly erase?: (event: { readonly time: number }) => boolean
}

/**
 * Events of one message that are judged together. Real messages have far fewer; without it, a client that calls one link for ever
 * would make each of its events dearer than the one before.
 */
export const blockSize = 2000

export interface Settled {
  readonly erased: number
}

export async function settle(query: Query, tasks: readonly Task[]): Promise<Settled> {
  let erased = 0
  let open = tasks
  while (open.length > 0) {
    const states = await readStates(query, open)
    const plans = open.map((task, at) => planFor(task, states[at]!)).filter((plan) => plan !== null)
    const lost = await commit(query, plans)
    for (const plan of plans) if (!lost.has(plan)) erased += plan.erased.length
    open = [...lost].map(({ task }) => task)
  }
  return { erased }
}

/** A message as it is stored, with the events of a block. */
interface State {
  readonly version: number
  readonly campaign: string | null
  readonly sentAt: number | null
  readonly issuedAt: number | null
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

type StoredRow = EventRow & Verdict & { readonly campaign: string | null; readonly block: number }

const readSql = `
WITH asked AS (
  SELECT * FROM json_to_recordset($1::json)
    AS a(n integer, domain text, message_ref text, block integer, ids text[], listed_at bigint)
), owned AS (
  INSERT INTO mailtrace_owners (domain, owner, claimed)
  SELECT DISTINCT domain, 'default', false FROM asked
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
SELECT a.n, m.version, m.campaign, m.sent_at, m.issued_at, m.saved, m.forgotten, m.open_mode, m.click_mode, m.events,
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

async function readStates(query: Query, tasks: readonly Task[]): Promise<State[]> {
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
    issuedAt: number(row.issued_at),
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

/** What is to be written of a message, if it is still as it was read. */
interface Plan {
  readonly task: Task
  readonly version: number
  readonly campaign: string | null
  /** Of this task. */
  readonly events: number
  readonly isLastBlock: boolean
  readonly before: Counted
  readonly after: Counted
  readonly kept: readonly Cell[]
  readonly inserted: readonly StoredRow[]
  readonly changed: readonly StoredRow[]
  readonly erased: readonly StoredRow[]
  readonly lastEventAt: number | null
}

function planFor(task: Task, state: State): Plan | null {
  const { fresh = [] } = task
  const lastBlock = Math.floor(state.events / blockSize)
  const block = task.block ?? lastBlock
  const known = new Set([...state.known, ...state.block.map(({ id }) => id)])
  // A person who was erased leaves no new traces, and the old ones go even if whoever erased them did not come to an end.
  const erase = state.forgotten ? () => true : (task.erase ?? (() => false))
  const isNew = ({ id }: EventRow) => !state.forgotten && !known.has(id) && known.add(id)
  const added = fresh.filter(isNew)
  // A message that was not saved is of the campaign that its first event says.
  const adopted =
    state.events === 0 ? (added.find(({ campaign_ref }) => campaign_ref !== null)?.campaign_ref ?? null) : null
  const campaign = state.campaign ?? adopted
  const erased = state.block.filter(erase)
  const remaining = state.block.filter((row) => !erase(row))
  const judged = judgeRows([...remaining, ...added], state, campaign, block)
  const old = new Map(remaining.map((row) => [row.id, row]))
  const kept = sumCells([...state.kept, ...erased.map(toCell)])
  const cells = sumCells([...state.counted.cells, ...judged.map(toCell)], remaining.map(toCell))
  const after: Counted = { campaign, sent: sentAs(state), cells, twins: state.twins }
  const plan: Plan = {
    task,
    version: state.version,
    campaign,
    events: state.events + added.length,
    isLastBlock: block >= lastBlock,
    before: state.counted,
    after,
    kept,
    inserted: judged.filter(({ id }) => !old.has(id)),
    changed: judged.filter((row) => old.has(row.id) && !isSame(row, old.get(row.id)!)),
    erased,
    lastEventAt: added.length === 0 ? null : Math.max(...added.map(({ time }) => time)),
  }
  // An event that was delivered again, and nothing else to be done.
  const isIdle = task.block === undefined && added.length === 0 && plan.changed.length === 0
  return isIdle && textOf(after) === textOf(state.counted) ? null : plan
}

/** jsonb has an order of keys of its own. */
const textOf = ({ campaign, sent, cells, twins }: Counted): string =>
  JSON.stringify([campaign, sent?.open, sent?.click, cells, twins])

const toCell = (row: StoredRow): Cell => cellOf(row, row.actor)

const isSame = (a: StoredRow, b: StoredRow): boolean =>
  a.actor === b.actor && a.campaign === b.campaign && `${a.reasons}` === `${b.reasons}`

/** Only what can be put to a message makes a denominator. */
function sentAs({ saved, openMode, clickMode }: State): Counted['sent'] {
  const isKnown = (mode: string | null) => mode === 'full' || mode === 'identified'
  return saved ? { open: isKnown(openMode), click: isKnown(clickMode) } : null
}

function judgeRows(rows: readonly EventRow[], state: State, campaign: string | null, block: number): StoredRow[] {
  const { links, sentAt } = state
  const judged = judgeEvents(rows.map(toJudged), {
    ...(sentAt === null ? {} : { sentAt }),
    ...(links === null ? {} : { links }),
  })
  return judged.map(({ actor, reasons }, at): StoredRow => ({ ...rows[at]!, actor, reasons, campaign, block }))
}

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
async function commit(query: Query, plans: readonly Plan[]): Promise<ReadonlySet<Plan>> {
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

type Sum = Share & { readonly domain: string; readonly campaign: string; readonly destination: string | null }

/** What changes in the rollups. */
function sumShares(plans: readonly Plan[]): Sum[] {
  const destinations = destinationsOf(plans)
  const campaigns = new Map<string, { domain: string; campaign: string; shares: Map<string, Share> }>()
  const add = (domain: string, counted: Counted, sign: 1 | -1) => {
    const { campaign } = counted
    if (campaign === null) return
    const key = JSON.stringify([domain, campaign])
    const { shares } = campaigns.get(key) ?? { shares: new Map<string, Share>() }
    campaigns.set(key, { domain, campaign, shares })
    for (const share of sharesOf(counted)) {
      const name = `${share.scope} ${share.key} ${share.actor} ${share.type}`
      const { total, messages } = shares.get(name) ?? { total: 0, messages: 0 }
      const sum = { total: total + sign * share.total, messages: messages + sign * share.messages }
      shares.set(name, { ...share, ...sum })
    }
  }
  for (const { task, before, after } of plans) {
    add(task.domain, before, -1)
    add(task.domain, after, 1)
  }
  return [...campaigns].flatMap(([place, { domain, campaign, shares }]) =>
    [...shares.values()]
      .filter(({ total, messages }) => total !== 0 || messages !== 0)
      .map((share) => {
        const destination = share.scope === 'link' ? destinations.get(`${place} ${share.key}`) : undefined
        return { domain, campaign, ...share, destination: destination ?? null }
      }),
  )
}

/** Where the links led that were clicked: for those of mails that were not saved, or of whose text part nothing is known. */
function destinationsOf(plans: readonly Plan[]): Map<string, string | null> {
  const clicks = plans.flatMap(({ inserted }) => inserted.filter(({ type }) => type === 'click'))
  return new Map(
    clicks.map(({ domain, campaign, part, link_index, destination }) => [
      `${JSON.stringify([domain, campaign])} ${part} ${link_index}`,
      destination,
    ]),
  )
}

/** Campaigns of which events came, with the latest time of one; they need not have been saved. */
function metBy(plans: readonly Plan[]) {
  const met = new Map<string, { domain: string; campaign: string; created_at: number; last_event_at: number }>()
  for (const { task, campaign, lastEventAt, inserted } of plans) {
    if (campaign === null || lastEventAt === null) continue
    const key = JSON.stringify([task.domain, campaign])
    const created_at = inserted[0]!.issued_at ?? inserted[0]!.time
    const known = met.get(key)
    met.set(key, {
      domain: task.domain,
      campaign,
      created_at: Math.min(created_at, known?.created_at ?? created_at),
      last_event_at: Math.max(lastEventAt, known?.last_event_at ?? 0),
    })
  }
  return [...met.values()]
}
