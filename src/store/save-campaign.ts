import { optionChecks } from '../checks.ts'
import { MailtraceError, quote } from '../errors.ts'
import { checkDomainName, checkName, checkText, defaultOwner, optional } from './check-options.ts'
import type { Query } from './database.ts'
import { settleStale } from './judge-messages.ts'
import { readLinks } from './link-sets.ts'
import type { SaveCampaignOptions } from './messages.ts'

const fields = ['owner', 'domain', 'campaign', 'subject', 'html', 'links', 'now']

// Messages that have no links of their own are judged by those of the campaign.
const saveSql = `
WITH owned AS (
  INSERT INTO mailtrace_owners AS o (domain, owner) VALUES ($1, coalesce($2::text, $3))
  ON CONFLICT (domain) DO UPDATE SET owner = o.owner
  RETURNING owner
), gate AS MATERIALIZED (
  SELECT FROM owned WHERE $2::text IS NULL OR owner = $2::text
), linked AS MATERIALIZED (
  SELECT md5(links::text) AS hash, links, size, twins
  FROM json_to_record($8::json) AS l(links jsonb, size integer, twins jsonb)
), kept AS (
  INSERT INTO mailtrace_link_sets (domain, hash, links, size, twins)
  SELECT $1, hash, links, size, twins FROM linked, gate WHERE links IS NOT NULL
  ON CONFLICT DO NOTHING
), saved AS (
  INSERT INTO mailtrace_campaigns AS c (domain, campaign, created_at, subject, html, link_set)
  SELECT $1, $4, $5::bigint, $6::text, $7::text, (SELECT hash FROM linked WHERE links IS NOT NULL) FROM gate
  ON CONFLICT (domain, campaign) DO UPDATE
  SET subject = coalesce(excluded.subject, c.subject), html = coalesce(excluded.html, c.html),
    link_set = coalesce(excluded.link_set, c.link_set)
), stale AS (
  UPDATE mailtrace_messages m SET stale = true, version = version + 1
  FROM linked, gate
  WHERE m.domain = $1 AND m.campaign = $4 AND m.link_set IS NULL AND m.events > 0 AND linked.links IS NOT NULL
)
SELECT owner FROM owned`

export async function saveCampaign(query: Query, options: SaveCampaignOptions): Promise<void> {
  optionChecks.object(options, 'options', fields)
  const domain = checkDomainName(options.domain, 'domain')
  const owner = optional(options.owner, 'owner', checkName)
  const [saved] = await query(saveSql, [
    domain,
    owner,
    defaultOwner,
    checkName(options.campaign, 'campaign'),
    Math.floor(optionChecks.time(options.now, 'now')),
    optional(options.subject, 'subject', checkText),
    optional(options.html, 'html', checkText),
    JSON.stringify(options.links === undefined ? {} : (readLinks(options.links, 'links') ?? {})),
  ])
  if (owner !== null && saved!.owner !== owner) {
    throw new MailtraceError(
      'domain-taken',
      `domain ${quote(domain)} is another owner's: save campaigns under its owner`,
    )
  }
  while ((await settleStale(query)) > 0);
}
