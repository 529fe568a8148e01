import type { DayRow } from '../../../store/numbers.ts'
import type { Html } from '../../hono.ts'
import { formatCount, formatDay, formatShortDay } from '../text/format.ts'
import { type Bucket, chartBuckets, type Group, groups, roundUp } from './chart-buckets.ts'

type Kind = 'opens' | 'clicks'

const names: Readonly<Record<Group, string>> = { people: 'People', proxies: 'Proxies', machines: 'Machines' }

/** In px: the height of the bars, and the room over and under them. */
const [height, over, under] = [150, 8, 24]

/**
 * Bars by day, in shares of the width, so that text keeps its size on a phone. One picture to a screen reader; the numbers
 * stand in a table below it.
 */
export const DayChart = ({ days, kind }: { readonly days: readonly DayRow[]; readonly kind: Kind }): Html => {
  const buckets = chartBuckets(days)
  // Judging gives a proxy no clicks.
  const shown = groups.filter((group) => kind === 'opens' || group !== 'proxies')
  const top = roundUp(Math.max(...buckets.map((bucket) => totalOf(bucket, shown, kind))))
  return (
    <figure class="chart">
      <ul class="key">
        {shown.map((group) => (
          <li>
            <svg viewBox="0 0 11 11" aria-hidden="true">
              <rect class={group} width="11" height="11" rx="3" />
            </svg>
            {names[group]}
          </li>
        ))}
      </ul>
      <div class="plot">
        <div class="axis" aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span>{formatCount(value)}</span>
          ))}
        </div>
        <svg role="img" aria-label={describe(buckets, shown, kind)} height={over + height + under}>
          {[1, 0.5, 0].map((share) => (
            <line class={share === 0 ? 'base' : 'grid'} x1="0" x2="100%" y1={yOf(share)} y2={yOf(share)} />
          ))}
          {buckets.map((bucket, index) => (
            <Bar bucket={bucket} slot={index} slots={buckets.length} shown={shown} kind={kind} top={top} />
          ))}
          {labelled(buckets.length).map(([index, anchor]) => (
            <text
              x={percent(anchor === 'start' ? 0 : anchor === 'end' ? 1 : (index + 0.5) / buckets.length)}
              y={over + height + 18}
              text-anchor={anchor}
            >
              {formatShortDay(buckets[index]!.start)}
            </text>
          ))}
        </svg>
      </div>
      <details>
        <summary>As a table</summary>
        <BucketTable buckets={buckets} shown={shown} kind={kind} />
      </details>
    </figure>
  )
}

const Bar = ({
  bucket,
  slot,
  slots,
  shown,
  kind,
  top,
}: {
  readonly bucket: Bucket
  readonly slot: number
  readonly slots: number
  readonly shown: readonly Group[]
  readonly kind: Kind
  readonly top: number
}): Html => {
  let below = 0
  return (
    <g class="day">
      <title>{`${nameOf(bucket)}: ${shown.map((group) => `${formatCount(bucket.counts[group][kind])} ${names[group].toLowerCase()}`).join(', ')}`}</title>
      <rect class="over" x={percent(slot / slots)} width={percent(1 / slots)} y={over} height={height} />
      {shown.map((group) => {
        const count = bucket.counts[group][kind]
        below += count
        return count === 0 ? null : (
          <rect
            class={group}
            x={percent((slot + 0.18) / slots)}
            width={percent(0.64 / slots)}
            y={yOf(below / top).toFixed(2)}
            height={((count / top) * height).toFixed(2)}
          />
        )
      })}
    </g>
  )
}

const BucketTable = ({
  buckets,
  shown,
  kind,
}: {
  readonly buckets: readonly Bucket[]
  readonly shown: readonly Group[]
  readonly kind: Kind
}): Html => (
  <section class="scroll" tabindex={0} aria-label={`${kind === 'opens' ? 'Opens' : 'Clicks'} over time`}>
    <table>
      <thead>
        <tr>
          <th scope="col">{buckets[0]!.days === 1 ? 'Day (UTC)' : 'From (UTC)'}</th>
          {shown.map((group) => (
            <th scope="col" class="count">
              {names[group]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket) => (
          <tr>
            <th scope="row">{formatDay(bucket.start)}</th>
            {shown.map((group) => (
              <td class="count">{formatCount(bucket.counts[group][kind])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`

const yOf = (share: number): number => over + height * (1 - share)

const totalOf = ({ counts }: Bucket, shown: readonly Group[], kind: Kind): number =>
  shown.reduce((total, group) => total + counts[group][kind], 0)

const nameOf = ({ start, days }: Bucket): string =>
  days === 1 ? formatDay(start) : `${days} days from ${formatDay(start)}`

/** Which bars have their day below: the first, one in the middle, the last. */
const labelled = (count: number): readonly (readonly [index: number, anchor: 'start' | 'middle' | 'end'])[] => [
  [0, 'start'],
  [Math.floor((count - 1) / 2), 'middle'],
  [count - 1, 'end'],
]

function describe(buckets: readonly Bucket[], shown: readonly Group[], kind: Kind): string {
  const sums = shown.map((group) => {
    const sum = buckets.reduce((total, { counts }) => total + counts[group][kind], 0)
    return `${names[group].toLowerCase()} ${formatCount(sum)}`
  })
  const what = kind === 'opens' ? 'Opens' : 'Clicks'
  return `${what} over time, ${nameOf(buckets[0]!)} to ${nameOf(buckets.at(-1)!)}: ${sums.join(', ')}`
}
