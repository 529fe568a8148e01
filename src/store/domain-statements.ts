// Each is one statement, so that a pool keeps it whole.

/** $1 owner, $2 name, $3 now, $4 config, $5 keys, $6 hosts. No row: the name has another owner. */
export const insertDomain = `
WITH owned AS (
  INSERT INTO mailtrace_owners AS known (domain, owner) VALUES ($2::text, $1::text)
  ON CONFLICT (domain) DO UPDATE SET owner = EXCLUDED.owner WHERE known.owner = EXCLUDED.owner
  RETURNING domain
), created AS (
  INSERT INTO mailtrace_domains (id, owner, name, version, created_at, config, signing_keys, checks)
  SELECT gen_random_uuid(), $1::text, owned.domain, 1, $3::bigint, $4::json, $5::json, '{}' FROM owned
  RETURNING *
), listed AS (
  INSERT INTO mailtrace_hosts (host, domain_id, due_at)
  SELECT wanted.host, created.id, wanted.due_at
  FROM created, json_to_recordset($6::json) AS wanted (host text, due_at bigint) ORDER BY wanted.host
)
SELECT * FROM created`

/**
 * $1 id, $2 owner, $3 version, $4 name, $5 config, $6 keys, $7 checks, $8 hosts; keys and checks that are NULL stay. No row: not
 * this version, another name, or a host is missing. A host that another domain has violates the primary key.
 */
const changeDomain = (removed: 'IS NULL' | 'IS NOT NULL'): string => `
WITH wanted AS (
  SELECT * FROM json_to_recordset($8::json) AS wanted (host text, due_at bigint)
), changed AS (
  UPDATE mailtrace_domains SET
    version = version + 1,
    removed_at = NULL,
    config = $5::json,
    signing_keys = coalesce($6::json, signing_keys),
    checks = coalesce($7::json, checks)
  WHERE id = $1::uuid AND owner = $2::text AND version = $3::bigint AND name = $4::text AND removed_at ${removed}
    AND NOT EXISTS (
      SELECT FROM mailtrace_hosts WHERE domain_id = $1::uuid AND host NOT IN (SELECT wanted.host FROM wanted)
    )
  RETURNING *
), kept AS (
  UPDATE mailtrace_hosts SET due_at = wanted.due_at FROM wanted, changed
  WHERE mailtrace_hosts.host = wanted.host AND mailtrace_hosts.domain_id = changed.id
), added AS (
  INSERT INTO mailtrace_hosts (host, domain_id, due_at)
  SELECT wanted.host, changed.id, wanted.due_at FROM wanted, changed
  WHERE NOT EXISTS (SELECT FROM mailtrace_hosts known WHERE known.host = wanted.host AND known.domain_id = changed.id)
  ORDER BY wanted.host
)
SELECT * FROM changed`

export const updateDomain: string = changeDomain('IS NULL')
export const reviveDomain: string = changeDomain('IS NOT NULL')

/** $1 id, $2 owner, $3 version. Whoever is left without mail and domain of this name gives the name back. */
export const deleteDomain = `
WITH gone AS (
  DELETE FROM mailtrace_domains
  WHERE id = $1::uuid AND owner = $2::text AND version = $3::bigint AND removed_at IS NULL
  RETURNING id, name
), freed AS (
  DELETE FROM mailtrace_owners USING gone WHERE mailtrace_owners.domain = gone.name
    AND NOT EXISTS (SELECT FROM mailtrace_messages WHERE mailtrace_messages.domain = gone.name)
    AND NOT EXISTS (SELECT FROM mailtrace_campaigns WHERE mailtrace_campaigns.domain = gone.name)
    AND NOT EXISTS (SELECT FROM mailtrace_events WHERE mailtrace_events.domain = gone.name)
)
SELECT id FROM gone`

/** $1 id, $2 owner, $3 version, $4 now, $5 config, $6 the hosts that are kept answering. */
export const removeDomain = `
WITH kept AS (
  SELECT * FROM json_array_elements_text($6::json) AS kept (host)
), removed AS (
  UPDATE mailtrace_domains SET version = version + 1, removed_at = $4::bigint, config = $5::json
  WHERE id = $1::uuid AND owner = $2::text AND version = $3::bigint AND removed_at IS NULL
  RETURNING id
), freed AS (
  DELETE FROM mailtrace_hosts USING removed
  WHERE mailtrace_hosts.domain_id = removed.id AND mailtrace_hosts.host NOT IN (SELECT kept.host FROM kept)
), quiet AS (
  UPDATE mailtrace_hosts SET due_at = NULL FROM removed
  WHERE mailtrace_hosts.domain_id = removed.id AND mailtrace_hosts.host IN (SELECT kept.host FROM kept)
)
SELECT id FROM removed`

/** $1 id, $2 owner */
export const selectDomain = `
SELECT * FROM mailtrace_domains WHERE id = $1::uuid AND owner = $2::text AND removed_at IS NULL`

/** $1 owner, $2 name */
export const selectByName = `
SELECT * FROM mailtrace_domains WHERE owner = $1::text AND name = $2::text AND removed_at IS NULL`

/** $1 owner, $2 name. One that is there, else one that was removed. */
export const selectFormer = `
SELECT * FROM mailtrace_domains WHERE owner = $1::text AND name = $2::text ORDER BY removed_at NULLS FIRST`

/** $1 owner, $2 the name to go on behind, $3 limit */
export const selectAfter = `
SELECT * FROM mailtrace_domains WHERE owner = $1::text AND removed_at IS NULL AND name > $2::text
ORDER BY name LIMIT $3::int`

/** $1 owner, $2 the name to go back from, $3 limit */
export const selectBefore = `
SELECT * FROM mailtrace_domains WHERE owner = $1::text AND removed_at IS NULL AND name < $2::text
ORDER BY name DESC LIMIT $3::int`

/** $1 host */
export const selectByHost = `
SELECT domains.config, domains.signing_keys FROM mailtrace_hosts hosts
JOIN mailtrace_domains domains ON domains.id = hosts.domain_id WHERE hosts.host = $1::text`

/**
 * $1 now, $2 limit, $3 until when they are claimed. A second process that has read the same hosts waits for the first, and
 * finds that they are due no more.
 */
export const claimHosts = `
WITH due AS (
  SELECT host FROM mailtrace_hosts WHERE due_at <= $1::bigint ORDER BY due_at LIMIT $2::int
), claimed AS (
  UPDATE mailtrace_hosts SET due_at = $3::bigint FROM due
  WHERE mailtrace_hosts.host = due.host AND mailtrace_hosts.due_at <= $1::bigint
  RETURNING mailtrace_hosts.host, mailtrace_hosts.domain_id
)
SELECT domains.*, claimed.host FROM claimed JOIN mailtrace_domains domains ON domains.id = claimed.domain_id
ORDER BY claimed.host`
