import type { Mailbox } from './mailbox.ts'
import { isPositive, type Reply } from './reply.ts'
import { openSmtpClient, type SmtpClient } from './smtp-client.ts'
import type { Timeouts } from './timeouts.ts'
import type { Upstream } from './upstream.ts'
import { hasEightBits, toWire } from './wire.ts'

/** Who sends, as the client said it in MAIL. */
export interface Sender extends Mailbox {
  /** The client says that the message needs SMTPUTF8. */
  readonly isUtf8: boolean
  /** In bytes, as announced; `null` if it was not. */
  readonly size: number | null
}

/** The upstream's side of one client's session. Its connection is opened with the first MAIL and kept for the next. */
export interface UpstreamSession {
  /** Begins a transaction. One that was not finished is given up first. */
  readonly mail: (sender: Sender) => Promise<Reply>
  readonly rcpt: (recipient: Mailbox) => Promise<Reply>
  /** Ends the transaction: the message is with the upstream if and only if the answer is positive. */
  readonly data: (message: Uint8Array) => Promise<Reply>
  readonly close: () => void
}

/** @param onExtensions told what an upstream can, each time that one is reached */
export function createUpstreamSession(
  upstream: Upstream,
  name: string,
  timeouts: Timeouts,
  onExtensions: (extensions: SmtpClient['extensions']) => void,
): UpstreamSession {
  let client: SmtpClient | null = null
  /** Something was said that RSET must undo before the next MAIL. Postfix keeps the SIZE of a MAIL that it refused. */
  let isWithin = false
  let isUtf8 = false
  let isClosed = false

  async function begin(sender: Sender): Promise<Reply> {
    const extensions = client!.extensions
    isUtf8 = extensions.has('SMTPUTF8') && (sender.isUtf8 || sender.needsUtf8)
    // RFC 6531 section 3.5
    if ((sender.isUtf8 || sender.needsUtf8) && !isUtf8)
      return { code: 550, lines: ['5.6.7 the upstream takes no SMTPUTF8'] }
    const parameters = [
      sender.size !== null && extensions.has('SIZE') ? ` SIZE=${sender.size}` : '',
      // Said for mail that is all ASCII too: what the client announces is a promise that not all keep.
      extensions.has('8BITMIME') ? ' BODY=8BITMIME' : '',
      isUtf8 ? ' SMTPUTF8' : '',
    ]
    return await client!.command(`MAIL FROM:<${sender.address}>${parameters.join('')}`)
  }

  async function open(): Promise<Reply | null> {
    client?.quit()
    const opened = await openSmtpClient(upstream, name, timeouts)
    if ('code' in opened) return opened
    client = opened
    onExtensions(client.extensions)
    // Whom it was for has left meanwhile.
    if (isClosed) client.quit()
    return null
  }

  async function mail(sender: Sender): Promise<Reply> {
    if (client?.isOpen() && isWithin && !isPositive(await client.command('RSET'))) client.quit()
    isWithin = true
    const isKept = client?.isOpen() === true
    const failed = isKept ? null : await open()
    if (failed) return failed
    let reply = await begin(sender)
    // The upstream may have left a connection that was idle; nothing of this message has been said yet.
    if (isKept && (reply.isDown || reply.code === 421)) {
      reply = (await open()) ?? (await begin(sender))
    }
    return checked(reply)
  }

  /** 2xx, 4xx or 5xx are what commands can be answered with. */
  const checked = (reply: Reply): Reply =>
    reply.code >= 300 && reply.code < 400 ? { code: 451, lines: [`4.5.0 the upstream answers ${reply.code}`] } : reply

  return {
    mail,
    rcpt: async ({ address, needsUtf8 }) => {
      if (needsUtf8 && !isUtf8) return { code: 553, lines: ['5.6.7 an address that is not ASCII needs SMTPUTF8'] }
      return checked(await client!.command(`RCPT TO:<${address}>`))
    },
    data: async (message) => {
      // RFC 6152 section 3: not passed on as it is, and converting it is not what a relay of marked-up mail should risk.
      if (!client!.extensions.has('8BITMIME') && hasEightBits(message)) {
        return { code: 554, lines: ['5.6.3 the upstream takes no 8BITMIME: encode the message'] }
      }
      const reply = checked(await client!.sendMessage(toWire(message)))
      isWithin = !isPositive(reply)
      return reply
    },
    close: () => {
      isClosed = true
      client?.quit()
    },
  }
}
