// Each migration is one statement: a pool gives no transaction over several, and a DO block is one.

import type { Query } from './database.ts'
import { migrations } from './migrations/migrations.ts'

/**
 * Brings the tables up to date. Any number of processes may do so at once: each migration runs under a lock, in one transaction,
 * and only where it has not run.
 */
export async function migrate(query: Query): Promise<void> {
  for (const { number, sql } of migrations) await query(migrationBlock(number, sql))
}

/** Ours alone: the ASCII codes of `mtrc`. */
const lock = 0x6d_74_72_63

/** Of constants alone, as all of `migrations` is. */
export const migrationBlock = (number: number, sql: string): string => `DO $mailtrace$
BEGIN
PERFORM pg_advisory_xact_lock(${lock});
CREATE TABLE IF NOT EXISTS mailtrace_migrations (number integer PRIMARY KEY);
IF EXISTS (SELECT FROM mailtrace_migrations WHERE mailtrace_migrations.number = ${number}) THEN RETURN; END IF;
${sql}
INSERT INTO mailtrace_migrations VALUES (${number});
END
$mailtrace$`
