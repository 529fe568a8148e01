import { parseArgs } from 'node:util'
import type { Statistic } from './clock.ts'
import { type MailSet, mailSets } from './mail-sets.ts'

export interface BenchArguments {
  readonly mode: string
  readonly json: boolean
  /** `null`: what the mode takes by itself. */
  readonly sets: readonly MailSet[] | null
  /** `null`: what the mode takes by itself. */
  readonly rounds: number | null
  /** Only contenders whose names contain one of these. Empty: all. */
  readonly only: readonly string[]
  /** Which of its rounds speaks for a contender: the best resists a busy machine, the median says what is typical. */
  readonly statistic: Statistic
  /** Whether binaries of other runtimes may be fetched from the registry into a temporary folder. */
  readonly fetch: boolean
}

export function readArguments(argv: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      sets: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
      best: { type: 'boolean', default: false },
      fetch: { type: 'boolean', default: false },
    },
  })
  const rounds = values.rounds === undefined ? null : Number(values.rounds)
  if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds is "${values.rounds}": use a whole number from 1`)
  }
  return {
    mode: positionals[0] ?? 'compare',
    json: values.json,
    sets: values.sets?.split(',').map(readSet) ?? null,
    rounds,
    only: values.only.split(',').filter(Boolean),
    statistic: values.best ? 'bestMs' : 'medianMs',
    fetch: values.fetch,
  }
}

/** How the figures of a run are to be called. */
export const statisticName = ({ statistic }: BenchArguments): string => (statistic === 'bestMs' ? 'bests' : 'medians')

function readSet(name: string): MailSet {
  const set = mailSets.find((known) => known === name)
  if (set === undefined) throw new Error(`--sets has "${name}": use some of ${mailSets.join(',')}`)
  return set
}
