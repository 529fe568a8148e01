import { judgeEvents } from '../engagement/judge-events.ts'
import { type Cell, type Counted, cellOf, sumCells } from './counted.ts'
import { type EventRow, toJudged } from './event-rows.ts'
import { blockSize, type State, type StoredRow } from './message-state.ts'
import type { Task } from './settle.ts'

/** What is to be written of a message, if it is still as it was read. */
export interface Plan {
  readonly task: Task
  readonly version: number
  readonly campaign: string | null
  /** Of this task. */
  readonly events: number
  readonly isLastBlock: boolean
  readonly before: Counted
  readonly after: Counted
  readonly kept: readonly Cell[]
  readonly inserted: readonly StoredRow[]
  readonly changed: readonly StoredRow[]
  readonly erased: readonly StoredRow[]
  readonly lastEventAt: number | null
}

export function planFor(task: Task, state: State): Plan | null {
  const { fresh = [] } = task
  const lastBlock = Math.floor(state.events / blockSize)
  const block = task.block ?? lastBlock
  const known = new Set([...state.known, ...state.block.map(({ id }) => id)])
  // A person who was erased leaves no new traces, and the old ones go even if whoever erased them did not come to an end.
  const erase = state.forgotten ? () => true : (task.erase ?? (() => false))
  const isNew = ({ id }: EventRow) => !state.forgotten && !known.has(id) && known.add(id)
  const added = fresh.filter(isNew)
  // A message that was not saved is of the campaign that its first event says.
  const adopted =
    state.events === 0 ? (added.find(({ campaign_ref }) => campaign_ref !== null)?.campaign_ref ?? null) : null
  const campaign = state.campaign ?? adopted
  const erased = state.block.filter(erase)
  const remaining = state.block.filter((row) => !erase(row))
  const judged = judgeRows([...remaining, ...added], state, campaign, block)
  const old = new Map(remaining.map((row) => [row.id, row]))
  const kept = sumCells([...state.kept, ...erased.map(toCell)])
  const cells = sumCells([...state.counted.cells, ...judged.map(toCell)], remaining.map(toCell))
  const after: Counted = { campaign, sent: sentAs(state), cells, twins: state.twins }
  const plan: Plan = {
    task,
    version: state.version,
    campaign,
    events: state.events + added.length,
    isLastBlock: block >= lastBlock,
    before: state.counted,
    after,
    kept,
    inserted: judged.filter(({ id }) => !old.has(id)),
    changed: judged.filter((row) => old.has(row.id) && !isSame(row, old.get(row.id)!)),
    erased,
    lastEventAt: added.length === 0 ? null : Math.max(...added.map(({ time }) => time)),
  }
  // An event that was delivered again, and nothing else to be done.
  const isIdle = task.block === undefined && added.length === 0 && plan.changed.length === 0
  return isIdle && textOf(after) === textOf(state.counted) ? null : plan
}

/** jsonb has an order of keys of its own. */
const textOf = ({ campaign, sent, cells, twins }: Counted): string =>
  JSON.stringify([campaign, sent?.open, sent?.click, cells, twins])

const toCell = (row: StoredRow): Cell => cellOf(row, row.actor)

const isSame = (a: StoredRow, b: StoredRow): boolean =>
  a.actor === b.actor && a.campaign === b.campaign && `${a.reasons}` === `${b.reasons}`

/** Only what can be put to a message makes a denominator. */
function sentAs({ saved, openMode, clickMode }: State): Counted['sent'] {
  const isKnown = (mode: string | null) => mode === 'full' || mode === 'identified'
  return saved ? { open: isKnown(openMode), click: isKnown(clickMode) } : null
}

function judgeRows(rows: readonly EventRow[], state: State, campaign: string | null, block: number): StoredRow[] {
  const { links, sentAt } = state
  const judged = judgeEvents(rows.map(toJudged), {
    ...(sentAt === null ? {} : { sentAt }),
    ...(links === null ? {} : { links }),
  })
  return judged.map(({ actor, reasons }, at): StoredRow => ({ ...rows[at]!, actor, reasons, campaign, block }))
}
