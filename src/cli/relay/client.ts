import type { Mailbox } from './mailbox.ts'
import type { Sender, UpstreamSession } from './upstream-session.ts'

/** What is known of one client. */
export interface Client {
  readonly upstream: UpstreamSession
  sender: Sender | null
  recipients: Mailbox[]
  /** Wrong passwords. */
  guesses: number
  /** Sending a message: from DATA on, until it is answered. */
  state: 'idle' | 'receiving' | 'sending' | 'gone'
}

export const isGone = (client: Client): boolean => client.state === 'gone'
