import { optionChecks } from '../checks.ts'
import type { ClickMode, OpenMode } from '../config/tracking-modes.ts'
import { readLinks } from './campaign-numbers.ts'
import { checkDomainName, checkName, checkOwner, optional } from './check-options.ts'
import { type Counted, countedNothing, sharesOf } from './counted.ts'
import { countsOfAll, type Rollup, sentOf, summaryOf } from './counts.ts'
import { type Query, type Row, toNullableNumber, toNumber } from './database.ts'
import { toStoredEvent } from './list-events.ts'
import type { FindMessageOptions, ListMessagesOptions, MessageDetail, MessageRow } from './numbers.ts'
import { checkLimit, type Page, pageFields, readCursor, toPage } from './page.ts'

const columns = `m.domain, m.message_ref, m.campaign, m.recipient, m.subject, m.sent_at, m.issued_at, m.listed_at, m.open_mode,
  m.click_mode, m.saved, m.forgotten, m.counted::text AS counted`

const listSql = `
SELECT ${columns}, c.subject AS campaign_subject
FROM (
  SELECT n.*
  FROM mailtrace_owners o
  CROSS JOIN LATERAL (
    SELECT * FROM mailtrace_messages
    WHERE domain = o.domain AND ($7::text IS NULL OR campaign = $7)
      AND ($4::bigint IS NULL OR (listed_at <= $4 AND (listed_at, domain, message_ref) < ($4, $5::text, $6::text)))
    ORDER BY listed_at DESC, message_ref DESC LIMIT $2::integer
  ) n
  WHERE o.owner = $1 AND ($3::text IS NULL OR o.domain = $3)
  ORDER BY n.listed_at DESC, n.domain DESC, n.message_ref DESC LIMIT $2::integer
) m
LEFT JOIN mailtrace_campaigns c ON c.domain = m.domain AND c.campaign = m.campaign
ORDER BY m.listed_at DESC, m.domain DESC, m.message_ref DESC`

export async function listMessages(query: Query, options: ListMessagesOptions = {}): Promise<Page<MessageRow>> {
  optionChecks.object(options, 'options', ['owner', 'domain', 'campaign', ...pageFields])
  const limit = checkLimit(options.limit)
  const after = readCursor(options.after, [0, '', '']) ?? [null, null, null]
  const domain = optional(options.domain, 'domain', checkDomainName)
  const campaign = optional(options.campaign, 'campaign', checkName)
  const rows = await query(listSql, [checkOwner(options.owner), limit + 1, domain, ...after, campaign])
  const positionOf = (row: Row) => [toNumber(row.listed_at), row.domain as string, row.message_ref as string]
  return toPage(rows, limit, (row) => toMessageRow(row, rollupsOf(row)), positionOf)
}

const oneSql = `
SELECT ${columns}, c.subject AS campaign_subject, coalesce(m.html, c.html) AS html,
  (SELECT s.links::text FROM mailtrace_link_sets s
   WHERE s.domain = m.domain AND s.hash = coalesce(m.link_set, c.link_set)) AS links
FROM mailtrace_owners o
JOIN mailtrace_messages m ON m.domain = o.domain
LEFT JOIN mailtrace_campaigns c ON c.domain = m.domain AND c.campaign = m.campaign
WHERE o.owner = $1 AND m.message_ref = $2 AND ($3::text IS NULL OR m.domain = $3)
ORDER BY m.listed_at DESC, m.domain LIMIT 1`

const timelineSql = `
SELECT * FROM mailtrace_events WHERE domain = $1 AND message_ref = $2 ORDER BY time, seq LIMIT 500`

export async function findMessage(query: Query, options: FindMessageOptions): Promise<MessageDetail | null> {
  optionChecks.object(options, 'options', ['owner', 'domain', 'messageRef'])
  const messageRef = checkName(options.messageRef, 'messageRef')
  const domain = optional(options.domain, 'domain', checkDomainName)
  const [row] = await query(oneSql, [checkOwner(options.owner), messageRef, domain])
  if (row === undefined) return null
  const rollups = rollupsOf(row)
  const links = readLinks(row.links)
  const timeline = await query(timelineSql, [row.domain, messageRef])
  return {
    ...toMessageRow(row, rollups),
    summary: summaryOf(rollups, links, sentOf(rollups).tracked),
    timeline: timeline.map(toStoredEvent),
    html: row.html as string | null,
    links,
  }
}

function rollupsOf({ counted }: Row): Rollup[] {
  const read: Counted = counted === null ? countedNothing : JSON.parse(counted as string)
  return sharesOf(read).map((share) => ({ ...share, anonymous: 0, destination: null }))
}

function toMessageRow(row: Row, rollups: readonly Rollup[]): MessageRow {
  return {
    messageRef: row.message_ref as string,
    domain: row.domain as string,
    campaign: row.campaign as string | null,
    recipient: row.recipient as string | null,
    subject: (row.subject ?? row.campaign_subject) as string | null,
    sentAt: toNullableNumber(row.sent_at),
    issuedAt: toNullableNumber(row.issued_at),
    modes:
      row.saved === true
        ? { open: (row.open_mode as OpenMode | null) ?? false, click: (row.click_mode as ClickMode | null) ?? false }
        : null,
    forgotten: row.forgotten === true,
    ...countsOfAll(rollups),
  }
}
