import type { OpenMode } from '../config/tracking-modes.ts'
import type { ReferenceQuery, StoredReference } from '../receiver/receiver-options.ts'
import { type Query, toNullableNumber } from './database.ts'
import { storableText } from './storable-text.ts'

// An anonymous reference is a campaign's: no message has it.
const findSql = `
WITH found AS (
  SELECT 0 AS rank, issued_at, campaign, link_set, CASE WHEN $3::text IS NULL THEN open_mode ELSE click_mode END AS mode
  FROM mailtrace_messages WHERE domain = $1 AND message_ref = $2 AND saved
  UNION ALL
  SELECT 1, created_at, campaign, link_set, 'anonymous'
  FROM mailtrace_campaigns WHERE domain = $1 AND campaign = $2
  ORDER BY rank LIMIT 1
)
SELECT f.issued_at, f.campaign, f.mode, (
  SELECT l ->> 'destination' FROM mailtrace_link_sets s, jsonb_array_elements(s.links) l
  WHERE s.domain = $1 AND s.hash = coalesce(f.link_set, (
    SELECT c.link_set FROM mailtrace_campaigns c WHERE c.domain = $1 AND c.campaign = f.campaign))
    AND l ->> 'part' = $3::text AND (l -> 'index')::bigint = $4::bigint
  LIMIT 1
) AS destination
FROM found f
WHERE f.mode IS NOT NULL`

/** Anybody can ask for any reference: what is odd is unknown, and nothing throws. */
export async function findReference(query: Query, asked: ReferenceQuery): Promise<StoredReference | null> {
  const { domain, ref } = asked
  const link = asked.kind === 'click' ? [asked.part, asked.index] : [null, null]
  const [found] = await query(findSql, [storableText(domain).toLowerCase(), storableText(ref), ...link])
  if (found === undefined) return null
  return {
    destination: found.destination as string | null,
    issuedAt: toNullableNumber(found.issued_at),
    mode: found.mode as OpenMode,
    campaignRef: found.campaign as string | null,
  }
}
