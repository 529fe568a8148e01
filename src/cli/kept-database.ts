import type { Database } from '../store/index.ts'

/** What the store is kept in, of either make. */
export interface KeptDatabase extends Database {
  /** Lets go of it. All that was answered for is kept already. */
  readonly close: () => Promise<void>
}
