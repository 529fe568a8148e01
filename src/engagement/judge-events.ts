import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import type { Actor, EngagementEvent } from './engagement-event.ts'
import { type Click, findBursts } from './find-bursts.ts'
import {
  type CheckedJudgeOptions,
  checkJudgeOptions,
  type JudgeOptions,
  type Network,
  networks,
} from './judge-options.ts'
import { opensWithBursts } from './opens-with-bursts.ts'
import type { Reason } from './rules.ts'

export interface JudgedEvent<Event extends EngagementEvent = EngagementEvent> {
  readonly event: Event
  readonly actor: Actor
  /** What speaks against a person; empty for a person. */
  readonly reasons: readonly Reason[]
}

/**
 * Says of each event whether a person, a machine or a proxy was behind it, in the order given. Give all events of a message, and
 * judge again when more have come: one request cannot tell, a burst can. Events of several messages are judged message by message.
 *
 * It reads no clock and does no I/O: the same events always get the same answer, in whatever order they are. Odd events never throw.
 *
 * @throws MailtraceError `invalid-options` if an option is wrong, or `network` answers anything else.
 * @example
 * const sentAt = Date.UTC(2026, 8, 7, 9)
 * const common = { mode: 'full', messageRef: 'm1', domain: 'example.com', issuedAt: sentAt, clientAddress: null } as const
 * const click = { ...common, type: 'click', userAgent: 'Mozilla/5.0 (X11) Firefox/148.0', signals: [], part: 'html' } as const
 * // Two links 20 ms apart, 43 s after sending.
 * const judged = judgeEvents([
 *   { ...click, id: 'one', index: 0, time: sentAt + 43_000 },
 *   { ...click, id: 'two', index: 1, time: sentAt + 43_020 },
 * ])
 * console.log(judged[0]?.actor, ...judged[0]?.reasons ?? []) // machine too-quick quick soon-after-sending
 */
export function judgeEvents<Event extends EngagementEvent>(
  events: readonly Event[],
  options: JudgeOptions<Event> = {},
): JudgedEvent<Event>[] {
  const checked = checkJudgeOptions(options)
  const verdicts = new Map<Event, Verdict>()
  for (const message of messagesOf(events)) {
    const byId = judgeMessage(message, checked)
    for (const event of message) verdicts.set(event, byId.get(event.id)!)
  }
  return events.map((event) => ({ event, ...verdicts.get(event)! }))
}

type Verdict = Omit<JudgedEvent, 'event'>

const person: Verdict = { actor: 'person', reasons: [] }

/**
 * The events of each message. An anonymous event has none and stays alone; together, the readers of a campaign would look
 * like a burst.
 */
function messagesOf<Event extends EngagementEvent>(events: readonly Event[]): Event[][] {
  const alone: Event[][] = []
  const messages = new Map<string, Event[]>()
  for (const event of events) {
    if (event.messageRef === null) {
      alone.push([event])
      continue
    }
    const key = `${event.domain} ${event.messageRef}`
    const message = messages.get(key)
    if (message === undefined) messages.set(key, [event])
    else message.push(event)
  }
  return [...messages.values(), ...alone]
}

function judgeMessage<Event extends EngagementEvent>(
  events: readonly Event[],
  options: CheckedJudgeOptions<Event>,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  const opens: Event[] = []
  const clicks: Click<Event>[] = []
  for (const event of inOrder(events)) {
    // Delivered again.
    if (verdicts.has(event.id)) continue
    const network = event.type === 'click' ? askNetwork(event, options) : null
    const verdict = judgeAlone(event, network)
    verdicts.set(event.id, verdict)
    // A machine that says so itself is left out of the runs, so that it makes no burst of a person's clicks beside it.
    if (verdict !== person || !Number.isFinite(event.time)) continue
    if (event.type === 'open') opens.push(event)
    else clicks.push({ event, link: `${event.part} ${event.index}`, network })
  }
  const bursts = findBursts(clicks, options)
  for (const burst of bursts) {
    for (const { event } of burst.clicks) verdicts.set(event.id, { actor: 'machine', reasons: burst.reasons })
  }
  for (const event of opensWithBursts(opens, bursts, options)) verdicts.set(event.id, withBurst)
  return verdicts
}

const withBurst: Verdict = { actor: 'machine', reasons: ['with-burst'] }

/** One order, whatever order they were given in. Events that tie in all of these fields are alike to the rules. */
function inOrder<Event extends EngagementEvent>(events: readonly Event[]): Event[] {
  const keyOf = ({ type, part, index, userAgent, clientAddress, id }: Event) =>
    JSON.stringify([type, part, index, userAgent, clientAddress, id])
  const keyed = events.map((event) => ({ event, time: event.time, key: keyOf(event) }))
  // A time that is NaN would leave the rest in the order given.
  const rank = (time: number) => (Number.isNaN(time) ? Number.POSITIVE_INFINITY : time)
  keyed.sort((a, b) => compare(rank(a.time), rank(b.time)) || compare(a.key, b.key))
  return keyed.map(({ event }) => event)
}

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

function askNetwork<Event extends EngagementEvent>(
  click: Event,
  { network }: CheckedJudgeOptions<Event>,
): Network | null {
  const answer: unknown = network(click)
  if (answer === null || Object.keys(networks).includes(answer as Network)) return answer as Network | null
  const words = Object.keys(networks).map((word) => `"${word}"`)
  throw optionChecks.error(`network gave ${quote(answer)}: use ${words.join(', ')} or null, at once`)
}

const proxies = ['apple-mpp', 'gmail-image-proxy', 'yahoo-mail-proxy'] as const satisfies readonly Reason[]
const machines = ['bot', 'prefetch'] as const satisfies readonly Reason[]

/** What the request itself says. */
function judgeAlone(event: EngagementEvent, network: Network | null): Verdict {
  const { type, mode, userAgent, signals = [] } = event
  const isClick = type === 'click'
  const own: Reason[] = machines.filter((machine) => signals.includes(machine))
  const proxy = proxies.filter((name) => signals.includes(name))
  if (!isClick && proxy.length > 0) return { actor: 'proxy', reasons: proxy }
  if (!isClick && mode === 'day') return { actor: 'proxy', reasons: ['day-only'] }
  if (isClick && proxy.length > 0) own.push('image-proxy-click')
  if (isClick && mode === 'full' && userAgent === null) own.push('no-user-agent')
  if (network === 'scanner') own.push('scanner-network')
  return own.length > 0 ? { actor: 'machine', reasons: own } : person
}
