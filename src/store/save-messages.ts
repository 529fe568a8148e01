import { optionChecks } from '../checks.ts'
import type { Activation } from '../config/activation.ts'
import { type ClickMode, clickModes, type OpenMode, openModes } from '../config/tracking-modes.ts'
import { randomRef } from '../tracking-url/random-ref.ts'
import { checkDomainName, checkName, checkText, optional } from './check-options.ts'
import type { Query } from './database.ts'
import { settleBlocks } from './judge-messages.ts'
import { type LinkSet, readOutcomeLinks } from './link-sets.ts'
import type { MessageDetails, SavedOutcome } from './messages.ts'

const detailFields = ['domain', 'campaign', 'recipient', 'sentAt', 'subject', 'html']

interface MessageColumns {
  readonly domain: string
  readonly message_ref: string
  readonly campaign: string | null
  readonly recipient: string | null
  readonly subject: string | null
  readonly html: string | null
  readonly sent_at: number
  readonly issued_at: number
  readonly open_mode: string | null
  readonly click_mode: string | null
}

// Saved again, a message keeps what is not said anew. An erased one stays erased. Messages that were not saved are judged by the
// links of their campaign, which may come with this one.
const saveSql = `
WITH given AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS g(
    domain text, message_ref text, campaign text, recipient text, subject text, html text, sent_at bigint, issued_at bigint,
    open_mode text, click_mode text, link_set integer)
), linked AS MATERIALIZED (
  SELECT n, domain, md5(links::text) AS hash, links, size, twins
  FROM json_to_recordset($2::json) AS l(n integer, domain text, links jsonb, size integer, twins jsonb)
), kept AS (
  INSERT INTO mailtrace_link_sets (domain, hash, links, size, twins)
  SELECT DISTINCT ON (domain, hash) domain, hash, links, size, twins FROM linked
  ORDER BY domain, hash
  ON CONFLICT DO NOTHING
), owned AS (
  INSERT INTO mailtrace_owners (domain, owner)
  SELECT DISTINCT domain, 'default' FROM given
  WHERE NOT EXISTS (SELECT FROM mailtrace_owners o WHERE o.domain = given.domain)
  ORDER BY 1
  ON CONFLICT DO NOTHING
), met AS (
  INSERT INTO mailtrace_campaigns AS c (domain, campaign, created_at, link_set)
  SELECT DISTINCT ON (g.domain, g.campaign) g.domain, g.campaign, g.sent_at, l.hash
  FROM given g LEFT JOIN linked l ON l.n = g.link_set
  WHERE g.campaign IS NOT NULL
  ORDER BY g.domain, g.campaign, l.hash, g.sent_at
  ON CONFLICT (domain, campaign) DO UPDATE SET link_set = excluded.link_set
  WHERE c.link_set IS NULL AND excluded.link_set IS NOT NULL
  RETURNING domain, campaign, link_set
), stale AS (
  UPDATE mailtrace_messages m SET stale = true, version = version + 1
  FROM met
  WHERE m.domain = met.domain AND m.campaign = met.campaign AND m.link_set IS NULL AND m.events > 0
    AND met.link_set IS NOT NULL
    AND NOT EXISTS (SELECT FROM given g WHERE g.domain = m.domain AND g.message_ref = m.message_ref)
  RETURNING m.domain, m.message_ref, m.events
), saved AS (
INSERT INTO mailtrace_messages AS m (domain, message_ref, campaign, recipient, subject, html, sent_at, issued_at, listed_at,
  open_mode, click_mode, link_set, saved, stale)
SELECT g.domain, g.message_ref, g.campaign, g.recipient, g.subject, g.html, g.sent_at, g.issued_at, g.sent_at,
  g.open_mode, g.click_mode, l.hash, true, true
FROM given g LEFT JOIN linked l ON l.n = g.link_set
ORDER BY g.domain, g.message_ref
ON CONFLICT (domain, message_ref) DO UPDATE SET
  campaign = coalesce(excluded.campaign, m.campaign), recipient = coalesce(excluded.recipient, m.recipient),
  subject = coalesce(excluded.subject, m.subject), html = coalesce(excluded.html, m.html), sent_at = excluded.sent_at,
  issued_at = excluded.issued_at, listed_at = excluded.sent_at, open_mode = excluded.open_mode,
  click_mode = excluded.click_mode, link_set = coalesce(excluded.link_set, m.link_set), saved = true, stale = true,
  version = m.version + 1
WHERE NOT m.forgotten
RETURNING domain, message_ref, events
)
SELECT * FROM saved UNION ALL SELECT * FROM stale`

export async function saveMessages(
  query: Query,
  messages: readonly { readonly outcome: SavedOutcome; readonly details: MessageDetails }[],
): Promise<void> {
  const columns = new Map<string, MessageColumns & { readonly link_set: number | null }>()
  const sets = new Map<string, LinkSet & { readonly n: number; readonly domain: string }>()
  for (const message of optionChecks.list(messages, 'messages')) {
    const { outcome, details } = message as (typeof messages)[number]
    const read = readMessage(outcome, details)
    const set = readOutcomeLinks(outcome)
    const name = JSON.stringify([read.domain, set?.links])
    if (set !== null && !sets.has(name)) sets.set(name, { ...set, n: sets.size, domain: read.domain })
    columns.set(`${read.domain} ${read.message_ref}`, { ...read, link_set: sets.get(name)?.n ?? null })
  }
  if (columns.size === 0) return
  const saved = await query(saveSql, [JSON.stringify([...columns.values()]), JSON.stringify([...sets.values()])])
  await settleBlocks(query, saved)
}

function readMessage(outcome: SavedOutcome, details: MessageDetails): MessageColumns {
  optionChecks.object(details, 'details', detailFields)
  const { messageRef } = outcome
  const time = (value: unknown, path: string) => Math.floor(optionChecks.time(value, path))
  const saidSent = details.sentAt ?? outcome.sentAt
  const sentAt = saidSent === undefined ? null : time(saidSent, 'sentAt')
  const issued_at =
    sentAt !== null && outcome.issuedAt === undefined ? sentAt : time(outcome.issuedAt, 'outcome.issuedAt')
  const { open, click } = modesOf(outcome.activation)
  return {
    domain: checkDomainName(details.domain, 'domain'),
    // Nothing leads back to a message without one, but it is sent all the same.
    message_ref: messageRef === null ? randomRef() : checkName(messageRef, 'outcome.messageRef'),
    campaign: optional(details.campaign, 'campaign', checkName),
    recipient: optional(details.recipient, 'recipient', checkText),
    subject: optional(details.subject, 'subject', checkText),
    html: optional(details.html, 'html', checkText),
    sent_at: sentAt ?? issued_at,
    issued_at,
    open_mode: open || null,
    click_mode: click || null,
  }
}

function modesOf(activation: Activation): { readonly open: OpenMode | false; readonly click: ClickMode | false } {
  if (!activation.active) return { open: false, click: false }
  const { oneOf } = optionChecks
  return {
    open: oneOf<OpenMode | false>(activation.open, 'outcome.activation.open', [...openModes, false]),
    click: oneOf<ClickMode | false>(activation.click, 'outcome.activation.click', [...clickModes, false]),
  }
}
