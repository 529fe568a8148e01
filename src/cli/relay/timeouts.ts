/** How long is waited, in ms. RFC 5321 section 4.5.3.2 has the least that a client must wait. */
export interface Timeouts {
  /** For a connection to the upstream, its greeting, TLS and AUTH, each. */
  readonly openMs: number
  /** For the answer to a command. */
  readonly commandMs: number
  /** For the upstream to take the next bytes of a message. */
  readonly blockMs: number
  /**
   * For the answer to a message. Who gives up on it does not know whether it was taken, so it is as long as clients wait: ten
   * minutes.
   */
  readonly messageMs: number
  /** For the next bytes of a client. */
  readonly clientMs: number
  /** For a client to finish the message it sends, once the relay was told to stop. */
  readonly drainMs: number
}

export const defaultTimeouts: Timeouts = {
  // Shorter than the standard has it: the client waits for this with its own MAIL, five minutes at least.
  openMs: 30_000,
  commandMs: 120_000,
  blockMs: 180_000,
  messageMs: 600_000,
  clientMs: 300_000,
  drainMs: 5_000,
}
