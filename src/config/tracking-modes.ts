/**
 * How far opens may be tracked, from most to least. What is not among them is `false`: no tracking at all.
 *
 * - `full`: the event says which message was opened, when, and what the request told of the reader.
 * - `identified`: as `full`, without user agent and address.
 * - `day`: as `identified`, with the time cut to the UTC day and without signals.
 * - `anonymous`: one URL for all recipients; the event names the campaign and no message.
 */
export const openModes = ['full', 'identified', 'day', 'anonymous'] as const

/** How far clicks may be tracked, from most to least: the same, without `day`. */
export const clickModes = ['full', 'identified', 'anonymous'] as const

export type OpenMode = (typeof openModes)[number]
export type ClickMode = (typeof clickModes)[number]

/** The lowest of some ceilings: nobody gets more than everyone allows. */
export function lowestMode<Mode extends OpenMode>(modes: readonly (Mode | false)[]): Mode | false {
  return modes.reduce(lowerMode)
}

/** The lower of two ceilings. */
export function lowerMode<Mode extends OpenMode>(one: Mode | false, other: Mode | false): Mode | false {
  return rank(other) > rank(one) ? other : one
}

const rank = (mode: OpenMode | false): number => (mode === false ? openModes.length : openModes.indexOf(mode))

/** In ms. */
const dayMs = 86_400_000

/** The start of the UTC day of a moment, in ms since the epoch. Modes `day` and `anonymous` tell no finer time. */
export const startOfDay = (time: number): number => Math.floor(time / dayMs) * dayMs
