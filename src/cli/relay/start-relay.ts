import type { AddressInfo } from 'node:net'
import { failure, reasonOf } from '../failure.ts'
import type { Admission } from './admission.ts'
import { type Client, isGone } from './client.ts'
import { combine, type Delivery, type DeliveryRules, deliver } from './deliver.ts'
import { drainServer } from './drain-server.ts'
import type { Listen } from './listen.ts'
import { readMailbox } from './mailbox.ts'
import { type Copy, type CopyRules, type MintedMessage, makeCopy } from './make-copy.ts'
import { headerLength, longestHeader } from './message-header.ts'
import { receiveMessage } from './receive-message.ts'
import { isPositive, type Reply, textOf } from './reply.ts'
import { createSentCopies } from './sent-copies.ts'
import { createSmtpServer, type SMTPServer, type SMTPServerSession } from './smtp-server.ts'
import { removeSteering } from './steering.ts'
import type { Timeouts } from './timeouts.ts'
import { addTrace, isLooping } from './trace.ts'
import type { Upstream } from './upstream.ts'
import { createUpstreamSession } from './upstream-session.ts'
import { normalizeLines } from './wire.ts'

export interface RelayOptions extends CopyRules {
  readonly listen: Listen
  /** PEM; `null`: no TLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null
  readonly admission: Admission
  readonly upstream: Upstream
  readonly isPerRecipient: boolean
  /** In bytes. */
  readonly maxSize: number
  readonly maxRecipients: number
  readonly maxClients: number
  /** How the relay calls itself, to clients and the upstream. */
  readonly name: string
  readonly timeouts: Timeouts
  /**
   * Keeps what a copy was given, before the upstream has the copy. Where it fails, the copy goes out untracked: nobody would know its
   * references.
   */
  readonly record: (minted: MintedMessage) => void | Promise<void>
  /** Told of each copy that went to the upstream, and of its answer. */
  readonly onCopy: (copy: Copy, reply: Reply) => void
  /** Told what went wrong on this side. */
  readonly onProblem: (text: string) => void
}

export interface Relay {
  readonly port: number
  /** Takes no new client and no new message, and settles when every message that had begun is answered. */
  readonly drain: () => Promise<void>
}

/** Of a password, on one connection. */
const mostGuesses = 3

