import type { Count, PeopleCount } from '../../../engagement/count.ts'
import type { Actor } from '../../../engagement/engagement-event.ts'
import type { EngagementSummary } from '../../../engagement/summarize-engagement.ts'
import type { Child, Html } from '../../hono.ts'
import { formatCount, formatMany, formatShare } from '../text/format.ts'
import { actorTexts, Badge } from './small.tsx'

/** A share as a bar; the number beside it says the same. */
export const Meter = ({ share }: { readonly share: number }): Html => (
  <svg class="meter" aria-hidden="true">
    <rect class="track" width="100%" height="6" />
    <rect class="fill" width={`${Math.min(100, share * 100).toFixed(2)}%`} height="6" rx="3" />
  </svg>
)

export const Tile = ({
  name,
  big,
  rest,
  share,
}: {
  readonly name: string
  readonly big: Child
  readonly rest: Child
  readonly share?: number | undefined
}): Html => (
  <div class="tile">
    <dt>{name}</dt>
    <dd class="big">{big}</dd>
    <dd class="rest">{rest}</dd>
    {share === undefined ? null : (
      <dd>
        <Meter share={share} />
      </dd>
    )}
  </div>
)

/** How many messages people opened or clicked, of how many that could have been counted. */
export const PeopleTile = ({
  name,
  count: { unique, rate },
  of,
}: {
  readonly name: string
  readonly count: Pick<PeopleCount, 'unique' | 'rate'>
  /** What is counted: `with open tracking`. */
  readonly of: string
}): Html => (
  <Tile
    name={name}
    big={rate === null ? formatCount(unique) : formatShare(rate.share)}
    rest={
      rate === null
        ? `${formatMany(unique, 'message')}; no rate without a number of messages ${of}`
        : `${formatCount(unique)} of ${formatMany(rate.of, 'message')} ${of}`
    }
    share={rate?.share}
  />
)

/** A share for a cell: with its denominator where it has one. */
export const ShareCell = ({ unique, of }: { readonly unique: number; readonly of: number }): Html => (
  <>
    {of === 0 || unique > of ? formatCount(unique) : formatShare(unique / of)}
    <span class="under">
      {of === 0 ? (unique === 0 ? 'not tracked' : 'no rate') : `${formatCount(unique)} of ${formatCount(of)}`}
    </span>
  </>
)

const rows = [
  { actor: 'person', group: 'people' },
  { actor: 'proxy', group: 'proxies' },
  { actor: 'machine', group: 'machines' },
] as const satisfies readonly { actor: Actor; group: keyof EngagementSummary }[]

/** People, proxies and machines apart. */
export const ActorTable = ({
  summary,
  caption,
}: {
  readonly summary: Pick<EngagementSummary, 'people' | 'machines' | 'proxies'>
  readonly caption: string
}): Html => (
  <table>
    <caption class="unseen">{caption}</caption>
    <thead>
      <tr>
        <th scope="col">Who</th>
        <th scope="col" class="count">
          Opens
        </th>
        <th scope="col" class="count">
          Clicks
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ actor, group }) => (
        <tr>
          <th scope="row">
            <Badge tone={actor}>{actorTexts[actor].many}</Badge>
            <span class="under">{actorTexts[actor].what}</span>
          </th>
          <td class="count">
            <CountCell count={summary[group].opens} />
          </td>
          <td class="count">
            <CountCell count={summary[group].clicks} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const CountCell = ({ count: { total, unique, anonymous } }: { readonly count: Count }): Html => (
  <>
    {formatCount(total)}
    <span class="under">{total === 0 ? 'none' : `in ${formatMany(unique, 'message')}`}</span>
    {anonymous === 0 ? null : <span class="under">{formatCount(anonymous)} anonymous</span>}
  </>
)
