import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../store/index.ts'

/** One statement, under a lock of its own: processes that start at once would make the table twice. */
const createTable = `DO $$ BEGIN
PERFORM pg_advisory_xact_lock(${0x6d_74_73_76});
CREATE TABLE IF NOT EXISTS mailtrace_serve (name text PRIMARY KEY, value text NOT NULL);
END $$`

/** In bytes. */
const keyLength = 32

/** Whether a request brings the key. */
export type AcceptsKey = (given: string) => boolean

/** A key that whoever started the program has chosen. */
export const acceptOnly = (key: string): AcceptsKey => acceptHash(hash(key))

/**
 * The API's key, made by the first of all starts on a database.
 *
 * @returns `fresh`: the key, at the first start; `null` later, as only its hash is kept
 */
export async function keepKey({
  query,
}: Database): Promise<{ readonly fresh: string | null; readonly accepts: AcceptsKey }> {
  await query(createTable)
  const key = `mt_${randomBytes(keyLength).toString('base64url')}`
  const { rows: made } = await query(
    "INSERT INTO mailtrace_serve VALUES ('api-key-sha256', $1) ON CONFLICT DO NOTHING RETURNING value",
    [hash(key).toString('hex')],
  )
  const { rows } = await query("SELECT value FROM mailtrace_serve WHERE name = 'api-key-sha256'")
  return { fresh: made.length > 0 ? key : null, accepts: acceptHash(Buffer.from(String(rows[0]?.value), 'hex')) }
}

/** No slow one: of 256 random bits nobody tries all. */
const hash = (key: string): Buffer => createHash('sha256').update(key).digest()

const acceptHash =
  (kept: Buffer): AcceptsKey =>
  (given) =>
    timingSafeEqual(hash(given), kept)
