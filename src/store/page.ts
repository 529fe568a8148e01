import { optionChecks } from '../checks.ts'
import { quote } from '../errors.ts'
import { storableText } from './storable-text.ts'

/** Some of many, and how to go on. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** What to give as `after` for the next page; `null` where there is none. */
  readonly next: string | null
}

export interface PageOptions {
  /** The `next` of the page before. Default: from the start */
  readonly after?: string | undefined
  /** Most items of the page, 1 to 1000. Default: 50 */
  readonly limit?: number | undefined
}

export const pageFields = ['after', 'limit'] as const

export const checkLimit = (limit: unknown): number =>
  limit === undefined ? 50 : optionChecks.integer(limit, 'limit', 1, 1000)

/** Where a list is sorted by some values, those of the last item lead to the next page: nothing is skipped or shown twice. */
export type Position = readonly (string | number)[]

/** Fit for a URL. */
export const writeCursor = (position: Position): string => encodeURIComponent(JSON.stringify(position))

/** @param like a position of the same kind: cursors come back from outside */
export function readCursor(after: unknown, like: Position): Position | null {
  if (after === undefined) return null
  try {
    const position: unknown = JSON.parse(decodeURIComponent(after as string))
    const fits =
      Array.isArray(position) &&
      position.length === like.length &&
      like.every(
        (part, at) =>
          typeof part === typeof position[at] &&
          (typeof part === 'string' ? position[at] === storableText(position[at]) : Number.isSafeInteger(position[at])),
      )
    if (fits) return position as Position
  } catch {
    // Told below.
  }
  throw optionChecks.error(`after is ${quote(after)}: use the next of the page before`)
}

/** Of rows that were asked for with one more than the limit. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  positionOf: (row: Row) => Position,
): Page<Item> {
  const shown = rows.slice(0, limit)
  return { items: shown.map(toItem), next: rows.length > limit ? writeCursor(positionOf(shown.at(-1)!)) : null }
}
