// What counted.ts says, said once more in SQL and from scratch: of each message what is kept and what its events are, and of that
// the rollups.

import type { Query } from './database.ts'
import { judge } from './judge-messages.ts'

// The lock is what every statement that counts takes in a weaker form when it begins: none of them is under way, and those that
// follow see what is written here.
export const recountSql = `DO $mailtrace$
BEGIN
LOCK TABLE mailtrace_rollups IN EXCLUSIVE MODE;

UPDATE mailtrace_messages m
SET version = m.version + 1, counted = jsonb_build_object('campaign', m.campaign, 'cells', coalesce(c.cells, '[]'),
  'twins', coalesce(c.twins, '[]'), 'sent',
  CASE WHEN m.saved THEN jsonb_build_object(
    'open', coalesce(m.open_mode IN ('full', 'identified'), false),
    'click', coalesce(m.click_mode IN ('full', 'identified'), false)) END)
FROM (
  SELECT n.domain, n.message_ref, c.cells, s.twins
  FROM mailtrace_messages n
  LEFT JOIN mailtrace_campaigns p ON p.domain = n.domain AND p.campaign = n.campaign
  LEFT JOIN mailtrace_link_sets s ON s.domain = n.domain AND s.hash = coalesce(n.link_set, p.link_set)
  LEFT JOIN (
  SELECT domain, message_ref, jsonb_agg(jsonb_build_array(day, actor, type, part, index, events)) AS cells
  FROM (
    SELECT domain, message_ref, day, actor, type, part, index, sum(events) AS events
    FROM (
      SELECT domain, message_ref, time / 86400000 AS day, actor, type, coalesce(part, '') AS part,
        coalesce(link_index, -1) AS index, 1 AS events
      FROM mailtrace_events WHERE message_ref <> ''
      UNION ALL
      SELECT domain, message_ref, (k ->> 0)::bigint, k ->> 1, k ->> 2, k ->> 3, (k ->> 4)::integer, (k ->> 5)::integer
      FROM mailtrace_messages, jsonb_array_elements(kept) k
    ) one
    GROUP BY domain, message_ref, day, actor, type, part, index
  ) cell
  GROUP BY domain, message_ref
  ) c ON c.domain = n.domain AND c.message_ref = n.message_ref
) c
WHERE m.domain = c.domain AND m.message_ref = c.message_ref;

UPDATE mailtrace_rollups SET total = kept, messages = 0, anonymous = kept;

INSERT INTO mailtrace_rollups AS r (domain, campaign, scope, key, actor, type, total, messages, anonymous)
SELECT domain, campaign, scope, key, actor, type, sum(events), count(DISTINCT message_ref), sum(anonymous)
FROM (
  SELECT m.domain, m.campaign, m.message_ref, s.scope, s.key, cell ->> 1 AS actor, s.type, (cell ->> 5)::bigint AS events,
    0 AS anonymous
  FROM mailtrace_messages m
  CROSS JOIN LATERAL jsonb_array_elements(m.counted -> 'cells') cell
  CROSS JOIN LATERAL (VALUES
    ('all', '', cell ->> 2),
    ('all', '', CASE cell ->> 1 WHEN 'person' THEN 'read' END),
    ('day', cell ->> 0, cell ->> 2),
    ('link', (cell ->> 3) || ' ' || coalesce(
      (SELECT t ->> 1 FROM jsonb_array_elements(m.counted -> 'twins') t WHERE cell ->> 3 = 'html' AND t ->> 0 = cell ->> 4),
      cell ->> 4), CASE cell ->> 2 WHEN 'click' THEN 'click' END)) AS s(scope, key, type)
  UNION ALL
  SELECT m.domain, m.campaign, m.message_ref, 'sent', '', '', s.type, 1, 0
  FROM mailtrace_messages m
  CROSS JOIN LATERAL (VALUES
    ('message', m.saved),
    ('open', m.saved AND m.open_mode IN ('full', 'identified')),
    ('click', m.saved AND m.click_mode IN ('full', 'identified')),
    ('either', m.saved AND (m.open_mode IN ('full', 'identified') OR m.click_mode IN ('full', 'identified')))) AS s(type, holds)
  WHERE s.holds
  UNION ALL
  SELECT e.domain, e.campaign, NULL, s.scope, s.key, e.actor, e.type, 1, 1
  FROM mailtrace_events e
  CROSS JOIN LATERAL (VALUES
    ('all', ''), ('day', (e.time / 86400000)::text), ('link', e.part || ' ' || e.link_index)) AS s(scope, key)
  WHERE e.message_ref = '' AND s.key IS NOT NULL
) share
WHERE campaign IS NOT NULL AND type IS NOT NULL
GROUP BY domain, campaign, scope, key, actor, type
ON CONFLICT (domain, campaign, scope, key, actor, type) DO UPDATE
SET total = r.total + excluded.total, messages = excluded.messages, anonymous = r.anonymous + excluded.anonymous;

DELETE FROM mailtrace_rollups WHERE total = 0 AND messages = 0 AND destination IS NULL;
END
$mailtrace$`

export async function rebuild(query: Query): Promise<void> {
  await judge(query, { all: true })
  await query(recountSql)
}
