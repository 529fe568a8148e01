import type { Count } from '../engagement/count.ts'
import { rateOf } from '../engagement/count.ts'
import type { Actor } from '../engagement/engagement-event.ts'
import { twinsOf } from '../engagement/link-twins.ts'
import type { EngagementSummary } from '../engagement/summarize-engagement.ts'
import type { LinkSummary } from '../engagement/summarize-links.ts'
import { dayMs, type Share } from './counted.ts'
import type { MessageLink } from './message-link.ts'
import type { ActorCounts, Counts, DayRow } from './numbers.ts'

/** A sum of shares: of a message, or of all messages of a campaign. */
export interface Rollup extends Omit<Share, 'key'> {
  readonly key: string
  readonly anonymous: number
  /** Of a link: where a click on it led, if that is known. */
  readonly destination: string | null
}

export interface Tracked {
  readonly opens: number
  readonly clicks: number
  readonly either: number
}

/** `total`, `messages` and `anonymous` of some rollups together. */
function countOf(rollups: readonly Rollup[]): Count {
  const sum = (read: (rollup: Rollup) => number) => rollups.reduce((total, rollup) => total + read(rollup), 0)
  return {
    total: sum(({ total }) => total),
    unique: sum(({ messages }) => messages),
    anonymous: sum(({ anonymous }) => anonymous),
  }
}

export function countsOf(rollups: readonly Rollup[]): Counts {
  const of = (actor: Actor): ActorCounts => ({
    opens: countOf(rollups.filter((each) => each.actor === actor && each.type === 'open')),
    clicks: countOf(rollups.filter((each) => each.actor === actor && each.type === 'click')),
  })
  return { people: of('person'), machines: of('machine'), proxies: of('proxy') }
}

/** A message that went to another campaign, or was judged anew, leaves rows of nothing behind. */
const isAny = ({ total }: Rollup): boolean => total > 0

const scopeOf = (rollups: readonly Rollup[], scope: Share['scope']) => rollups.filter((each) => each.scope === scope)

export const countsOfAll = (rollups: readonly Rollup[]): Counts => countsOf(scopeOf(rollups, 'all'))

export function sentOf(rollups: readonly Rollup[]): { readonly messages: number; readonly tracked: Tracked } {
  const sent = scopeOf(rollups, 'sent')
  const of = (type: Share['type']) => countOf(sent.filter((each) => each.type === type)).unique
  return { messages: of('message'), tracked: { opens: of('open'), clicks: of('click'), either: of('either') } }
}

export function daysOf(rollups: readonly Rollup[]): DayRow[] {
  const days = new Map<number, Rollup[]>()
  for (const rollup of scopeOf(rollups, 'day').filter(isAny)) {
    const day = Number(rollup.key)
    days.set(day, [...(days.get(day) ?? []), rollup])
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, each]) => ({ day: new Date(day * dayMs).toISOString().slice(0, 10), ...countsOf(each) }))
}

/** The same that `summarizeEngagement` gives for the events themselves. */
export function summaryOf(
  rollups: readonly Rollup[],
  links: readonly MessageLink[],
  tracked: Tracked,
): EngagementSummary {
  const all = scopeOf(rollups, 'all')
  const { people, machines, proxies } = countsOf(all)
  const events = all.filter(({ type }) => type !== 'read').reduce((sum, { total }) => sum + total, 0)
  const readers = countOf(all.filter(({ type }) => type === 'read')).unique
  return {
    events,
    people: {
      opens: { ...people.opens, rate: rateOf(people.opens.unique, tracked.opens) },
      clicks: { ...people.clicks, rate: rateOf(people.clicks.unique, tracked.clicks) },
      readers: { unique: readers, rate: rateOf(readers, tracked.either) },
    },
    machines,
    proxies,
    links: linksOf(scopeOf(rollups, 'link'), links, tracked.clicks),
  }
}

type LinkPlace = Pick<MessageLink, 'part' | 'index'> & {
  readonly name: string | null
  readonly destination: string | null
}

const keyOf = ({ part, index }: Pick<MessageLink, 'part' | 'index'>): string => `${part} ${index}`

/** Listed links first, in their order, then what was clicked beside them: as of the text part. */
function linksOf(rollups: readonly Rollup[], links: readonly MessageLink[], tracked: number): LinkSummary[] {
  const buttons = [...twinsOf(links.map((link) => ({ ...link, element: link.element ?? undefined })))]
  const rows = new Map<string, { readonly link: LinkPlace; readonly twins: number[]; readonly rollups: Rollup[] }>()
  for (const [link, button] of buttons) if (link === button) rows.set(keyOf(link), { link, twins: [], rollups: [] })
  for (const [link, button] of buttons) {
    if (link === button) continue
    const row = rows.get(keyOf(button))!
    row.twins.push(link.index)
    rows.set(keyOf(link), row)
  }
  const destinations = new Map(
    rollups.flatMap(({ key, destination }) => (destination === null ? [] : [[key, destination]])),
  )
  const unlisted = new Map<string, LinkPlace>()
  for (const rollup of rollups.filter(isAny)) {
    const row = rows.get(rollup.key)
    if (row !== undefined) row.rollups.push(rollup)
    else {
      const [part, index] = rollup.key.split(' ')
      const link = {
        part: part as 'html' | 'text',
        index: Number(index),
        name: null,
        destination: destinations.get(rollup.key) ?? null,
      }
      unlisted.set(rollup.key, link)
      rows.set(rollup.key, { link, twins: [], rollups: [rollup] })
    }
  }
  const others = [...unlisted.values()].sort((a, b) =>
    a.part === b.part ? a.index - b.index : a.part < b.part ? -1 : 1,
  )
  const listed = buttons.flatMap(([link, button]) => (link === button ? [link] : []))
  return [...listed, ...others].map((link) => {
    const { twins, rollups: counted } = rows.get(keyOf(link))!
    const people = countOf(counted.filter(({ actor }) => actor === 'person'))
    return {
      part: link.part,
      index: link.index,
      name: link.name,
      destination: link.destination,
      twins,
      people: { ...people, rate: rateOf(people.unique, tracked) },
      machines: countOf(counted.filter(({ actor }) => actor === 'machine')),
    }
  })
}
