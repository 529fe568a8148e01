import type { CampaignDetail } from '../../../store/numbers.ts'
import type { Html } from '../../hono.ts'
import { campaignPath, listPath } from '../links.ts'
import { Card, Empty } from '../parts/card.tsx'
import { DayChart } from '../parts/chart.tsx'
import { EmailCard } from '../parts/email-card.tsx'
import { LinkTable } from '../parts/link-table.tsx'
import { ActorTable, PeopleTile, Tile } from '../parts/numbers.tsx'
import { Page } from '../parts/page.tsx'
import { Foreign, Time } from '../parts/small.tsx'
import { formatCount, formatMany } from '../text/format.ts'
import type { Visit } from '../visit.ts'

export const CampaignPage = ({
  visit,
  campaign,
  loadsImages,
}: {
  readonly visit: Visit
  readonly campaign: CampaignDetail
  readonly loadsImages: boolean
}): Html => {
  const { summary, tracked, days } = campaign
  return (
    <Page
      visit={visit}
      section="/campaigns"
      title={campaign.subject ?? campaign.campaign}
      heading={<Foreign text={campaign.subject ?? campaign.campaign} />}
      crumbs={[{ href: '/campaigns', name: 'Campaigns' }]}
      lead={
        <>
          <Foreign text={campaign.campaign} /> of {campaign.domain}
          {campaign.firstSentAt === null ? null : (
            <>
              , sent from <Time at={campaign.firstSentAt} /> on
            </>
          )}
        </>
      }
      aside={
        <a class="button" href={listPath('/messages', { campaign: campaign.campaign, domain: campaign.domain })}>
          All messages
        </a>
      }
    >
      <dl class="tiles">
        <Tile
          name="Messages"
          big={formatCount(campaign.messages)}
          rest={`${formatCount(tracked.opens)} count opens, ${formatCount(tracked.clicks)} clicks`}
        />
        <PeopleTile name="Opened by people" count={summary.people.opens} of="that count opens" />
        <PeopleTile name="Clicked by people" count={summary.people.clicks} of="that count clicks" />
        <PeopleTile name="Opened or clicked" count={summary.people.readers} of="that count either" />
      </dl>
      {days.length === 0 ? (
        <section class="card" aria-label="Events">
          <Empty icon="live" title="No event yet">
            <p>
              Opens and clicks appear here as they come, people, machines and proxies apart. Open the mail yourself and
              follow a link to see the first one.
            </p>
          </Empty>
        </section>
      ) : (
        <div class="columns">
          <Card id="opens" title="Opens over time">
            <DayChart days={days} kind="opens" />
          </Card>
          <Card id="clicks" title="Clicks over time">
            <DayChart days={days} kind="clicks" />
          </Card>
        </div>
      )}
      <Card
        id="who"
        title="Who was behind it"
        bare
        foot={`A message counts opens, or clicks, if it was sent in mode full or identified: ${formatCount(tracked.opens)} and ${formatCount(tracked.clicks)} of ${formatMany(campaign.messages, 'message')}. Rates are over these alone.`}
      >
        <ActorTable summary={summary} caption="Opens and clicks by people, proxies and machines" />
      </Card>
      {summary.links.length === 0 ? null : (
        <Card id="links" title="Links" bare>
          <LinkTable links={summary.links} caption="Links, with the people and machines that followed them" />
        </Card>
      )}
      <EmailCard
        html={campaign.html}
        path={(images) => campaignPath(campaign, '/email', { images })}
        pagePath={(images) => campaignPath(campaign, '', { images })}
        loadsImages={loadsImages}
      />
    </Page>
  )
}
