/** `0002-domains.sql` beside this file is the same, to read and for tools. */
export const sql: string = `
CREATE TABLE mailtrace_domains (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL,                 -- one more with each change: for compare and set
  created_at bigint NOT NULL,              -- all times: ms since the epoch
  removed_at bigint,                       -- its hosts go on answering, for the links in sent mail
  config json NOT NULL,                    -- without keys
  signing_keys json NOT NULL,              -- empty where they are kept outside
  checks json NOT NULL                     -- what the last check of each host found
);
CREATE UNIQUE INDEX mailtrace_domains_name ON mailtrace_domains (name) WHERE removed_at IS NULL;
CREATE INDEX mailtrace_domains_owner ON mailtrace_domains (owner, name);

-- Every tracking host, former ones and those of removed domains included: each has one domain.
CREATE TABLE mailtrace_hosts (
  host text PRIMARY KEY,
  domain_id uuid NOT NULL REFERENCES mailtrace_domains (id) ON DELETE CASCADE,
  due_at bigint                            -- when its DNS is checked next; NULL: never
);
CREATE INDEX mailtrace_hosts_domain ON mailtrace_hosts (domain_id);
CREATE INDEX mailtrace_hosts_due ON mailtrace_hosts (due_at);
`
