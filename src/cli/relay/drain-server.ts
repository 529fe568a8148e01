import type { Client } from './client.ts'
import type { SMTPServer } from './smtp-server.ts'

/** In ms: how often is looked who has been answered in the meantime. */
const drainStepMs = 50

/** Takes no new client and no new message, and settles when every message that had begun is answered. */
export async function drainServer(
  server: SMTPServer,
  clients: ReadonlyMap<string, Client>,
  drainMs: number,
): Promise<void> {
  const isClosed = new Promise<void>((resolve) => server.close(resolve))
  const deadline = performance.now() + drainMs
  function endIdle(): void {
    for (const connection of server.connections) {
      const state = clients.get(connection.id)?.state
      // What is with the upstream is waited for. Nobody's message is cut off before its client had some time.
      if (state === 'sending' || (state === 'receiving' && performance.now() < deadline)) continue
      connection.send(421, '4.3.2 the relay is stopping')
      connection.close()
    }
  }
  endIdle()
  const timer = setInterval(endIdle, drainStepMs)
  await isClosed
  clearInterval(timer)
}
