import { sql as eventsAndMessages } from './0001-events-and-messages.ts'
import { sql as domains } from './0002-domains.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  /** Statements, each with its semicolon, of constants alone. */
  readonly sql: string
}

/** In order. What has been released is never changed: another one follows it. */
export const migrations: readonly Migration[] = [
  { number: 1, name: '0001-events-and-messages', sql: eventsAndMessages },
  { number: 2, name: '0002-domains', sql: domains },
]
