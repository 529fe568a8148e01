import { optionChecks } from '../checks.ts'
import { checkDomainName, checkName, checkOwner, optional } from './check-options.ts'
import { countsOfAll, daysOf, type Rollup, sentOf, summaryOf } from './counts.ts'
import { type Query, type Row, toNullableNumber, toNumber } from './database.ts'
import type { MessageLink } from './message-link.ts'
import type { CampaignDetail, CampaignRow, FindCampaignOptions, ListCampaignsOptions } from './numbers.ts'
import { checkLimit, type Page, pageFields, readCursor, toPage } from './page.ts'

/** Its first message is where an index begins; its numbers are some rows of the rollups. */
const firstSent = `
  (SELECT m.sent_at FROM mailtrace_messages m
   WHERE m.domain = c.domain AND m.campaign = c.campaign AND m.saved ORDER BY m.listed_at LIMIT 1) AS first_sent_at`

const listSql = `
SELECT c.domain, c.campaign, c.created_at, c.subject, c.last_event_at, ${firstSent},
  (SELECT json_agg(json_build_array(r.scope, r.key, r.actor, r.type, r.total, r.messages, r.anonymous, r.destination))::text
   FROM mailtrace_rollups r
   WHERE r.domain = c.domain AND r.campaign = c.campaign AND r.scope IN ('all', 'sent')) AS rollups
FROM (
  SELECT n.*
  FROM mailtrace_owners o
  CROSS JOIN LATERAL (
    SELECT domain, campaign, created_at, subject, last_event_at FROM mailtrace_campaigns
    WHERE domain = o.domain
      AND ($4::bigint IS NULL OR (created_at <= $4 AND (created_at, domain, campaign) < ($4, $5::text, $6::text)))
    ORDER BY created_at DESC, campaign DESC LIMIT $2::integer
  ) n
  WHERE o.owner = $1 AND ($3::text IS NULL OR o.domain = $3)
  ORDER BY n.created_at DESC, n.domain DESC, n.campaign DESC LIMIT $2::integer
) c
ORDER BY c.created_at DESC, c.domain DESC, c.campaign DESC`

export async function listCampaigns(query: Query, options: ListCampaignsOptions = {}): Promise<Page<CampaignRow>> {
  optionChecks.object(options, 'options', ['owner', 'domain', ...pageFields])
  const limit = checkLimit(options.limit)
  const after = readCursor(options.after, [0, '', '']) ?? [null, null, null]
  const domain = optional(options.domain, 'domain', checkDomainName)
  const rows = await query(listSql, [checkOwner(options.owner), limit + 1, domain, ...after])
  const positionOf = (row: Row) => [toNumber(row.created_at), row.domain as string, row.campaign as string]
  return toPage(rows, limit, (row) => toCampaignRow(row, readRollups(row.rollups)), positionOf)
}

const oneSql = `
SELECT c.domain, c.campaign, c.subject, c.html, c.last_event_at, ${firstSent},
  (SELECT json_agg(json_build_array(r.scope, r.key, r.actor, r.type, r.total, r.messages, r.anonymous, r.destination))::text
   FROM mailtrace_rollups r WHERE r.domain = c.domain AND r.campaign = c.campaign) AS rollups,
  (SELECT s.links::text FROM mailtrace_link_sets s WHERE s.domain = c.domain AND s.hash = c.link_set) AS links
FROM mailtrace_owners o JOIN mailtrace_campaigns c ON c.domain = o.domain
WHERE o.owner = $1 AND c.campaign = $2 AND ($3::text IS NULL OR c.domain = $3)
ORDER BY c.created_at DESC, c.domain LIMIT 1`

export async function findCampaign(query: Query, options: FindCampaignOptions): Promise<CampaignDetail | null> {
  optionChecks.object(options, 'options', ['owner', 'domain', 'campaign'])
  const campaign = checkName(options.campaign, 'campaign')
  const domain = optional(options.domain, 'domain', checkDomainName)
  const [row] = await query(oneSql, [checkOwner(options.owner), campaign, domain])
  if (row === undefined) return null
  const rollups = readRollups(row.rollups)
  const links = readLinks(row.links)
  const { tracked } = sentOf(rollups)
  return {
    ...toCampaignRow(row, rollups),
    summary: summaryOf(rollups, links, tracked),
    days: daysOf(rollups),
    html: row.html as string | null,
    links,
  }
}

function toCampaignRow(row: Row, rollups: readonly Rollup[]): CampaignRow {
  return {
    campaign: row.campaign as string,
    domain: row.domain as string,
    subject: row.subject as string | null,
    ...sentOf(rollups),
    firstSentAt: toNullableNumber(row.first_sent_at),
    lastEventAt: toNullableNumber(row.last_event_at),
    ...countsOfAll(rollups),
  }
}

function readRollups(json: unknown): Rollup[] {
  if (json === null) return []
  const rows: [Rollup['scope'], string, Rollup['actor'], Rollup['type'], number, number, number, string | null][] =
    JSON.parse(json as string)
  return rows.map(([scope, key, actor, type, total, messages, anonymous, destination]) => ({
    scope,
    key,
    actor,
    type,
    total,
    messages,
    anonymous,
    destination,
  }))
}

export const readLinks = (json: unknown): MessageLink[] => (json === null ? [] : JSON.parse(json as string))
