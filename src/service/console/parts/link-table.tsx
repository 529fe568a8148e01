import type { LinkSummary } from '../../../engagement/summarize-links.ts'
import type { Html } from '../../hono.ts'
import { formatCount, formatShare } from '../text/format.ts'
import { Meter } from './numbers.tsx'
import { Foreign } from './small.tsx'

/** Every link that was tracked or followed, with the people and the machines that followed it. */
export const LinkTable = ({
  links,
  caption,
}: {
  readonly links: readonly LinkSummary[]
  readonly caption: string
}): Html => {
  const most = Math.max(1, ...links.map(({ people }) => people.total))
  return (
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="count">
            No.
          </th>
          <th scope="col">Link</th>
          <th scope="col" class="count">
            Clicks by people
          </th>
          <th scope="col" class="count wide">
            By machines
          </th>
        </tr>
      </thead>
      <tbody>
        {links.map(({ part, index, name, destination, people, machines, twins }) => (
          <tr>
            <td class="count">
              {index}
              {part === 'text' ? <span class="under">text part</span> : null}
            </td>
            <th scope="row">
              {name === null ? null : (
                <span class="strong">
                  <Foreign text={name} />
                  <br />
                </span>
              )}
              <span class="mono">
                {destination === null ? 'unknown destination' : <Foreign text={destination} longest={160} />}
              </span>
              {twins.length === 0 ? null : <span class="under">with its form for Outlook, no. {twins.join(', ')}</span>}
              <Meter share={people.total / most} />
            </th>
            <td class="count">
              {formatCount(people.total)}
              <span class="under">
                {people.total === 0
                  ? 'none'
                  : `${formatCount(people.unique)} of ${people.rate === null ? '?' : formatCount(people.rate.of)}${people.rate === null ? '' : `, ${formatShare(people.rate.share)}`}`}
              </span>
            </td>
            <td class="count wide">{formatCount(machines.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
