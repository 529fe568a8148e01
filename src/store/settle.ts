// The one way in which events come into the store or leave it, and in which a message comes to count. A message is read with its
// events, judged, and written with all that follows, in one statement, if nothing has changed it meanwhile; else once more. So
// there is no moment in which an event is stored and not counted, and nothing to be mended after a crash.

import { commit } from './commit-plans.ts'
import type { Query } from './database.ts'
import type { EventRow } from './event-rows.ts'
import { readStates } from './message-state.ts'
import { planFor } from './plan-message.ts'

/** What is to be done with a message. */
export interface Task {
  readonly domain: string
  readonly messageRef: string
  /** Events to write. Default: none */
  readonly fresh?: readonly EventRow[]
  /** Which of its blocks is judged. Default: the last one, which takes what is fresh */
  readonly block?: number
  /** Which events of the block are erased, while they stay counted. Default: none */
  readonly erase?: (event: { readonly time: number }) => boolean
}

export interface Settled {
  readonly erased: number
}

export async function settle(query: Query, tasks: readonly Task[]): Promise<Settled> {
  let erased = 0
  let open = tasks
  while (open.length > 0) {
    const states = await readStates(query, open)
    const plans = open.map((task, at) => planFor(task, states[at]!)).filter((plan) => plan !== null)
    const lost = await commit(query, plans)
    for (const plan of plans) if (!lost.has(plan)) erased += plan.erased.length
    open = [...lost].map(({ task }) => task)
  }
  return { erased }
}
