// What a message counts as, and what that makes in the rollups. `rebuild` says the same in SQL, from scratch.

import { startOfDay } from '../config/tracking-modes.ts'
import type { Actor } from '../engagement/engagement-event.ts'
import type { EventRow } from './event-rows.ts'

/** Events of one message that are alike: UTC day since the epoch, who, what, part and index of a click's link, how many. */
export type Cell = readonly [
  day: number,
  actor: Actor,
  type: 'click' | 'open',
  part: string,
  index: number,
  events: number,
]

/** What of a message stands in the rollups. */
export interface Counted {
  readonly campaign: string | null
  /** Which of its opens and clicks can be put to it; `null` if it was not saved. */
  readonly sent: { readonly open: boolean; readonly click: boolean } | null
  readonly cells: readonly Cell[]
  /** Links that are counted as another one: a button's form for Outlook. */
  readonly twins: readonly Twin[]
}

/** Both in the HTML part. */
export type Twin = readonly [index: number, button: number]

export const countedNothing: Counted = { campaign: null, sent: null, cells: [], twins: [] }

export type Scope = 'sent' | 'all' | 'day' | 'link'

/** What a message adds to one rollup. */
export interface Share {
  readonly scope: Scope
  readonly key: string
  /** `''` for what was sent. */
  readonly actor: Actor | ''
  /** `read`: by whoever opened or clicked. */
  readonly type: 'click' | 'open' | 'read' | 'message' | 'either'
  readonly total: number
  readonly messages: number
}

/** In ms. */
export const dayMs = 86_400_000

export function cellOf(
  { time, type, part, link_index }: Pick<EventRow, 'time' | 'type' | 'part' | 'link_index'>,
  actor: Actor,
): Cell {
  return [startOfDay(time) / dayMs, actor, type, part ?? '', link_index ?? -1, 1]
}

/** The sum of some cells; those of `taken` less. */
export function sumCells(added: readonly Cell[], taken: readonly Cell[] = []): Cell[] {
  const sums = new Map<string, { cell: Cell; events: number }>()
  const add = (cell: Cell, sign: 1 | -1) => {
    const key = cell.slice(0, 5).join(' ')
    const sum = sums.get(key) ?? { cell, events: 0 }
    sum.events += sign * cell[5]
    sums.set(key, sum)
  }
  for (const cell of added) add(cell, 1)
  for (const cell of taken) add(cell, -1)
  return [...sums.values()]
    .filter(({ events }) => events !== 0)
    .map(({ cell: [day, actor, type, part, index], events }): Cell => [day, actor, type, part, index, events])
    .sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1))
}

/** All that one message adds to the rollups of its campaign. */
export function sharesOf({ sent, cells, twins }: Counted): Share[] {
  const buttons = new Map(twins)
  const shares = new Map<string, Share>()
  const add = (scope: Scope, key: string, actor: Share['actor'], type: Share['type'], total: number) => {
    const name = `${scope} ${key} ${actor} ${type}`
    const share = shares.get(name)
    shares.set(name, { scope, key, actor, type, total: total + (share?.total ?? 0), messages: 1 })
  }
  if (sent !== null) {
    add('sent', '', '', 'message', 1)
    if (sent.open) add('sent', '', '', 'open', 1)
    if (sent.click) add('sent', '', '', 'click', 1)
    if (sent.open || sent.click) add('sent', '', '', 'either', 1)
  }
  for (const [day, actor, type, part, index, events] of cells) {
    add('all', '', actor, type, events)
    add('day', `${day}`, actor, type, events)
    if (actor === 'person') add('all', '', actor, 'read', events)
    const button = part === 'html' ? (buttons.get(index) ?? index) : index
    if (type === 'click') add('link', `${part} ${button}`, actor, type, events)
  }
  return [...shares.values()]
}
