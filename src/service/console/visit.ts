import type { Identity } from '../service-options.ts'

/** Who looks at a page, and when. */
export interface Visit {
  readonly identity: Identity
  readonly canWrite: boolean
  /** Whether it is a session of the console's own. */
  readonly canSignOut: boolean
  /** What each form of the page carries. */
  readonly formToken: string
  /** In ms since the epoch. */
  readonly now: number
}
