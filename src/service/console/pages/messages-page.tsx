import type { MessageRow } from '../../../store/numbers.ts'
import type { Page as PageOf } from '../../../store/page.ts'
import type { Html } from '../../hono.ts'
import { campaignPath, messagePath } from '../links.ts'
import { Empty } from '../parts/card.tsx'
import { Page } from '../parts/page.tsx'
import { Pager } from '../parts/pager.tsx'
import { Badge, Foreign, Time } from '../parts/small.tsx'
import { formatCount } from '../text/format.ts'
import { modeText } from '../text/mode-texts.ts'
import type { Visit } from '../visit.ts'
import { saveCampaignCode } from './code-samples.ts'

export const MessagesPage = ({
  visit,
  messages,
  campaign,
  domain,
  after,
}: {
  readonly visit: Visit
  readonly messages: PageOf<MessageRow>
  readonly campaign: string | null
  readonly domain: string | null
  readonly after: string | undefined
}): Html => (
  <Page
    visit={visit}
    section="/messages"
    title="Messages"
    crumbs={
      campaign === null || domain === null
        ? undefined
        : [
            { href: '/campaigns', name: 'Campaigns' },
            { href: campaignPath({ campaign, domain }), name: campaign },
          ]
    }
    lead={
      campaign === null ? (
        'Each copy of a mail, one to a recipient, the latest first.'
      ) : (
        <>
          Those of campaign <Foreign text={campaign} />, the latest first. <a href="/messages">Show all</a>
        </>
      )
    }
  >
    <section class="card" aria-label="Messages">
      {messages.items.length === 0 ? (
        <Empty icon="messages" title="No message yet">
          <p>Save each message as you send it: that gives its clicks a destination and its numbers a denominator.</p>
          <pre>
            <code>{saveCampaignCode}</code>
          </pre>
        </Empty>
      ) : (
        <MessageTable messages={messages.items} />
      )}
      <Pager path="/messages" fields={{ campaign, domain }} after={after} next={messages.next} name="messages" />
    </section>
  </Page>
)

/** What a message is called: its recipient, where that was saved. */
export const MessageName = ({
  message: { recipient, messageRef, forgotten },
}: {
  readonly message: MessageRow
}): Html =>
  recipient === null ? (
    <>
      {forgotten ? 'Erased recipient' : 'Message'} <Foreign text={messageRef} longest={40} />
    </>
  ) : (
    <Foreign text={recipient} />
  )

const MessageTable = ({ messages }: { readonly messages: readonly MessageRow[] }): Html => (
  <table>
    <caption class="unseen">Messages, the latest first</caption>
    <thead>
      <tr>
        <th scope="col">Message</th>
        <th scope="col" class="wide">
          Tracking
        </th>
        <th scope="col">
          Opened<span class="unseen"> by a person</span>
        </th>
        <th scope="col">
          Clicked<span class="unseen"> by a person</span>
        </th>
        <th scope="col" class="count wide">
          Sent
        </th>
      </tr>
    </thead>
    <tbody>
      {messages.map((message) => (
        <tr>
          <th scope="row">
            <a href={messagePath(message)}>
              <MessageName message={message} />
            </a>
            <span class="under">
              {message.subject === null ? message.domain : <Foreign text={message.subject} longest={120} />}
            </span>
          </th>
          <td class="wide">
            {message.modes === null ? (
              <span class="soft">not saved</span>
            ) : (
              <>
                Opens: {modeText(message.modes.open).name}
                <span class="under">Clicks: {modeText(message.modes.click).name}</span>
              </>
            )}
          </td>
          <td>
            <SeenCell message={message} kind="opens" />
          </td>
          <td>
            <SeenCell message={message} kind="clicks" />
          </td>
          <td class="count wide">
            {message.sentAt === null ? <span class="soft">unknown</span> : <Time at={message.sentAt} />}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** A person before all else; else what was behind it; else that nothing came, or that nothing could. */
const SeenCell = ({ message, kind }: { readonly message: MessageRow; readonly kind: 'opens' | 'clicks' }): Html => {
  const { people, machines, proxies, modes } = message
  if (people[kind].total > 0)
    return <Badge tone="person">{people[kind].total === 1 ? 'Yes' : `${formatCount(people[kind].total)} times`}</Badge>
  if (proxies[kind].total > 0) return <Badge tone="proxy">Proxy</Badge>
  if (machines[kind].total > 0) return <Badge tone="machine">Machine</Badge>
  const mode = kind === 'opens' ? modes?.open : modes?.click
  return <span class="soft">{mode === false || mode === 'anonymous' ? 'not tracked' : 'no'}</span>
}