/**
 * An SMTP server that has no queue: every answer that concerns a message is the upstream's own, so that whoever sends keeps the message
 * until the upstream has it.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { listen, tls, admission, timeouts, name } = options
  const clients = new Map<string, Client>()
  const isLmtp = listen.scheme === 'lmtp'
  const sentCopies = createSentCopies()
  const hidden = tls === null || listen.scheme === 'smtps' ? ['STARTTLS'] : []

  const clientOf = ({ id }: SMTPServerSession): Client => clients.get(id)!

  /** What the upstream does not take is not announced to the next client, which then sends otherwise. */
  function announce(extensions: ReadonlyMap<string, string>): void {
    server.options.hide8BITMIME = !extensions.has('8BITMIME')
    server.options.hideSMTPUTF8 = !extensions.has('SMTPUTF8')
  }

  function heard(reply: Reply): Error | null {
    if (reply.isDown) options.onProblem(textOf(reply))
    return isPositive(reply) ? null : refusal(reply)
  }

  const server: SMTPServer = await createSmtpServer({
    name,
    lmtp: isLmtp,
    secure: listen.scheme === 'smtps',
    ...(tls && { ...tls, minVersion: 'TLSv1.2' }),
    size: options.maxSize,
    maxClients: options.maxClients,
    socketTimeout: timeouts.clientMs,
    // The upstream judges addresses.
    lenientAddressParsing: true,
    disableReverseLookup: true,
    // Nobody is left waiting for so long: see `drain`.
    closeTimeout: timeouts.messageMs * 2,
    logger: false,

    onConnect: (session, callback) => {
      const admitted = admission.admit(session.remoteAddress)
      if (admitted === 'refused')
        return callback(refusal({ code: 554, lines: ['5.7.1 this network may not send here'] }))
      session.disabledCommands = admitted === 'open' ? ['AUTH', ...hidden] : hidden
      const upstream = createUpstreamSession(options.upstream, name, timeouts, announce)
      clients.set(session.id, { upstream, sender: null, recipients: [], state: 'idle', guesses: 0 })
      callback()
    },
    onClose: (session) => {
      const client = clients.get(session.id)
      clients.delete(session.id)
      if (client === undefined) return
      // What is with the upstream is not torn from it: it may have been taken.
      if (client.state !== 'sending') client.upstream.close()
      client.state = 'gone'
    },
    onAuth: ({ username = '', password }, session, callback) => {
      if (admission.isPassword(username, password ?? '')) return callback(null, { user: username })
      const client = clientOf(session)
      client.guesses++
      if (client.guesses < mostGuesses) return callback(refusal({ code: 535, lines: ['5.7.8 wrong user or password'] }))
      options.onProblem(`${session.remoteAddress} does not know a password`)
      // smtp-server ends the connection with it, where it would let a client guess on.
      callback(refusal({ code: 421, lines: ['4.7.0 too many wrong passwords'] }))
    },
    onMailFrom: async ({ address, args }, session, callback) => {
      const client = clientOf(session)
      const { smtpUtf8 = false } = session.envelope as { smtpUtf8?: boolean }
      const size = args && typeof args.SIZE === 'string' ? Number(args.SIZE) : null
      client.sender = { ...readMailbox(address), isUtf8: smtpUtf8, size }
      client.recipients = []
      callback(heard(await client.upstream.mail(client.sender)))
    },
    onRcptTo: async ({ address }, session, callback) => {
      const client = clientOf(session)
      if (client.recipients.length >= options.maxRecipients) {
        return callback(refusal({ code: 452, lines: ['4.5.3 too many recipients: send to the others separately'] }))
      }
      const recipient = readMailbox(address)
      const reply = await client.upstream.rcpt(recipient)
      if (isPositive(reply)) client.recipients.push(recipient)
      callback(heard(reply))
    },
    onData: async (stream, session, callback) => {
      const client = clientOf(session)
      client.state = 'receiving'
      const raw = await receiveMessage(stream)
      // It left before the end: nothing is sent of what was not handed over.
      if (raw === null) return callback(refusal({ code: 451, lines: ['4.4.2 the message was cut off'] }))
      if (isGone(client)) return
      client.state = 'sending'
      const replies = await answersTo(raw, client, session)
      if (isGone(client)) client.upstream.close()
      else client.state = 'idle'
      if (isLmtp)
        return callback(
          null,
          replies.map((reply) => answerOf(reply.code === 421 ? { ...reply, code: 451 } : reply)),
        )
      const answer = answerOf(combine(replies))
      if (typeof answer === 'string') callback(null, answer)
      else callback(answer)
    },
  })

  async function answersTo(
    raw: Buffer | 'too long',
    client: Client,
    session: SMTPServerSession,
  ): Promise<readonly Reply[]> {
    const { recipients } = client
    const toAll = (code: number, text: string): Reply[] => recipients.map(() => ({ code, lines: [text] }))
    if (raw === 'too long') return toAll(552, `5.3.4 the message is over ${options.maxSize} bytes`)
    const message = normalizeLines(raw)
    if (headerLength(message) > longestHeader) return toAll(554, `5.6.0 the header is over ${longestHeader} bytes`)
    if (isLooping(message)) return toAll(554, '5.4.6 the message goes in a circle')
    const hop = {
      helo: session.hostNameAppearsAs,
      address: session.remoteAddress,
      protocol: session.transmissionType,
      id: `${session.id}.${session.transaction}`,
    }
    const delivery: Delivery = {
      raw: message,
      sender: client.sender!,
      recipients,
      session: client.upstream,
      isGone: () => isGone(client),
    }
    const rules: DeliveryRules = {
      isPerRecipient: options.isPerRecipient,
      isLmtp,
      makeCopy: (...copy) => makeKeptCopy(copy, options),
      addTrace: (bytes) => addTrace(bytes, hop, name, options.now()),
      sentCopies,
      onCopy: options.onCopy,
    }
    try {
      return await deliver(delivery, rules)
    } catch (error) {
      options.onProblem(`a message failed: ${reasonOf(error)}`)
      return toAll(451, '4.3.0 something failed in the relay')
    }
  }

  const port = await listening(server, listen)
  server.on('error', (error) => options.onProblem(`a client's connection failed: ${reasonOf(error)}`))
  return { port, drain: () => drainServer(server, clients, timeouts.drainMs) }
}

/** An answer that is not positive, as smtp-server takes it. */
const refusal = (reply: Reply): Error & { responseCode: number } =>
  Object.assign(new Error(textOf(reply)), { responseCode: reply.code })

const answerOf = (reply: Reply): string | Error => (isPositive(reply) ? textOf(reply) : refusal(reply))

function listening(server: SMTPServer, { host, port }: RelayOptions['listen']): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void =>
      reject(
        failure(
          error.code === 'EADDRINUSE'
            ? `port ${port} is in use: choose another with --listen`
            : `cannot listen on ${host}:${port}: ${reasonOf(error)}`,
        ),
      )
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve((server.server.address() as AddressInfo).port)
    })
  })
}

async function makeKeptCopy(asked: Parameters<DeliveryRules['makeCopy']>, options: RelayOptions): Promise<Copy> {
  const copy = makeCopy(...asked, options)
  if (copy.minted === null) return copy
  try {
    await options.record(copy.minted)
    return copy
  } catch (error) {
    const text = `untracked: what it was given could not be kept: ${reasonOf(error)}`
    return { message: removeSteering(asked[0]), minted: null, text, isFlawed: true }
  }
}
