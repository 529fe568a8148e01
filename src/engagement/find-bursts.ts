// A burst is a run of clicks on different links of one message that no person makes. A run is judged as a whole. What a
// person follows at another time is another run.

import type { EngagementEvent } from './engagement-event.ts'
import type { CheckedJudgeOptions, Network } from './judge-options.ts'
import { type Reason, rules } from './rules.ts'

export interface Click<Event extends EngagementEvent> {
  readonly event: Event
  /** Part and index: what makes two links different. */
  readonly link: string
  readonly network: Network | null
}

export interface Burst<Event extends EngagementEvent> {
  readonly clicks: readonly Click<Event>[]
  readonly reasons: readonly Reason[]
}

/** `clicks` are those of one message, in order of time. */
export function findBursts<Event extends EngagementEvent>(
  clicks: readonly Click<Event>[],
  options: CheckedJudgeOptions<Event>,
): Burst<Event>[] {
  return runsOf(clicks, options.burstGapMs).flatMap((run) => {
    const scanned = withoutOutsiders(run)
    const found = factsOf(scanned, options)
    const reasons = (Object.keys(rules) as Reason[]).filter((reason) => found.has(reason))
    return isBurst(reasons) ? [{ clicks: scanned, reasons }] : []
  })
}

/**
 * One fact that decides makes a burst, or two that support one another. Two about the same thing, such as many links and all
 * links, count as one.
 */
function isBurst(reasons: readonly Reason[]): boolean {
  const supports = reasons.flatMap((reason) => ('about' in rules[reason] ? rules[reason].about : []))
  return supports.length < reasons.length || new Set(supports).size > 1
}

function runsOf<Event extends EngagementEvent>(clicks: readonly Click<Event>[], gapMs: number): Click<Event>[][] {
  const runs: Click<Event>[][] = []
  let previous = Number.NEGATIVE_INFINITY
  for (const click of clicks) {
    if (click.event.time - previous > gapMs) runs.push([])
    runs.at(-1)!.push(click)
    previous = click.event.time
  }
  return runs
}

function factsOf<Event extends EngagementEvent>(
  run: readonly Click<Event>[],
  options: CheckedJudgeOptions<Event>,
): ReadonlySet<Reason> {
  const facts = new Set<Reason>()
  const links = new Set(run.map(({ link }) => link)).size
  // A person follows one link, or the same one again.
  if (links < 2) return facts
  const some = (withinMs: number, holds: (window: Window) => boolean) => windowsOf(run, withinMs).some(holds)
  if (some(options.tooQuickMs, (window) => window.links > 1)) facts.add('too-quick')
  if (some(options.manyWithinMs, (window) => window.links >= options.manyLinks)) facts.add('many-at-once')
  if (some(options.agentsWithinMs, (window) => window.links > 1 && window.agents > 1)) facts.add('several-agents')
  if (some(options.quickMs, (window) => window.links > 1)) facts.add('quick')
  if (links >= options.longRunLinks) facts.add('long-run')
  if (options.links !== null && links >= 3 && links * 100 >= options.links * options.everyLinkPercent) {
    facts.add('every-link')
    if (links >= options.wholeMessageLinks) facts.add('whole-message')
  }
  if (new Set(run.flatMap(({ event }) => event.clientAddress ?? [])).size > 1) facts.add('several-addresses')
  if (new Set(run.map(({ event }) => event.part)).size > 1) facts.add('both-parts')
  if (isSoon(run[0]!.event, options)) facts.add('soon-after-sending')
  if (run.some(({ network }) => network === 'cloud')) facts.add('cloud-network')
  return facts
}

/** How many different links, and user agents, lie within a time. */
interface Window {
  readonly links: number
  readonly agents: number
}

/** For each click, the window that ends with it. */
function windowsOf<Event extends EngagementEvent>(run: readonly Click<Event>[], withinMs: number): Window[] {
  const links = new Map<string, number>()
  const agents = new Map<string, number>()
  const count = ({ event, link }: Click<Event>, step: 1 | -1) => {
    add(links, link, step)
    if (event.userAgent !== null) add(agents, event.userAgent, step)
  }
  let first = 0
  return run.map((click) => {
    count(click, 1)
    for (; click.event.time - run[first]!.event.time > withinMs; first++) count(run[first]!, -1)
    return { links: links.size, agents: agents.size }
  })
}

function add(counts: Map<string, number>, name: string, step: number): void {
  const count = (counts.get(name) ?? 0) + step
  if (count === 0) counts.delete(name)
  else counts.set(name, count)
}

/**
 * Only the application knows when the message was sent. Without that, the time of instrumenting counts; without both, the
 * receiver's signal.
 */
export function isSoon(
  { time, issuedAt, signals = [] }: EngagementEvent,
  { sentAt, soonMs }: { readonly sentAt: number | null; readonly soonMs: number },
): boolean {
  const since = sentAt ?? issuedAt
  return since === null ? signals.includes('too-fast') : time - since <= soonMs
}

export const clientOf = ({ userAgent, clientAddress }: EngagementEvent): string => `${userAgent}\n${clientAddress}`

/**
 * Leaves out a person who follows a link while a scanner is at work: a client with this one click, on a link that the run has
 * followed before.
 */
function withoutOutsiders<Event extends EngagementEvent>(run: readonly Click<Event>[]): Click<Event>[] {
  const clicksOf = new Map<string, number>()
  for (const { event } of run) add(clicksOf, clientOf(event), 1)
  const followed = new Set<string>()
  return run.filter(({ event, link }) => {
    const isOutsider = clicksOf.get(clientOf(event)) === 1 && followed.has(link)
    followed.add(link)
    return !isOutsider
  })
}
