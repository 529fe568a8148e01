import { messagePath } from '../../../src/service/console/links.ts'
import { Card, Empty } from '../../../src/service/console/parts/card.tsx'
import { Notice } from '../../../src/service/console/parts/notice.tsx'
import { Badge, Time } from '../../../src/service/console/parts/small.tsx'
import { modeText } from '../../../src/service/console/text/mode-texts.ts'
import type { Html } from '../../../src/service/hono.ts'
import { DemoPage } from './demo-page.tsx'
import type { Mail } from './mailing.ts'
import { addressOf } from './recipients.ts'

export const InboxPage = ({
  mails,
  scanned,
}: {
  readonly mails: readonly Mail[]
  readonly scanned: Mail | null
}): Html => (
  <DemoPage
    path="/demo/inbox"
    title="Inboxes"
    lead="The mail as it came to each recipient. Open one to be its reader."
    aside={<span class="pretend">pretend</span>}
  >
    {scanned === null ? null : (
      <Notice tone="neutral" title={`A security gateway has scanned the mail to ${scanned.recipient.name}`}>
        <p>
          {scanned.scanned === 0
            ? 'It found nothing that is tracked, and so nothing could be counted.'
            : `It made ${scanned.scanned} requests, under the name of a browser. The console counts them apart.`}
        </p>
      </Notice>
    )}
    {mails.length === 0 ? (
      <section class="card" aria-label="Mail">
        <Empty icon="messages" title="No mail yet">
          <p>The newsletter arrives here once it is sent.</p>
          <p class="actions">
            <a class="button main" href="/demo">
              Back to the steps
            </a>
          </p>
        </Empty>
      </section>
    ) : (
      [...new Set(mails.map(({ campaign }) => campaign))].map((campaign) => (
        <Card id={campaign} title={`Newsletter “${campaign}”`} bare>
          <ul class="letters">
            {mails
              .filter((mail) => mail.campaign === campaign)
              .map((mail) => (
                <li>
                  <div>
                    <h3>
                      <a href={`/demo/inbox/${mail.id}`}>{mail.recipient.name}</a>
                    </h3>
                    <p class="soft">“{mail.recipient.consent}”</p>
                    <Consent mail={mail} />
                  </div>
                  <form method="post" action={`/demo/inbox/${mail.id}/scan`} class="actions">
                    <a
                      class="button"
                      href={`/demo/inbox/${mail.id}`}
                      aria-label={`Open the mail to ${mail.recipient.name}`}
                    >
                      Open
                    </a>
                    <button
                      type="submit"
                      class="button"
                      aria-label={`Let a gateway scan it, the mail to ${mail.recipient.name}`}
                    >
                      Let a gateway scan it
                    </button>
                  </form>
                </li>
              ))}
          </ul>
        </Card>
      ))
    )}
  </DemoPage>
)

const Consent = ({ mail: { outcome, scanned } }: { readonly mail: Mail }): Html => {
  const { activation } = outcome
  return (
    <div class="badges">
      {activation.active ? (
        <>
          <Badge tone="person">Opens: {modeText(activation.open).name.toLowerCase()}</Badge>
          <Badge tone="person">Clicks: {modeText(activation.click).name.toLowerCase()}</Badge>
        </>
      ) : (
        <Badge tone="neutral">Not tracked: exactly as it was written</Badge>
      )}
      {scanned === null ? null : <Badge tone="machine">Scanned by a gateway</Badge>}
    </div>
  )
}

export const MailPage = ({ mail, bodyUrl }: { readonly mail: Mail; readonly bodyUrl: string }): Html => {
  const { recipient, outcome, domain } = mail
  const { messageRef } = outcome
  return (
    <DemoPage
      path="/demo/inbox"
      title={mail.subject}
      lead={
        <>
          The inbox of {recipient.name}. “{recipient.consent}”
        </>
      }
      aside={
        messageRef === null ? null : (
          <a class="button" href={messagePath({ messageRef, domain })} target="_blank" rel="noopener">
            See its timeline in the console
          </a>
        )
      }
    >
      <section class="card mail" aria-label="The mail">
        <div class="card-body">
          <dl class="facts">
            <dt>From</dt>
            <dd>The roastery &lt;news@{domain}&gt;</dd>
            <dt>To</dt>
            <dd>
              {recipient.name} &lt;{addressOf(recipient)}&gt;
            </dd>
            <dt>Sent</dt>
            <dd>
              <Time at={mail.sentAt} />
            </dd>
          </dl>
        </div>
        <iframe
          title={`The mail to ${recipient.name}`}
          src={bodyUrl}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        ></iframe>
      </section>
    </DemoPage>
  )
}
