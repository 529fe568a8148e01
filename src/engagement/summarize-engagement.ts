import { optionChecks } from '../checks.ts'
import { type Count, count, countPeople, messageOf, type PeopleCount, type Rate, rateOf } from './count.ts'
import type { Actor, EngagementEvent } from './engagement-event.ts'
import type { JudgedEvent } from './judge-events.ts'
import type { EngagementLink } from './link-twins.ts'
import { type LinkSummary, summarizeLinks } from './summarize-links.ts'

/** How many messages could have been measured at all; those in mode `day` or `anonymous`, and untracked ones, could not. */
export interface TrackedMessages {
  /** Messages sent with open tracking in mode `full` or `identified`. */
  readonly opens: number
  /** Messages sent with click tracking in mode `full` or `identified`. */
  readonly clicks: number
  /** Messages sent with either of the two. Default: unknown, and `readers` has no rate. */
  readonly either?: number | undefined
}

export interface SummaryOptions {
  readonly tracked: TrackedMessages
  /** The links of the email, as `instrumented.links` of any copy has them. Default: those that the clicks name. */
  readonly links?: readonly EngagementLink[] | undefined
}

export interface EngagementSummary {
  /** How many events there are, each id of a message once. People's, machines' and proxies' totals add up to it. */
  readonly events: number
  readonly people: {
    readonly opens: PeopleCount
    readonly clicks: PeopleCount
    /** Messages that a person opened or clicked: who clicks has opened, whether or not the image was loaded. */
    readonly readers: { readonly unique: number; readonly rate: Rate | null }
  }
  readonly machines: { readonly opens: Count; readonly clicks: Count }
  /** Mails that were shown or delivered, nobody can tell by whom. `judgeEvents` gives a proxy no clicks. */
  readonly proxies: { readonly opens: Count; readonly clicks: Count }
  /** In the order of `links`, then what clicks name beside them. */
  readonly links: readonly LinkSummary[]
}

/**
 * Counts judged events, of one message or of a campaign: people, machines and proxies apart, and by link.
 *
 * @throws MailtraceError `invalid-options` if an option is wrong.
 * @example
 * // No events yet, of 1,000 messages whose clicks were tracked and 940 whose opens were.
 * const { people } = summarizeEngagement([], { tracked: { opens: 940, clicks: 1000 } })
 * console.log(people.clicks.rate) // { share: 0, of: 1000 }
 */
export function summarizeEngagement(judged: readonly JudgedEvent[], options: SummaryOptions): EngagementSummary {
  checkOptions(options)
  const { tracked, links = [] } = options
  const once = withoutRepeats(judged)
  const clicks = once.filter(({ event }) => event.type === 'click')
  const of = (actor: Actor, type: EngagementEvent['type']) =>
    once.filter((each) => each.actor === actor && each.event.type === type)
  const opensAndClicks = (actor: Actor) => ({ opens: count(of(actor, 'open')), clicks: count(of(actor, 'click')) })
  const readers = count(once.filter(({ actor }) => actor === 'person')).unique
  return {
    events: once.length,
    people: {
      opens: countPeople(of('person', 'open'), tracked.opens),
      clicks: countPeople(of('person', 'click'), tracked.clicks),
      readers: { unique: readers, rate: rateOf(readers, tracked.either) },
    },
    machines: opensAndClicks('machine'),
    proxies: opensAndClicks('proxy'),
    links: summarizeLinks(clicks, links, tracked.clicks),
  }
}

function checkOptions(options: SummaryOptions): void {
  optionChecks.object(options, 'options', ['tracked', 'links'])
  const { tracked, links } = options
  optionChecks.object(tracked, 'tracked', ['opens', 'clicks', 'either'])
  for (const name of ['opens', 'clicks', 'either'] as const) {
    if (name === 'either' && tracked.either === undefined) continue
    optionChecks.integer(tracked[name], `tracked.${name}`, 0, Number.MAX_SAFE_INTEGER)
  }
  if (links !== undefined) optionChecks.list(links, 'links')
}

/** Events are delivered at least once. An anonymous one's id is all it has. */
function withoutRepeats(judged: readonly JudgedEvent[]): JudgedEvent[] {
  return [...new Map(judged.map((each) => [`${messageOf(each.event)} ${each.event.id}`, each])).values()]
}
