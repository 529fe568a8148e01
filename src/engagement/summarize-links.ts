import { type Count, count, countPeople, type PeopleCount } from './count.ts'
import type { JudgedEvent } from './judge-events.ts'
import { type EngagementLink, twinsOf } from './link-twins.ts'

export interface LinkSummary {
  readonly part: 'html' | 'text'
  readonly index: number
  readonly name: string | null
  readonly destination: string | null
  /** Indexes of this button's form for Outlook, whose clicks are counted here. */
  readonly twins: readonly number[]
  readonly people: PeopleCount
  readonly machines: Count
}

interface Row {
  readonly link: EngagementLink
  readonly twins: number[]
  readonly clicks: JudgedEvent[]
}

/**
 * Listed links come first, in their order. Links that only clicks name, such as those of the text part, follow by part and
 * index.
 */
export function summarizeLinks(
  clicks: readonly JudgedEvent[],
  links: readonly EngagementLink[],
  tracked: number,
): LinkSummary[] {
  const rows = new Map<string, Row>()
  const buttons = twinsOf(links.filter(({ destination }) => destination !== undefined))
  for (const [link, button] of buttons) {
    if (link === button) rows.set(keyOf(link), { link, twins: [], clicks: [] })
  }
  const listed = [...rows.values()]
  for (const [link, button] of buttons) {
    if (link === button) continue
    const row = rows.get(keyOf(button))!
    row.twins.push(link.index)
    rows.set(keyOf(link), row)
  }
  const unlisted: Row[] = []
  for (const click of clicks) {
    const link = linkOf(click)
    const row = rows.get(keyOf(link)) ?? { link, twins: [], clicks: [] }
    if (!rows.has(keyOf(link))) unlisted.push(row)
    rows.set(keyOf(link), row)
    row.clicks.push(click)
  }
  unlisted.sort((a, b) => compare(keyOf(a.link), keyOf(b.link)))
  return [...listed, ...unlisted].map(({ link, twins, clicks: counted }) => ({
    part: link.part ?? 'html',
    index: link.index,
    name: link.name ?? null,
    destination: link.destination ?? null,
    twins,
    people: countPeople(
      counted.filter(({ actor }) => actor === 'person'),
      tracked,
    ),
    machines: count(counted.filter(({ actor }) => actor === 'machine')),
  }))
}

/** Sorts by part, then by index. */
const keyOf = ({ part = 'html', index }: EngagementLink): string => `${part} ${`${index}`.padStart(6, '0')}`

const linkOf = ({ event: { part, index = -1, destination } }: JudgedEvent): EngagementLink => ({
  part,
  index,
  destination,
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
