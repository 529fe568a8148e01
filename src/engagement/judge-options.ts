import { optionChecks } from '../checks.ts'
import type { EngagementEvent } from './engagement-event.ts'
import { numbers, type RuleNumbers } from './rules.ts'

/** Who clicks from a network, as far as the application knows. */
export const networks = { scanner: 'nobody but scanners', cloud: 'scanners, and people too' } as const
export type Network = keyof typeof networks

export type JudgeOptions<Event extends EngagementEvent> = {
  /**
   * When the message was handed over for delivery, in ms since the epoch; not when it was rendered: queues take their time.
   * Default: the event's `issuedAt`.
   */
  readonly sentAt?: number | undefined
  /** How many tracked links the message has, 0 to 100,000. Default: unknown, and `every-link` is not asked. */
  readonly links?: number | undefined
  /**
   * What is known of the network that a click came from; asked of clicks alone, never of opens: Outlook's image proxy lives in
   * Microsoft's network. It must answer at once. Default: nothing is known.
   */
  readonly network?: ((click: Event) => Network | null) | undefined
} & { readonly [Name in keyof RuleNumbers]?: number | undefined }

export interface CheckedJudgeOptions<Event extends EngagementEvent> extends RuleNumbers {
  readonly sentAt: number | null
  readonly links: number | null
  readonly network: (click: Event) => Network | null
}

const names = Object.keys(numbers) as (keyof RuleNumbers)[]
const byDefault = Object.fromEntries(names.map((name) => [name, numbers[name].value])) as unknown as RuleNumbers

export function checkJudgeOptions<Event extends EngagementEvent>(
  options: JudgeOptions<Event>,
): CheckedJudgeOptions<Event> {
  optionChecks.object(options, 'options', ['sentAt', 'links', 'network', ...names])
  const { sentAt, links, network } = options
  // Hardly anybody gives any, and a store asks once for each message: a table made anew took a fifth of its time.
  const given = names.filter((name) => options[name] !== undefined)
  const checked = given.map((name) => [
    name,
    optionChecks.integer(options[name], name, numbers[name].min, numbers[name].max),
  ])
  return {
    ...byDefault,
    ...Object.fromEntries(checked),
    sentAt: sentAt === undefined ? null : optionChecks.time(sentAt, 'sentAt'),
    links: links === undefined ? null : optionChecks.integer(links, 'links', 0, 100_000),
    network: network === undefined ? () => null : optionChecks.function(network, 'network'),
  }
}
