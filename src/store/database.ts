/** What is asked of a database: `pg`'s pool and PGlite fit, and nothing of either is imported. */
export interface Database {
  /** Runs one statement with `$1`, `$2`, … for its values, in a transaction of its own, and gives its rows. */
  readonly query: (text: string, values?: unknown[]) => Promise<{ readonly rows: readonly Row[] }>
}

export type Row = Readonly<Record<string, unknown>>

/** Runs one statement of the store; see {@link createQuery}. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/**
 * 40001 serialization_failure, 40P01 deadlock_detected: the statement did nothing and may be run again
 * (PostgreSQL manual, appendix A and section 13.5).
 */
const retryCodes: readonly unknown[] = ['40001', '40P01']
const maxAttempts = 10

export function createQuery(database: Database['query']): Query {
  return async (text, values = []) => {
    for (let attempt = 1; ; attempt++) {
      try {
        // A copy: a driver may turn the values in place.
        return (await database(text, [...values])).rows
      } catch (cause) {
        const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null
        if (attempt === maxAttempts || !retryCodes.includes(code)) throw cause
      }
    }
  }
}

/** A bigint: pg gives text, PGlite a number or a BigInt. All that is stored here is a safe integer. */
export const toNumber = (value: unknown): number => Number(value)

export const toNullableNumber = (value: unknown): number | null => (value === null ? null : Number(value))
