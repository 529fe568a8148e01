import type { Mailbox } from './mailbox.ts'
import type { Copy } from './make-copy.ts'
import { isPositive, isTemporary, type Reply, textOf } from './reply.ts'
import { nameCopies, type SentCopies } from './sent-copies.ts'
import type { Sender, UpstreamSession } from './upstream-session.ts'

/** A message that is whole, in a transaction in which the upstream took its sender and recipients. */
export interface Delivery {
  readonly raw: Buffer
  readonly sender: Sender
  /** Each RCPT that was taken, in order. */
  readonly recipients: readonly Mailbox[]
  readonly session: UpstreamSession
  /** Whether the client has left. It will send the message again, so nothing of it may begin to be sent now. */
  readonly isGone: () => boolean
}

export interface DeliveryRules {
  readonly isPerRecipient: boolean
  /** Every recipient has an answer of its own. */
  readonly isLmtp: boolean
  /** The copy for some recipients; what it was given is kept by the time that it is there. */
  readonly makeCopy: (raw: Buffer, recipients: readonly string[], isOneOfSeveral: boolean) => Promise<Copy>
  /** As it goes out. */
  readonly addTrace: (message: Uint8Array) => Uint8Array
  readonly sentCopies: SentCopies
  readonly onCopy: (copy: Copy, reply: Reply) => void
}

/** The answer for each recipient, in order. */
export async function deliver(delivery: Delivery, rules: DeliveryRules): Promise<readonly Reply[]> {
  const { recipients, session } = delivery
  // Said twice, it is still one mailbox.
  const each = [...new Map(recipients.map((recipient) => [recipient.address, recipient])).values()]
  if (!rules.isPerRecipient || each.length === 1) {
    const reply = await sendCopy(delivery, rules, each, false, (message) => session.data(message))
    return recipients.map(() => reply)
  }
  const replies = new Map<string, Reply>()
  const nameOf = nameCopies(delivery.raw, delivery.sender.address)
  for (const recipient of each) {
    const isSent = !rules.isLmtp && rules.sentCopies.has(nameOf(recipient.address))
    const reply = isSent ? sentBefore : await sendOwnCopy(delivery, rules, recipient)
    replies.set(recipient.address, reply)
    // Nothing of it has been sent: the client may have this answer for all of them.
    if (!rules.isLmtp && replies.size === 1 && !isPositive(reply)) return recipients.map(() => reply)
  }
  if (!rules.isLmtp) keepForLater(rules.sentCopies, replies, nameOf)
  return recipients.map(({ address }) => replies.get(address)!)
}

/** The one answer that SMTP has for all recipients: positive if and only if every copy was sent. */
export function combine(replies: readonly Reply[]): Reply {
  const failed = replies.filter((reply) => !isPositive(reply))
  const worst = failed.find(isTemporary) ?? failed[0]
  if (worst === undefined) return replies.at(-1)!
  if (failed.length === replies.length) return worst
  const sent = replies.length - failed.length
  return { code: worst.code, lines: [`${textOf(worst)} (${sent} of ${replies.length} recipients have theirs)`] }
}

const sentBefore: Reply = { code: 250, lines: ['2.0.0 it was sent before'] }

async function sendOwnCopy(delivery: Delivery, rules: DeliveryRules, recipient: Mailbox): Promise<Reply> {
  const { sender, session } = delivery
  return await sendCopy(delivery, rules, [recipient], true, async (message) => {
    const begun = await session.mail({ ...sender, size: message.length })
    if (!isPositive(begun)) return begun
    const taken = await session.rcpt(recipient)
    return isPositive(taken) ? await session.data(message) : taken
  })
}

async function sendCopy(
  { raw, isGone }: Delivery,
  rules: DeliveryRules,
  recipients: readonly Mailbox[],
  isOneOfSeveral: boolean,
  send: (message: Uint8Array) => Promise<Reply>,
): Promise<Reply> {
  const copy = await rules.makeCopy(
    raw,
    recipients.map(({ address }) => address),
    isOneOfSeveral,
  )
  if (isGone()) return { code: 451, lines: ['4.4.2 the client has left'] }
  const reply = await send(rules.addTrace(copy.message))
  rules.onCopy(copy, reply)
  return reply
}

function keepForLater(
  { add, remove }: SentCopies,
  replies: ReadonlyMap<string, Reply>,
  nameOf: (recipient: string) => string,
): void {
  const isMixed = ![...replies.values()].every(isPositive)
  for (const [recipient, reply] of replies) {
    if (isMixed && isPositive(reply)) add(nameOf(recipient))
    else remove(nameOf(recipient))
  }
}
