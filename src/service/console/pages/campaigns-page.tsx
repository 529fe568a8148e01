import type { CampaignRow } from '../../../store/numbers.ts'
import type { Page as PageOf } from '../../../store/page.ts'
import type { Html } from '../../hono.ts'
import { campaignPath } from '../links.ts'
import { Empty } from '../parts/card.tsx'
import { ShareCell } from '../parts/numbers.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Foreign, Time } from '../parts/small.tsx'
import { formatCount, formatMany } from '../text/format.ts'
import type { Visit } from '../visit.ts'
import { saveCampaignCode } from './code-samples.ts'

export const CampaignsPage = ({
  visit,
  campaigns,
  after,
}: {
  readonly visit: Visit
  readonly campaigns: PageOf<CampaignRow>
  readonly after: string | undefined
}): Html => (
  <Page
    visit={visit}
    section="/campaigns"
    title="Campaigns"
    lead="One mail to many recipients. Rates are of people, over the messages that could be counted."
  >
    <section class="card" aria-label="Your campaigns">
      {campaigns.items.length === 0 ? (
        <Empty icon="campaigns" title="No campaign yet">
          <p>
            A campaign is a name that you save with the mail and with each message. Its numbers appear here as soon as
            the first message is saved.
          </p>
          <pre>
            <code>{saveCampaignCode}</code>
          </pre>
        </Empty>
      ) : (
        <CampaignTable campaigns={campaigns.items} />
      )}
      <Pager path="/campaigns" after={after} next={campaigns.next} name="campaigns" />
    </section>
  </Page>
)

export const CampaignTable = ({ campaigns }: { readonly campaigns: readonly CampaignRow[] }): Html => (
  <table>
    <caption class="unseen">Campaigns, the latest first</caption>
    <thead>
      <tr>
        <th scope="col">Campaign</th>
        <th scope="col" class="count wide">
          Messages
        </th>
        <th scope="col" class="count">
          Opened<span class="unseen"> by people</span>
        </th>
        <th scope="col" class="count">
          Clicked<span class="unseen"> by people</span>
        </th>
        <th scope="col" class="count wide">
          Last event
        </th>
      </tr>
    </thead>
    <tbody>
      {campaigns.map((row) => (
        <tr>
          <th scope="row">
            <a href={campaignPath(row)}>
              <Foreign text={row.subject ?? row.campaign} longest={90} />
            </a>
            <span class="under">
              {row.subject === null ? null : (
                <>
                  <Foreign text={row.campaign} longest={60} />,{' '}
                </>
              )}
              {row.domain}
              <span class="narrow">, {formatMany(row.messages, 'message')}</span>
            </span>
          </th>
          <td class="count wide">{formatCount(row.messages)}</td>
          <td class="count">
            <ShareCell unique={row.people.opens.unique} of={row.tracked.opens} />
          </td>
          <td class="count">
            <ShareCell unique={row.people.clicks.unique} of={row.tracked.clicks} />
          </td>
          <td class="count wide">
            {row.lastEventAt === null ? <span class="soft">none yet</span> : <Time at={row.lastEventAt} />}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
